#include "common/memory.h"
#include "event/event.h"

#include "tests/support/unit.h"

struct parsed {
    struct arena *arena;
    struct event event;
    struct event_fault fault;
    bool is_good;
};

static struct parsed parse_record(struct bytes key, struct bytes value)
{
    struct parsed parsed = {.arena = arena_new(4096)};

    parsed.is_good = event_parse(&(struct event_input){.key = key, .value = value}, &EVENT_LIMITS_DEFAULT, parsed.arena, &parsed.event,
                                 &parsed.fault);
    return parsed;
}

static struct parsed parse(const char *value)
{
    return parse_record(BYTES("4711"), bytes_of(value));
}

/* The record is no event, for this reason and with this detail. */
static void rejects(struct bytes key, struct bytes value, enum event_defect defect, const char *detail)
{
    struct parsed parsed = parse_record(key, value);

    ck_assert(!parsed.is_good);
    ck_assert_str_eq(parsed.fault.detail, detail);
    ck_assert_int_eq(parsed.fault.defect, defect);
    arena_free(parsed.arena);
}

#define REJECTS(name, value, defect, detail)                                                                 \
    START_TEST(name)                                                                                         \
    {                                                                                                        \
        rejects(BYTES("4711"), BYTES(value), EVENT_DEFECT_##defect, detail);                                 \
    }                                                                                                        \
    END_TEST
#define REJECTS_KEY(name, key, defect, detail)                                                               \
    START_TEST(name)                                                                                         \
    {                                                                                                        \
        rejects(key, BYTES("{\"changes\":{\"/a\":1}}"), EVENT_DEFECT_##defect, detail);                      \
    }                                                                                                        \
    END_TEST

START_TEST(every_member_is_read)
{
    struct parsed parsed = parse("{\"id\":\"7c2f\",\"source\":\"erp\\/prod\",\"document\":\"4711\",\"operation\":\"update\","
                                 "\"changes\":{\"/status\":\"RELEASED\",\"/attributes/weight\":12.50},"
                                 "\"remove\":[\"/attributes/draft\"],\"base\":{\"/status\":\"INWORK\",\"/x\":null},"
                                 "\"base_missing\":[\"/attributes/weight\"],\"base_version\":\"\\\"v1\\\"\","
                                 "\"time\":\"2026-11-24T10:00:00Z\",\"actor\":\"jdoe\",\"sequence\":\"42\",\"x-free\":[]}");
    const struct change *changes = parsed.event.changes;

    ck_assert_msg(parsed.is_good, "%s", parsed.fault.detail);
    ck_assert(bytes_equal(parsed.event.document, BYTES("4711")));
    ck_assert(bytes_equal(parsed.event.id, BYTES("7c2f")));
    ck_assert(bytes_equal(parsed.event.source, BYTES("erp/prod")));
    ck_assert(bytes_equal(parsed.event.base_version, BYTES("\"v1\"")));
    ck_assert(bytes_equal(parsed.event.time, BYTES("2026-11-24T10:00:00Z")));
    ck_assert(bytes_equal(parsed.event.actor, BYTES("jdoe")));
    ck_assert(bytes_equal(parsed.event.sequence, BYTES("42")));
    ck_assert_uint_eq(parsed.event.change_count, 4);
    ck_assert(bytes_equal(changes[0].field, BYTES("/status")));
    ck_assert(bytes_equal(changes[0].base, BYTES("\"INWORK\"")) && changes[0].base_known == BASE_VALUE);
    ck_assert(bytes_equal(changes[1].ours, BYTES("12.50")) && changes[1].base_known == BASE_MISSING);
    ck_assert(!bytes_present(changes[2].ours) && changes[2].base_known == BASE_UNKNOWN);
    ck_assert(changes[3].is_guard && bytes_equal(changes[3].base, BYTES("null")));
    arena_free(parsed.arena);
}
END_TEST

START_TEST(guards_stand_behind_the_changes)
{
    struct parsed parsed = parse("{\"base\":{\"/g\":1},\"base_missing\":[\"/h\"],\"remove\":[\"/a\"],\"changes\":{\"/b\":2}}");

    ck_assert_uint_eq(parsed.event.change_count, 4);
    ck_assert(bytes_equal(parsed.event.changes[0].field, BYTES("/a")) && !parsed.event.changes[0].is_guard);
    ck_assert(bytes_equal(parsed.event.changes[1].field, BYTES("/b")) && !parsed.event.changes[1].is_guard);
    ck_assert(bytes_equal(parsed.event.changes[2].field, BYTES("/g")) && parsed.event.changes[2].is_guard);
    ck_assert(parsed.event.changes[3].is_guard && parsed.event.changes[3].base_known == BASE_MISSING);
    arena_free(parsed.arena);
}
END_TEST

REJECTS(not_json, "{\"changes\":{\"/a\":1}", NOT_JSON, "byte 19: text ends inside an object")
REJECTS(trailing_text, "{\"changes\":{\"/a\":1}} x", NOT_JSON, "byte 21: text behind the value")
REJECTS(duplicate_keys, "{\"changes\":{\"/a\":1,\"/a\":2}}", NOT_JSON, "byte 19: duplicate key")
REJECTS(invalid_utf8, "{\"id\":\"\xff\"}", NOT_JSON, "byte 7: not UTF-8")
REJECTS(not_an_object, "[1]", BAD_EVENT, "byte 0: the value is an array, not an object")
REJECTS(no_changes, "{\"id\":\"1\",\"base\":{\"/a\":1}}", NO_CHANGES, "neither `changes` nor `remove` has an entry")
REJECTS(an_unknown_member, "{\"chnages\":{\"/a\":1}}", BAD_EVENT,
        "byte 1: unknown member 'chnages' (names that begin with x- are free)")
REJECTS(a_member_of_the_wrong_type, "{\"changes\":[1]}", BAD_EVENT,
        "byte 11: `changes` is an array, not an object of pointers and values")
REJECTS(a_pointer_of_the_wrong_type, "{\"remove\":[1]}", BAD_EVENT, "byte 11: `remove` is a number, not a pointer")
REJECTS(an_id_that_is_no_text, "{\"id\":1,\"changes\":{\"/a\":1}}", BAD_EVENT, "byte 6: `id` is a number, not a string")
REJECTS(a_bad_pointer, "{\"changes\":{\"status\":1}}", BAD_POINTER,
        "byte 12: 'status': does not start with '/'")
REJECTS(the_empty_pointer, "{\"changes\":{\"\":1}}", BAD_POINTER,
        "byte 12: the empty pointer is the whole document: name its fields")
REJECTS(another_document, "{\"document\":\"4712\",\"changes\":{\"/a\":1}}", KEY_MISMATCH,
        "byte 12: `document` is '4712', the Kafka key is another")
REJECTS(another_operation, "{\"operation\":\"remove\",\"changes\":{\"/a\":1}}", BAD_EVENT,
        "byte 13: `operation` is 'remove': update, create, delete and upsert are known")
REJECTS(a_delete_with_changes, "{\"operation\":\"delete\",\"changes\":{\"/a\":1}}", BAD_EVENT,
        "byte 33: '/a': a delete has only `base` and `base_version`")
REJECTS(a_create_with_a_base, "{\"changes\":{\"/a\":1},\"base\":{\"/b\":1},\"operation\":\"create\"}", BAD_EVENT,
        "byte 28: '/b': a create has only `changes`")
REJECTS(a_create_with_a_removal, "{\"changes\":{\"/a\":1},\"remove\":[\"/b\"],\"operation\":\"create\"}", BAD_EVENT,
        "byte 30: '/b': a create has only `changes`")
REJECTS(a_create_of_nothing, "{\"operation\":\"create\"}", NO_CHANGES, "neither `changes` nor `remove` has an entry")
REJECTS(overlapping_pointers, "{\"changes\":{\"/a/b\":1,\"/a-b\":1,\"/a\":2}}", OVERLAP,
        "byte 30: '/a' contains '/a/b'")
REJECTS(a_change_that_is_a_removal_too, "{\"changes\":{\"/a\":1},\"remove\":[\"/a\"]}", OVERLAP,
        "byte 30: '/a' is named twice")
REJECTS(two_bases_of_one_field, "{\"changes\":{\"/a\":1},\"base\":{\"/a\":1},\"base_missing\":[\"/a\"]}", OVERLAP,
        "byte 52: '/a' is named twice")
REJECTS(a_guard_inside_a_changed_field, "{\"changes\":{\"/a\":{}},\"base\":{\"/a/b\":1}}", OVERLAP,
        "byte 29: '/a' contains '/a/b'")
REJECTS_KEY(no_key, BYTES_NONE, NO_KEY, "the Kafka key is missing")
REJECTS_KEY(an_empty_key, BYTES(""), NO_KEY, "the Kafka key is empty")
REJECTS_KEY(an_id_of_two_dots, BYTES(".."), BAD_DOCUMENT, "the document id '..' means another place in a URL")
REJECTS_KEY(an_id_with_line_breaks, BYTES("a\r\nb"), BAD_DOCUMENT, "the document id 'a??b' has a control character")
REJECTS_KEY(an_id_that_is_not_utf8, BYTES("a\xff"), BAD_DOCUMENT, "the document id 'a...' is not UTF-8")

static void operation(const char *value, enum event_operation wanted, size_t changes)
{
    struct parsed parsed = parse(value);

    ck_assert_msg(parsed.is_good, "%s", parsed.fault.detail);
    ck_assert_int_eq(parsed.event.operation, wanted);
    ck_assert_uint_eq(parsed.event.change_count, changes);
    arena_free(parsed.arena);
}

START_TEST(an_operation_is_of_the_whole_document)
{
    operation("{\"changes\":{\"/a\":1}}", OPERATION_UPDATE, 1);
    operation("{\"operation\":\"update\",\"remove\":[\"/a\"]}", OPERATION_UPDATE, 1);
    operation("{\"operation\":\"create\",\"changes\":{\"/a\":1}}", OPERATION_CREATE, 1);
    operation("{\"base\":{\"/a\":1},\"base_missing\":[\"/b\"],\"operation\":\"delete\"}", OPERATION_DELETE, 2);
    operation("{\"operation\":\"delete\",\"base_version\":\"x\"}", OPERATION_DELETE, 0);
    operation("{\"operation\":\"upsert\",\"changes\":{\"/a\":1},\"base\":{\"/a\":2}}", OPERATION_UPSERT, 1);
}
END_TEST

START_TEST(a_null_value)
{
    rejects(BYTES("4711"), BYTES_NONE, EVENT_DEFECT_NO_VALUE, "the Kafka value is null");
}
END_TEST

START_TEST(depth_over_the_limit)
{
    char text[512] = "{\"changes\":{\"/a\":";
    size_t used = strlen(text);

    memset(text + used, '[', 63);
    memset(text + used + 63, ']', 63);
    strcpy(text + used + 126, "}}");
    rejects(BYTES("4711"), bytes_of(text), EVENT_DEFECT_TOO_LARGE, "byte 79: depth over the limit");
}
END_TEST

START_TEST(one_byte_over_the_size)
{
    size_t size = (1 << 20) + 1;
    char *text = memory_new(size + 1);

    memset(text, ' ', size);
    rejects(BYTES("4711"), (struct bytes){text, size}, EVENT_DEFECT_TOO_LARGE,
            "byte 1048576: size over the limit");
    free(text);
}
END_TEST

START_TEST(a_detail_is_cut_between_characters)
{
    char text[512] = "{\"";
    struct parsed parsed;
    size_t offset;

    for (size_t i = 0; i < 100; i++)
        strcat(text, "\xc3\xa9");
    strcat(text, "\":1}");
    parsed = parse(text);
    ck_assert(!parsed.is_good);
    ck_assert(bytes_are_utf8(bytes_of(parsed.fault.detail), &offset));
    ck_assert(strstr(parsed.fault.detail, "...'") != NULL);
    arena_free(parsed.arena);
}
END_TEST

UNIT_TESTS("event/native", every_member_is_read, guards_stand_behind_the_changes, not_json, trailing_text,
           duplicate_keys, invalid_utf8, not_an_object, no_changes, an_unknown_member, a_member_of_the_wrong_type,
           a_pointer_of_the_wrong_type, an_id_that_is_no_text, a_bad_pointer, the_empty_pointer, another_document,
           another_operation, a_delete_with_changes, a_create_with_a_base, a_create_with_a_removal,
           a_create_of_nothing, an_operation_is_of_the_whole_document, overlapping_pointers, a_change_that_is_a_removal_too, two_bases_of_one_field,
           a_guard_inside_a_changed_field, no_key, an_empty_key, an_id_of_two_dots, an_id_with_line_breaks,
           an_id_that_is_not_utf8, a_null_value, depth_over_the_limit, one_byte_over_the_size,
           a_detail_is_cut_between_characters)
