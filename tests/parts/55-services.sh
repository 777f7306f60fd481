help='one conformance suite over every document service there is something to run against; arguments go to pytest'
in_suite=yes in_quick=no needs=tests presets=release

available() { compgen -G 'tests/services/service_*.py' >/dev/null; }

run_part() {
    # shellcheck source=/dev/null
    source tests/parts/50-integration.sh
    pytest_folder tests/services "$@"
}
