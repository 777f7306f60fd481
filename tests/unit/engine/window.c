#include "../../support/unit.h"

#include "common/random.h"
#include "engine/window.h"

START_TEST(watermark_stays_below_the_oldest_unfinished_event)
{
    struct window *window = window_new(10);

    ck_assert(window_receive(window, 10));
    ck_assert(window_receive(window, 12)); /* 11 is a transaction marker: never received */
    window_finish(window, 12);
    ck_assert_int_eq(window_watermark(window), 10);
    window_free(window);
}
END_TEST

START_TEST(watermark_passes_gaps_once_what_is_below_is_finished)
{
    struct window *window = window_new(10);

    ck_assert(window_receive(window, 10));
    ck_assert(window_receive(window, 15));
    window_finish(window, 10);
    ck_assert_int_eq(window_watermark(window), 15);
    window_finish(window, 15);
    ck_assert_int_eq(window_watermark(window), 16);
    window_free(window);
}
END_TEST

START_TEST(watermark_of_an_empty_window_is_its_start)
{
    struct window *window = window_new(7);

    ck_assert_int_eq(window_watermark(window), 7);
    ck_assert_uint_eq(window_unfinished(window), 0);
    window_free(window);
}
END_TEST

START_TEST(an_offset_received_before_is_refused)
{
    struct window *window = window_new(10);

    ck_assert(window_receive(window, 11));
    ck_assert(!window_receive(window, 11));
    ck_assert(!window_receive(window, 10)); /* offsets rise: what lies below was passed by */
    ck_assert(!window_receive(window, 9));
    ck_assert_uint_eq(window_unfinished(window), 1);
    window_free(window);
}
END_TEST

START_TEST(finishing_what_was_never_received_is_a_broken_promise)
{
    struct window *window = window_new(0);

    window_finish(window, 3);
    window_free(window);
}
END_TEST

START_TEST(any_order_of_finishing_ends_at_the_last_offset)
{
    enum { COUNT = 400 };
    struct window *window = window_new(0);
    int64_t offsets[COUNT];
    int64_t offset = 0, watermark = 0;
    struct random random;

    random_init(&random, 17);
    for (size_t i = 0; i < COUNT; i++) {
        offset += 1 + (int64_t)random_below(&random, 3);
        offsets[i] = offset;
        ck_assert(window_receive(window, offset));
    }
    for (size_t left = COUNT; left > 0; left--) {
        size_t pick = random_below(&random, left);

        window_finish(window, offsets[pick]);
        offsets[pick] = offsets[left - 1];
        ck_assert_uint_eq(window_span_count(window), window_spans(window, NULL, 0));
        ck_assert_int_ge(window_watermark(window), watermark);
        watermark = window_watermark(window);
        for (size_t i = 0; i + 1 < left; i++)
            ck_assert_int_le(watermark, offsets[i]);
    }
    ck_assert_int_eq(window_watermark(window), offset + 1);
    window_free(window);
}
END_TEST

UNIT_TESTS_ABORTING("engine/window", (finishing_what_was_never_received_is_a_broken_promise),
                    watermark_stays_below_the_oldest_unfinished_event,
                    watermark_passes_gaps_once_what_is_below_is_finished,
                    watermark_of_an_empty_window_is_its_start, an_offset_received_before_is_refused,
                    any_order_of_finishing_ends_at_the_last_offset)
