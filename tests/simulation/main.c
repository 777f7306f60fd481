#include "batch.h"

#include "story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* simulation SEED | --tape FILE | --seeds N | --stories DIR: the engine in simulated worlds. */

static const char usage[] =
    "usage: simulation SEED | --tape FILE | --bytes FILE | --seeds N [--from SEED] | --stories DIR | --story FILE\n"
    "  SEED       a number, or a commit hash of 40 digits\n"
    "  --bytes    a file of fuzz-engine (tests/fuzz)\n"
    "  --trace    print what happened\n"
    "  --twice    run twice and compare\n"
    "  --accept   with stories: rewrite the expect lines\n"
    "  --probes   with --seeds: every rare path must have been passed\n"
    "exit code: 0 passed, 3 a check failed, 4 no liveness, 5 not deterministic, 6 a rare path not passed\n";

#define SEEDS_FOLDER "tests/simulation/seeds"

struct arguments {
    const char *seed;
    const char *tape;
    const char *bytes;
    const char *seeds;
    const char *from;
    const char *stories;
    const char *story;
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
                 {"--from", &arguments->from},
                 {"--stories", &arguments->stories},
                 {"--story", &arguments->story}};

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(known[i].name, name) == 0 && value != NULL) {
            *known[i].value = value;
            return true;
        }
    }
    return false;
}

static bool parse(int count, char **values, struct arguments *arguments)
{
    for (int i = 1; i < count; i++) {
        if (strcmp(values[i], "--trace") == 0)
            arguments->options.traces = true;
        else if (strcmp(values[i], "--twice") == 0)
            arguments->options.twice = true;
        else if (strcmp(values[i], "--probes") == 0)
            arguments->options.probes = true;
        else if (strcmp(values[i], "--accept") == 0)
            arguments->accepts = true;
        else if (values[i][0] != '-')
            arguments->seed = values[i];
        else if (parse_value(arguments, values[i], i + 1 < count ? values[i + 1] : NULL))
            i++;
        else
            return false;
    }
    return true;
}

/* New ground with every commit, and still to be repeated. */
static uint64_t seed_of(const char *text)
{
    char digits[17];

    if (strlen(text) != 40)
        return strtoull(text, NULL, 10);
    snprintf(digits, sizeof(digits), "%.16s", text);
    return strtoull(digits, NULL, 16);
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
        if (arguments.seeds != NULL)
            return (int)batch_seeds(arguments.from != NULL ? seed_of(arguments.from) : 1,
                                    strtoull(arguments.seeds, NULL, 10), SEEDS_FOLDER, &arguments.options);
        if (arguments.seed != NULL)
            return (int)batch_seed(seed_of(arguments.seed), &arguments.options);
    }
    fputs(usage, stderr);
    return EXIT_USAGE;
}
