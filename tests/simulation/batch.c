#include "batch.h"

#include "common/buffer.h"
#include "common/check.h"
#include "common/file.h"
#include "common/memory.h"
#include "story.h"
#include "world.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define BYTES_MAX (1 << 20)

double batch_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void tally_count(struct tally *tally, enum exit_code code)
{
    if (code == EXIT_PASSED) {
        tally->passed++;
        return;
    }
    tally->failed++;
    tally->code = code;
}

static enum exit_code class_of(const struct run *run)
{
    if (run->check == NULL)
        return EXIT_PASSED;
    return strcmp(run->check, "liveness") == 0 ? EXIT_LIVENESS : EXIT_CHECK;
}

static void print_trace(struct tape *tape)
{
    struct buffer trace, description;
    struct run run;

    buffer_init(&trace, 16 << 20);
    buffer_init(&description, 1 << 16);
    tape_rewind(tape);
    run_tape(tape, &run, &trace, &description);
    printf("  options: %.*s\n\n%.*s", BYTES_ARG(buffer_bytes(&description)), BYTES_ARG(buffer_bytes(&trace)));
    if (run.check != NULL)
        printf("\n  step %llu at %.3f s: %s: %s\n", (unsigned long long)run.step, (double)run.at_ms / 1000, run.check,
               run.text);
    buffer_release(&trace);
    buffer_release(&description);
}

static void keep_tape(struct tape *tape, const char *name)
{
    auto_text path = memory_format("tests/simulation/seeds/new-%s.tape", name);
    struct error error = {0};
    struct run run;

    tape_rewind(tape);
    run_tape(tape, &run, NULL, NULL);
    auto_text sentence = memory_format("%s: %s", run.check, run.text);
    if (!tape_write(tape, path, sentence, &error)) {
        printf("  the tape was not written: %s\n", error.text);
        return;
    }
    printf("  again:  build/dev/simulation --tape %s --trace\n", path);
    printf("  gdb:    gdb --args build/dev/simulation --tape %s --break-at %llu\n", path, (unsigned long long)run.step);
}

static void report(struct tape *tape, const char *name, const struct run *run)
{
    size_t frames = tape->count;
    double begin = batch_clock();
    size_t replays;

    printf("SIMULATION FAILED  seed %s  step %llu  at %.1f s   check: %s\n  %s\n", name,
           (unsigned long long)run->step, (double)run->at_ms / 1000, run->check, run->text);
    fflush(stdout);
    replays = shrink(tape, run->check);
    printf("  shrunk: %zu -> %zu frames (%zu replays, %.1f s)\n", frames, tape->count - OPTION_FRAMES, replays,
           batch_clock() - begin);
    keep_tape(tape, name);
    print_trace(tape);
    printf("\n");
}

static enum exit_code repeat(struct tape *tape, const struct run *first, const char *name)
{
    struct run second;

    tape_rewind(tape);
    run_tape(tape, &second, NULL, NULL);
    if (second.fingerprint == first->fingerprint)
        return EXIT_PASSED;
    printf("NOT DETERMINISTIC  seed %s: %016llx after %llu steps, then %016llx after %llu\n", name,
           (unsigned long long)first->fingerprint, (unsigned long long)first->steps,
           (unsigned long long)second.fingerprint, (unsigned long long)second.steps);
    return EXIT_NOT_DETERMINISTIC;
}

extern const struct world *run_world;
static const char *run_name;

static void say_where(const char *what)
{
    fprintf(stderr, "seed %s, step %llu: %s\n", run_name, run_world != NULL ? (unsigned long long)run_world->steps : 0,
            what);
}

enum exit_code batch_run(struct tape *tape, const char *name, bool twice, bool reports, struct run *ret_run)
{
    enum exit_code code;

    run_name = name;
    check_on_failure = say_where;
    run_tape(tape, ret_run, NULL, NULL);
    code = class_of(ret_run);
    if (code == EXIT_PASSED && twice)
        code = repeat(tape, ret_run, name);
    else if (code != EXIT_PASSED && reports)
        report(tape, name, ret_run);
    return code;
}

enum exit_code batch_seed(uint64_t seed, const struct batch_options *options)
{
    auto_text name = memory_format("%llu", (unsigned long long)seed);
    enum exit_code code;
    struct tape tape;
    struct run run;

    tape_random(&tape, seed);
    code = batch_run(&tape, name, options->twice, true, &run);
    if (code == EXIT_PASSED && options->traces)
        print_trace(&tape);
    printf("seed %s: %llu steps, %llu events, %s\n", name, (unsigned long long)run.steps,
           (unsigned long long)run.events, code == EXIT_PASSED ? "passed" : "failed");
    tape_release(&tape);
    return code;
}

enum exit_code batch_bytes(const char *path, const struct batch_options *options)
{
    struct error error = {0};
    enum exit_code code;
    struct tape tape;
    struct run run;
    size_t size;
    auto_text bytes = file_read(path, BYTES_MAX, &size, &error);

    if (bytes == NULL) {
        fprintf(stderr, "%s\n", error.text);
        return EXIT_USAGE;
    }
    tape_bytes(&tape, (struct bytes){bytes, size});
    code = batch_run(&tape, "of-bytes", options->twice, true, &run);
    if (code == EXIT_PASSED && options->traces)
        print_trace(&tape);
    printf("%s: %llu steps, %s\n", path, (unsigned long long)run.steps, code == EXIT_PASSED ? "passed" : "failed");
    tape_release(&tape);
    return code;
}

enum exit_code batch_tape(const char *path, const struct batch_options *options)
{
    struct error error = {0};
    struct tape tape;
    struct run run;

    if (!tape_read(&tape, path, &error)) {
        fprintf(stderr, "%s\n", error.text);
        return EXIT_USAGE;
    }
    run_name = path;
    check_on_failure = say_where;
    run_tape(&tape, &run, NULL, NULL);
    if (options->traces)
        print_trace(&tape);
    if (run.check != NULL)
        printf("%s: %s: %s\n", path, run.check, run.text);
    tape_release(&tape);
    return class_of(&run);
}

static int is_named(const struct dirent *entry, const char *ending)
{
    size_t size = strlen(entry->d_name), wanted = strlen(ending);

    return size > wanted && strcmp(entry->d_name + size - wanted, ending) == 0;
}

static int is_tape(const struct dirent *entry)
{
    return is_named(entry, ".tape") && strncmp(entry->d_name, "new-", 4) != 0;
}

static int is_story(const struct dirent *entry)
{
    return is_named(entry, ".story");
}

void batch_tapes(const char *folder, struct tally *tally)
{
    const struct batch_options options = {0};
    struct dirent **entries;
    int entry_count = scandir(folder, &entries, is_tape, alphasort);

    for (int i = 0; i < entry_count; i++) {
        auto_text path = memory_format("%s/%s", folder, entries[i]->d_name);

        tally_count(tally, batch_tape(path, &options));
        free(entries[i]);
    }
    if (entry_count >= 0)
        free(entries);
}

enum exit_code batch_stories(const char *folder, bool accepts)
{
    struct tally tally = {0};
    struct dirent **entries;
    int entry_count = scandir(folder, &entries, is_story, alphasort);

    if (entry_count < 0) {
        fprintf(stderr, "%s: no such folder\n", folder);
        return EXIT_USAGE;
    }
    check_on_failure = say_where;
    for (int i = 0; i < entry_count; i++) {
        auto_text path = memory_format("%s/%s", folder, entries[i]->d_name);

        run_name = path;
        tally_count(&tally, story_run(path, accepts) == STORY_PASSED ? EXIT_PASSED : EXIT_CHECK);
        free(entries[i]);
    }
    free(entries);
    printf("%llu passed, %llu failed\n", (unsigned long long)tally.passed, (unsigned long long)tally.failed);
    return tally.code;
}
