# shellcheck shell=bash
# Sourced with a folder: its *.sh are sourced, its other executables run, in order of their names.
#
# A hook that fails is told and does not stop the start, as users of the Jupyter Docker Stacks
# expect. One that leaves the shell ends the start, which is told too.

trap 'echo "start: The hook $_hook ended the start with exit code $?." >&2' EXIT

for _hook in "$1"/*; do
  # Not `source … ||`, which would take the meaning from a `set -e` inside of the hook.
  if [[ $_hook == *.sh ]]; then
    [[ -n ${JUPYTER_DOCKER_STACKS_QUIET-} ]] || echo "start: Sourcing $_hook" >&2
    # shellcheck source=/dev/null
    source "$_hook"
  elif [[ -f $_hook && -x $_hook ]]; then
    [[ -n ${JUPYTER_DOCKER_STACKS_QUIET-} ]] || echo "start: Running $_hook" >&2
    "$_hook"
  elif [[ -e $_hook ]]; then
    echo "start: The hook $_hook is ignored: it is neither a *.sh nor executable." >&2
  fi
  _code=$?
  set +eu
  ((_code == 0)) || echo "start: The hook $_hook has failed with exit code $_code." >&2
done

trap - EXIT
unset _hook _code
