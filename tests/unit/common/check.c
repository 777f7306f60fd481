#include "common/check.h"
#include "tests/support/unit.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int calls;

static void say(const char *text)
{
    ck_assert_int_eq(write(STDERR_FILENO, text, strlen(text)), (int)strlen(text));
}

static void fail_again(const char *what)
{
    say("asked: ");
    say(what);
    say("\n");
    ensure(calls++ > 5);
}

static void fail_here(void)
{
    check_on_failure = fail_again;
    ensure(1 + 1 == 3);
}

static void fail_never(void)
{
    never("a \"quoted\" reason");
}

/* What a process that runs `body` says on stderr; it has to die by SIGABRT. */
static const char *stderr_of(void (*body)(void))
{
    static char text[1024];
    int ends[2], status;
    size_t size = 0;
    ssize_t n;
    pid_t child;

    ck_assert_int_eq(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        body();
        _exit(0);
    }
    close(ends[1]);
    while ((n = read(ends[0], text + size, sizeof(text) - 1 - size)) > 0)
        size += (size_t)n;
    text[size] = '\0';
    close(ends[0]);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFSIGNALED(status));
    ck_assert_int_eq(WTERMSIG(status), SIGABRT);
    return text;
}

START_TEST(a_failed_check_says_where_and_what_asks_once_and_aborts)
{
    const char *text = stderr_of(fail_here);
    const char *asked = strstr(text, "asked: 1 + 1 == 3\n");

    ck_assert_ptr_nonnull(strstr(text, "check.c:"));
    ck_assert_ptr_nonnull(strstr(text, ": fail_here: check failed: 1 + 1 == 3\n"));
    ck_assert_ptr_nonnull(asked);
    ck_assert_ptr_nonnull(strstr(asked, "fail_again: check failed: calls++ > 5\n"));
    ck_assert_ptr_null(strstr(asked + 1, "asked:"));
}
END_TEST

START_TEST(never_says_its_reason)
{
    ck_assert_ptr_nonnull(strstr(stderr_of(fail_never), "check failed: never: a \"quoted\" reason\n"));
}
END_TEST

static const char *probed;

static void note_probe(const char *name)
{
    probed = name;
}

START_TEST(a_probe_is_told_to_who_listens)
{
    probe("nobody listens");
    check_on_probe = note_probe;
    probe("a rare path");
    ck_assert_str_eq(probed, "a rare path");
}
END_TEST

UNIT_TESTS("common/check", a_failed_check_says_where_and_what_asks_once_and_aborts, never_says_its_reason,
           a_probe_is_told_to_who_listens)
