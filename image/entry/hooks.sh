#!/bin/bash
# Sourced or run with a folder: its *.sh are sourced, its other executables run, in order of their
# names. Installed as run-hooks.sh, as the Jupyter Docker Stacks call it.
#
# A hook that fails is told and does not stop the start, as users of the Jupyter Docker Stacks
# expect. One that leaves the shell ends the start, which is told too.

# shellcheck source=image/entry/telling.sh
source /opt/entry/telling.sh

if [[ $# != 1 || ! -d $1 ]]; then
  tell ERROR "run-hooks.sh needs one folder with hooks, and got: ${*:-nothing}."
  # Sourced or run: only one of the two can be left by return.
  # shellcheck disable=SC2317
  return 1 2>/dev/null || exit 1
fi

trap 'tell ERROR "The hook $_hook ended the start with exit code $?."' EXIT

for _hook in "$1"/*; do
  # Not `source … ||`, which would take the meaning from a `set -e` inside of the hook.
  if [[ $_hook == *.sh ]]; then
    tell INFO "Sourcing $_hook"
    # shellcheck source=/dev/null
    source "$_hook"
  elif [[ -f $_hook && -x $_hook ]]; then
    tell INFO "Running $_hook"
    "$_hook"
  elif [[ -e $_hook ]]; then
    tell WARNING "The hook $_hook is ignored: it is neither a *.sh nor executable."
  fi
  _code=$?
  set +eu
  ((_code == 0)) || tell WARNING "The hook $_hook has failed with exit code $_code."
done

trap - EXIT
unset _hook _code
