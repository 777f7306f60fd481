help='every fuzzer for 30 seconds (3 in the whole suite); the first argument is another number of seconds, the second a fuzzer'
in_suite=yes in_quick=no needs=tests presets=fuzz

available() { [ -f tests/fuzz/CMakeLists.txt ]; }

# First the kept corpus, then on from there. What is found on the way stays in build/fuzz/corpus for the next time; the
# whole suite begins anew each time, so that it takes no longer from day to day.
run_part() {
    local seconds=${1:-$([ "$WHOLE_SUITE" = yes ] && echo 3 || echo 30)} fuzzer name wanted=${2-}

    rm -f "$LOGS"/fuzz-*.log
    for fuzzer in build/fuzz/fuzz/fuzz-*; do
        name=${fuzzer##*/fuzz-}
        # A program of a source that is no longer there may be left in an old build folder.
        [ -f "tests/fuzz/fuzz_$name.c" ] && [ "${wanted:-$name}" = "$name" ] || continue
        echo "$name"
    done | xargs -r -P "$(nproc)" -I '{}' bash -c "$(declare -f fuzz_one); fuzz_one {} $seconds"
    fuzz_sum
}

fuzz_one() {
    local name=$1 seconds=$2 found=build/fuzz/corpus/$1 status=0

    [ "$WHOLE_SUITE" = no ] || { found=build/fuzz/corpus-of-suite/$1 && rm -rf "$found"; }
    mkdir -p "$found"
    "build/fuzz/fuzz/fuzz-$name" -max_total_time="$seconds" -timeout=10 -print_final_stats=1 -artifact_prefix="build/fuzz/$name-" \
        "$found" "tests/fuzz/corpus/$name" </dev/null >"$LOGS/fuzz-$name.log" 2>&1 || status=$?
    echo "exit $status" >>"$LOGS/fuzz-$name.log"
}

fuzz_sum() {
    local log name passed=0 failed=0

    for log in "$LOGS"/fuzz-*.log; do
        [ -f "$log" ] || continue
        name=$(basename "$log" .log)
        if grep -qx 'exit 0' "$log"; then
            echo "${name#fuzz-}: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs"
            passed=$((passed + 1))
        else
            echo "FAILED ${name#fuzz-}"
            tail -n 30 "$log"
            failed=$((failed + 1))
        fi
    done
    echo "$passed passed, $failed failed"
}
