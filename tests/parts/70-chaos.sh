help='workers killed with SIGKILL while real Kafka has events for them (20 times; 5 in the whole suite)'
in_suite=yes in_quick=no needs=tests presets=release

available() { compgen -G 'tests/chaos/test_*.py' >/dev/null; }

run_part() {
    # shellcheck source=/dev/null
    source tests/parts/50-integration.sh
    export IFMATCH_CHAOS_KILLS=${IFMATCH_CHAOS_KILLS:-$([ "$WHOLE_SUITE" = yes ] && echo 5 || echo 20)}
    pytest_folder tests/chaos "$@"
}
