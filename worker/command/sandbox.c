#include "command/arguments.h"
#include "command/command.h"
#include "config/value.h"
#include "sandbox/sandbox.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char help[] =
    "Usage: ifmatch sandbox [OPTION]...\n"
    "A Kafka broker and a document service to try things against, on loopback only, until Ctrl-C. Nothing is kept.\n"
    "Prints the addresses and a configuration that can be used as it is.\n\n"
    "      --port N              of the document service (default: any free one)\n"
    "      --documents N         documents to begin with, ids from 4711 on (default 10)\n"
    "      --foreign N/s         a foreign user changes so many fields a second (default: none)\n"
    "      --latency DURATION    of every answer of the service, as 20ms (default 0ms)\n"
    "      --stale-status CODE   of a write that comes too late: 412 (default) or 409\n"
    "      --brokers N           1 to 3 (default 1)\n"
    "      --partitions N        of each topic (default 12)\n"
    "      --seed N              of faults and foreign writes (default 1)\n"
    "      --no-broker           only the document service\n"
    "      --whole-log           keep the write log until it is read, whatever memory it takes\n"
    "  -h, --help                this text\n";

#define LOG_LINES_MAX 100000
#define LOOK_MS       200

enum { PORT = 256, DOCUMENTS, FOREIGN, LATENCY, STALE_STATUS, BROKERS, PARTITIONS, SEED, NO_BROKER, WHOLE_LOG };

static volatile sig_atomic_t is_interrupted;

static void on_signal(int number)
{
    (void)number;
    is_interrupted = 1;
}

static bool take_number(const char *text, uint64_t lowest, uint64_t highest, uint64_t *ret_number)
{
    return bytes_to_uint64(bytes_of(text), ret_number) && *ret_number >= lowest && *ret_number <= highest;
}

/* "50/s" or "50" */
static bool take_rate(const char *text, double *ret_per_second)
{
    char *end;
    double rate = strtod(text, &end);

    if (end == text || rate < 0 || rate > 100000 || (*end != '\0' && strcmp(end, "/s") != 0))
        return false;
    *ret_per_second = rate;
    return true;
}

static bool take_count(struct sandbox_options *options, int option, const char *text)
{
    uint64_t number;

    switch (option) {
    case PORT:
        return take_number(text, 0, 65535, &number) && (options->port = (uint16_t)number, true);
    case DOCUMENTS:
        return take_number(text, 0, 1000000, &number) && (options->documents = (uint32_t)number, true);
    case STALE_STATUS:
        return take_number(text, 409, 412, &number) && (number == 409 || number == 412) &&
               (options->stale_status = (int)number, true);
    case BROKERS:
        return take_number(text, 1, 3, &number) && (options->brokers = (int)number, true);
    case PARTITIONS:
        return take_number(text, 1, 1000, &number) && (options->partitions = (int)number, true);
    case SEED:
        return take_number(text, 0, UINT64_MAX, &options->seed);
    default:
        return false;
    }
}

static bool take_option(struct sandbox_options *options, int option, const char *text)
{
    switch (option) {
    case FOREIGN:
        return take_rate(text, &options->foreign_per_second);
    case LATENCY:
        return value_parse_duration(bytes_of(text), &options->latency_ms) && options->latency_ms <= 60000;
    case NO_BROKER:
        return options->without_broker = true;
    case WHOLE_LOG:
        options->log_lines_max = 0;
        return true;
    default:
        return take_count(options, option, text);
    }
}

static void print_configuration(const struct sandbox *sandbox)
{
    printf("# ---- ifmatch.yaml ----\n"
           "version: 1\n"
           "kafka:\n"
           "  bootstrap.servers: \"%s\"\n"
           "  group.id: ifmatch\n"
           "topics:\n"
           "  start: earliest\n"
           "service:\n"
           "  url: \"%s/documents/{id}\"\n"
           "  profile: etag\n"
           "merge:\n"
           "  rules:\n"
           "    /status: external\n"
           "    /owner: prefer_document\n"
           "    /attributes/*: merge\n"
           "# ---- end ----\n",
           sandbox_brokers(sandbox), sandbox_url(sandbox));
}

static void print_examples(const struct sandbox *sandbox)
{
    const char *brokers = sandbox_brokers(sandbox), *url = sandbox_url(sandbox);

    if (brokers != NULL)
        printf("\nPut the lines above into ifmatch.yaml, then in another terminal:\n"
               "  ifmatch run -c ifmatch.yaml\n"
               "  ifmatch send -c ifmatch.yaml 4711 /status=RELEASED --base /status=INWORK\n"
               "  ifmatch tail -c ifmatch.yaml 4711\n"
               "  echo '4711:{\"changes\":{\"/status\":\"RELEASED\"}}' | kcat -b %s -P -t document-updates -K :\n"
               "  kcat -b %s -C -t document-audit -e\n",
               brokers, brokers);
    printf("\nThe document service:\n"
           "  curl -i %s/documents/4711\n"
           "  curl -X POST %s/_foreign -d '{\"per_second\":5}'        # a user who changes fields\n"
           "  curl -X POST %s/_faults -d '{\"answer_lost\":0.1}'      # one answer in ten gets lost\n"
           "  curl '%s/_log?limit=5'                                # who wrote what\n"
           "  curl %s/_statistics\n\n"
           "Ctrl-C ends it.\n",
           url, url, url, url, url);
}

static int stay(struct sandbox *sandbox)
{
    const struct timespec look = {.tv_nsec = LOOK_MS * 1000000L};
    struct error error = {0};

    while (!is_interrupted) {
        nanosleep(&look, NULL); /* a signal ends it */
        if (!sandbox_is_alive(sandbox, &error))
            return arguments_failed("sandbox", &error);
    }
    return EXIT_GOOD;
}

static int start_and_stay(const struct sandbox_options *options)
{
    struct sandbox *sandbox;
    struct error error = {0};
    int code;

    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    if (!sandbox_start(options, &sandbox, &error))
        return arguments_failed("sandbox", &error);
    if (sandbox_brokers(sandbox) != NULL)
        printf("broker   %s\n", sandbox_brokers(sandbox));
    printf("service  %s\n\n", sandbox_url(sandbox));
    if (sandbox_brokers(sandbox) != NULL)
        print_configuration(sandbox);
    print_examples(sandbox);
    fflush(stdout);
    code = stay(sandbox);
    sandbox_stop(sandbox);
    return code;
}

int command_sandbox(int argc, char **argv)
{
    static const struct option rows[] = {{"port", required_argument, NULL, PORT},
                                         {"documents", required_argument, NULL, DOCUMENTS},
                                         {"foreign", required_argument, NULL, FOREIGN},
                                         {"latency", required_argument, NULL, LATENCY},
                                         {"stale-status", required_argument, NULL, STALE_STATUS},
                                         {"brokers", required_argument, NULL, BROKERS},
                                         {"partitions", required_argument, NULL, PARTITIONS},
                                         {"seed", required_argument, NULL, SEED},
                                         {"no-broker", no_argument, NULL, NO_BROKER},
                                         {"whole-log", no_argument, NULL, WHOLE_LOG},
                                         {"help", no_argument, NULL, 'h'},
                                         {0}};
    struct sandbox_options options = {
        .seed = 1, .documents = 10, .log_lines_max = LOG_LINES_MAX,
        .topics = {"document-updates", "document-audit", "document-dead-letters"}};
    int option, row = 0;

    while ((option = getopt_long(argc, argv, "h", rows, &row)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            return EXIT_GOOD;
        }
        if (option == '?')
            return arguments_wrong_option("sandbox");
        if (!take_option(&options, option, optarg))
            return arguments_wrong("sandbox", "--%s '%s': not a value for it", rows[row].name, optarg);
    }
    if (optind < argc)
        return arguments_wrong("sandbox", "unexpected '%s'", argv[optind]);
    return start_and_stay(&options);
}
