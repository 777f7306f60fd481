help='the worker against Apache Kafka and Kinto; --long: also what takes minutes; arguments go to pytest'
in_suite=yes in_quick=no needs=tests presets=release

available() { compgen -G 'tests/integration/test_*.py' >/dev/null; }

# Its tests mostly wait, so two halves run side by side, each with a broker of its own.
run_part() {
    if [ $# != 0 ]; then
        pytest_folder tests/integration "$@"
    else
        pytest_halves tests/integration
    fi
}

# Runs pytest on a folder, or on what the arguments name, and says its closing line in our words.
pytest_folder() {
    local folder=$1 log=$LOGS/pytest-${1##*/}.log status=0
    shift

    { [ $# != 0 ] && { compgen -G "$1*" >/dev/null || [[ $1 == *::* ]]; }; } || set -- "$folder" "$@"
    run_pytest "$@" | tee "$log" || status=$?
    tail -n 1 "$log" | in_our_words
    return "$status"
}

pytest_halves() {
    local log=$LOGS/pytest-${1##*/} files=("$1"/test_*.py) status=0 half place
    local -a processes=() names

    for half in 0 1; do
        names=()
        for place in "${!files[@]}"; do
            [ $((place % 2)) != "$half" ] || names+=("${files[place]}")
        done
        run_pytest "${names[@]}" >"$log-$half.log" 2>&1 &
        processes+=($!)
    done
    for half in 0 1; do
        wait "${processes[half]}" || status=$?
        cat "$log-$half.log"
    done
    tail -q -n 1 "$log-0.log" "$log-1.log" | in_our_words
    return "$status"
}

run_pytest() {
    "$(readlink -f "$CACHE/venv")/bin/python" -m pytest -c tests/pytest.ini -rs --durations=5 --durations-min=5 "$@"
}

in_our_words() {
    awk '
        { for (i = 2; i <= NF; i++) { word = $i; sub(/,$/, "", word); n[word] += $(i - 1) } }
        END {
            printf "%d passed, %d failed", n["passed"], n["failed"] + n["error"] + n["errors"]
            if (n["skipped"] + n["xfailed"]) printf ", %d skipped", n["skipped"] + n["xfailed"]
            print ""
        }'
}
