help='2,200 seeds of the simulation under AddressSanitizer'
in_suite=no in_quick=yes needs=build presets=dev

available() { [ -f tests/simulation/CMakeLists.txt ]; }

run_part() {
    build/dev/simulation --seeds 2000 --commit "$(git rev-parse HEAD 2>/dev/null || printf '%040d' 0)" "$@"
}
