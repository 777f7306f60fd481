help='the engine in simulated worlds: 20,000 seeds, 200 of this commit, 2,200 under ASan; arguments go to the program'
in_suite=yes in_quick=no needs=build presets='release dev'

available() { [ -f tests/simulation/CMakeLists.txt ]; }

run_part() {
    local commit

    [ $# = 0 ] || { build/release/simulation "$@"; return; }
    commit=$(git rev-parse HEAD 2>/dev/null || printf '%040d' 0)
    build/release/simulation --seeds 20000 --commit "$commit" | tee "$LOGS/seeds.log"
    build/dev/simulation --seeds 2000 --commit "$commit" | tee "$LOGS/seeds-asan.log"
    canary
    cat "$LOGS/seeds.log" "$LOGS/seeds-asan.log" | awk '
        /^[0-9]+ passed/ { passed += $1; failed += $3 }
        END { printf "%d passed, %d failed\n", passed + 1, failed }'
}

# A check that fails must end in a report and its exit code, else all of this proves nothing.
canary() {
    local code=0

    build/dev/simulation --canary 1 >"$LOGS/canary.log" || code=$?
    rm -f tests/simulation/seeds/new-1.tape
    [ "$code" = 3 ] && grep -q 'check: canary' "$LOGS/canary.log" && grep -q 'shrunk: ' "$LOGS/canary.log" && return
    cat "$LOGS/canary.log"
    echo "the canary lives: exit code $code"
    return 1
}
