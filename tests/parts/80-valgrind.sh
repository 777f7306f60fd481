help='the demo with 1,000 events under valgrind'
in_suite=no in_quick=no needs=tests presets=release

available() { [ -f worker/command/demo.c ]; }

# All processes of the demo, workers too, leave a report each; a report with an error is a failure.
run_part() {
    local reports=$LOGS/valgrind status=0 report passed=0 failed=0

    rm -rf "$reports"
    mkdir -p "$reports"
    timeout 900 valgrind --quiet --trace-children=yes --leak-check=full --show-leak-kinds=definite \
        --errors-for-leak-kinds=definite --log-file="$reports/%p.log" \
        build/release/ifmatch demo --events 1000 "$@" >"$LOGS/valgrind-demo.log" 2>&1 || status=$?
    for report in "$reports"/*.log; do
        if [ -s "$report" ]; then
            cat "$report"
            failed=$((failed + 1))
        else
            passed=$((passed + 1))
        fi
    done
    tail -n 1 "$LOGS/valgrind-demo.log"
    [ "$status" = 0 ] || { echo "the demo ended with exit code $status"; failed=$((failed + 1)); }
    echo "$passed passed, $failed failed"
}
