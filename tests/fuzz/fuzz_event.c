/* event/event.h, record/record.h: any record of any format is an event whose bytes lie in the record or the arena, whose
 * values are JSON and whose pointers keep apart; or they have a defect with a place in the value and a detail of one
 * line. Whatever it is, its audit record is one line of JSON and its dead letter's headers are bounded text.
 *
 * Input: the topic's format in the first line, with its choices behind it (where the document id is, a map); headers, a
 * line each; an empty line; the Kafka key in a line; then the value. */
#include "common/buffer.h"
#include "common/pointer.h"
#include "event/event.h"
#include "fuzz.h"
#include "record/record.h"

#define HEADERS_MAX 16
#define PAIRS_MAX   64 /* changes that are compared each with each other */

static const struct record_context context = {
    .topic = "updates", .worker = "w0", .config = "9f3c", .read_method = "GET", .write_method = "PUT"};

/* A JSON text of the event: that of a native one lies within its value, those of others may be put together. */
static void expect_value(struct bytes text, const struct event_input *input, struct arena *arena)
{
    if (input->header_count == 0 && input->topic.format == EVENT_FORMAT_NATIVE && input->topic.map.count == 0) {
        ensure(text.data >= input->value.data);
        ensure(text.data + text.size <= input->value.data + input->value.size);
    }
    ensure(fuzz_is_json(text, arena));
}

static void expect_change(const struct change *change, const struct event_input *input, struct arena *arena)
{
    const char *what;

    ensure(change->field.size > 0);
    ensure(pointer_is_valid(change->field, &what));
    if (bytes_present(change->ours))
        expect_value(change->ours, input, arena);
    ensure((change->base_known == BASE_VALUE) == bytes_present(change->base));
    if (bytes_present(change->base))
        expect_value(change->base, input, arena);
    ensure(!change->is_guard || (change->base_known != BASE_UNKNOWN && !bytes_present(change->ours)));
}

static void expect_event(const struct event *event, const struct event_input *input, struct arena *arena)
{
    const struct bytes texts[] = {event->document, event->id,       event->source,      event->time,
                                  event->actor,    event->sequence, event->base_version};
    const char *why;
    size_t bad;

    ensure(event_document_is_valid(event->document, EVENT_LIMITS_DEFAULT.document_id_max, &why));
    ensure(address_takes(input->topic.identity.address, event->document, &why));
    ensure(strlen(address_url(input->topic.identity.address, event->document, arena)) > strlen("http://h/"));
    ensure(input->topic.format == EVENT_FORMAT_DEBEZIUM || input->topic.identity.from != IDENTITY_FROM_KEY ||
           input->topic.identity.key != IDENTITY_KEY_BY_FORMAT || bytes_equal(event->document, input->key));
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        ensure(!bytes_present(texts[i]) || bytes_are_utf8(texts[i], &bad));
    if (event->operation != OPERATION_DELETE)
        ensure(event->change_count > 0 && !event->changes[0].is_guard);
    for (size_t i = 0; i < event->change_count; i++) {
        expect_change(&event->changes[i], input, arena);
        ensure(event->operation != OPERATION_DELETE || event->changes[i].is_guard);
        ensure(event->operation != OPERATION_CREATE || event->changes[i].base_known == BASE_UNKNOWN);
        ensure(i == 0 || event->changes[i].is_guard >= event->changes[i - 1].is_guard);
        for (size_t k = 0; k < i && i < PAIRS_MAX; k++)
            ensure(!pointer_covers(event->changes[k].field, event->changes[i].field) &&
                   !pointer_covers(event->changes[i].field, event->changes[k].field));
    }
}

static void expect_fault(const struct event_fault *fault, const struct event_input *input)
{
    ensure(fault->defect != EVENT_DEFECT_NONE);
    ensure(fault->offset <= input->value.size || fault->offset == SIZE_MAX);
    ensure(fault->detail[0] != '\0');
    ensure(fuzz_is_line(bytes_of(fault->detail)));
}

static void expect_audit(const struct finished *finished, size_t bytes_max, struct arena *arena)
{
    struct buffer out;
    size_t newline;

    buffer_init(&out, SIZE_MAX / 2);
    record_audit(&context, finished, bytes_max, &out);
    ensure(fuzz_is_json(buffer_bytes(&out), arena));
    ensure(!bytes_find(buffer_bytes(&out), '\n', &newline));
    buffer_release(&out);
}

static void expect_records(const struct event_input *input, const struct event *event, const struct event_fault *fault,
                           struct arena *arena)
{
    struct finished finished = {.partition = 3, .offset = 1042, .key = input->key, .value = input->value,
                                .outcome = OUTCOME_REJECTED};
    const struct header *headers;
    size_t count;

    if (event != NULL) {
        finished.has_event = true;
        finished.event = *event;
    } else {
        finished.reason = reason_of_defect(fault->defect);
        finished.detail = bytes_of(fault->detail);
    }
    expect_audit(&finished, 1 << 19, arena);
    headers = record_dead_letter_headers(&context, &finished, false, arena, &count);
    for (size_t i = 0; i < count; i++)
        ensure(headers[i].value.size <= RECORD_HEADER_MAX && fuzz_is_line(headers[i].value));
}

static void try(const struct event_input *input, struct arena *arena)
{
    struct event event = {.change_count = SIZE_MAX};
    struct event_fault fault = {.offset = 0};

    if (event_parse(input, &EVENT_LIMITS_DEFAULT, arena, &event, &fault)) {
        expect_event(&event, input, arena);
        expect_records(input, &event, NULL, arena);
    } else {
        ensure(event.change_count == SIZE_MAX);
        expect_fault(&fault, input);
        expect_records(input, NULL, &fault, arena);
    }
}

static bool has_word(struct bytes line, const char *word)
{
    return line.size > 0 && memmem(line.data, line.size, word, strlen(word)) != NULL;
}

/* Every conversion, at /a to /h. */
static struct event_map map_of(struct bytes line)
{
    static const struct map_value values[] = {{BYTES("1"), BYTES("\"one\"")}, {BYTES("x"), BYTES("null")}};
    static const struct map_entry entries[] = {
        {.from = BYTES("/a"), .to = BYTES("/x/a"), .scale = MAP_SCALE_NONE},
        {.from = BYTES("/b"), .to = BYTES("/b"), .as = MAP_AS_TEXT, .scale = MAP_SCALE_NONE},
        {.from = BYTES("/c"), .to = BYTES("/x/c"), .as = MAP_AS_NUMBER, .scale = MAP_SCALE_NONE},
        {.from = BYTES("/d"), .to = BYTES("/d"), .as = MAP_AS_NUMBER, .scale = 3},
        {.from = BYTES("/e/f"), .to = BYTES("/e"), .as = MAP_AS_DATE_DAYS, .scale = MAP_SCALE_NONE},
        {.from = BYTES("/g"), .to = BYTES("/g"), .as = MAP_AS_INSTANT, .unit = MAP_UNIT_MICROS, .scale = MAP_SCALE_NONE},
        {.from = BYTES("/h"), .to = BYTES("/h"), .as = MAP_AS_ENUM, .values = values, .value_count = 2},
    };

    return (struct event_map){.entries = entries,
                              .count = has_word(line, "map") ? sizeof(entries) / sizeof(entries[0]) : 0,
                              .rest = has_word(line, "drop")   ? MAP_REST_DROP
                                      : has_word(line, "keep") ? MAP_REST_KEEP
                                                               : MAP_REST_REJECT};
}

static const struct address *address_of(struct bytes line)
{
    static struct id_pattern *pattern;
    static struct address *plain, *parts;

    if (plain == NULL)
        ensure(id_pattern_new("(?<type>[a-z]*)(?:(?:[^/]+)+/)*(?<id>.*)", &pattern, NULL) &&
               address_new("http://h/{id}", NULL, &plain, NULL) &&
               address_new("http://h/{type}('{id:odata}')/{+id}", pattern, &parts, NULL));
    return has_word(line, "parts") ? parts : plain;
}

static struct event_identity identity_of(struct bytes line)
{
    enum identity_from from = has_word(line, "in_value")    ? IDENTITY_FROM_VALUE
                              : has_word(line, "in_header") ? IDENTITY_FROM_HEADER
                                                            : IDENTITY_FROM_KEY;

    return (struct event_identity){
        .from = from,
        .key = has_word(line, "key_json")     ? IDENTITY_KEY_JSON
               : has_word(line, "key_member") ? IDENTITY_KEY_MEMBER
                                              : IDENTITY_KEY_BY_FORMAT,
        .place = from == IDENTITY_FROM_HEADER ? BYTES("doc") : BYTES("/x-d/i~1d"),
        .address = address_of(line),
    };
}

static struct event_topic topic_of(struct bytes line)
{
    static const char *const names[] = {"native", "cloudevents", "merge-patch", "json-patch", "debezium"};
    struct event_topic topic = {.identity = identity_of(line),
                                .map = map_of(line),
                                .debezium_applies_snapshots = has_word(line, "apply"),
                                .debezium_takes_without_before = has_word(line, "all_fields")};

    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (bytes_start_with(line, bytes_of(names[i])))
            topic.format = i;
    return topic;
}

static size_t read_headers(struct bytes *rest, struct header headers[HEADERS_MAX])
{
    size_t count = 0;

    for (;;) {
        struct bytes line = fuzz_line(rest);
        size_t colon;

        if (line.size == 0 || count == HEADERS_MAX)
            return count;
        if (bytes_find(line, ':', &colon))
            headers[count++] = (struct header){{line.data, colon}, bytes_trim(bytes_from(line, colon + 1))};
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes rest = {(const char *)data, size};
    struct event_topic topic = topic_of(fuzz_line(&rest));
    struct header headers[HEADERS_MAX];
    size_t header_count = read_headers(&rest, headers);
    struct bytes key = fuzz_line(&rest);
    struct arena *arena = arena_new(1 << 14);
    auto_text exact_key = fuzz_exact(key);
    auto_text exact_value = fuzz_exact(rest);
    const struct event_input input = {.key = {exact_key, key.size},
                                      .value = {exact_value, rest.size},
                                      .headers = headers,
                                      .header_count = header_count,
                                      .topic = topic};

    try(&input, arena);
    arena_free(arena);
    return 0;
}
