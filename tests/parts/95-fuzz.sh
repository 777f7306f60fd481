help='every fuzzer for 30 seconds; the first argument is another number of seconds'
in_suite=no in_quick=no needs=tests presets=fuzz

available() { [ -f tests/fuzz/CMakeLists.txt ]; }

run_part() {
    local seconds=${1:-30} fuzzer name passed=0 failed=0

    for fuzzer in build/fuzz/fuzz/fuzz-*; do
        [ -x "$fuzzer" ] || continue
        name=${fuzzer##*/fuzz-}
        mkdir -p "build/fuzz/corpus/$name"
        if "$fuzzer" -max_total_time="$seconds" -timeout=10 -print_final_stats=1 -artifact_prefix="build/fuzz/$name-" \
            "build/fuzz/corpus/$name" "tests/fuzz/corpus/$name" >"$LOGS/fuzz-$name.log" 2>&1; then
            echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$LOGS/fuzz-$name.log") runs"
            passed=$((passed + 1))
        else
            tail -n 30 "$LOGS/fuzz-$name.log"
            failed=$((failed + 1))
        fi
    done
    echo "$passed passed, $failed failed"
}
