#include "command/arguments.h"
#include "command/command.h"
#include "command/demo_report.h"
#include "command/demo_run.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "Usage: ifmatch demo [OPTION]...\n"
    "The main job at work on this machine alone: a broker and a document service in the sandbox, a producer, a foreign\n"
    "user who changes the same documents, lost answers, two workers of which one is killed in the middle, and at the\n"
    "end an independent check of every event and every write. Takes less than a minute.\n\n"
    "  -n, --events N   how many events to send (default 20000, at least 100)\n"
    "  -k, --keep       keep the configuration and the logs of the workers\n"
    "  -h, --help       this text\n"
    "\nThe last line tells the outcome; exit code 0: nothing lost, nothing overwritten, and enough has happened.\n";

static volatile sig_atomic_t is_interrupted;

static void on_signal(int number)
{
    (void)number;
    is_interrupted = 1;
}

bool demo_is_interrupted(void)
{
    return is_interrupted != 0;
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

static void say_where_files_are(const struct demo *demo)
{
    if (demo->directory[0] != '\0')
        printf("configuration and logs are in %s\n", demo->directory);
}

static int report(const struct demo *demo, bool keeps_files)
{
    const struct check_result *result = &demo->result;
    const struct demo_counts *counts = demo_topics_counts(demo->topics);
    bool is_good;

    demo_report_record("A merged event", counts->merged);
    demo_report_record("A conflict, in the dead-letter topic for a person to decide", counts->conflict);
    demo_report_rules(result);
    demo_report_outcomes(result);
    demo_report_faults(result);
    is_good = demo_report_minimums(result, demo->events) && check_is_good(result);
    if (!is_good || keeps_files)
        say_where_files_are(demo);
    printf("\n");
    demo_report_last_line(result);
    return is_good ? EXIT_GOOD : EXIT_FAILED;
}

static int run(size_t events, bool keeps_files)
{
    struct demo demo = {.events = events};
    struct error error = {0};
    int code;

    setvbuf(stdout, NULL, _IOLBF, 0);
    catch_signals();
    if (demo_setup(&demo, &error) && demo_run(&demo, &error)) {
        code = report(&demo, keeps_files);
        keeps_files = keeps_files || code != EXIT_GOOD;
    } else {
        keeps_files = keeps_files || !is_interrupted;
        if (keeps_files)
            say_where_files_are(&demo);
        code = arguments_failed("demo", &error);
    }
    demo_end(&demo, keeps_files);
    return code;
}

int command_demo(int argc, char **argv)
{
    static const struct option options[] = {{"events", required_argument, NULL, 'n'},
                                            {"keep", no_argument, NULL, 'k'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    uint64_t events = 20000;
    bool keeps_files = false;
    int option;

    while ((option = getopt_long(argc, argv, "n:kh", options, NULL)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            return EXIT_GOOD;
        }
        if (option == '?')
            return arguments_wrong_option("demo");
        if (option == 'k')
            keeps_files = true;
        else if (!bytes_to_uint64(bytes_of(optarg), &events) || events < 100 || events > 1000000)
            return arguments_wrong("demo", "--events %s: a number from 100 to 1000000 is needed", optarg);
    }
    if (optind < argc)
        return arguments_wrong("demo", "unexpected '%s'", argv[optind]);
    return run((size_t)events, keeps_files);
}
