#include "jobs.h"

#include "common/check.h"
#include "common/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct jobs {
    size_t count;
    size_t result_bytes;
    char *results;
    pid_t *processes;
};

size_t jobs_default(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    return cores > 0 ? (size_t)cores : 1;
}

struct jobs *jobs_new(size_t count, size_t result_bytes)
{
    struct jobs *jobs = memory_new(sizeof(*jobs));

    ensure(count > 0);
    jobs->count = count;
    jobs->result_bytes = (result_bytes + 63) & ~(size_t)63; /* no cache line of two processes */
    jobs->results = mmap(NULL, count * jobs->result_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ensure(jobs->results != MAP_FAILED);
    jobs->processes = memory_new(count * sizeof(*jobs->processes));
    return jobs;
}

void jobs_free(struct jobs *jobs)
{
    if (jobs == NULL)
        return;
    munmap(jobs->results, jobs->count * jobs->result_bytes);
    free(jobs->processes);
    free(jobs);
}

void *jobs_result(const struct jobs *jobs, size_t number)
{
    ensure(number < jobs->count);
    return jobs->results + number * jobs->result_bytes;
}

static void begin(struct jobs *jobs, size_t number, void (*work)(void *context, size_t number), void *context)
{
    fflush(stdout);
    jobs->processes[number] = fork();
    ensure(jobs->processes[number] >= 0);
    if (jobs->processes[number] > 0)
        return;
    work(context, number);
    fflush(stdout);
    exit(EXIT_SUCCESS); /* the leak checker looks now */
}

int jobs_run(struct jobs *jobs, void (*work)(void *context, size_t number), void *context)
{
    int code = 0;

    for (size_t i = 0; i < jobs->count; i++)
        begin(jobs, i, work, context);
    for (size_t i = 0; i < jobs->count; i++) {
        int status = 0;

        waitpid(jobs->processes[i], &status, 0);
        if (code == 0 && status != 0)
            code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    }
    return code;
}
