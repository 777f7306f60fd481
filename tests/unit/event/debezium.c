#include "tests/support/formats.h"

#define KEY "{\"id\":4711}"

static struct event_input record(const char *key, const char *value)
{
    return (struct event_input){.key = bytes_of(key), .value = bytes_of(value), .topic.format = EVENT_FORMAT_DEBEZIUM};
}

static void changes(const char *value, const char *expected)
{
    const struct event_input input = record(KEY, value);

    input_changes(&input, expected);
}

static void document_is(const char *key, const char *document)
{
    const struct event_input input = record(key, "{\"op\":\"u\",\"before\":{\"a\":1},\"after\":{\"a\":2}}");
    struct parsed parsed = parse_input(&input);

    ck_assert_msg(parsed.is_good, "%s", parsed.fault.detail);
    ck_assert_msg(bytes_equal(parsed.event.document, bytes_of(document)), "%.*s", BYTES_ARG(parsed.event.document));
    arena_free(parsed.arena);
}

#define REJECTS(name, key, value, defect, detail)                                                            \
    START_TEST(name)                                                                                         \
    {                                                                                                        \
        const struct event_input input = record(key, value);                                                 \
                                                                                                             \
        input_rejected(&input, EVENT_DEFECT_##defect, detail);                                               \
    }                                                                                                        \
    END_TEST
#define REJECTS_KEY(name, key, defect, detail)                                                               \
    REJECTS(name, key, "{\"op\":\"u\",\"before\":{\"a\":1},\"after\":{\"a\":2}}", defect, detail)

START_TEST(only_columns_that_differ_change)
{
    changes("{\"op\":\"u\",\"before\":{\"id\":4711,\"status\":\"A\",\"n\":1,\"gone\":true},"
            "\"after\":{\"id\":4711,\"status\":\"B\",\"n\":1.0,\"new\":null},\"source\":{\"lsn\":1},\"ts_ms\":1}",
            "/status = \"B\" was \"A\"; /new = null was missing; /gone removed was true");
}
END_TEST

START_TEST(a_schema_may_be_around_it)
{
    changes("{\"schema\":{\"type\":\"struct\"},\"payload\":{\"op\":\"u\",\"before\":{\"a\":1},\"after\":{\"a\":2}}}", "/a = 2 was 1");
}
END_TEST

START_TEST(the_one_column_of_the_key_is_the_document)
{
    document_is(KEY, "4711");
    document_is("{\"id\":\"a\\u00e9\"}", "a\xc3\xa9");
    document_is("{\"schema\":{},\"payload\":{\"id\":4711}}", "4711");
    document_is("4711", "4711");
    document_is("\"P-1\"", "P-1");
}
END_TEST

START_TEST(several_columns_of_the_key_are_the_document_as_they_stand)
{
    document_is("{ \"id\" : 4711, \"rev\" : \"B 1\" }", "{\"id\":4711,\"rev\":\"B 1\"}");
}
END_TEST

START_TEST(the_framing_of_a_schema_registry_is_passed_over)
{
    static const char key[] = "\0\0\0\0\7" KEY;
    static const char value[] = "\0\0\0\0\x11{\"op\":\"u\",\"before\":{\"a\":1},\"after\":{\"a\":2}}";
    const struct event_input input = {.key = BYTES(key), .value = BYTES(value), .topic.format = EVENT_FORMAT_DEBEZIUM};
    struct parsed parsed = parse_input(&input);

    ck_assert_msg(parsed.is_good, "%s", parsed.fault.detail);
    ck_assert(bytes_equal(parsed.event.document, BYTES("4711")));
    arena_free(parsed.arena);
    input_changes(&input, "/a = 2 was 1");
}
END_TEST

START_TEST(avro_and_protobuf)
{
    static const char value[] = "\0\0\0\0\x11\x02\x06\x66\x6f\x6f";
    const struct event_input input = {.key = BYTES(KEY), .value = BYTES(value), .topic.format = EVENT_FORMAT_DEBEZIUM};

    input_rejected(&input, EVENT_DEFECT_NOT_JSON, "byte 5: no JSON behind the id of a schema: Avro and Protobuf are not read");
}
END_TEST

START_TEST(a_value_that_was_not_read_is_not_mentioned)
{
    changes("{\"op\":\"u\",\"before\":{\"a\":1,\"t\":\"old\",\"l\":[],\"b\":\"eA==\"},\"after\":{\"a\":2,"
            "\"t\":\"__debezium_unavailable_value\",\"l\":[\"__debezium_unavailable_value\"],"
            "\"b\":\"X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==\"}}",
            "/a = 2 was 1");
}
END_TEST

START_TEST(a_value_that_was_not_read_is_no_base)
{
    changes("{\"op\":\"u\",\"before\":{\"t\":\"__debezium_unavailable_value\"},\"after\":{\"t\":\"new\"}}", "/t = \"new\"");
}
END_TEST

START_TEST(the_connector_may_have_another_word_for_it)
{
    struct event_input input = record(KEY, "{\"op\":\"u\",\"before\":{\"a\":1,\"t\":2},\"after\":{\"a\":2,\"t\":\"?\"}}");

    input.topic.debezium_unavailable = BYTES("?");
    input_changes(&input, "/a = 2 was 1");
}
END_TEST

#define NO_BEFORE "{\"op\":\"u\",\"before\":null,\"after\":{\"a\":1,\"b\":2}}"
#define SNAPSHOT  "{\"op\":\"r\",\"before\":null,\"after\":{\"a\":1,\"b\":2}}"

START_TEST(without_before_all_columns_change_if_that_is_wanted)
{
    struct event_input input = record(KEY, NO_BEFORE);

    input.topic.debezium_takes_without_before = true;
    input_changes(&input, "/a = 1; /b = 2");
}
END_TEST

START_TEST(a_snapshot_is_applied_if_that_is_wanted)
{
    struct event_input input = record(KEY, SNAPSHOT);

    input.topic.debezium_applies_snapshots = true;
    input_changes(&input, "/a = 1; /b = 2");
}
END_TEST

static void operation(const char *value, enum event_operation wanted, const char *expected)
{
    struct event_input input = record(KEY, value);
    struct parsed parsed;

    input.topic.debezium_applies_snapshots = true;
    input_changes(&input, expected);
    parsed = parse_input(&input);
    ck_assert_int_eq(parsed.event.operation, wanted);
    arena_free(parsed.arena);
}

START_TEST(rows_that_come_and_go_are_documents_that_do)
{
    operation("{\"op\":\"c\",\"before\":null,\"after\":{\"a\":1,\"b\":null}}", OPERATION_CREATE, "/a = 1; /b = null");
    operation(SNAPSHOT, OPERATION_UPSERT, "/a = 1; /b = 2");
    operation("{\"op\":\"d\",\"before\":{\"a\":1,\"t\":\"__debezium_unavailable_value\"},\"after\":null}", OPERATION_DELETE,
              "/a guard 1");
    operation("{\"op\":\"d\",\"before\":null,\"after\":null}", OPERATION_DELETE, "");
}
END_TEST

REJECTS(an_update_without_before, KEY, NO_BEFORE, NO_BEFORE,
        "byte 0: an update without `before` (Postgres: REPLICA IDENTITY FULL gives it)")
REJECTS(a_row_of_a_snapshot, KEY, SNAPSHOT, NOT_AN_UPDATE, "`op` r: a row of a snapshot")
REJECTS(a_tombstone, KEY, NULL, NOT_AN_UPDATE, "the Kafka value is null: a tombstone")
REJECTS(a_tombstone_with_a_schema, KEY, "{\"schema\":null,\"payload\":null}", NOT_AN_UPDATE, "the payload is null: a tombstone")
REJECTS(a_truncate_without_key, NULL, "{\"op\":\"t\",\"source\":{}}", NOT_AN_UPDATE, "`op` t: a table was emptied")
REJECTS(a_message, "{\"prefix\":\"p\"}", "{\"op\":\"m\",\"message\":{}}", NOT_AN_UPDATE, "`op` m: a message")
REJECTS(a_heartbeat, "{\"serverName\":\"db\"}", "{\"ts_ms\":1}", NOT_AN_UPDATE, "a heartbeat")
REJECTS(an_update_of_nothing, KEY, "{\"op\":\"u\",\"before\":{\"a\":1},\"after\":{\"a\":1.0}}", NOT_AN_UPDATE, "no column differs")
REJECTS(an_unknown_op, KEY, "{\"op\":\"x\"}", BAD_EVENT, "byte 6: `op` is 'x', none of Debezium's")
REJECTS(an_op_that_is_no_text, KEY, "{\"op\":1}", BAD_EVENT, "byte 6: `op` is a number, not a string")
REJECTS(no_envelope, KEY, "{\"id\":1,\"a\":2}", BAD_EVENT, "byte 0: no `op`: Debezium's envelope has before, after and op")
REJECTS(no_object, KEY, "[]", BAD_EVENT, "byte 0: `payload` is an array, not an object")
REJECTS(an_update_without_after, KEY, "{\"op\":\"u\",\"before\":{\"a\":1}}", BAD_EVENT, "byte 0: a change without `after`")
REJECTS(a_row_that_is_no_object, KEY, "{\"op\":\"u\",\"before\":[],\"after\":{}}", BAD_EVENT,
        "byte 19: `before` is an array, not an object of columns")
REJECTS_KEY(a_missing_key, NULL, NO_KEY, "the Kafka key is missing")
REJECTS_KEY(a_key_that_is_no_json, "P-1", BAD_DOCUMENT, "the Kafka key 'P-1': it is not JSON")
REJECTS_KEY(a_key_without_columns, "{}", BAD_DOCUMENT, "the Kafka key '{}': it has no column")
REJECTS_KEY(a_key_of_null, "{\"id\":null}", BAD_DOCUMENT, "the Kafka key '{\"id\":null}': it is neither a string nor a number")
REJECTS_KEY(a_key_with_an_object, "{\"id\":1,\"b\":{}}", BAD_DOCUMENT,
            "the Kafka key '{\"id\":1,\"b\":{}}': a column is neither a string nor a number")
REJECTS_KEY(a_key_that_is_a_path, "{\"id\":\"..\"}", BAD_DOCUMENT, "the document id '..' means another place in a URL")

UNIT_TESTS("event/debezium", only_columns_that_differ_change, a_schema_may_be_around_it,
           the_one_column_of_the_key_is_the_document, several_columns_of_the_key_are_the_document_as_they_stand,
           the_framing_of_a_schema_registry_is_passed_over, avro_and_protobuf, a_value_that_was_not_read_is_not_mentioned,
           a_value_that_was_not_read_is_no_base, the_connector_may_have_another_word_for_it,
           without_before_all_columns_change_if_that_is_wanted, a_snapshot_is_applied_if_that_is_wanted,
           an_update_without_before, a_row_of_a_snapshot, a_tombstone, a_tombstone_with_a_schema, a_truncate_without_key,
           a_message, a_heartbeat, an_update_of_nothing, rows_that_come_and_go_are_documents_that_do, an_unknown_op, an_op_that_is_no_text,
           no_envelope, no_object, an_update_without_after, a_row_that_is_no_object, a_missing_key, a_key_that_is_no_json,
           a_key_without_columns, a_key_of_null, a_key_with_an_object, a_key_that_is_a_path)
