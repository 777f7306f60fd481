#include "batch.h"

#include "common/check.h"
#include "shrink.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SECONDS_MAX 20 /* for a run of milliseconds */
#define TWICE_EACH  20
#define EXIT_ENSURE 134

static uint64_t hunting; /* seed */

static void say(const char *check, const char *what)
{
    printf("seed %llu: %s: %s\n", (unsigned long long)hunting, check, what);
    fflush(stdout);
}

static void say_ensure(const char *what)
{
    say("ensure", what);
    _exit(EXIT_ENSURE); /* no core of a bug that was put there */
}

/* The process is lost in any case: what stdio does in a signal handler may do no more harm. */
static void say_signal(int number)
{
    say(number == SIGALRM ? "hang" : "crash", strsignal(number));
    _exit(128 + number);
}

static bool is_repeated(struct tape *tape, uint64_t fingerprint)
{
    struct run run;

    tape_rewind(tape);
    run_tape(tape, &run, NULL, NULL);
    return run.fingerprint == fingerprint;
}

static enum exit_code hunt_seed(uint64_t seed)
{
    enum exit_code code = EXIT_PASSED;
    struct tape tape;
    struct run run;

    hunting = seed;
    alarm(SECONDS_MAX);
    tape_random(&tape, seed);
    run_tape(&tape, &run, NULL, NULL);
    if (run.check != NULL) {
        say(run.check, run.text);
        code = EXIT_CHECK;
    } else if (seed % TWICE_EACH == 0 && !is_repeated(&tape, run.fingerprint)) {
        say("deterministic", "run again, it was another run");
        code = EXIT_NOT_DETERMINISTIC;
    }
    tape_release(&tape);
    return code;
}

enum exit_code batch_hunt(uint64_t first, uint64_t count)
{
    enum exit_code code = EXIT_PASSED;

    check_on_failure = say_ensure;
    signal(SIGALRM, say_signal);
    signal(SIGSEGV, say_signal);
    for (uint64_t seed = first; seed < first + count && code == EXIT_PASSED; seed++)
        code = hunt_seed(seed);
    alarm(0);
    return code;
}
