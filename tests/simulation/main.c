#include "batch.h"

#include "jobs.h"
#include "story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* simulation SEED | --tape FILE | --seeds N | --stories DIR: the engine in simulated worlds. */

static const char usage[] =
    "usage: simulation SEED | --tape FILE | --bytes FILE | --seeds N [--from SEED] | --million |\n"
    "                  --stories DIR | --story FILE | --hunt N [--from SEED]\n"
    "  SEED            a number, or a commit hash of 40 digits\n"
    "  --bytes         a file of fuzz-engine (tests/fuzz)\n"
    "  --hunt N        seeds until one fails, which is named, neither shrunk nor kept\n"
    "  --trace         print what happened\n"
    "  --twice         run twice and compare\n"
    "  --break-at N    stop in the debugger before step N\n"
    "  --accept        with stories: rewrite the expect lines\n"
    "  --commit HASH   with --seeds: 200 more that come from it\n"
    "  --jobs N        processes that share the seeds; default: one for each core\n"
    "  --probes        with --seeds: print how often each path, fault and ending was reached\n"
    "  --canary        a check that always fails is among them\n"
    "exit code: 0 passed, 3 a check failed, 4 no liveness, 5 not deterministic,\n"
    "           6 a path or fault that no seed reached, 134 a broken ensure()\n";

#define SEEDS_FOLDER "tests/simulation/seeds"

struct arguments {
    const char *seed;
    const char *tape;
    const char *bytes;
    const char *seeds;
    const char *hunt;
    const char *from;
    const char *stories;
    const char *story;
    const char *jobs;
    const char *break_at;
    bool accepts;
    struct batch_options options;
};

static bool parse_value(struct arguments *arguments, const char *name, const char *value)
{
    const struct {
        const char *name;
        const char **value;
    } known[] = {{"--tape", &arguments->tape},
                 {"--bytes", &arguments->bytes},
                 {"--seeds", &arguments->seeds},
                 {"--hunt", &arguments->hunt},
                 {"--from", &arguments->from},
                 {"--stories", &arguments->stories},
                 {"--story", &arguments->story},
                 {"--jobs", &arguments->jobs},
                 {"--break-at", &arguments->break_at},
                 {"--commit", &arguments->options.commit}};

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(known[i].name, name) == 0 && value != NULL) {
            *known[i].value = value;
            return true;
        }
    }
    return false;
}

static bool parse_flag(struct arguments *arguments, const char *name)
{
    const struct {
        const char *name;
        bool *flag;
    } known[] = {{"--trace", &arguments->options.traces},   {"--twice", &arguments->options.twice},
                 {"--probes", &arguments->options.probes},  {"--accept", &arguments->accepts},
                 {"--million", &arguments->options.is_long}, {"--canary", &world_has_canary}};

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(known[i].name, name) == 0) {
            *known[i].flag = true;
            return true;
        }
    }
    return false;
}

static bool parse(int count, char **values, struct arguments *arguments)
{
    for (int i = 1; i < count; i++) {
        if (values[i][0] != '-')
            arguments->seed = values[i];
        else if (parse_flag(arguments, values[i]))
            continue;
        else if (parse_value(arguments, values[i], i + 1 < count ? values[i + 1] : NULL))
            i++;
        else
            return false;
    }
    if (arguments->options.is_long)
        arguments->seeds = "1000000";
    arguments->options.jobs = arguments->jobs != NULL ? strtoul(arguments->jobs, NULL, 10) : jobs_default();
    if (arguments->break_at != NULL)
        world_break_at = strtoull(arguments->break_at, NULL, 10);
    return arguments->options.jobs > 0;
}

int main(int count, char **values)
{
    struct arguments arguments = {0};

    if (parse(count, values, &arguments)) {
        if (arguments.stories != NULL)
            return (int)batch_stories(arguments.stories, arguments.accepts);
        if (arguments.story != NULL)
            return story_run(arguments.story, arguments.accepts) == STORY_PASSED ? EXIT_PASSED : EXIT_CHECK;
        if (arguments.tape != NULL)
            return (int)batch_tape(arguments.tape, &arguments.options);
        if (arguments.bytes != NULL)
            return (int)batch_bytes(arguments.bytes, &arguments.options);
        if (arguments.hunt != NULL)
            return (int)batch_hunt(arguments.from != NULL ? seed_of(arguments.from) : 1,
                                   strtoull(arguments.hunt, NULL, 10));
        if (arguments.seeds != NULL)
            return (int)batch_seeds(arguments.from != NULL ? seed_of(arguments.from) : 1,
                                    strtoull(arguments.seeds, NULL, 10), SEEDS_FOLDER, &arguments.options);
        if (arguments.seed != NULL)
            return (int)batch_seed(seed_of(arguments.seed), &arguments.options);
    }
    fputs(usage, stderr);
    return EXIT_USAGE;
}
