help='the walls of the house, sizes'
in_suite=yes in_quick=yes needs=build presets=''

available() { [ -d tests/tidy ]; }

run_part() {
    local log=$LOGS/tidy-own.log passed failed=0

    python3 tests/tidy/test_tidy.py >"$log" 2>&1 || failed=1
    [ "$failed" = 0 ] || cat "$log"
    passed=$(sed -n 's/^Ran \([0-9]*\) tests.*/\1/p' "$log")
    tests/tidy/tidy.py >"$LOGS/tidy-walls.log" || failed=$((failed + 1))
    grep -vE "$RESULT" "$LOGS/tidy-walls.log"
    echo "$((passed + $(grep -c '^held' "$LOGS/tidy-walls.log"))) passed, $failed failed"
}
