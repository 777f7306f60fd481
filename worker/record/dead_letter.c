#include "record/record.h"

#include "common/json_write.h"
#include "common/timestamp.h"

#define OWN_HEADERS_MAX 12

struct letter {
    struct arena *arena;
    struct header *headers;
    size_t count;
};

/* Cut at a character, not in the middle of one. */
static struct bytes bounded(struct bytes text)
{
    size_t size = text.size < RECORD_HEADER_MAX ? text.size : RECORD_HEADER_MAX;

    while (size < text.size && size > 0 && ((unsigned char)text.data[size] & 0xC0) == 0x80)
        size--;
    return (struct bytes){text.data, size};
}

static void add(struct letter *letter, const char *name, struct bytes text)
{
    struct bytes value = bounded(text);

    if (!bytes_present(text))
        return;
    letter->headers[letter->count++] = (struct header){
        .name = bytes_of(name), .value = {arena_copy(letter->arena, value.data, value.size), value.size}};
}

static void add_int(struct letter *letter, const char *name, int64_t value)
{
    char text[32];

    snprintf(text, sizeof(text), "%lld", (long long)value);
    add(letter, name, bytes_of(text));
}

static void write_state(struct json_write *write, const char *key, const struct value *value)
{
    if (value->state != VALUE_PRESENT)
        return;
    json_write_key(write, key);
    json_write_raw(write, value->text);
}

static void write_conflict(struct json_write *write, const struct decision *decision, bool with_values)
{
    json_write_object(write);
    json_write_key(write, "field");
    json_write_string(write, decision->field);
    if (with_values) {
        write_state(write, "base", &decision->base);
        write_state(write, "theirs", &decision->theirs);
        write_state(write, "ours", &decision->ours);
    }
    json_write_end(write);
}

/* The fields in conflict with their three values; the values go first where the header would be too long. */
static bool render_conflicts(const struct finished *finished, bool with_values, size_t fields_max,
                             struct buffer *out)
{
    struct json_write write;
    size_t written = 0;

    buffer_reset(out);
    json_write_init(&write, out);
    json_write_array(&write);
    for (size_t i = 0; i < finished->decision_count && written < fields_max; i++) {
        if (finished->decisions[i].result != RESULT_CONFLICT)
            continue;
        write_conflict(&write, &finished->decisions[i], with_values);
        written++;
    }
    json_write_end(&write);
    return out->size <= RECORD_HEADER_MAX;
}

static void add_conflicts(struct letter *letter, const struct finished *finished)
{
    struct buffer text;
    size_t fields_max = finished->decision_count;

    if (finished->outcome != OUTCOME_CONFLICT)
        return;
    buffer_init(&text, SIZE_MAX / 2);
    if (!render_conflicts(finished, true, fields_max, &text)) {
        while (!render_conflicts(finished, false, fields_max, &text) && fields_max > 1)
            fields_max /= 2;
    }
    add(letter, "ifmatch-conflicts", buffer_bytes(&text));
    buffer_release(&text);
}

static void add_own(struct letter *letter, const struct record_context *context, const struct finished *finished)
{
    char time_text[TIMESTAMP_TEXT_SIZE];

    add(letter, "ifmatch-outcome", bytes_of(outcome_name(finished->outcome)));
    add(letter, "ifmatch-reason", bytes_of(reason_name(finished->reason)));
    add(letter, "ifmatch-detail",
        bytes_present(finished->detail) ? finished->detail : bytes_of(reason_sentence(finished->reason)));
    add(letter, "ifmatch-topic", bytes_of(context->topic));
    add_int(letter, "ifmatch-partition", finished->partition);
    add_int(letter, "ifmatch-offset", finished->offset);
    add_int(letter, "ifmatch-attempts", (int64_t)(finished->attempt_count + finished->attempts_dropped));
    add(letter, "ifmatch-time", bytes_of(timestamp_text(finished->finished_wall_ms, time_text)));
    add_conflicts(letter, finished);
}

const struct header *record_dead_letter_headers(const struct record_context *context,
                                                const struct finished *finished, bool is_value_omitted,
                                                struct arena *arena, size_t *ret_count)
{
    struct letter letter = {
        .arena = arena,
        .headers = arena_take(arena, (finished->header_count + OWN_HEADERS_MAX) * sizeof(struct header)),
    };

    for (size_t i = 0; i < finished->header_count; i++) {
        if (!bytes_start_with(finished->headers[i].name, BYTES("ifmatch-")))
            letter.headers[letter.count++] = finished->headers[i];
    }
    add_own(&letter, context, finished);
    if (is_value_omitted)
        add(&letter, "ifmatch-value", BYTES("omitted"));
    *ret_count = letter.count;
    return letter.headers;
}

size_t record_bytes(struct bytes key, struct bytes value, const struct header *headers, size_t count)
{
    size_t bytes = 128 + key.size + value.size; /* batch and record overhead */

    for (size_t i = 0; i < count; i++)
        bytes += headers[i].name.size + headers[i].value.size + 16;
    return bytes;
}
