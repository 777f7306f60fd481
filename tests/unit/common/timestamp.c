#include "common/timestamp.h"
#include "common/random.h"
#include "tests/support/unit.h"

static const struct {
    int64_t wall_ms;
    const char *text;
} pairs[] = {
    {0, "1970-01-01T00:00:00.000Z"},
    {1, "1970-01-01T00:00:00.001Z"},
    {-1, "1969-12-31T23:59:59.999Z"},
    {951782400000, "2000-02-29T00:00:00.000Z"},
    {1795514400123, "2026-11-24T10:00:00.123Z"},
    {4107542400000, "2100-03-01T00:00:00.000Z"},
    {253402300799999, "9999-12-31T23:59:59.999Z"},
    {-62167219200000, "0000-01-01T00:00:00.000Z"},
};

START_TEST(text_and_value_are_the_same_time)
{
    char text[TIMESTAMP_TEXT_SIZE];
    int64_t wall_ms;

    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        ck_assert_str_eq(timestamp_text(pairs[i].wall_ms, text), pairs[i].text);
        ck_assert(timestamp_parse(bytes_of(pairs[i].text), &wall_ms));
        ck_assert_int_eq(wall_ms, pairs[i].wall_ms);
    }
}
END_TEST

START_TEST(every_time_comes_back)
{
    char text[TIMESTAMP_TEXT_SIZE];
    struct random random;
    int64_t wall_ms;

    random_init(&random, 3);
    for (int i = 0; i < 20000; i++) {
        int64_t drawn = (int64_t)random_below(&random, 315569519999999) - 62167219200000;

        ck_assert(timestamp_parse(bytes_of(timestamp_text(drawn, text)), &wall_ms));
        ck_assert_int_eq(wall_ms, drawn);
    }
}
END_TEST

START_TEST(what_rfc_3339_cannot_write_is_clamped)
{
    char text[TIMESTAMP_TEXT_SIZE];

    ck_assert_str_eq(timestamp_text(INT64_MAX, text), "9999-12-31T23:59:59.999Z");
    ck_assert_str_eq(timestamp_text(INT64_MIN, text), "0000-01-01T00:00:00.000Z");
}
END_TEST

START_TEST(offsets_fractions_and_leap_seconds_are_read)
{
    static const char *const same[] = {
        "2026-11-24T10:00:00.123Z",      "2026-11-24t10:00:00.123z",         "2026-11-24 10:00:00.123999999Z",
        "2026-11-24T11:30:00.123+01:30", "2026-11-23T20:00:00.1234567-14:00",
    };
    int64_t wall_ms;

    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        ck_assert_msg(timestamp_parse(bytes_of(same[i]), &wall_ms), "%s", same[i]);
        ck_assert_int_eq(wall_ms, 1795514400123);
    }
    ck_assert(timestamp_parse(BYTES("1970-01-01T00:00:01.5Z"), &wall_ms));
    ck_assert_int_eq(wall_ms, 1500);
    ck_assert(timestamp_parse(BYTES("2016-12-31T23:59:60Z"), &wall_ms));
    ck_assert_int_eq(wall_ms, 1483228800000);
    ck_assert(timestamp_parse(BYTES("2017-01-01T00:59:60+01:00"), &wall_ms));
    ck_assert_int_eq(wall_ms, 1483228800000);
}
END_TEST

START_TEST(what_is_no_time_is_refused)
{
    static const char *const bad[] = {
        "", "2026-11-24", "2026-11-24T10:00:00", "2026-11-24T10:00Z", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
        "2026-01-00T00:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24T10:60:00Z", "2026-11-24T10:00:61Z",
        "2026-11-24T10:00:60Z", "2026-11-24T10:00:00.Z", "2026-11-24T10:00:00Z ", "2026-11-24T10:00:00+24:00",
        "2026-11-24T10:00:00+0100", "2026-11-24T10:00:00+01:60", "26-11-24T10:00:00Z", "2026-11-24X10:00:00Z",
        "-2026-11-24T10:00:00Z", "2026-1-24T10:00:00Z",
    };
    int64_t wall_ms = 5;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ck_assert_msg(!timestamp_parse(bytes_of(bad[i]), &wall_ms), "%s", bad[i]);
    ck_assert(!timestamp_parse(BYTES("2026-11-24\0" "10:00:00Z"), &wall_ms));
    ck_assert_int_eq(wall_ms, 5);
}
END_TEST

/* '<', '=', '>', or '?' for no order. */
static char order_of(const char *a, const char *b)
{
    int order;

    if (!timestamp_compare(bytes_of(a), bytes_of(b), &order))
        return '?';
    return order < 0 ? '<' : order > 0 ? '>' : '=';
}

START_TEST(instants_and_dates_have_an_order)
{
    ck_assert_int_eq(order_of("2026-11-24T10:00:00Z", "2026-11-24T10:00:00.001Z"), '<');
    ck_assert_int_eq(order_of("2026-11-24T12:00:00+02:00", "2026-11-24T10:00:00.000Z"), '=');
    ck_assert_int_eq(order_of("2026-11-24T10:00:00.5+01:00", "2026-11-24T09:00:00.500Z"), '=');
    ck_assert_int_eq(order_of("2026-11-24", "2026-11-23"), '>');
    ck_assert_int_eq(order_of("2026-11-24", "2026-11-24"), '=');
}
END_TEST

START_TEST(fractions_finer_than_a_millisecond_have_an_order_too)
{
    ck_assert_int_eq(order_of("2026-11-24T10:00:00.1234567Z", "2026-11-24T10:00:00.1234568Z"), '<');
    ck_assert_int_eq(order_of("2026-11-24T10:00:00.1234Z", "2026-11-24T11:00:00.12340+01:00"), '=');
    ck_assert_int_eq(order_of("2026-11-24T10:00:00.123400001Z", "2026-11-24T10:00:00.1234Z"), '>');
}
END_TEST

START_TEST(a_date_and_an_instant_have_no_order)
{
    ck_assert_int_eq(order_of("2026-11-24", "2026-11-24T10:00:00Z"), '?');
    ck_assert_int_eq(order_of("2026-11-24T10:00:00Z", "soon"), '?');
    ck_assert_int_eq(order_of("2026-11-24x", "2026-11-24"), '?');
    ck_assert_int_eq(order_of("", ""), '?');
}
END_TEST

UNIT_TESTS("common/timestamp", instants_and_dates_have_an_order, fractions_finer_than_a_millisecond_have_an_order_too,
           a_date_and_an_instant_have_no_order, text_and_value_are_the_same_time, every_time_comes_back,
           what_rfc_3339_cannot_write_is_clamped, offsets_fractions_and_leap_seconds_are_read,
           what_is_no_time_is_refused)
