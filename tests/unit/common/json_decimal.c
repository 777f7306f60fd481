#include "common/json_decimal.h"
#include "common/json_number.h"
#include "common/memory.h"
#include "common/random.h"
#include "tests/support/unit.h"

#include <stdio.h>

static char *sum(const char *a, const char *b, const char *c)
{
    struct buffer out;

    buffer_init(&out, 1 << 20);
    if (!json_decimal_sum(bytes_of(a), bytes_of(b), bytes_of(c), &out))
        buffer_add_text(&out, "too long");
    return buffer_detach(&out);
}

#define SUM(a, b, c, wanted)                                                                                 \
    do {                                                                                                     \
        auto_text got_ = sum(a, b, c);                                                                       \
        ck_assert_str_eq(got_, wanted);                                                                      \
    } while (0)

START_TEST(a_sum_is_exact)
{
    SUM("0.1", "0.2", "0", "0.3");
    SUM("9007199254740993", "1", "0", "9007199254740994");
    SUM("1", "99999999999999999999999999999", "0", "100000000000000000000000000000");
    SUM("1e3", "5", "1E-2", "1004.99");
    SUM("12.50", "3", "1", "14.50");
    SUM("7", "5", "3", "9");
}
END_TEST

START_TEST(a_sum_goes_below_nothing_and_through_it)
{
    SUM("1", "2", "5", "-2");
    SUM("-0.5", "0.2", "0", "-0.3");
    SUM("5", "0", "5", "0");
    SUM("0.05", "0", "0.10", "-0.05");
    SUM("-99", "0", "1", "-100");
    SUM("-0", "0", "0", "0");
    SUM("10", "0", "1000", "-990");
}
END_TEST

START_TEST(a_sum_that_is_too_long_to_write_is_refused)
{
    auto_text longest = sum("1e1000", "1", "0");

    ck_assert_uint_eq(strlen(longest), 1001);
    ck_assert(longest[0] == '1' && longest[1000] == '1' && strspn(longest + 1, "0") == 999);
    SUM("1e1023", "1", "0", "too long");
    SUM("1e99999999999999999999", "1", "0", "too long");
    SUM("1", "1e-99999999999999999999", "0", "too long");
    SUM("0e99999999999999999999", "1", "0", "1");
}
END_TEST

/* What a machine can count, in hundredths. */
START_TEST(drawn_sums_are_those_of_whole_numbers)
{
    struct random random;

    random_init(&random, 3);
    for (int i = 0; i < 2000; i++) {
        long long values[3], total;
        char texts[3][32], expected[32];

        for (int k = 0; k < 3; k++) {
            values[k] = (long long)random_below(&random, 2000000) - 1000000;
            snprintf(texts[k], sizeof(texts[k]), "%llde-2", values[k]);
        }
        total = values[0] + values[1] - values[2];
        snprintf(expected, sizeof(expected), "%llde-2", total);
        {
            auto_text got = sum(texts[0], texts[1], texts[2]);

            ck_assert_msg(json_number_is(bytes_of(got)), "%s", got);
            ck_assert_msg(json_number_compare(bytes_of(got), bytes_of(expected)) == 0, "%s, not %s", got, expected);
        }
    }
}
END_TEST

UNIT_TESTS("common/json_decimal", a_sum_is_exact, a_sum_goes_below_nothing_and_through_it,
           a_sum_that_is_too_long_to_write_is_refused, drawn_sums_are_those_of_whole_numbers)
