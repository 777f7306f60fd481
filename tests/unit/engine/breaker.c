#include "../../support/aborts.h"
#include "../../support/unit.h"

#include "engine/breaker.h"

/* Documents go by a letter for their hash. */
static struct random jitter;

static struct breaker closed(void)
{
    struct breaker breaker;

    random_init(&jitter, 1);
    breaker_init(&breaker, BREAKER_PROBE_MAX_MS);
    return breaker;
}

static void answer_failures(struct breaker *breaker, const char *documents, int64_t now_ms)
{
    for (; *documents != '\0'; documents++)
        breaker_failure(breaker, (uint64_t)*documents, now_ms, &jitter);
}

static struct breaker opened(int64_t now_ms)
{
    struct breaker breaker = closed();

    answer_failures(&breaker, "abcde", now_ms);
    ck_assert(breaker_is_open(&breaker));
    return breaker;
}

START_TEST(five_failures_in_a_row_of_two_documents_open_it)
{
    struct breaker breaker = closed();

    answer_failures(&breaker, "aaab", 100);
    ck_assert(!breaker_is_open(&breaker));
    ck_assert(breaker_may_request(&breaker, 100));
    answer_failures(&breaker, "a", 100);
    ck_assert(breaker_is_open(&breaker));
    ck_assert(!breaker_may_request(&breaker, 100));
    ck_assert_uint_eq(breaker_openings(&breaker), 1);
}
END_TEST

START_TEST(a_document_that_alone_fails_never_opens_it)
{
    struct breaker breaker = closed();

    for (int64_t now_ms = 0; now_ms < 1000; now_ms++)
        answer_failures(&breaker, "a", now_ms);
    ck_assert(!breaker_is_open(&breaker));
    answer_failures(&breaker, "b", 1000); /* now there are two */
    ck_assert(breaker_is_open(&breaker));
}
END_TEST

START_TEST(a_success_between_begins_the_row_again)
{
    struct breaker breaker = closed();

    answer_failures(&breaker, "abab", 100);
    breaker_success(&breaker, 100);
    answer_failures(&breaker, "bbbb", 100);
    answer_failures(&breaker, "b", 100);
    ck_assert(!breaker_is_open(&breaker)); /* what a did lies before the success */
    ck_assert_int_eq(breaker_closed_at(&breaker), -1);
    answer_failures(&breaker, "a", 100);
    ck_assert(breaker_is_open(&breaker));
}
END_TEST

START_TEST(the_first_probe_goes_after_a_second_and_half_of_it_at_most)
{
    int64_t latest_ms = 0;

    for (uint64_t seed = 0; seed < 200; seed++) {
        struct breaker breaker = closed();
        int64_t at_ms;

        random_init(&jitter, seed);
        answer_failures(&breaker, "abcde", 5000);
        at_ms = breaker_deadline(&breaker);
        ck_assert_int_ge(at_ms, 6000);
        ck_assert_int_le(at_ms, 6500);
        ck_assert(!breaker_may_request(&breaker, at_ms - 1));
        ck_assert(breaker_may_request(&breaker, at_ms));
        latest_ms = at_ms > latest_ms ? at_ms : latest_ms;
    }
    ck_assert_int_gt(latest_ms, 6250); /* there is jitter */
}
END_TEST

START_TEST(there_is_one_probe_at_a_time)
{
    struct breaker breaker = opened(0);
    int64_t at_ms = breaker_deadline(&breaker);

    breaker_probe_sent(&breaker, 'a');
    ck_assert(!breaker_may_request(&breaker, at_ms + 1000000));
    ck_assert_int_eq(breaker_deadline(&breaker), INT64_MAX);
}
END_TEST

START_TEST(the_pause_between_probes_doubles_up_to_its_limit)
{
    static const int64_t pauses_ms[] = {2000, 4000, 8000, 16000, 30000, 30000, 30000};
    struct breaker breaker = opened(0);

    for (size_t i = 0; i < sizeof(pauses_ms) / sizeof(pauses_ms[0]); i++) {
        int64_t now_ms = breaker_deadline(&breaker) + 17;

        breaker_probe_sent(&breaker, 'a');
        answer_failures(&breaker, "a", now_ms);
        ck_assert_int_ge(breaker_deadline(&breaker), now_ms + pauses_ms[i]);
        ck_assert_int_le(breaker_deadline(&breaker), now_ms + pauses_ms[i] * 3 / 2);
    }
    ck_assert_uint_eq(breaker_openings(&breaker), 1);
}
END_TEST

START_TEST(a_success_of_the_probe_closes_it_and_the_next_opening_begins_with_a_second)
{
    struct breaker breaker = opened(0);

    breaker_probe_sent(&breaker, 'a');
    answer_failures(&breaker, "a", 10000);
    breaker_probe_sent(&breaker, 'a');
    breaker_success(&breaker, 20000);
    ck_assert(!breaker_is_open(&breaker));
    ck_assert(breaker_may_request(&breaker, 20000));
    ck_assert_int_eq(breaker_deadline(&breaker), INT64_MAX);
    ck_assert_int_eq(breaker_closed_at(&breaker), 20000);
    answer_failures(&breaker, "bcbc", 20001);
    ck_assert(!breaker_is_open(&breaker));
    answer_failures(&breaker, "b", 20001);
    ck_assert_int_le(breaker_deadline(&breaker), 20001 + 1500);
    ck_assert_uint_eq(breaker_openings(&breaker), 2);
}
END_TEST

START_TEST(a_late_success_closes_it_before_any_probe)
{
    struct breaker breaker = opened(0);

    breaker_success(&breaker, 3);
    ck_assert(!breaker_is_open(&breaker));
    ck_assert_int_eq(breaker_closed_at(&breaker), 3);
}
END_TEST

START_TEST(a_late_failure_is_not_taken_for_the_probe)
{
    struct breaker breaker = opened(0);
    int64_t at_ms = breaker_deadline(&breaker);

    answer_failures(&breaker, "fgh", 10);
    ck_assert_int_eq(breaker_deadline(&breaker), at_ms);
    breaker_probe_sent(&breaker, 'a');
    answer_failures(&breaker, "i", at_ms + 1);
    breaker_probe_ended(&breaker, 'j');
    ck_assert(!breaker_may_request(&breaker, at_ms + 1000000)); /* the probe is still under way */
    answer_failures(&breaker, "a", at_ms + 2);
    ck_assert_int_ge(breaker_deadline(&breaker), at_ms + 2 + 2000);
}
END_TEST

START_TEST(after_an_abandoned_probe_the_next_may_go_at_once)
{
    struct breaker breaker = opened(0);
    int64_t at_ms = breaker_deadline(&breaker);

    breaker_probe_sent(&breaker, 'a');
    breaker_probe_ended(&breaker, 'a');
    ck_assert(breaker_may_request(&breaker, at_ms));
    ck_assert_int_eq(breaker_deadline(&breaker), at_ms);
    ck_assert(breaker_is_open(&breaker));
}
END_TEST

static void send_a_second_probe(void)
{
    struct breaker breaker = opened(0);

    breaker_probe_sent(&breaker, 'a');
    breaker_probe_sent(&breaker, 'b');
}

START_TEST(a_second_probe_is_a_bug)
{
    ck_assert(aborts(send_a_second_probe));
}
END_TEST

UNIT_TESTS("engine/breaker", five_failures_in_a_row_of_two_documents_open_it,
           a_document_that_alone_fails_never_opens_it, a_success_between_begins_the_row_again,
           the_first_probe_goes_after_a_second_and_half_of_it_at_most, there_is_one_probe_at_a_time,
           the_pause_between_probes_doubles_up_to_its_limit,
           a_success_of_the_probe_closes_it_and_the_next_opening_begins_with_a_second,
           a_late_success_closes_it_before_any_probe, a_late_failure_is_not_taken_for_the_probe,
           after_an_abandoned_probe_the_next_may_go_at_once, a_second_probe_is_a_bug)
