help='seeded bugs, each of which the simulation has to find (three of them in the whole suite); arguments name some'
in_suite=yes in_quick=no needs=build presets=''

available() { compgen -G 'tests/mutants/*.patch' >/dev/null; }

# A patch is applied to a copy of the sources, never to the checkout. Its head says what it breaks and who has to find
# it within so many seeds:
#
#   breaks: one sentence
#   found by: CHECK, CHECK      of the simulation; also `ensure`, `hang`, and if no seed can: `story NAME`, `tape NAME`
#
SEEDS=10000
FINDS_MAX=50
ROOT=build/mutants
TREE=$ROOT/tree
SOURCES='CMakeLists.txt deploy/cmake common worker/address worker/event worker/merge worker/engine worker/record worker/demo
    tests/CMakeLists.txt tests/unit tests/bench tests/simulation tests/scenarios'

run_part() {
    local name passed=0 failed=0 names

    mapfile -t names < <(choose "$@")
    all_apply || failed=1
    copy_sources
    build_copy && is_sound || return 1
    for name in "${names[@]}"; do
        if try_mutant "$name"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
    done
    echo "$passed passed, $failed failed"
}

# The whole list, whichever are chosen: a change of the code is when a patch has to be looked at.
all_apply() {
    local patch status=0

    for patch in tests/mutants/*.patch; do
        git apply --check --recount -C1 "$patch" 2>/dev/null && continue
        name=$(basename "$patch" .patch) say FAILED 'does not apply'
        status=1
    done
    return "$status"
}

# All, those that are named, or in the whole suite three that change with each commit.
choose() {
    local all

    mapfile -t all < <(basename -s .patch tests/mutants/*.patch)
    if [ $# != 0 ]; then
        printf '%s\n' "$@"
    elif [ "$WHOLE_SUITE" = yes ]; then
        shuf -n 3 --random-source=<(yes "$(git rev-parse HEAD 2>/dev/null)") -e "${all[@]}"
    else
        printf '%s\n' "${all[@]}"
    fi
}

# --- the copy -----------------------------------------------------------------------------------------

# Only what differs, so that only that is built again.
copy_sources() {
    local file

    mkdir -p "$TREE"
    # shellcheck disable=SC2086  # a list
    find $SOURCES -type f | sort >"$ROOT/sources"
    (cd "$TREE" && find . -type f -printf '%P\n') | sort | comm -13 "$ROOT/sources" - | (cd "$TREE" && xargs -r rm -f)
    while read -r file; do
        cmp -s "$file" "$TREE/$file" || install -D -m 644 "$file" "$TREE/$file"
    done <"$ROOT/sources"
}

build_copy() {
    {
        [ -f "$ROOT/build/build.ninja" ] ||
            cmake -S "$TREE" -B "$ROOT/build" -G Ninja -DCORE_ONLY=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo
        ninja -C "$ROOT/build" simulation
    } >"$ROOT/build.log" 2>&1 && return
    grep -E -A 5 'FAILED|CMake Error|error:' "$ROOT/build.log" | head -n 20
    return 1
}

simulation() { run_in_tree ../build/simulation "$@"; }
unmutated() { run_in_tree ../unmutated "$@"; }
# What the shell says of a program that died goes nowhere.
run_in_tree() { (cd "$TREE" && ulimit -c 0 && timeout 600 "$@" 2>&1; exit) 2>/dev/null; }

# Where the sources as they are fail, nobody knows what a mutant is found by.
is_sound() {
    cp "$ROOT/build/simulation" "$ROOT/unmutated"
    unmutated --hunt 200 && unmutated --stories tests/scenarios >/dev/null && return
    echo 'this is without any mutant: nothing is proved before it is right'
    return 1
}

# --- a mutant -----------------------------------------------------------------------------------------

try_mutant() {
    local name=$1 patch=tests/mutants/$1.patch status=0

    if [ ! -f "$patch" ]; then
        say FAILED 'there is no such mutant'
        return 1
    elif ! apply "$patch"; then
        say FAILED 'does not apply'
        return 1
    fi
    if build_copy; then
        look_for "$patch" || status=1
    else
        say FAILED 'does not build'
        status=1
    fi
    restore "$patch"
    return "$status"
}

say() { printf '%-8s  %-46s  %s\n' "$1" "$name" "$2"; }

# The copy lies in a repository, which is none of git's business here.
apply() { (cd "$TREE" && GIT_CEILING_DIRECTORIES=$PWD/.. git apply --recount -C1 "$OLDPWD/$1"); }

restore() {
    local file

    git apply --numstat "$1" | while read -r _ _ file; do
        install -m 644 "$file" "$TREE/$file"
    done
}

# `head_of PATCH WORD`
head_of() { sed -n "s/^$2: *//p" "$1"; }

# Stories and kept tapes are counted, but a mutant is found by a seed, unless its head names a story or a tape.
look_for() {
    local finders finder known

    mapfile -t finders < <(head_of "$1" 'found by' | sed 's/, */\n/g')
    known=$(failing_files --story tests/scenarios/*.story && failing_files --tape tests/simulation/seeds/*.tape)
    for finder in "${finders[@]}"; do
        if grep -qxF -e "$finder" <<<"$known"; then
            say killed "$finder"
            return 0
        fi
    done
    look_in_seeds "$(grep -c . <<<"$known")" "$(head_of "$1" 'found by')"
}

# Prints `story NAME` or `tape NAME` for each that fails.
failing_files() {
    local option=$1 file name
    shift

    for file in "$@"; do
        name=$(basename "$file")
        simulation "$option" "$file" >/dev/null || echo "${option#--} ${name%.*}"
    done
}

# In their order, until one of those finds it who have to: what others find before is no reason to stop, but so many times
# are enough.
look_in_seeds() {
    local files=$1 seed=0 line check others='' finds=0
    shift

    while [ "$seed" -lt "$SEEDS" ] && [ $((finds++)) -lt "$FINDS_MAX" ]; do
        line=$(simulation --hunt $((SEEDS - seed)) --from $((seed + 1)) | grep -m 1 '^seed [0-9]*: ') || true
        [ -n "$line" ] || { seed=$SEEDS && break; }
        IFS=': ' read -r _ seed check _ <<<"$line"
        unmutated --hunt 1 --from "$seed" >/dev/null || continue # not the mutant's doing
        if [[ ", $*, " == *", $check, "* ]]; then
            say killed "$check with seed $seed, after $seed seeds${others:+ (before:$others)}; $files stories and tapes"
            return 0
        fi
        [[ " $others " == *" $check "* ]] || others+=" $check"
    done
    say SURVIVED "$seed seeds${others:+, found by others than its head says:$others}; $files stories and tapes"
    return 1
}
