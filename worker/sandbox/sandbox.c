#include "sandbox/sandbox.h"

#include "common/memory.h"
#include "sandbox/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define READY_SECONDS 20
#define READY_FD      3
#define ADDRESS_SIZE  512

struct child {
    const char *name;
    pid_t pid; /* 0: not asked for, or reaped */
    int ready;
    char address[ADDRESS_SIZE];
    size_t size;
    bool was_started;
};

struct sandbox {
    struct child broker, service;
};

void child_say(int ready, const char *format, ...)
{
    char line[ADDRESS_SIZE];
    va_list arguments;
    int size;

    va_start(arguments, format);
    size = vsnprintf(line, sizeof(line) - 1, format, arguments);
    va_end(arguments);
    if (size > (int)sizeof(line) - 2)
        size = (int)sizeof(line) - 2;
    line[size] = '\n';
    if (write(ready, line, (size_t)size + 1) < 0)
        _exit(1); /* nobody is there to hear it */
    close(ready);
}

/* The child keeps the standard streams and the pipe, and none of its parent's signals. A Ctrl-C at the terminal
 * is for the parent, which ends its children when it is done with them. */
static void become_child(int ready, pid_t parent)
{
    sigset_t none;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    if (ready != READY_FD)
        dup2(ready, READY_FD);
    close_range(READY_FD + 1, ~0U, 0);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
}

static bool start(struct child *child, const struct sandbox_options *options,
                  int (*run)(const struct sandbox_options *, int), struct error *error)
{
    pid_t parent = getpid();
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_set_errno(error, "sandbox: no pipe");
    fflush(NULL);
    child->pid = fork();
    if (child->pid == 0) {
        become_child(ends[1], parent);
        _exit(run(options, READY_FD));
    }
    close(ends[1]);
    if (child->pid < 0) {
        child->pid = 0;
        close(ends[0]);
        return error_set_errno(error, "sandbox: no process for the %s", child->name);
    }
    child->ready = ends[0];
    child->was_started = true;
    return true;
}

/* Reads the line that says where the child listens. */
static bool hear(struct child *child, struct error *error)
{
    for (;;) {
        struct pollfd poll_for = {.fd = child->ready, .events = POLLIN};
        int found = poll(&poll_for, 1, READY_SECONDS * 1000);
        ssize_t got;

        if (found < 0 && errno == EINTR)
            continue;
        if (found <= 0)
            return error_set(error, ERROR_UNAVAILABLE, "sandbox: the %s is not ready after %d s", child->name,
                             READY_SECONDS);
        got = read(child->ready, child->address + child->size, ADDRESS_SIZE - 1 - child->size);
        if (got <= 0)
            return error_set(error, ERROR_UNAVAILABLE, "sandbox: the %s ended before it was ready", child->name);
        child->size += (size_t)got;
        if (child->address[child->size - 1] == '\n')
            break;
    }
    child->address[child->size - 1] = '\0';
    if (child->address[0] == '!')
        return error_set(error, ERROR_UNAVAILABLE, "sandbox: %s: %s", child->name, child->address + 1);
    return true;
}

static bool wait_for(struct child *child, struct error *error)
{
    bool is_good;

    if (!child->was_started)
        return true;
    is_good = hear(child, error);
    close(child->ready);
    child->ready = -1;
    return is_good;
}

bool sandbox_start(const struct sandbox_options *options, struct sandbox **ret_sandbox, struct error *error)
{
    struct sandbox *sandbox = memory_new(sizeof(*sandbox));
    bool is_good;

    sandbox->broker = (struct child){.name = "broker", .ready = -1};
    sandbox->service = (struct child){.name = "document service", .ready = -1};
    is_good = (options->without_broker || start(&sandbox->broker, options, broker_run, error)) &&
              (options->without_service || start(&sandbox->service, options, service_serve, error)) &&
              wait_for(&sandbox->broker, error) && wait_for(&sandbox->service, error);
    if (!is_good) {
        sandbox_stop(sandbox);
        return false;
    }
    *ret_sandbox = sandbox;
    return true;
}

const char *sandbox_brokers(const struct sandbox *sandbox)
{
    return sandbox->broker.was_started ? sandbox->broker.address : NULL;
}

const char *sandbox_url(const struct sandbox *sandbox)
{
    return sandbox->service.was_started ? sandbox->service.address : NULL;
}

static bool is_alive(struct child *child, struct error *error)
{
    int status;

    if (child->pid == 0)
        return !child->was_started || error_set(error, ERROR_UNAVAILABLE, "sandbox: the %s has ended", child->name);
    if (waitpid(child->pid, &status, WNOHANG) != child->pid)
        return true;
    child->pid = 0;
    if (WIFSIGNALED(status))
        return error_set(error, ERROR_UNAVAILABLE, "sandbox: the %s was ended by signal %d", child->name,
                         WTERMSIG(status));
    return error_set(error, ERROR_UNAVAILABLE, "sandbox: the %s ended with code %d", child->name, WEXITSTATUS(status));
}

bool sandbox_is_alive(struct sandbox *sandbox, struct error *error)
{
    return is_alive(&sandbox->broker, error) && is_alive(&sandbox->service, error);
}

static void stop(struct child *child)
{
    if (child->ready >= 0)
        close(child->ready);
    if (child->pid == 0)
        return;
    kill(child->pid, SIGKILL); /* nothing is kept, so there is nothing to finish */
    while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

void sandbox_stop(struct sandbox *sandbox)
{
    if (sandbox == NULL)
        return;
    stop(&sandbox->broker);
    stop(&sandbox->service);
    free(sandbox);
}
