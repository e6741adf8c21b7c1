#!/bin/bash
# The image's entry point: start COMMAND [ARGUMENT ...]
#
# Hooks and account as the user who started the container, then start.py as the participant. It is a
# shell script because hooks are sourced: their environment, umask and limits must reach the server.

entry=/opt/entry
hooks=/usr/local/bin

# shellcheck source=image/entry/telling.sh
source "$entry/telling.sh"

# What only root can honour, where it asks for anything.
tell_what_needs_root() {
  local idle=() name
  [[ $NB_USER == jovyan ]] || idle+=(NB_USER)
  [[ $NB_UID == 1000 || $NB_UID == "$EUID" ]] || idle+=(NB_UID)
  [[ $NB_GID == 100 || $NB_GID == "${GROUPS[0]}" ]] || idle+=(NB_GID)
  for name in NB_GROUP CHOWN_HOME CHOWN_EXTRA GRANT_SUDO; do
    [[ ${!name-} =~ ^(|0|no|false)$ ]] || idle+=("$name")
  done
  ((${#idle[@]} == 0)) || tell WARNING "No effect of ${idle[*]}: the container was not started" \
    "as root (docker run --user root)."
}

# Environment, user and groups as the account has them. Root's part ends here: all that runs after
# setpriv is the participant's.
become_participant() {
  [[ $PWD/ != /home/jovyan/* ]] || cd "/home/$NB_USER${PWD#/home/jovyan}" || exit
  export HOME="/home/$NB_USER" USER="$NB_USER" LOGNAME="$NB_USER"
  # In a rootless engine the container's root is the person who started it.
  [[ $NB_USER != root ]] || exec "$@"
  local groups
  groups=$(id -G "$NB_USER" | tr ' ' ,)
  exec setpriv --reuid "$NB_UID" --regid "$NB_GID" --groups "$groups" -- "$@"
}

export NB_USER="${NB_USER:-jovyan}" NB_UID="${NB_UID:-1000}" NB_GID="${NB_GID:-100}"

# In `start.sh COMMAND`, start.sh is what runs already.
while [[ ${1-} == start || ${1-} == start.sh ]]; do shift; done

# shellcheck source=image/entry/hooks.sh
source "$entry/hooks.sh" "$hooks/start-notebook.d"
if ((EUID == 0)); then
  "$entry/account.py" || exit
else
  tell_what_needs_root
fi
# shellcheck source=image/entry/hooks.sh
source "$entry/hooks.sh" "$hooks/before-notebook.d"

((EUID)) || become_participant "$entry/start.py" "$@"
# The user that --user names may not be in the list of users, where Python would look for the name.
export USER="${USER:-jovyan}" LOGNAME="${LOGNAME:-jovyan}"
exec "$entry/start.py" "$@"
