help='measures; judges nothing'
in_suite=no in_quick=no needs=tests presets=release

available() { [ -x tests/bench/run ]; }

run_part() { tests/bench/run "$@"; }
