#include "common/memory.h"
#include "common/random.h"
#include "engine/window_codec.h"

#include "tests/support/unit.h"

#include <stdio.h>

static struct window_span decoded[WINDOW_TEXT_MAX];

START_TEST(what_is_finished_above_the_watermark_is_told_and_taken_over)
{
    struct window *one = window_new(100), *two;
    struct window_span spans[8];
    char text[WINDOW_TEXT_MAX];
    size_t count, size;

    for (int64_t offset = 100; offset < 110; offset++)
        ck_assert(window_receive(one, offset));
    window_finish(one, 102);
    window_finish(one, 103);
    window_finish(one, 107);
    count = window_spans(one, spans, 8);
    ck_assert_uint_eq(count, 2);
    size = window_encode(window_watermark(one), spans, count, text);
    ck_assert(window_decode(100, (struct bytes){text, size}, decoded, &count));
    ck_assert_uint_eq(count, 2);
    ck_assert(decoded[0].first == 102 && decoded[0].next == 104 && decoded[1].first == 107 && decoded[1].next == 108);

    two = window_new(100);
    window_restore(two, decoded, count);
    for (int64_t offset = 100; offset < 110; offset++)
        ck_assert_int_eq(window_receive(two, offset), offset != 102 && offset != 103 && offset != 107);
    ck_assert_uint_eq(window_unfinished(two), 7);
    window_finish(two, 100);
    window_finish(two, 101);
    ck_assert_int_eq(window_watermark(two), 104);
    window_free(one);
    window_free(two);
}
END_TEST

START_TEST(what_was_taken_over_and_not_received_yet_is_told_again)
{
    struct window *window = window_new(100);
    const struct window_span restored[] = {{101, 103}, {105, 120}};
    struct window_span spans[8];

    window_restore(window, restored, 2);
    ck_assert_uint_eq(window_spans(window, spans, 8), 2);
    ck_assert(window_receive(window, 100));
    ck_assert(!window_receive(window, 101));
    ck_assert(!window_receive(window, 106)); /* 102 to 105 were compacted away */
    ck_assert_uint_eq(window_spans(window, spans, 8), 2);
    ck_assert(spans[0].first == 101 && spans[0].next == 107 && spans[1].first == 107 && spans[1].next == 120);
    window_finish(window, 100);
    ck_assert_int_eq(window_watermark(window), 107);
    window_free(window);
}
END_TEST

START_TEST(foreign_damaged_and_mismatched_texts_say_nothing)
{
    const struct window_span spans[] = {{105, 110}, {5000, 900000}};
    char text[WINDOW_TEXT_MAX], changed[WINDOW_TEXT_MAX];
    size_t size = window_encode(100, spans, 2, text), count;

    ck_assert(window_decode(100, (struct bytes){text, size}, decoded, &count));
    ck_assert(!window_decode(101, (struct bytes){text, size}, decoded, &count)); /* of another offset */
    ck_assert(!window_decode(100, BYTES("consumer-1-0a2f"), decoded, &count));
    ck_assert(!window_decode(100, BYTES_NONE, decoded, &count));
    for (size_t i = 0; i < size; i++) {
        memcpy(changed, text, size);
        changed[i] = changed[i] == 'x' ? 'y' : 'x';
        ck_assert(!window_decode(100, (struct bytes){changed, size}, decoded, &count));
        ck_assert(!window_decode(100, (struct bytes){text, i}, decoded, &count));
    }
}
END_TEST

START_TEST(what_does_not_fit_is_left_out_from_the_end)
{
    static struct window_span spans[4000];
    char text[WINDOW_TEXT_MAX];
    size_t count, size;

    for (size_t i = 0; i < 4000; i++)
        spans[i] = (struct window_span){100 + 2 * (int64_t)i + 1, 100 + 2 * (int64_t)i + 2};
    size = window_encode(100, spans, 4000, text);
    ck_assert_uint_lt(size, WINDOW_TEXT_MAX);
    ck_assert(window_decode(100, (struct bytes){text, size}, decoded, &count));
    ck_assert_uint_gt(count, 1000);
    for (size_t i = 0; i < count; i++)
        ck_assert(decoded[i].first == spans[i].first && decoded[i].next == spans[i].next);
}
END_TEST

START_TEST(any_spans_come_back_as_they_were)
{
    struct window_span spans[20];
    char text[WINDOW_TEXT_MAX];
    struct random random;

    random_init(&random, 5);
    for (size_t trial = 0; trial < 2000; trial++) {
        int64_t start = (int64_t)random_below(&random, 1ULL << random_below(&random, 50)), last = start;
        size_t wanted = 1 + random_below(&random, 20), count, size;

        for (size_t i = 0; i < wanted; i++) {
            spans[i].first = last + (int64_t)random_below(&random, 1ULL << random_below(&random, 40));
            last = spans[i].next = spans[i].first + 1 + (int64_t)random_below(&random, 1ULL << random_below(&random, 40));
        }
        size = window_encode(start, spans, wanted, text);
        ck_assert(window_decode(start, (struct bytes){text, size}, decoded, &count));
        ck_assert_uint_eq(count, wanted);
        ck_assert(memcmp(decoded, spans, count * sizeof(spans[0])) == 0);
    }
}
END_TEST

/* One span, "BB": from the offset behind the watermark on. With the hash of its offset, whatever that is. */
static struct bytes text_at(int64_t offset_next, char text[WINDOW_TEXT_MAX])
{
    auto_text offset = memory_format("%lld", (long long)offset_next);
    uint64_t hash = bytes_hash(BYTES("BB")) * 31 + bytes_hash(bytes_of(offset));

    return (struct bytes){text, (size_t)snprintf(text, WINDOW_TEXT_MAX, "ifmatch/1 BB %016llx", (unsigned long long)hash)};
}

START_TEST(an_offset_near_the_end_of_all_numbers_is_not_believed)
{
    const int64_t bad[] = {INT64_MAX, INT64_MAX - 1, INT64_MAX / 4, INT64_MAX / 8, -1, INT64_MIN};
    const struct window_span far = {INT64_MAX / 2, INT64_MAX / 2 + 1};
    char text[WINDOW_TEXT_MAX];
    size_t count;

    ck_assert(window_decode(100, text_at(100, text), decoded, &count));
    ck_assert(decoded[0].first == 101 && decoded[0].next == 102);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ck_assert(!window_decode(bad[i], text_at(bad[i], text), decoded, &count));
    ck_assert_uint_eq(window_encode(100, &far, 1, text), 0);
}
END_TEST

START_TEST(nothing_finished_is_no_text)
{
    char text[WINDOW_TEXT_MAX];

    ck_assert_uint_eq(window_encode(100, NULL, 0, text), 0);
}
END_TEST

UNIT_TESTS("engine/window_codec", what_is_finished_above_the_watermark_is_told_and_taken_over,
           what_was_taken_over_and_not_received_yet_is_told_again, foreign_damaged_and_mismatched_texts_say_nothing,
           what_does_not_fit_is_left_out_from_the_end, any_spans_come_back_as_they_were,
           an_offset_near_the_end_of_all_numbers_is_not_believed, nothing_finished_is_no_text)
