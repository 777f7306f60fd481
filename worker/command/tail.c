#include "command/arguments.h"
#include "command/command.h"
#include "common/json_scan.h"
#include "common/memory.h"
#include "common/timestamp.h"
#include "kafka/topics.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "Usage: ifmatch tail -c FILE [DOCUMENT] [OPTION]...\n"
    "Follows the records of all documents, or of one: what happened to each event, and why.\n\n"
    "  -J, --json            the records as they are, one line each\n"
    "  -e, --exit            leave at the end of the topics instead of waiting for more\n"
    "  -n, --new             only what comes from now on (default: from the beginning)\n" ARGUMENTS_HELP
    "\nExit codes: 0 stopped as asked, 1 failed, 2 wrong use or configuration.\n";

struct request {
    const char *document;
    bool as_json;
    bool leaves_at_end;
    bool only_new;
};

static volatile sig_atomic_t is_interrupted;

static void on_signal(int number)
{
    (void)number;
    is_interrupted = 1;
}

struct record {
    struct json json;
    struct arena *arena;
};

static struct bytes text_of(const struct record *record, uint32_t parent, const char *key)
{
    uint32_t index = json_member(&record->json, parent, bytes_of(key));

    if (index == JSON_NOT_FOUND || record->json.values[index].kind == JSON_NULL)
        return BYTES_NONE;
    return record->json.values[index].kind == JSON_STRING ? json_string(&record->json, index, record->arena)
                                                          : json_text(&record->json, index);
}

static void print_decision(const struct record *record, uint32_t index)
{
    struct bytes theirs = text_of(record, index, "theirs"), ours = text_of(record, index, "ours");
    struct bytes decided = text_of(record, index, "decided"), note = text_of(record, index, "note");

    printf("      %.*s: %.*s %.*s -> %.*s (document %.*s, event %.*s, base from %.*s)%s%.*s\n",
           BYTES_ARG(text_of(record, index, "field")), BYTES_ARG(text_of(record, index, "rule")),
           BYTES_ARG(text_of(record, index, "case")), BYTES_ARG(decided),
           BYTES_ARG(bytes_present(theirs) ? theirs : BYTES("-")), BYTES_ARG(bytes_present(ours) ? ours : BYTES("-")),
           BYTES_ARG(text_of(record, index, "base_from")), bytes_present(note) ? " " : "", BYTES_ARG(note));
}

static void print_record(const struct record *record)
{
    uint32_t event = json_member(&record->json, 0, BYTES("event"));
    uint32_t decisions = json_member(&record->json, 0, BYTES("decisions"));
    uint32_t attempts = json_member(&record->json, 0, BYTES("attempts"));
    struct bytes reason = text_of(record, 0, "reason"), detail = text_of(record, 0, "detail");

    printf("%.*s  %.*s  %.*s%s%.*s%s%.*s", BYTES_ARG(text_of(record, 0, "finished_at")),
           BYTES_ARG(text_of(record, 0, "document")), BYTES_ARG(text_of(record, 0, "outcome")),
           bytes_present(reason) ? " " : "", BYTES_ARG(reason), bytes_present(detail) ? ": " : "",
           BYTES_ARG(detail));
    if (event != JSON_NOT_FOUND)
        printf("  [%.*s/%.*s/%.*s]", BYTES_ARG(text_of(record, event, "topic")),
               BYTES_ARG(text_of(record, event, "partition")), BYTES_ARG(text_of(record, event, "offset")));
    if (attempts != JSON_NOT_FOUND)
        printf("  %u requests", record->json.values[attempts].count);
    printf("\n");
    for (size_t i = 0; decisions != JSON_NOT_FOUND && i < record->json.values[decisions].count; i++)
        print_decision(record, json_element(&record->json, decisions, i));
}

static void print(const struct request *request, const struct tail_record *raw)
{
    struct json_limits limits = {.size_max = 64 << 20, .depth_max = 64, .members_max = 10000000};
    struct record record = {.arena = arena_new(4096)};
    struct json_fault fault;

    if (raw->is_dead_letter)
        printf("%s  dead letter at %d/%lld\n", request->as_json ? "#" : "     ", raw->partition,
               (long long)raw->offset);
    else if (request->as_json || !json_scan(raw->value, &limits, record.arena, &record.json, &fault))
        printf("%.*s\n", BYTES_ARG(raw->value));
    else
        print_record(&record);
    fflush(stdout);
    arena_free(record.arena);
}

static int follow(const struct config *config, const struct request *request)
{
    struct error error = {0};
    struct tail *tail = tail_new(config, !request->only_new, &error);
    struct bytes wanted = bytes_of(request->document);
    struct tail_record record;
    bool is_at_end = false;

    if (tail == NULL)
        return arguments_failed("tail", &error);
    while (!is_interrupted && !(request->leaves_at_end && is_at_end)) {
        if (!tail_next(tail, 200, &record, &is_at_end))
            continue;
        if (request->document == NULL || bytes_equal(record.key, wanted))
            print(request, &record);
        is_at_end = false;
    }
    tail_free(tail);
    return EXIT_GOOD;
}

static int load_and_follow(const struct arguments *arguments, const struct request *request)
{
    struct config *config = arguments_load(arguments);
    int code;

    if (config == NULL)
        return EXIT_USAGE;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    code = follow(config, request);
    config_free(config);
    return code;
}

static bool take_option(struct request *request, int option)
{
    switch (option) {
    case 'J':
        return request->as_json = true;
    case 'e':
        return request->leaves_at_end = true;
    case 'n':
        return request->only_new = true;
    default:
        return false;
    }
}

int command_tail(int argc, char **argv)
{
    static const struct option options[] = {ARGUMENTS_LONG,
                                            {"json", no_argument, NULL, 'J'},
                                            {"exit", no_argument, NULL, 'e'},
                                            {"new", no_argument, NULL, 'n'},
                                            {0}};
    struct arguments arguments = {0};
    struct request request = {0};
    int option, code = -1;

    while (code < 0 && (option = getopt_long(argc, argv, ARGUMENTS_SHORT "Jen", options, NULL)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            code = EXIT_GOOD;
        } else if (!take_option(&request, option) && !arguments_take(&arguments, option, optarg)) {
            code = arguments_wrong_option("tail");
        }
    }
    if (code < 0 && optind < argc)
        request.document = argv[optind++];
    if (code < 0)
        code = optind < argc ? arguments_wrong("tail", "unexpected '%s'", argv[optind])
                             : load_and_follow(&arguments, &request);
    arguments_release(&arguments);
    return code;
}
