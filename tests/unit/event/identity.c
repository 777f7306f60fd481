#include "tests/support/formats.h"

#define CHANGES "\"changes\":{\"/a\":1}"

static struct event_input input_of(struct bytes key, const char *value, struct event_identity identity)
{
    return (struct event_input){
        .key = key, .value = bytes_of(value), .topic = {.format = EVENT_FORMAT_NATIVE, .identity = identity}};
}

static void document(struct event_input input, const char *expected)
{
    struct parsed parsed = parse_input(&input);

    ck_assert_msg(parsed.is_good, "%s", parsed.fault.detail);
    ck_assert_msg(bytes_equal(parsed.event.document, bytes_of(expected)), "%.*s", BYTES_ARG(parsed.event.document));
    arena_free(parsed.arena);
}

static void rejected(struct event_input input, enum event_defect defect, const char *detail)
{
    input_rejected(&input, defect, detail);
}

START_TEST(a_pointer_into_the_value_names_the_document)
{
    const struct event_identity there = {.from = IDENTITY_FROM_VALUE, .place = BYTES("/x-ref/i~1d")};

    document(input_of(BYTES_NONE, "{" CHANGES ",\"x-ref\":{\"i/d\":\"P-1\"}}", there), "P-1");
    document(input_of(BYTES("other"), "{" CHANGES ",\"x-ref\":{\"i/d\":17.0}}", there), "17.0");
    rejected(input_of(BYTES("k"), "{" CHANGES ",\"x-ref\":{\"id\":1}}", there), EVENT_DEFECT_NO_KEY,
             "'/x-ref/i~1d' of the value is missing");
    rejected(input_of(BYTES("k"), "{" CHANGES ",\"x-ref\":[1]}", there), EVENT_DEFECT_NO_KEY,
             "'/x-ref/i~1d' of the value is missing");
    rejected(input_of(BYTES("k"), "{" CHANGES ",\"x-ref\":{\"i/d\":null}}", there), EVENT_DEFECT_BAD_DOCUMENT,
             "'/x-ref/i~1d' of the value: it is neither a string nor a number");
    rejected(input_of(BYTES("k"), "{" CHANGES ",\"x-ref\":{\"i/d\":\"..\"}}", there), EVENT_DEFECT_BAD_DOCUMENT,
             "the document id '..' means another place in a URL");
    rejected(input_of(BYTES("k"), "{", there), EVENT_DEFECT_NOT_JSON, "byte 1: text ends inside an object");
}
END_TEST

START_TEST(a_header_names_the_document)
{
    const struct header headers[] = {{BYTES("Doc"), BYTES("P-2")}, {BYTES("empty"), BYTES("")}};
    struct event_input input = input_of(BYTES("other"), "{" CHANGES ",\"document\":\"P-2\"}",
                                        (struct event_identity){.from = IDENTITY_FROM_HEADER, .place = BYTES("doc")});

    input.headers = headers;
    input.header_count = 2;
    document(input, "P-2");
    input.value = BYTES("{" CHANGES ",\"document\":\"other\"}");
    rejected(input, EVENT_DEFECT_KEY_MISMATCH, "byte 31: `document` is 'other', the header doc is another");
    input.topic.identity.place = BYTES("empty");
    rejected(input, EVENT_DEFECT_NO_KEY, "the header empty is empty");
    input.topic.identity.place = BYTES("none");
    rejected(input, EVENT_DEFECT_NO_KEY, "the header none is missing");
}
END_TEST

START_TEST(a_key_of_json_is_its_text_or_its_only_member)
{
    static const struct {
        const char *key, *document;
    } cases[] = {
        {"\"P-1\"", "P-1"},
        {"4711", "4711"},
        {"{\"id\":\"P-1\"}", "P-1"},
        {"{ \"a\": 1, \"b\" : \"x\" }", "{\"a\":1,\"b\":\"x\"}"},
        {"{\"schema\":{},\"payload\":{\"id\":7}}", "7"},
        {"{\"schema\":{},\"payload\":\"P\"}", "P"},
    };
    const struct event_identity json = {.key = IDENTITY_KEY_JSON};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        document(input_of(bytes_of(cases[i].key), "{" CHANGES "}", json), cases[i].document);
    rejected(input_of(BYTES("P-1"), "{" CHANGES "}", json), EVENT_DEFECT_BAD_DOCUMENT,
             "the Kafka key 'P-1': it is not JSON");
}
END_TEST

START_TEST(a_member_of_the_key_names_the_document)
{
    const struct event_identity member = {.key = IDENTITY_KEY_MEMBER, .place = BYTES("/id/nr")};

    document(input_of(BYTES("{\"tenant\":1,\"id\":{\"nr\":\"P-1\"}}"), "{" CHANGES "}", member), "P-1");
    document(input_of(BYTES("{\"schema\":{},\"payload\":{\"id\":{\"nr\":5}}}"), "{" CHANGES "}", member), "5");
    rejected(input_of(BYTES("{\"id\":5}"), "{" CHANGES "}", member), EVENT_DEFECT_NO_KEY, "the Kafka key is missing");
}
END_TEST

START_TEST(debezium_can_have_a_key_of_text)
{
    struct event_input input = input_of(BYTES("P-1"), "{\"op\":\"u\",\"before\":{\"a\":1},\"after\":{\"a\":2}}",
                                        (struct event_identity){.key = IDENTITY_KEY_TEXT});

    input.topic.format = EVENT_FORMAT_DEBEZIUM;
    document(input, "P-1");
    input.topic.identity = (struct event_identity){.from = IDENTITY_FROM_VALUE, .place = BYTES("/after/a")};
    document(input, "2");
    input.value = BYTES("{\"schema\":{},\"payload\":{\"op\":\"u\",\"before\":{\"a\":1},\"after\":{\"a\":3}}}");
    document(input, "3");
    input.value = BYTES("{\"ts_ms\":1}");
    rejected(input, EVENT_DEFECT_NOT_AN_UPDATE, "a heartbeat");
}
END_TEST

START_TEST(an_id_that_its_address_does_not_take_is_rejected)
{
    struct id_pattern *pattern;
    struct address *address;
    struct event_identity identity = {0};

    ck_assert(id_pattern_new("(?<type>[a-z]+)/(?<nr>.+)", &pattern, NULL));
    ck_assert(address_new("http://h/{type}/{+nr}", pattern, &address, NULL));
    identity.address = address;
    document(input_of(BYTES("part/1"), "{" CHANGES "}", identity), "part/1");
    rejected(input_of(BYTES("part"), "{" CHANGES "}", identity), EVENT_DEFECT_BAD_DOCUMENT,
             "the document id 'part' does not match document.pattern");
    rejected(input_of(BYTES("part/a/../b"), "{" CHANGES "}", identity), EVENT_DEFECT_BAD_DOCUMENT,
             "the document id 'part/a/../b' means another place in a URL");
    address_free(address);
    id_pattern_free(pattern);
}
END_TEST

START_TEST(a_key_alone_says_its_document)
{
    const struct event_topic topic = {.identity.key = IDENTITY_KEY_JSON};
    struct arena *arena = arena_new(1024);
    struct event_fault fault;
    struct bytes found = BYTES_NONE;

    ck_assert(event_identify(BYTES("{\"id\":\"P\"}"), &topic, arena, &found, &fault));
    ck_assert(bytes_equal(found, BYTES("P")));
    ck_assert(!event_identify(BYTES(""), &topic, arena, &found, &fault));
    ck_assert_str_eq(fault.detail, "the Kafka key is empty");
    arena_free(arena);
}
END_TEST

UNIT_TESTS("event/identity", a_pointer_into_the_value_names_the_document, a_header_names_the_document,
           a_key_of_json_is_its_text_or_its_only_member, a_member_of_the_key_names_the_document,
           debezium_can_have_a_key_of_text, an_id_that_its_address_does_not_take_is_rejected,
           a_key_alone_says_its_document)
