#include "../../support/unit.h"

#include "common/json_scan.h"
#include "common/memory.h"
#include "record/record.h"

static const struct record_context context = {
    .topic = "updates", .worker = "w0", .config = "9f3c", .read_method = "GET", .write_method = "PUT"};

static const struct rule_entry external = {.rule = RULE_EXTERNAL};

static struct value present(const char *text)
{
    return (struct value){.state = VALUE_PRESENT, .text = bytes_of(text)};
}

static struct decision conflict_of(const char *field, const char *theirs)
{
    return (struct decision){
        .field = bytes_of(field),
        .entry = &external,
        .merge_case = CASE_4,
        .base = present("1"),
        .theirs = present(theirs),
        .ours = present("3"),
        .result = RESULT_CONFLICT,
        .value = present(theirs),
    };
}

static struct finished conflict(const struct decision *decisions, size_t count)
{
    return (struct finished){
        .partition = 3,
        .offset = 1042,
        .key = BYTES("4711"),
        .value = BYTES("{}"),
        .has_event = true,
        .event = {.document = BYTES("4711"), .id = BYTES("7c2f")},
        .outcome = OUTCOME_CONFLICT,
        .reason = REASON_FIELD,
        .decisions = decisions,
        .decision_count = count,
        .version_before = BYTES("\"v1\""),
    };
}

static struct json scan(struct buffer *out, struct arena *arena)
{
    struct json_limits limits = {.size_max = 1 << 24, .depth_max = 64, .members_max = 1 << 20};
    struct json_fault fault;
    struct json json;

    ck_assert_msg(json_scan(buffer_bytes(out), &limits, arena, &json, &fault), "%s at %zu", fault.what,
                  fault.offset);
    return json;
}

START_TEST(an_audit_record_is_one_json_object_with_every_decision)
{
    struct decision decision = conflict_of("/status", "2");
    struct finished finished = conflict(&decision, 1);
    struct arena *arena = arena_new(4096);
    struct buffer out;
    struct json json;
    uint32_t decisions, index;

    buffer_init(&out, 1 << 20);
    record_audit(&context, &finished, 1 << 20, &out);
    json = scan(&out, arena);
    ck_assert(bytes_equal(json_string(&json, json_member(&json, 0, BYTES("outcome")), arena), BYTES("conflict")));
    decisions = json_member(&json, 0, BYTES("decisions"));
    index = json_element(&json, decisions, 0);
    ck_assert(bytes_equal(json_text(&json, json_member(&json, index, BYTES("theirs"))), BYTES("2")));
    ck_assert(bytes_equal(json_text(&json, json_member(&json, index, BYTES("rule"))), BYTES("\"external\"")));
    buffer_release(&out);
    arena_free(arena);
}
END_TEST

START_TEST(a_large_value_becomes_its_size_and_hash)
{
    static char large[RECORD_VALUE_MAX + 2];
    struct decision decision;
    struct finished finished;
    struct arena *arena = arena_new(4096);
    struct buffer out;
    struct json json;
    uint32_t theirs;

    memset(large, 'x', sizeof(large) - 1);
    large[0] = large[RECORD_VALUE_MAX] = '"';
    decision = conflict_of("/text", large);
    finished = conflict(&decision, 1);
    buffer_init(&out, 1 << 20);
    record_audit(&context, &finished, 1 << 20, &out);
    json = scan(&out, arena);
    theirs = json_member(&json, json_element(&json, json_member(&json, 0, BYTES("decisions")), 0), BYTES("theirs"));
    ck_assert(bytes_equal(json_text(&json, json_member(&json, theirs, BYTES("bytes"))), BYTES("4097")));
    ck_assert_uint_eq(json_text(&json, json_member(&json, theirs, BYTES("sha256"))).size, 66);
    buffer_release(&out);
    arena_free(arena);
}
END_TEST

START_TEST(a_record_that_does_not_fit_says_what_it_left_out)
{
    enum { COUNT = 400 };
    static struct decision decisions[COUNT];
    struct finished finished = conflict(decisions, COUNT);
    struct arena *arena = arena_new(4096);
    struct buffer out;
    struct json json;

    for (size_t i = 0; i < COUNT; i++)
        decisions[i] = conflict_of("/a", "2");
    buffer_init(&out, 1 << 20);
    record_audit(&context, &finished, 2000, &out);
    ck_assert_uint_le(out.size, 2000);
    json = scan(&out, arena);
    ck_assert(bytes_equal(json_text(&json, json_member(&json, 0, BYTES("decisions_left_out"))), BYTES("400")));
    buffer_release(&out);
    arena_free(arena);
}
END_TEST

static struct bytes header(const struct header *headers, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes_equal(headers[i].name, bytes_of(name)))
            return headers[i].value;
    }
    return BYTES_NONE;
}

START_TEST(a_dead_letter_keeps_foreign_headers_and_replaces_our_own)
{
    const struct header original[] = {{BYTES("traceparent"), BYTES("00-1")},
                                      {BYTES("ifmatch-outcome"), BYTES("rejected")}};
    struct decision decision = conflict_of("/status", "2");
    struct finished finished = conflict(&decision, 1);
    struct arena *arena = arena_new(4096);
    const struct header *headers;
    size_t count, outcomes = 0;

    finished.headers = original;
    finished.header_count = 2;
    headers = record_dead_letter_headers(&context, &finished, true, arena, &count);
    for (size_t i = 0; i < count; i++)
        outcomes += bytes_equal(headers[i].name, BYTES("ifmatch-outcome"));
    ck_assert_uint_eq(outcomes, 1);
    ck_assert(bytes_equal(header(headers, count, "ifmatch-outcome"), BYTES("conflict")));
    ck_assert(bytes_equal(header(headers, count, "traceparent"), BYTES("00-1")));
    ck_assert(bytes_equal(header(headers, count, "ifmatch-offset"), BYTES("1042")));
    ck_assert(bytes_equal(header(headers, count, "ifmatch-value"), BYTES("omitted")));
    ck_assert(bytes_equal(header(headers, count, "ifmatch-conflicts"),
                          BYTES("[{\"field\":\"/status\",\"base\":1,\"theirs\":2,\"ours\":3}]")));
    arena_free(arena);
}
END_TEST

START_TEST(header_values_stay_below_their_limit_and_whole_characters)
{
    enum { COUNT = 200 };
    static struct decision decisions[COUNT];
    struct finished finished = conflict(decisions, COUNT);
    struct arena *arena = arena_new(4096);
    static char detail[3000];
    const struct header *headers;
    struct bytes conflicts;
    size_t count, bad;

    for (size_t i = 0; i + 2 < sizeof(detail); i += 2)
        memcpy(detail + i, "\xc3\xa4", 2);
    finished.detail = bytes_of(detail);
    for (size_t i = 0; i < COUNT; i++)
        decisions[i] = conflict_of("/attributes/weight", "2");
    headers = record_dead_letter_headers(&context, &finished, false, arena, &count);
    for (size_t i = 0; i < count; i++)
        ck_assert_uint_le(headers[i].value.size, RECORD_HEADER_MAX);
    ck_assert(bytes_are_utf8(header(headers, count, "ifmatch-detail"), &bad));
    conflicts = header(headers, count, "ifmatch-conflicts");
    ck_assert_int_eq(conflicts.data[conflicts.size - 1], ']');
    arena_free(arena);
}
END_TEST

START_TEST(an_event_that_was_written_with_others_says_its_place_and_what_replaced_it)
{
    struct decision decision = conflict_of("/status", "2");
    struct finished finished = conflict(&decision, 1);
    struct arena *arena = arena_new(4096);
    struct buffer out;
    struct json json;
    uint32_t first;

    decision.result = RESULT_OURS;
    decision.superseded_by = 1047;
    finished.folded = 3;
    finished.fold_position = 2;
    buffer_init(&out, 1 << 20);
    record_audit(&context, &finished, 1 << 20, &out);
    json = scan(&out, arena);
    ck_assert(bytes_equal(json_text(&json, json_member(&json, 0, BYTES("folded"))), BYTES("3")));
    ck_assert(bytes_equal(json_text(&json, json_member(&json, 0, BYTES("fold_position"))), BYTES("2")));
    first = json_element(&json, json_member(&json, 0, BYTES("decisions")), 0);
    ck_assert(bytes_equal(json_text(&json, json_member(&json, first, BYTES("superseded_by"))), BYTES("1047")));
    buffer_release(&out);
    arena_free(arena);
}
END_TEST

UNIT_TESTS("record/record", an_audit_record_is_one_json_object_with_every_decision,
           a_large_value_becomes_its_size_and_hash, a_record_that_does_not_fit_says_what_it_left_out,
           a_dead_letter_keeps_foreign_headers_and_replaces_our_own,
           header_values_stay_below_their_limit_and_whole_characters,
           an_event_that_was_written_with_others_says_its_place_and_what_replaced_it)
