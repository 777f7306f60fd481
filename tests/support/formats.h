#ifndef IFMATCH_TESTS_SUPPORT_FORMATS_H
#define IFMATCH_TESTS_SUPPORT_FORMATS_H

/* Records of every format, and the events that they become, written as text. */
#include "common/buffer.h"
#include "common/memory.h"
#include "event/event.h"

#include "tests/support/unit.h"

struct parsed {
    struct arena *arena;
    struct event event;
    struct event_fault fault;
    bool is_good;
};

static inline struct parsed parse_input(const struct event_input *input)
{
    struct parsed parsed = {.arena = arena_new(4096)};

    parsed.is_good = event_parse(input, &EVENT_LIMITS_DEFAULT, parsed.arena, &parsed.event, &parsed.fault);
    return parsed;
}

static inline struct event_input record_of(enum event_format format, const char *value)
{
    return (struct event_input){.key = BYTES("4711"), .value = bytes_of(value), .topic.format = format};
}

/* "/a = 1 was 2", "/a removed was missing", "/a guard 3": one after the other, with "; " between them. */
static inline void changes_text(const struct event *event, struct buffer *out)
{
    for (size_t i = 0; i < event->change_count; i++) {
        const struct change *change = &event->changes[i];

        buffer_format(out, "%s%.*s", i > 0 ? "; " : "", BYTES_ARG(change->field));
        if (bytes_present(change->ours))
            buffer_format(out, " = %.*s", BYTES_ARG(change->ours));
        else
            buffer_add_text(out, change->is_guard ? " guard" : " removed");
        if (change->base_known == BASE_VALUE)
            buffer_format(out, "%s %.*s", change->is_guard ? "" : " was", BYTES_ARG(change->base));
        else if (change->base_known == BASE_MISSING)
            buffer_add_text(out, change->is_guard ? " missing" : " was missing");
    }
    buffer_add_char(out, '\0');
}

static inline void input_changes(const struct event_input *input, const char *changes)
{
    struct parsed parsed = parse_input(input);
    auto_buffer text;

    buffer_init(&text, 1 << 16);
    ck_assert_msg(parsed.is_good, "%s", parsed.fault.detail);
    changes_text(&parsed.event, &text);
    ck_assert_str_eq(text.data, changes);
    arena_free(parsed.arena);
}

/* The record is no event, for this reason and with this detail. */
static inline void input_rejected(const struct event_input *input, enum event_defect defect, const char *detail)
{
    struct parsed parsed = parse_input(input);

    ck_assert(!parsed.is_good);
    ck_assert_str_eq(parsed.fault.detail, detail);
    ck_assert_int_eq(parsed.fault.defect, defect);
    arena_free(parsed.arena);
}

#endif
