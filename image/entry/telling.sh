# shellcheck shell=bash
# Sourced: `tell LEVEL SENTENCE` speaks as telling.py does.

tell() {
  local level=$1 line colour=""
  shift
  [[ $level != INFO || -z ${JUPYTER_DOCKER_STACKS_QUIET-} ]] || return 0
  printf -v line '%s[%(%Y-%m-%d %H:%M:%S)T] %s' "$level" -1 "$*"
  if [[ -t 2 && -z ${NO_COLOR-} ]]; then
    case $level in
      WARNING) colour=33 ;;
      ERROR) colour=31 ;;
    esac
  fi
  [[ -z $colour ]] || printf -v line '\033[%dm%s\033[0m' "$colour" "$line"
  echo "$line" >&2
}
