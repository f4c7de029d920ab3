#!/bin/sh
# pytest for one phase of the tests: $1 is the virtualenv, $2 the phase's name, the rest are pytest's arguments.
# In CI what fails is tried once more, alone and in a new process: thousands of tests with real processes on a busy
# machine have one unlucky moment now and then. Both runs are printed; a test that needs the second is a defect to look
# into, and twice red is red.
set -eu
python=$1/bin/python phase=$2
# The tests start the product some hundred times: it is compiled once, also where the environment keeps nothing compiled.
unset PYTHONDONTWRITEBYTECODE
shift 2
set -- -o cache_dir=".pytest_cache/$phase" --tb=short "$@"

"$python" -m pytest "$@" && exit 0
[ -n "${CI:-}" ] || exit 1
echo "== what failed of the phase '$phase', once more:"
exec "$python" -m pytest "$@" -n 0 --maxfail 10 --last-failed --last-failed-no-failures none
