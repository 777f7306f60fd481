#include "common/json_splice.h"
#include "tests/support/formats.h"

static void changes(const char *patch, const char *expected)
{
    const struct event_input input = record_of(EVENT_FORMAT_MERGE_PATCH, patch);

    input_changes(&input, expected);
}

static void rejects(const char *patch, enum event_defect defect, const char *detail)
{
    const struct event_input input = record_of(EVENT_FORMAT_MERGE_PATCH, patch);

    input_rejected(&input, defect, detail);
}

/* RFC 7396, appendix A: what the changes make of the original, where it is an object. */
static void becomes(const char *original, const char *patch, const char *result)
{
    const struct event_input input = record_of(EVENT_FORMAT_MERGE_PATCH, patch);
    struct parsed parsed = parse_input(&input);
    struct json_edit edits[8];
    struct json_fault fault;
    struct json document;
    size_t failed;
    auto_buffer out;

    buffer_init(&out, 1 << 16);
    ck_assert_msg(parsed.is_good, "%s", parsed.fault.detail);
    ck_assert(json_scan(bytes_of(original), &JSON_LIMITS_DEFAULT, parsed.arena, &document, &fault));
    ck_assert_uint_le(parsed.event.change_count, 8);
    for (size_t i = 0; i < parsed.event.change_count; i++)
        edits[i] = (struct json_edit){parsed.event.changes[i].field, parsed.event.changes[i].ours};
    ck_assert_int_eq(json_splice(&document, edits, parsed.event.change_count, &out, &failed), JSON_SPLICED);
    buffer_add_char(&out, '\0');
    ck_assert_str_eq(out.data, result);
    arena_free(parsed.arena);
}

START_TEST(vectors_of_the_rfc_that_patch_an_object)
{
    becomes("{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}");
    becomes("{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}");
    becomes("{\"a\":\"b\"}", "{\"a\":null}", "{}");
    becomes("{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}");
    becomes("{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}");
    becomes("{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}");
    becomes("{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}");
    becomes("{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}");
    becomes("{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}");
}
END_TEST

/* The RFC makes an empty object of {"a":{"bb":{"ccc":null}}}; what removes what is not there changes nothing here. */
START_TEST(the_vector_that_removes_from_nothing_leaves_nothing)
{
    becomes("{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{}");
}
END_TEST

START_TEST(vectors_of_the_rfc_whose_patch_is_no_object_are_rejected)
{
    rejects("[\"c\"]", EVENT_DEFECT_BAD_EVENT, "byte 0: a merge patch of a document is an object, not an array");
    rejects("null", EVENT_DEFECT_BAD_EVENT, "byte 0: a merge patch of a document is an object, not null");
    rejects("\"bar\"", EVENT_DEFECT_BAD_EVENT, "byte 0: a merge patch of a document is an object, not a string");
}
END_TEST

START_TEST(objects_are_by_member_and_arrays_and_empty_objects_one_value)
{
    changes("{\"a\":{\"b\":{\"c\":1,\"d\":null}},\"e\":[{\"f\":null}],\"g\":{}}",
            "/a/b/c = 1; /a/b/d removed; /e = [{\"f\":null}]; /g = {}");
}
END_TEST

START_TEST(names_are_escaped_in_pointers)
{
    changes("{\"a/b\":{\"m~n\":1,\"\\u00e9\":2,\"\":3}}", "/a~1b/m~0n = 1; /a~1b/\xc3\xa9 = 2; /a~1b/ = 3");
}
END_TEST

START_TEST(the_version_seen_comes_by_a_header)
{
    const struct header headers[] = {{BYTES("base_version"), BYTES("\"v7\"")}};
    struct event_input input = record_of(EVENT_FORMAT_MERGE_PATCH, "{\"a\":1}");
    struct parsed parsed;

    input.headers = headers;
    input.header_count = 1;
    parsed = parse_input(&input);
    ck_assert(parsed.is_good && bytes_equal(parsed.event.base_version, BYTES("\"v7\"")));
    arena_free(parsed.arena);
}
END_TEST

START_TEST(a_header_that_is_not_utf8)
{
    const struct header headers[] = {{BYTES("base_version"), BYTES("\xff")}};
    struct event_input input = record_of(EVENT_FORMAT_MERGE_PATCH, "{\"a\":1}");

    input.headers = headers;
    input.header_count = 1;
    input_rejected(&input, EVENT_DEFECT_BAD_EVENT, "the header base_version is not text (UTF-8 without control characters)");
}
END_TEST

START_TEST(an_empty_patch)
{
    rejects("{}", EVENT_DEFECT_NO_CHANGES, "the merge patch has no member");
}
END_TEST

START_TEST(a_name_with_a_control_character)
{
    rejects("{\"a\\n\":1}", EVENT_DEFECT_BAD_POINTER, "byte 1: '/a?': control character");
}
END_TEST

START_TEST(long_names_with_many_members_take_no_more_memory_than_they_are_worth)
{
    auto_buffer text;

    buffer_init(&text, 1 << 20);
    buffer_add_text(&text, "{\"");
    for (size_t i = 0; i < 500000; i++)
        buffer_add_char(&text, 'n');
    buffer_add_text(&text, "\":{\"x\":0");
    for (size_t i = 0; i < 20; i++)
        buffer_format(&text, ",\"%zu\":0", i);
    buffer_add_text(&text, "}}");
    buffer_add_char(&text, '\0');
    rejects(text.data, EVENT_DEFECT_TOO_LARGE, "byte 500106: long names with too many members below them");
}
END_TEST

UNIT_TESTS("event/merge_patch", vectors_of_the_rfc_that_patch_an_object,
           the_vector_that_removes_from_nothing_leaves_nothing,
           vectors_of_the_rfc_whose_patch_is_no_object_are_rejected,
           objects_are_by_member_and_arrays_and_empty_objects_one_value, names_are_escaped_in_pointers,
           the_version_seen_comes_by_a_header, a_header_that_is_not_utf8, an_empty_patch,
           a_name_with_a_control_character, long_names_with_many_members_take_no_more_memory_than_they_are_worth)
