/* event/event.h, record/record.h: any record of any format is an event whose bytes lie in the record or the arena, whose
 * values are JSON and whose pointers keep apart; or they have a defect with a place in the value and a detail of one
 * line. Whatever it is, its audit record is one line of JSON and its dead letter's headers are bounded text.
 *
 * Input: the topic's format in the first line, with its choices behind it; headers, a line each; an empty line; the Kafka
 * key in a line; then the value. */
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
    if (input->header_count == 0 && input->topic.format == EVENT_FORMAT_NATIVE) {
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
    ensure(input->topic.format == EVENT_FORMAT_DEBEZIUM || bytes_equal(event->document, input->key));
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        ensure(!bytes_present(texts[i]) || bytes_are_utf8(texts[i], &bad));
    ensure(event->change_count > 0);
    ensure(!event->changes[0].is_guard);
    for (size_t i = 0; i < event->change_count; i++) {
        expect_change(&event->changes[i], input, arena);
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

static struct event_topic topic_of(struct bytes line)
{
    static const char *const names[] = {"native", "cloudevents", "merge-patch", "json-patch", "debezium"};
    struct event_topic topic = {.debezium_applies_snapshots = has_word(line, "apply"),
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
