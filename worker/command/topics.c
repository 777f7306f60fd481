#include "command/arguments.h"
#include "command/command.h"
#include "kafka/topics.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "Usage: ifmatch topics create -c FILE [OPTION]...\n"
    "Makes those of the three topics (updates, audit, dead letters) that are missing, with topics.partitions and\n"
    "topics.replication. Those that are there are left as they are.\n\n" ARGUMENTS_HELP
    "\nExit codes: 0 all are there, 1 failed, 2 wrong use or configuration.\n";

#define TIMEOUT_MS 30000

static int create(const struct arguments *arguments)
{
    struct config *config = arguments_load(arguments);
    struct topic_state states[3];
    struct error error = {0};
    int code = EXIT_GOOD;

    if (config == NULL)
        return EXIT_USAGE;
    if (!topics_create(config, TIMEOUT_MS, states, &error))
        code = arguments_failed("topics", &error);
    for (size_t i = 0; code == EXIT_GOOD && i < 3; i++) {
        if (states[i].partitions > 0)
            printf("%s: there already, %d partitions\n", states[i].name, states[i].partitions);
        else
            printf("%s: created, %lld partitions\n", states[i].name, (long long)config->topics.partitions);
    }
    config_free(config);
    return code;
}

int command_topics(int argc, char **argv)
{
    static const struct option options[] = {ARGUMENTS_LONG, {0}};
    struct arguments arguments = {0};
    int option, code = -1;

    while (code < 0 && (option = getopt_long(argc, argv, ARGUMENTS_SHORT, options, NULL)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            code = EXIT_GOOD;
        } else if (!arguments_take(&arguments, option, optarg)) {
            code = arguments_wrong_option("topics");
        }
    }
    if (code < 0)
        code = optind + 1 == argc && strcmp(argv[optind], "create") == 0
                   ? create(&arguments)
                   : arguments_wrong("topics", "expected 'topics create'");
    arguments_release(&arguments);
    return code;
}
