help='workers and brokers killed, stopped and restarted, connections cut, on three real brokers; --long: as often as docs/reliability.md says; --seed N'
in_suite=yes in_quick=no needs=tests presets=release

available() { compgen -G 'tests/chaos/test_*.py' >/dev/null; }

run_part() {
    # shellcheck source=/dev/null
    source tests/parts/50-integration.sh
    pytest_folder tests/chaos "$@"
}
