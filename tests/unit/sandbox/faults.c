#include "sandbox/change.h"
#include "sandbox/faults.h"
#include "tests/support/unit.h"

START_TEST(faults_come_as_often_as_asked_and_can_be_repeated)
{
    struct faults faults = {0}, again = {0};
    size_t counts[FAULT_KINDS] = {0};

    random_init(&faults.random, 7);
    random_init(&again.random, 7);
    ck_assert_ptr_null(faults_parse(&faults, BYTES("{\"answer_lost\":0.1,\"request_lost\":0.2,\"latency_ms\":5}")));
    ck_assert_ptr_null(faults_parse(&again, BYTES("{\"answer_lost\":0.1,\"request_lost\":0.2}")));
    for (size_t i = 0; i < 10000; i++) {
        enum fault fault = faults_draw(&faults);

        ck_assert_int_eq(fault, faults_draw(&again));
        counts[fault]++;
    }
    ck_assert_uint_gt(counts[FAULT_ANSWER_LOST], 900);
    ck_assert_uint_lt(counts[FAULT_ANSWER_LOST], 1100);
    ck_assert_uint_gt(counts[FAULT_REQUEST_LOST], 1850);
    ck_assert_uint_lt(counts[FAULT_REQUEST_LOST], 2150);
    ck_assert_uint_eq(counts[FAULT_UNAVAILABLE], 0);
    ck_assert_int_eq(faults.latency_ms, 5);
}
END_TEST

START_TEST(bad_faults_change_nothing)
{
    static const char *const bad[] = {"[]", "{\"answer_lost\":2}", "{\"answer_lost\":\"x\"}", "{\"what\":1}",
                                      "{\"latency_ms\":-1}", "{"};
    struct faults faults = {.probability = {[FAULT_ANSWER_LOST] = 0.5}};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ck_assert_ptr_nonnull(faults_parse(&faults, bytes_of(bad[i])));
        ck_assert(faults.probability[FAULT_ANSWER_LOST] > 0.4);
    }
}
END_TEST

static bool finds(const char *before, const char *after, const char *wanted)
{
    struct random random;
    auto_buffer pointer;

    random_init(&random, 1);
    buffer_init(&pointer, 1000);
    return change_find(bytes_of(before), bytes_of(after), &random, &pointer) &&
           bytes_equal(buffer_bytes(&pointer), bytes_of(wanted));
}

START_TEST(the_field_that_a_write_changed_is_found)
{
    ck_assert(finds("{\"a\":1,\"b\":1}", "{\"a\":1.0,\"b\":2}", "/b"));
    ck_assert(finds("{\"attributes\":{\"c\":1}}", "{\"attributes\":{\"c\":1,\"d/e\":2}}", "/attributes/d~1e"));
    ck_assert(finds(NULL, "{\"a\":1}", "/a"));
    ck_assert(!finds("{\"a\":1,\"b\":1}", "{\"a\":1.0}", "/b"));
}
END_TEST

START_TEST(a_change_makes_a_value_that_was_not_there)
{
    struct random random;
    struct change change = {.random = &random};
    auto_buffer out;

    random_init(&random, 1);
    buffer_init(&out, 1000);
    ck_assert(change_apply(&change, BYTES("{ \"owner\":\"ana\" }"), BYTES("/owner"), &out));
    ck_assert(bytes_equal(buffer_bytes(&out), BYTES("{ \"owner\":\"user-000001\" }")));
    for (size_t i = 0; i < 100; i++) {
        buffer_reset(&out);
        ck_assert(change_apply(&change, BYTES("{\"status\":\"DRAFT\"}"), BYTES("/status"), &out));
        ck_assert(!bytes_equal(buffer_bytes(&out), BYTES("{\"status\":\"DRAFT\"}")));
    }
    buffer_reset(&out);
    ck_assert(!change_apply(&change, BYTES("{\"a\":1}"), BYTES("/a/b"), &out));
    ck_assert(change_apply(&change, BYTES("{}"), BYTES("/attributes/note_1"), &out));
}
END_TEST

UNIT_TESTS("sandbox/faults", faults_come_as_often_as_asked_and_can_be_repeated, bad_faults_change_nothing,
           the_field_that_a_write_changed_is_found, a_change_makes_a_value_that_was_not_there)
