#include "batch.h"

#include "common/memory.h"
#include "jobs.h"
#include "probes.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

/* Many seeds: divided over processes, their counts summed. */

#define REPORTS_MAX      3   /* failing seeds of a batch that are shrunk and shown */
#define COMMIT_SEEDS     200
#define STEPS_AVERAGE    500 /* a batch whose runs are shorter proves little */
#define PROGRESS_SECONDS 60

struct part {
    struct tally tally;
    uint64_t steps;
    uint64_t events;
    struct probes probes;
};

/* In the result of the first job: the others look at it as well. */
struct shared {
    atomic_uint_fast64_t done;
    atomic_uint_fast64_t reports;
    struct part part;
};

struct seeds {
    struct jobs *jobs;
    const struct batch_options *options;
    uint64_t first;
    uint64_t count;
    uint64_t commit_seed;
    uint64_t commit_count;
    double begin;
};

static struct shared *first_of(const struct seeds *seeds)
{
    return jobs_result(seeds->jobs, 0);
}

uint64_t seed_of(const char *text)
{
    char digits[17];

    if (strlen(text) != 40)
        return strtoull(text, NULL, 10);
    snprintf(digits, sizeof(digits), "%.16s", text);
    return strtoull(digits, NULL, 16);
}

static void run_seed(const struct seeds *seeds, uint64_t seed, struct part *part)
{
    auto_text name = memory_format("%llu", (unsigned long long)seed);
    struct tape tape;
    struct run run;

    tape_random(&tape, seed);
    tally_count(&part->tally, batch_run(&tape, name, seeds->options->twice || seed % 20 == 0,
                                        first_of(seeds)->reports < REPORTS_MAX, &run));
    if (run.check != NULL)
        first_of(seeds)->reports++;
    part->steps += run.steps;
    part->events += run.events;
    first_of(seeds)->done++;
    tape_release(&tape);
}

static void say_progress(const struct seeds *seeds, double *said)
{
    double now = batch_clock();

    if (!seeds->options->is_long || now - *said < PROGRESS_SECONDS)
        return;
    *said = now;
    printf("%8.0f s: %llu of %llu seeds\n", now - seeds->begin, (unsigned long long)first_of(seeds)->done,
           (unsigned long long)(seeds->count + seeds->commit_count));
    fflush(stdout);
}

static void run_share(void *context, size_t number)
{
    const struct seeds *seeds = context;
    struct part *part = &((struct shared *)jobs_result(seeds->jobs, number))->part;
    double said = seeds->begin;

    probes_listen(&part->probes);
    for (uint64_t i = number; i < seeds->count + seeds->commit_count; i += seeds->options->jobs) {
        run_seed(seeds, i < seeds->count ? seeds->first + i : seeds->commit_seed + (i - seeds->count), part);
        if (number == 0)
            say_progress(seeds, &said);
    }
}

static void sum_up(const struct seeds *seeds, struct part *sum)
{
    for (size_t i = 0; i < seeds->options->jobs; i++) {
        const struct part *part = &((const struct shared *)jobs_result(seeds->jobs, i))->part;

        sum->tally.passed += part->tally.passed;
        sum->tally.failed += part->tally.failed;
        if (part->tally.failed > 0)
            sum->tally.code = part->tally.code;
        sum->steps += part->steps;
        sum->events += part->events;
        probes_add(&sum->probes, &part->probes);
    }
}

/* Each of these is a failure of the batch as a whole. */
static void judge(const struct seeds *seeds, struct part *sum)
{
    uint64_t count = seeds->count + seeds->commit_count;
    bool is_whole = count >= SEEDS_THAT_REACH_ALL;

    if (is_whole || seeds->options->probes) {
        size_t missing = probes_report(&sum->probes, seeds->options->probes);

        if (missing > 0 && is_whole) {
            printf("%zu of these were reached by no seed\n", missing);
            tally_count(&sum->tally, EXIT_PROBE);
        }
    }
    if (count > 0 && sum->steps / count < STEPS_AVERAGE && is_whole) {
        printf("%llu steps on average are too few\n", (unsigned long long)(sum->steps / count));
        tally_count(&sum->tally, EXIT_LIVENESS);
    }
}

static void print_sum(const struct seeds *seeds, const struct part *sum)
{
    uint64_t count = seeds->count + seeds->commit_count;

    printf("%llu seeds, %llu steps (%llu on average), %llu events, %.1f s in %zu processes\n",
           (unsigned long long)count, (unsigned long long)sum->steps,
           (unsigned long long)(count > 0 ? sum->steps / count : 0), (unsigned long long)sum->events,
           batch_clock() - seeds->begin, seeds->options->jobs);
    printf("%llu passed, %llu failed\n", (unsigned long long)sum->tally.passed, (unsigned long long)sum->tally.failed);
}

enum exit_code batch_seeds(uint64_t first, uint64_t count, const char *seeds_folder, const struct batch_options *options)
{
    struct seeds seeds = {.jobs = jobs_new(options->jobs, sizeof(struct shared)),
                          .options = options,
                          .first = first,
                          .count = count,
                          .begin = batch_clock()};
    struct part *sum = memory_new(sizeof(*sum));
    enum exit_code code;
    int death;

    if (options->commit != NULL) {
        seeds.commit_seed = seed_of(options->commit);
        seeds.commit_count = COMMIT_SEEDS;
    }
    death = jobs_run(seeds.jobs, run_share, &seeds);
    sum_up(&seeds, sum);
    if (death != 0) {
        printf("a process of the batch died (%d)\n", death);
        tally_count(&sum->tally, (enum exit_code)death);
    }
    batch_tapes(seeds_folder, &sum->tally);
    judge(&seeds, sum);
    print_sum(&seeds, sum);
    code = sum->tally.code;
    free(sum);
    jobs_free(seeds.jobs);
    return code;
}
