#include "command/arguments.h"
#include "command/command.h"
#include "common/buffer.h"
#include "common/clock.h"
#include "common/json_write.h"
#include "common/memory.h"
#include "common/timestamp.h"
#include "event/event.h"
#include "kafka/topics.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "Usage: ifmatch send -c FILE DOCUMENT /pointer=value... [OPTION]...\n"
    "Sends one event by hand. A value is JSON; what does not look like JSON is taken as text: /status=RELEASED.\n\n"
    "      --base /pointer=value   what the document had when you last saw it (repeat for more)\n"
    "      --remove /pointer       the field is to be removed (repeat for more)\n"
    "      --base-version VERSION  the version that you last saw\n"
    "      --id ID                 default: made from time and process\n"
    "      --source SOURCE         default: ifmatch-send\n"
    "      --print                 only print the event, do not send it\n" ARGUMENTS_HELP
    "\nExample: ifmatch send -c ifmatch.yaml 4711 /status=RELEASED --base /status=INWORK\n"
    "Exit codes: 0 acknowledged by Kafka, 1 failed, 2 wrong use or configuration.\n";

#define TIMEOUT_MS      30000
#define EVENT_BYTES_MAX (1 << 20)

struct request {
    const char *document;
    const char *changes[256];
    size_t change_count;
    const char *bases[256];
    size_t base_count;
    const char *removals[256];
    size_t removal_count;
    const char *base_version;
    const char *id;
    const char *source;
    bool only_prints;
};

/* JSON as it is; everything else as a string, but for what looks like JSON with a slip in it. */
static bool write_value(struct json_write *write, struct bytes text, struct error *error)
{
    struct arena *arena = arena_new(4096);
    struct json_limits limits = JSON_LIMITS_DEFAULT;
    struct json_fault fault;
    struct json json;
    bool is_json = json_scan(text, &limits, arena, &json, &fault);

    arena_free(arena);
    if (is_json)
        json_write_raw(write, text);
    else if (text.size > 0 && memchr("{[\"", text.data[0], 3) != NULL)
        return error_set(error, ERROR_USAGE, "'%.*s' begins like JSON: byte %zu: %s", BYTES_ARG(text), fault.offset,
                         fault.what);
    else
        json_write_string(write, text);
    return true;
}

static bool write_pair(struct json_write *write, const char *text, struct error *error)
{
    struct bytes pair = bytes_of(text);
    size_t equals, offset;

    if (!bytes_are_utf8(pair, &offset))
        return error_set(error, ERROR_USAGE, "'%.*s': what follows is not UTF-8", (int)offset, text);
    if (!bytes_find(pair, '=', &equals))
        return error_set(error, ERROR_USAGE, "'%s': expected /pointer=value", text);
    json_write_key_bytes(write, (struct bytes){pair.data, equals});
    return write_value(write, bytes_from(pair, equals + 1), error);
}

static bool write_pairs(struct json_write *write, const char *key, const char *const *pairs, size_t count,
                        struct error *error)
{
    if (count == 0)
        return true;
    json_write_key(write, key);
    json_write_object(write);
    for (size_t i = 0; i < count; i++) {
        if (!write_pair(write, pairs[i], error))
            return false;
    }
    json_write_end(write);
    return true;
}

static void write_removals(struct json_write *write, const struct request *request)
{
    if (request->removal_count == 0)
        return;
    json_write_key(write, "remove");
    json_write_array(write);
    for (size_t i = 0; i < request->removal_count; i++)
        json_write_text(write, request->removals[i]);
    json_write_end(write);
}

static void write_text(struct json_write *write, const char *key, const char *text)
{
    if (text == NULL)
        return;
    json_write_key(write, key);
    json_write_text(write, text);
}

static bool write_event(const struct request *request, struct buffer *out, struct error *error)
{
    char id[64], now[TIMESTAMP_TEXT_SIZE];
    struct json_write write;

    snprintf(id, sizeof(id), "%lld-%d", (long long)clock_wall_ms(), (int)getpid());
    json_write_init(&write, out);
    json_write_object(&write);
    write_text(&write, "id", request->id != NULL ? request->id : id);
    write_text(&write, "source", request->source);
    write_text(&write, "document", request->document);
    if (!write_pairs(&write, "changes", request->changes, request->change_count, error))
        return false;
    write_removals(&write, request);
    if (!write_pairs(&write, "base", request->bases, request->base_count, error))
        return false;
    write_text(&write, "base_version", request->base_version);
    write_text(&write, "time", timestamp_text(clock_wall_ms(), now));
    json_write_end(&write);
    return true;
}

/* What the worker would reject is refused here, with the same words; the bytes that they count are those shown. */
static bool check_event(const struct request *request, struct bytes value, struct error *error)
{
    const struct event_input input = {.key = bytes_of(request->document), .value = value};
    struct event_limits limits = EVENT_LIMITS_DEFAULT;
    struct arena *arena = arena_new(4096);
    struct event event;
    struct event_fault fault;
    bool is_good = event_parse(&input, &limits, arena, &event, &fault);

    if (!is_good)
        error_set(error, ERROR_USAGE, "%s\n  %.*s", fault.detail, BYTES_ARG(value));
    arena_free(arena);
    return is_good;
}

static int send_event(const struct arguments *arguments, const struct request *request, struct bytes value)
{
    struct config *config = arguments_load(arguments);
    struct error error = {0};
    int32_t partition;
    int64_t offset;
    int code = EXIT_GOOD;

    if (config == NULL)
        return EXIT_USAGE;
    if (topics_send(config, bytes_of(request->document), value, TIMEOUT_MS, &partition, &offset, &error))
        printf("%s/%d/%lld %.*s\n", config->topics.updates, partition, (long long)offset, BYTES_ARG(value));
    else
        code = arguments_failed("send", &error);
    config_free(config);
    return code;
}

static int compose_and_send(const struct arguments *arguments, const struct request *request)
{
    auto_buffer value;
    struct error error = {0};

    buffer_init(&value, EVENT_BYTES_MAX);
    if (!write_event(request, &value, &error) || !check_event(request, buffer_bytes(&value), &error))
        return arguments_wrong("send", "%s", error.text);
    if (request->only_prints) {
        printf("%.*s\n", BYTES_ARG(buffer_bytes(&value)));
        return EXIT_GOOD;
    }
    return send_event(arguments, request, buffer_bytes(&value));
}

static bool push(const char **items, size_t *count, const char *item)
{
    if (*count == 256)
        return false;
    items[(*count)++] = item;
    return true;
}

static bool take_option(struct request *request, int option, const char *value)
{
    switch (option) {
    case 'b':
        return push(request->bases, &request->base_count, value);
    case 'r':
        return push(request->removals, &request->removal_count, value);
    case 'v':
        request->base_version = value;
        return true;
    case 'i':
        request->id = value;
        return true;
    case 'o':
        request->source = value;
        return true;
    case 'p':
        request->only_prints = true;
        return true;
    default:
        return false;
    }
}

int command_send(int argc, char **argv)
{
    static const struct option options[] = {ARGUMENTS_LONG,
                                            {"base", required_argument, NULL, 'b'},
                                            {"remove", required_argument, NULL, 'r'},
                                            {"base-version", required_argument, NULL, 'v'},
                                            {"id", required_argument, NULL, 'i'},
                                            {"source", required_argument, NULL, 'o'},
                                            {"print", no_argument, NULL, 'p'},
                                            {0}};
    struct arguments arguments = {0};
    struct request request = {.source = "ifmatch-send"};
    int option, code = -1;

    while (code < 0 && (option = getopt_long(argc, argv, ARGUMENTS_SHORT, options, NULL)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            code = EXIT_GOOD;
        } else if (option == '?') {
            code = arguments_wrong_option("send");
        } else if (!take_option(&request, option, optarg) && !arguments_take(&arguments, option, optarg)) {
            code = arguments_wrong("send", "'%s': more than 256 of its kind", optarg);
        }
    }
    if (code < 0 && optind >= argc)
        code = arguments_wrong("send", "which document?");
    if (code < 0)
        request.document = argv[optind++];
    for (; code < 0 && optind < argc; optind++) {
        if (!push(request.changes, &request.change_count, argv[optind]))
            code = arguments_wrong("send", "more than 256 changes");
    }
    if (code < 0)
        code = compose_and_send(&arguments, &request);
    arguments_release(&arguments);
    return code;
}
