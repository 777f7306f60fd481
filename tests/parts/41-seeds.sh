help='some seeds of the simulation under AddressSanitizer, 200 of them of this commit'
in_suite=no in_quick=yes needs=build presets=dev

available() { [ -f tests/simulation/CMakeLists.txt ]; }

run_part() {
    build/dev/simulation --seeds 200 --commit "$(git rev-parse HEAD 2>/dev/null || printf '%040d' 0)" "$@"
}
