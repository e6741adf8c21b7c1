# shellcheck shell=sh
# JupyterLab's terminals are login shells, for which Debian sets the PATH anew. The commands of a
# participant's own packages come last; root runs nothing of theirs.
PATH=/opt/venv/bin:$PATH
[ "$(id -u)" = 0 ] || PATH=$PATH:$HOME/.packages/bin
