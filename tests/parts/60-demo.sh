help='the demo: its own check finds nothing lost and nothing overwritten'
in_suite=yes in_quick=no needs=build presets=release

available() { [ -f worker/command/demo.c ]; }

run_part() {
    local log=$LOGS/demo-output.log status=0 last
    local numbers='demo: [0-9]+ events, [0-9]+ applied, [0-9]+ merged, [0-9]+ unchanged, [0-9]+ conflicts, [0-9]+ rejected, [0-9]+ exhausted, [0-9]+ repeated'

    timeout 180 deploy/demo "$@" >"$log" 2>&1 || status=$?
    last=$(tail -n 1 "$log")
    if [ "$status" = 0 ] && [[ $last =~ ^$numbers,\ 0\ lost,\ 0\ overwritten$ ]]; then
        echo "$last"
        echo '1 passed, 0 failed'
    else
        tail -n 40 "$log"
        echo "the demo ended with exit code $status"
        echo '0 passed, 1 failed'
    fi
}
