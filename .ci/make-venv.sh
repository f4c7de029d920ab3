#!/bin/sh
# Makes the virtualenv $1 with the newest suitable Python of this machine, also where Debian left out ensurepip.
set -eu
venv=$1

suits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

python=
for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
    if suits "$candidate"; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
    echo "Python 3.11 or newer is needed; python3 here is $(python3 --version 2>&1 || echo missing)." >&2
    echo "Install one and name it: make PYTHON=/path/to/python3.12 ..." >&2
    exit 1
fi

whole() { "$venv/bin/python" -m pip --version >/dev/null 2>&1; }

if whole && suits "$venv/bin/python"; then exit 0; fi
rm -rf "$venv"
"$python" -m venv "$venv" >/dev/null 2>&1 || rm -rf "$venv"
whole && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "This Python lacks ensurepip; installing Debian's python3-venv."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null || true
    "$python" -m venv "$venv" >/dev/null 2>&1 || rm -rf "$venv"
    whole && exit 0
fi

echo "This Python lacks ensurepip; trying virtualenv."
"$python" -m virtualenv --version >/dev/null 2>&1 ||
    "$python" -m pip install --quiet --user virtualenv 2>/dev/null ||
    "$python" -m pip install --quiet --user --break-system-packages virtualenv 2>/dev/null || true
"$python" -m virtualenv --quiet "$venv" 2>/dev/null || rm -rf "$venv"
whole && exit 0

echo "No virtualenv could be made with $python: its ensurepip is missing and virtualenv could not be installed." >&2
echo "On Debian or Ubuntu: apt install python3-venv" >&2
exit 1
