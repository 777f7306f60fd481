#include "tests/support/formats.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HEADER(name, value)                                                                                  \
    {                                                                                                        \
        BYTES(name), BYTES(value)                                                                            \
    }
#define BINARY HEADER("ce_specversion", "1.0"), HEADER("ce_id", "7c2f"), HEADER("ce_source", "/erp"), HEADER("ce_type", "t")
#define BODY   "{\"changes\":{\"/a\":2},\"base\":{\"/a\":1}}"

static struct event_input record_with(const struct header *headers, size_t count, const char *value)
{
    return (struct event_input){.key = BYTES("4711"), .value = bytes_of(value), .headers = headers, .header_count = count};
}

#define STRUCTURED_HEADERS {HEADER("content-type", "application/cloudevents+json; charset=utf-8")}
#define ENVELOPE(rest)     "{\"specversion\":\"1.0\",\"id\":\"7c2f\",\"source\":\"/erp\",\"type\":\"t\"" rest "}"

static void structured_changes(const char *value, const char *changes)
{
    const struct header headers[] = STRUCTURED_HEADERS;
    const struct event_input input = record_with(headers, 1, value);

    input_changes(&input, changes);
}

#define REJECTS_STRUCTURED(name, value, defect, detail)                                                      \
    START_TEST(name)                                                                                         \
    {                                                                                                        \
        const struct header headers[] = STRUCTURED_HEADERS;                                                  \
        const struct event_input input = record_with(headers, 1, value);                                     \
                                                                                                             \
        input_rejected(&input, EVENT_DEFECT_##defect, detail);                                               \
    }                                                                                                        \
    END_TEST
#define REJECTS_BINARY(name, value, defect, detail, ...)                                                     \
    START_TEST(name)                                                                                         \
    {                                                                                                        \
        const struct header headers[] = {__VA_ARGS__};                                                       \
        const struct event_input input = record_with(headers, COUNT(headers), value);                        \
                                                                                                             \
        input_rejected(&input, EVENT_DEFECT_##defect, detail);                                               \
    }                                                                                                        \
    END_TEST

START_TEST(attributes_come_from_headers)
{
    const struct header headers[] = {BINARY, HEADER("ce_time", "2026-11-24T10:00:00Z"), HEADER("ce_subject", "4711"),
                                     HEADER("ce_sequence", "0042"), HEADER("ce_baseversion", "\"v1\""),
                                     HEADER("ce_partitionkey", "x"), HEADER("content-type", "application/json")};
    const struct event_input input = record_with(headers, COUNT(headers), BODY);
    struct parsed parsed = parse_input(&input);

    ck_assert_msg(parsed.is_good, "%s", parsed.fault.detail);
    ck_assert(bytes_equal(parsed.event.document, BYTES("4711")));
    ck_assert(bytes_equal(parsed.event.id, BYTES("7c2f")));
    ck_assert(bytes_equal(parsed.event.source, BYTES("/erp")));
    ck_assert(bytes_equal(parsed.event.time, BYTES("2026-11-24T10:00:00Z")));
    ck_assert(bytes_equal(parsed.event.sequence, BYTES("0042")));
    ck_assert(bytes_equal(parsed.event.base_version, BYTES("\"v1\"")));
    arena_free(parsed.arena);
    input_changes(&input, "/a = 2 was 1");
}
END_TEST

START_TEST(attributes_come_from_the_envelope_and_win_over_the_data)
{
    const struct header headers[] = STRUCTURED_HEADERS;
    const struct event_input input = record_with(
        headers, 1, ENVELOPE(",\"subject\":\"4711\",\"ext\":1,\"data\":{\"id\":\"other\",\"actor\":\"jdoe\",\"changes\":{\"/a\":2}}"));
    struct parsed parsed = parse_input(&input);

    ck_assert_msg(parsed.is_good, "%s", parsed.fault.detail);
    ck_assert(bytes_equal(parsed.event.id, BYTES("7c2f")));
    ck_assert(bytes_equal(parsed.event.actor, BYTES("jdoe")));
    arena_free(parsed.arena);
}
END_TEST

START_TEST(the_envelope_is_the_truth_where_there_are_headers_too)
{
    const struct header headers[] = {BINARY, HEADER("Content-Type", "application/cloudevents+json")};
    const struct event_input input =
        record_with(headers, COUNT(headers), "{\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"/erp\",\"type\":\"t\",\"data\":" BODY "}");
    struct parsed parsed = parse_input(&input);

    ck_assert_msg(parsed.is_good, "%s", parsed.fault.detail);
    ck_assert(bytes_equal(parsed.event.id, BYTES("e")));
    arena_free(parsed.arena);
}
END_TEST

START_TEST(the_data_may_be_a_patch)
{
    const struct header headers[] = {BINARY, HEADER("content-type", "application/merge-patch+json")};
    const struct event_input input = record_with(headers, COUNT(headers), "{\"a\":null}");

    input_changes(&input, "/a removed");
    structured_changes(ENVELOPE(",\"datacontenttype\":\"application/json-patch+json\","
                                "\"data\":[{\"op\":\"add\",\"path\":\"/a\",\"value\":1}]"),
                       "/a = 1");
}
END_TEST

START_TEST(data_in_base64)
{
    structured_changes(ENVELOPE(",\"data_base64\":\"eyJjaGFuZ2VzIjp7Ii9hIjoxfX0=\""), "/a = 1");
}
END_TEST

START_TEST(a_topic_of_cloudevents_needs_no_content_type_for_envelopes)
{
    const struct event_input input = record_of(EVENT_FORMAT_CLOUDEVENTS, ENVELOPE(",\"data\":" BODY));

    input_changes(&input, "/a = 2 was 1");
}
END_TEST

START_TEST(without_their_marks_they_are_native_and_rejected)
{
    const struct event_input input = record_of(EVENT_FORMAT_NATIVE, ENVELOPE(",\"data\":" BODY));

    input_rejected(&input, EVENT_DEFECT_BAD_EVENT, "byte 1: unknown member 'specversion' (names that begin with x- are free)");
}
END_TEST

START_TEST(a_plain_event_in_a_topic_of_cloudevents)
{
    const struct event_input input = record_of(EVENT_FORMAT_CLOUDEVENTS, BODY);

    input_rejected(&input, EVENT_DEFECT_BAD_EVENT, "CloudEvents 1.0: `specversion` is missing or empty");
}
END_TEST

REJECTS_BINARY(a_header_that_is_missing, BODY, BAD_EVENT, "CloudEvents 1.0: the header ce_source is missing or empty",
               HEADER("ce_specversion", "1.0"), HEADER("ce_id", "1"), HEADER("ce_type", "t"))
REJECTS_BINARY(another_version, BODY, BAD_EVENT, "CloudEvents of specversion '0.3': only 1.0 is read",
               HEADER("ce_specversion", "0.3"), HEADER("ce_id", "1"), HEADER("ce_type", "t"), HEADER("ce_source", "s"))
REJECTS_BINARY(a_header_that_is_not_utf8, BODY, BAD_EVENT, "the header ce_subject is not text (UTF-8 without control characters)", BINARY,
               HEADER("ce_subject", "\xff"))
REJECTS_BINARY(a_header_with_a_nul, BODY, BAD_EVENT, "the header ce_id is not text (UTF-8 without control characters)",
               HEADER("ce_specversion", "1.0"), HEADER("ce_id", "7c\0002f"))
REJECTS_BINARY(another_subject, BODY, KEY_MISMATCH, "the header ce_subject is '4712', the Kafka key is another", BINARY,
               HEADER("ce_subject", "4712"))
REJECTS_BINARY(data_of_another_type, BODY, BAD_EVENT,
               "data of 'text/xml' is not read: application/json, or merge-patch+json or json-patch+json", BINARY,
               HEADER("content-type", "text/xml"))
REJECTS_BINARY(data_that_is_no_event, "{\"chnages\":{}}", BAD_EVENT,
               "byte 1: unknown member 'chnages' (names that begin with x- are free)", BINARY)
REJECTS_BINARY(no_data, NULL, NO_VALUE, "the Kafka value is null", BINARY)
REJECTS_BINARY(a_batch, "[]", BAD_EVENT,
               "content-type 'application/cloudevents-batch+json': of envelopes only application/cloudevents+json is read",
               HEADER("content-type", "application/cloudevents-batch+json"))

REJECTS_STRUCTURED(an_envelope_that_is_no_object, "[]", BAD_EVENT, "byte 0: `CloudEvents 1.0` is an array, not an object")
REJECTS_STRUCTURED(an_attribute_that_is_no_text, "{\"specversion\":1.0}", BAD_EVENT,
                   "byte 15: `specversion` is a number, not a string")
REJECTS_STRUCTURED(an_envelope_of_another_subject, ENVELOPE(",\"subject\":\"4712\",\"data\":" BODY), KEY_MISMATCH,
                   "`subject` is '4712', the Kafka key is another")
REJECTS_STRUCTURED(an_envelope_without_data, ENVELOPE(""), BAD_EVENT,
                   "byte 0: the envelope has neither of `data` and `data_base64`")
REJECTS_STRUCTURED(data_twice, ENVELOPE(",\"data\":{},\"data_base64\":\"\""), BAD_EVENT,
                   "byte 0: the envelope has both of `data` and `data_base64`")
REJECTS_STRUCTURED(data_that_is_a_text, ENVELOPE(",\"data\":\"x\""), BAD_EVENT, "byte 67: the value is a string, not an object")
REJECTS_STRUCTURED(data_that_is_not_base64, ENVELOPE(",\"data_base64\":\"e-Q=\""), BAD_EVENT,
                   "byte 74: `data_base64` is not base64")
REJECTS_STRUCTURED(data_in_base64_that_is_no_event, ENVELOPE(",\"data_base64\":\"eyJhIjoxfQ==\""), BAD_EVENT,
                   "in `data_base64`: byte 1: unknown member 'a' (names that begin with x- are free)")

UNIT_TESTS("event/cloudevents", attributes_come_from_headers, attributes_come_from_the_envelope_and_win_over_the_data,
           the_envelope_is_the_truth_where_there_are_headers_too, the_data_may_be_a_patch, data_in_base64,
           a_topic_of_cloudevents_needs_no_content_type_for_envelopes, without_their_marks_they_are_native_and_rejected,
           a_plain_event_in_a_topic_of_cloudevents, a_header_that_is_missing, another_version, a_header_that_is_not_utf8, a_header_with_a_nul,
           another_subject, data_of_another_type, data_that_is_no_event, no_data, a_batch, an_envelope_that_is_no_object,
           an_attribute_that_is_no_text, an_envelope_of_another_subject, an_envelope_without_data, data_twice,
           data_that_is_a_text, data_that_is_not_base64, data_in_base64_that_is_no_event)
