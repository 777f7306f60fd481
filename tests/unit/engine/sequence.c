#include "../../support/aborts.h"
#include "../../support/unit.h"

#include "engine/sequence.h"

static int compare(const char *a, const char *b)
{
    int order = sequence_compare(bytes_of(a), bytes_of(b));
    int reverse = sequence_compare(bytes_of(b), bytes_of(a));

    ck_assert_int_eq((order > 0) - (order < 0), (reverse < 0) - (reverse > 0));
    return (order > 0) - (order < 0);
}

START_TEST(digits_compare_as_numbers_of_any_length)
{
    ck_assert_int_eq(compare("9", "10"), -1);
    ck_assert_int_eq(compare("10", "10"), 0);
    ck_assert_int_eq(compare("18446744073709551616", "18446744073709551615"), 1);
    ck_assert_int_eq(compare("99999999999999999999999999999999999999999", "100000000000000000000000000000000000000000"),
                     -1);
}
END_TEST

START_TEST(leading_zeros_mean_nothing)
{
    ck_assert_int_eq(compare("0000000042", "42"), 0);
    ck_assert_int_eq(compare("0000000041", "42"), -1);
    ck_assert_int_eq(compare("0", "000"), 0);
    ck_assert_int_eq(compare("00", "1"), -1);
}
END_TEST

START_TEST(text_compares_byte_by_byte)
{
    ck_assert_int_eq(compare("2026-11-24T10:00:00Z", "2026-11-24T10:00:01Z"), -1);
    ck_assert_int_eq(compare("a", "ab"), -1);
    ck_assert_int_eq(compare("a10", "a9"), -1);
    ck_assert_int_eq(compare("z", "\xc3\xa9"), -1); /* unsigned */
    ck_assert_int_eq(compare("", "x"), -1);
}
END_TEST

START_TEST(a_number_is_digits_and_nothing_else)
{
    ck_assert(sequence_is_number(BYTES("0")));
    ck_assert(sequence_is_number(BYTES("0123456789")));
    ck_assert(!sequence_is_number(BYTES("")));
    ck_assert(!sequence_is_number(BYTES("-1")));
    ck_assert(!sequence_is_number(BYTES("1.0")));
    ck_assert(!sequence_is_number(BYTES(" 1")));
    ck_assert(!sequence_is_number(BYTES("1:")));
}
END_TEST

static void compare_a_number_with_text(void)
{
    (void)sequence_compare(BYTES("1"), BYTES("a"));
}

START_TEST(a_number_and_a_text_have_no_order)
{
    ck_assert(aborts(compare_a_number_with_text));
}
END_TEST

UNIT_TESTS("engine/sequence", digits_compare_as_numbers_of_any_length, leading_zeros_mean_nothing,
           text_compares_byte_by_byte, a_number_is_digits_and_nothing_else, a_number_and_a_text_have_no_order)
