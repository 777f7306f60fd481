help='the pure rooms build alone, without librdkafka, libcurl and libevent; their tests'
in_suite=yes in_quick=no needs=build presets=core

available() { [ -d worker/engine ]; }

run_part() {
    # shellcheck source=/dev/null
    source tests/parts/20-unit.sh
    ! grep -qE 'rdkafka|libcurl|libevent' build/core/build.ninja || { echo "core links a library"; return 1; }
    unit_programs build/core
}
