#include "command/command.h"

#include "common/memory.h"
#include "common/nearest.h"
#include "kafka/version.h"
#include "service/version.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *purpose;
} commands[] = {
    {"run", command_run, "the worker: apply events from Kafka to the document service"},
    {"check", command_check, "is all of it right? configuration, topics, service: one line each"},
    {"probe", command_probe, "does the service really refuse stale writes? tried on a scratch document"},
    {"merge", command_merge, "what would happen: merge one event onto one document"},
    {"topics", command_topics, "topics create: make the topics that are missing"},
    {"send", command_send, "send an event by hand"},
    {"tail", command_tail, "follow the records of all documents, or of one"},
    {"ctl", command_ctl, "pause and resume a running worker, see its state"},
    {"demo", command_demo, "the main job at work, checked by an independent ledger"},
    {"sandbox", command_sandbox, "a broker and a document service to try things against"},
};

static void print_help(FILE *file)
{
    fprintf(file, "Usage: ifmatch COMMAND [OPTION]...\n"
                  "Applies document updates from Kafka to a REST document service under optimistic concurrency.\n\n");
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        fprintf(file, "  %-9s %s\n", commands[i].name, commands[i].purpose);
    fprintf(file, "\n  -h, --help     this text; 'ifmatch COMMAND --help' tells of one command\n"
                  "  -V, --version  the versions of ifmatch and its libraries\n\n"
                  "Exit codes: 0 good, 1 failed, 2 wrong use or configuration, 3 (merge) a conflict.\n");
}

static int print_version(void)
{
    printf("ifmatch %s (librdkafka %s, %s)\n", IFMATCH_VERSION, kafka_version(), service_version());
    return EXIT_GOOD;
}

static const struct command *command_named(const char *name)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

static int fail_unknown(const char *name)
{
    struct nearest nearest;

    nearest_init(&nearest, name);
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        nearest_try(&nearest, commands[i].name);
    fprintf(stderr, "ifmatch: unknown %s '%s'", name[0] == '-' ? "option" : "command", name);
    if (nearest.best != NULL)
        fprintf(stderr, "; did you mean '%s'?", nearest.best);
    fprintf(stderr, "\nTry 'ifmatch --help'.\n");
    return EXIT_USAGE;
}

/* argv[0] begins getopt's messages. */
static int run_command(const char *name, int argc, char **argv)
{
    const struct command *command = command_named(name);
    auto_text title = memory_format("ifmatch %s", name);

    if (command == NULL)
        return fail_unknown(name);
    argv[0] = title;
    return command->run(argc, argv);
}

static int help(const char *name)
{
    char option[] = "--help";
    char *argv[] = {NULL, option, NULL};

    if (name != NULL)
        return run_command(name, 2, argv);
    print_help(stdout);
    return EXIT_GOOD;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN); /* a closed connection is an answer, not a death */
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
        return help(argv[2]);
    if (strcmp(argv[1], "-V") == 0 || strcmp(argv[1], "--version") == 0)
        return print_version();
    return run_command(argv[1], argc - 1, argv + 1);
}
