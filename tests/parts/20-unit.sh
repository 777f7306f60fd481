help='every unit test program, with AddressSanitizer and UBSan'
in_suite=yes in_quick=yes needs=build presets=dev

available() { compgen -G 'tests/unit/*/*.c' >/dev/null; }

# Arguments narrow it down: `tests/run unit merge` runs the programs whose name contains "merge".
run_part() { unit_programs build/dev "$@"; }

# Runs BUILD/unit/* side by side (those of kafka mostly wait, for timeouts of a mock broker) and adds up Check's own counts; the output of what failed is shown.
unit_programs() {
    local build=$1 program name logs=$LOGS/unit-${1##*/}
    shift

    rm -rf "$logs"
    mkdir -p "$logs"
    for program in "$build"/unit/unit-*; do
        name=${program##*/}
        [ $# = 0 ] || [[ $name == *$1* ]] || continue
        # A program of a source that is no longer there may be left in an old build folder.
        [ -f "tests/unit/$(sed 's/^unit-\([^-]*\)-/\1\//' <<<"$name").c" ] || continue
        echo "$program"
    done | xargs -r -P "$((2 * $(nproc)))" -I '{}' bash -c \
        'timeout 300 "$1" >"$2/${1##*/}.log" 2>&1; echo "exit $?" >>"$2/${1##*/}.log"' - '{}' "$logs"
    unit_sum "$logs"
}

unit_sum() {
    local logs=$1 log counts checks bad passed=0 failed=0

    for log in "$logs"/*.log; do
        [ -f "$log" ] || continue
        counts=$(grep -oE 'Checks: [0-9]+, Failures: [0-9]+, Errors: [0-9]+' "$log" | tail -n 1) || true
        read -r checks bad < <(sed -E 's/[^0-9]+/ /g' <<<"$counts" | awk '{ print $1 + 0, $2 + $3 }')
        grep -qx 'exit 0' "$log" && [ "$checks" != 0 ] || bad=$((bad > 0 ? bad : 1))
        if [ "$bad" != 0 ]; then
            echo "FAILED $(basename "$log" .log)"
            cat "$log"
        fi
        passed=$((passed + (checks > bad ? checks - bad : 0))) failed=$((failed + bad))
    done
    echo "$passed passed, $failed failed"
}
