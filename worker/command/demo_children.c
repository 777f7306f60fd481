#include "command/demo_children.h"

#include "common/check.h"
#include "common/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGUMENTS_MAX 15

/* In the child; only calls that are safe behind a fork. */
static _Noreturn void become(const char *program, char **argv, int output, int log, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    signal(SIGINT, SIG_IGN); /* of the terminal: the parent decides */
    if (dup2(output, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0)
        _exit(127);
    execv(program, argv);
    _exit(127);
}

bool children_start(struct children *children, const char *name, const char *const *arguments, int output,
                    const char *log_path, pid_t *ret_pid, struct error *error)
{
    char *argv[ARGUMENTS_MAX + 1] = {(char *)(uintptr_t) "ifmatch"};
    char program[PATH_MAX];
    pid_t parent = getpid(), pid;
    ssize_t size = readlink("/proc/self/exe", program, sizeof(program) - 1);
    int log;

    if (size < 0)
        return error_set_errno(error, "/proc/self/exe");
    program[size] = '\0';
    ensure(children->count < CHILDREN_MAX);
    for (size_t i = 0; arguments[i] != NULL; i++) {
        ensure(i + 1 < ARGUMENTS_MAX);
        argv[i + 1] = (char *)(uintptr_t)arguments[i]; /* execv does not change them */
    }
    log = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log < 0)
        return error_set_errno(error, "%s", log_path);
    pid = fork();
    if (pid == 0)
        become(program, argv, output >= 0 ? output : log, log, parent);
    close(log);
    if (pid < 0)
        return error_set_errno(error, "fork");
    children->items[children->count++] = (struct child){name, pid};
    *ret_pid = pid;
    return true;
}

void children_kill(struct children *children, pid_t pid)
{
    for (size_t i = 0; i < children->count; i++) {
        if (children->items[i].pid != pid)
            continue;
        kill(pid, SIGKILL);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            ;
        children->items[i].pid = 0;
    }
}

const char *children_reap(struct children *children, char *ret_how, size_t how_size)
{
    for (size_t i = 0; i < children->count; i++) {
        struct child *child = &children->items[i];
        int status;

        if (child->pid == 0 || waitpid(child->pid, &status, WNOHANG) != child->pid)
            continue;
        child->pid = 0;
        if (WIFSIGNALED(status))
            snprintf(ret_how, how_size, "signal %d", WTERMSIG(status));
        else
            snprintf(ret_how, how_size, "exit code %d", WEXITSTATUS(status));
        return child->name;
    }
    return NULL;
}

/* The status of its end; SIGKILL's if it had to be killed, 0 if it was gone already. */
static int end(struct children *children, struct child *child, int64_t timeout_ms)
{
    int64_t deadline_ms = clock_now_ms() + timeout_ms;
    int status = 0;

    if (child->pid == 0)
        return 0;
    kill(child->pid, SIGTERM);
    while (child->pid != 0) {
        if (waitpid(child->pid, &status, WNOHANG) == child->pid) {
            child->pid = 0;
        } else if (clock_now_ms() >= deadline_ms) {
            children_kill(children, child->pid);
            return SIGKILL;
        } else {
            poll(NULL, 0, 10);
        }
    }
    return status;
}

bool children_end(struct children *children, pid_t pid, int64_t timeout_ms, struct error *error)
{
    for (size_t i = 0; i < children->count; i++) {
        struct child *child = &children->items[i];
        int status = child->pid == pid ? end(children, child, timeout_ms) : 0;

        if (status != 0)
            return error_set(error, ERROR_SYSTEM, "%s did not leave as asked: %s %d", child->name,
                             WIFSIGNALED(status) ? "signal" : "exit code",
                             WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    }
    return true;
}

void children_stop(struct children *children, int64_t timeout_ms)
{
    for (size_t i = children->count; i > 0; i--)
        end(children, &children->items[i - 1], timeout_ms);
}
