help='the protocol, told in tests/scenarios'
in_suite=yes in_quick=yes needs=build presets=dev

available() { [ -d tests/simulation ] && compgen -G 'tests/scenarios/*.story' >/dev/null; }

run_part() { build/dev/simulation --stories tests/scenarios "$@"; }
