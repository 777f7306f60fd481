#include "event/event.h"

#include "common/check.h"
#include "event/reading.h"

/* Which format a record has. What is not known by a header has the format of its topic: an event with a typo must not
 * pass as one of another format. */
static enum event_format format_of(const struct reading *reading)
{
    struct bytes type = reading_media_type(reading_header(reading, BYTES("content-type")));

    if (cloudevents_is(reading))
        return EVENT_FORMAT_CLOUDEVENTS;
    if (bytes_equal_ignore_case(type, BYTES("application/merge-patch+json")))
        return EVENT_FORMAT_MERGE_PATCH;
    if (bytes_equal_ignore_case(type, BYTES("application/json-patch+json")))
        return EVENT_FORMAT_JSON_PATCH;
    return reading->input->topic.format;
}

static bool read_record(struct reading *reading)
{
    switch (format_of(reading)) {
    case EVENT_FORMAT_NATIVE:
        return native_read(reading);
    case EVENT_FORMAT_CLOUDEVENTS:
        return cloudevents_read(reading);
    case EVENT_FORMAT_MERGE_PATCH:
        return merge_patch_read(reading);
    case EVENT_FORMAT_JSON_PATCH:
        return json_patch_read(reading);
    case EVENT_FORMAT_DEBEZIUM:
        return debezium_read(reading);
    }
    never("every format has a parser");
}

bool event_parse(const struct event_input *input, const struct event_limits *limits, struct arena *arena,
                 struct event *ret_event, struct event_fault *ret_fault)
{
    struct reading reading = {
        .input = input, .limits = limits, .arena = arena, .fields.arena = arena, .fault = ret_fault};

    if (!read_record(&reading))
        return false;
    *ret_event = reading.event;
    return true;
}
