#include "common/log_repeats.h"
#include "tests/support/unit.h"

static const struct log_repeats_slot here = {.file = "here.c", .line = 1, .component = "x", .level = LOG_WARN};
static const struct log_repeats_slot there = {.file = "there.c", .line = 1, .component = "y", .level = LOG_INFO};

START_TEST(ten_in_ten_seconds_then_counted_and_said_once)
{
    static struct log_repeats repeats;
    struct log_repeats_slot slot;
    uint64_t held = 0;

    for (int i = 0; i < 25; i++)
        ck_assert(log_repeats_admit(&repeats, &here, i == 10 ? "the first held" : "text", 1000 + i) == (i < 10));
    ck_assert(log_repeats_admit(&repeats, &there, "other place", 1030));
    ck_assert(!log_repeats_take_held(&repeats, 10999, &slot, &held));
    ck_assert(log_repeats_take_held(&repeats, 11000, &slot, &held));
    ck_assert_uint_eq(held, 15);
    ck_assert_str_eq(slot.text, "the first held");
    ck_assert_str_eq(slot.component, "x");
    ck_assert_int_eq(slot.level, LOG_WARN);
    ck_assert(!log_repeats_take_held(&repeats, 99999, &slot, &held));
    ck_assert(log_repeats_admit(&repeats, &here, "again", 11000));
}
END_TEST

START_TEST(a_slow_place_is_never_held_back)
{
    static struct log_repeats repeats;
    struct log_repeats_slot slot;
    uint64_t held;

    for (int i = 0; i < 100; i++)
        ck_assert(log_repeats_admit(&repeats, &here, "text", i * 1000));
    ck_assert(!log_repeats_take_held(&repeats, 1000000, &slot, &held));
}
END_TEST

START_TEST(more_places_than_slots_are_heard_all_the_same)
{
    static struct log_repeats repeats;

    for (int i = 0; i < 5 * LOG_REPEATS_SLOTS; i++) {
        struct log_repeats_slot place = here;

        place.line = i;
        ck_assert(log_repeats_admit(&repeats, &place, "text", 5));
    }
}
END_TEST

UNIT_TESTS("common/log_repeats", ten_in_ten_seconds_then_counted_and_said_once, a_slow_place_is_never_held_back,
           more_places_than_slots_are_heard_all_the_same)
