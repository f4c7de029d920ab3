#!/bin/sh
# The tests whose promises rest on the database once more, on PostgreSQL instead of SQLite. $1 is the virtualenv.
# A new file of that kind belongs into the list; pages that only show what they are given do not.
set -eu
python=$1/bin/python
topics="admin audit farming linking loadouts loadouts_at_once manifest_runs manifest_task moves password_reset pkce_and_key_change sessions sign_in
    staff_accounts staff_limits staff_registration staff_sign_in tag_files tags tokens tokens_at_rest tokens_outcomes
    searches searches_at_once visits wish_lists your_data"

if ! "$python" -m tests.fixtures.programs postgres; then
    echo "" >&2
    echo "NOT TESTED ON POSTGRESQL: none was found on this machine (Debian: apt install postgresql)." >&2
    [ -z "${CI:-}" ] || exit 1
    exit 0
fi

venv=$1
shift
for topic in $topics; do set -- "$@" "tests/integration/test_$topic.py"; done
echo "Once more on PostgreSQL:"
TEST_DATABASE=postgres exec .ci/pytest.sh "$venv" postgres -n 4 --dist loadscope "$@"
