#!/bin/sh
# Finds or installs what the tests use beside Python packages: a Chromium, a Redis, and in CI a PostgreSQL.
# $1 is the virtualenv. Nothing here is started; the tests start their own on free ports.
set -eu
python=$1/bin/python

apt() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
    echo "Installing $* ..."
    # A package that starts a service while it is installed would occupy the usual port: RUNLEVEL keeps it still.
    apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" </dev/null >/dev/null
}

needs() { "$python" -m tests.fixtures.programs "$1"; }

if ! needs chromium; then
    apt chromium || "$python" -m playwright install --with-deps chromium || "$python" -m playwright install chromium || true
    needs chromium || { echo "No Chromium was found or could be installed: browser tests cannot run." >&2
                        [ -z "${CI:-}" ] || exit 1; }
fi

if ! needs redis; then
    apt redis-server || true
    needs redis || { echo "No redis-server was found or could be installed (Debian: apt install redis-server)." >&2; exit 1; }
fi

if [ -n "${CI:-}" ] && ! needs postgres; then
    apt postgresql || echo "No PostgreSQL could be installed: the tests that need one will fail." >&2
fi
