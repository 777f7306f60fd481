help='the worker against Apache Kafka and Kinto; --long: also what takes minutes; arguments go to pytest'
in_suite=yes in_quick=no needs=tests presets=release

available() { compgen -G 'tests/integration/test_*.py' >/dev/null; }

run_part() { pytest_folder tests/integration "$@"; }

# Runs pytest on a folder, or on what the arguments name, and says its closing line in our words.
pytest_folder() {
    local folder=$1 log=$LOGS/pytest-${1##*/}.log status=0
    shift

    { [ $# != 0 ] && { compgen -G "$1*" >/dev/null || [[ $1 == *::* ]]; }; } || set -- "$folder" "$@"
    "$(readlink -f "$CACHE/venv")/bin/python" -m pytest -c tests/pytest.ini -rs --durations=5 --durations-min=5 "$@" |
        tee "$log" || status=$?
    tail -n 1 "$log" | awk '
        { for (i = 2; i <= NF; i++) { word = $i; sub(/,$/, "", word); n[word] += $(i - 1) } }
        END {
            printf "%d passed, %d failed", n["passed"], n["failed"] + n["error"] + n["errors"]
            if (n["skipped"] + n["xfailed"]) printf ", %d skipped", n["skipped"] + n["xfailed"]
            print ""
        }'
    return "$status"
}
