help='the engine in simulated worlds; arguments go to the program'
in_suite=yes in_quick=yes needs=build presets=release

available() { [ -f tests/simulation/CMakeLists.txt ]; }

run_part() {
    [ $# != 0 ] || set -- --seeds 2000
    build/release/simulation "$@"
}
