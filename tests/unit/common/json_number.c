#include "common/json_number.h"
#include "tests/support/unit.h"

static int sign(int x)
{
    return (x > 0) - (x < 0);
}

static void expect(const char *a, const char *b, int order)
{
    ck_assert_msg(sign(json_number_compare(bytes_of(a), bytes_of(b))) == order, "%s ? %s", a, b);
    ck_assert_msg(sign(json_number_compare(bytes_of(b), bytes_of(a))) == -order, "%s ? %s", b, a);
}

START_TEST(spelling_does_not_matter)
{
    static const char *const ones[] = {"1", "1.0", "1e0", "10e-1", "0.1e1", "1.000E+00", "0.001e3", "1000e-3",
                                       "0.0000000000000000000000000001e28", "100e-0002"};

    for (size_t i = 0; i < sizeof(ones) / sizeof(ones[0]); i++)
        for (size_t j = 0; j < sizeof(ones) / sizeof(ones[0]); j++)
            expect(ones[i], ones[j], 0);
    expect("12.50", "1.25e1", 0);
    expect("-12.50", "-125E-1", 0);
    expect("0.30000000000000004", "3.0000000000000004e-1", 0);
    expect("1.05", "105e-2", 0);
    expect("10.05", "1005e-2", 0);
}
END_TEST

START_TEST(zero_has_one_value)
{
    static const char *const zeros[] = {"0", "-0", "0.0", "-0.000", "0e99999999999999999999", "-0E-5", "0.0e+1"};

    for (size_t i = 0; i < sizeof(zeros) / sizeof(zeros[0]); i++) {
        for (size_t j = 0; j < sizeof(zeros) / sizeof(zeros[0]); j++)
            expect(zeros[i], zeros[j], 0);
        expect("1e-999999999999", zeros[i], 1);
        expect("-1e-999999999999", zeros[i], -1);
    }
}
END_TEST

START_TEST(every_digit_counts)
{
    expect("9007199254740993", "9007199254740992", 1);
    expect("18446744073709551616", "18446744073709551615", 1);
    expect("0.30000000000000004", "0.3", 1);
    expect("1.0000000000000000000000000000000001", "1", 1);
    expect("123456789012345678901234567890", "123456789012345678901234567891", -1);
    expect("9", "10", -1);
    expect("99.9", "100", -1);
    expect("0.09", "0.1", -1);
    expect("0.009", "0.01", -1);
    expect("-1", "1", -1);
    expect("-2", "-1", -1);
    expect("-0.5", "-0.25", -1);
    expect("1.5", "1.45", 1);
    expect("101", "11", 1);
}
END_TEST

START_TEST(exponents_of_any_length_are_exact)
{
    expect("1e400", "10e399", 0);
    expect("1e400", "1e399", 1);
    expect("-1e400", "-1e399", -1);
    expect("1e999999999999", "1e-999999999999", 1);
    expect("1e9223372036854775807", "1e9223372036854775808", -1);
    expect("1e9223372036854775808", "10e9223372036854775807", 0);
    expect("1e18446744073709551616", "1e0", 1);
    expect("1e-18446744073709551616", "1e0", -1);
    expect("1e99999999999999999999999999999", "10e99999999999999999999999999998", 0);
    expect("0.01e100000000000000000000000000001", "1e99999999999999999999999999999", 0);
    expect("1e-100000000000000000000000000000", "0.1e-99999999999999999999999999999", 0);
    expect("1e-100000000000000000000000000000", "1e-99999999999999999999999999999", -1);
    expect("1e0000000000000000000000000000001", "10", 0);
    expect("1e-0", "1e+0", 0);
    expect("2e99999999999999999999", "1e99999999999999999999", 1);
}
END_TEST

START_TEST(a_number_is_what_the_grammar_says)
{
    static const char *const good[] = {"0", "-0", "10", "1.5", "-0.5e-10", "1E+2"};
    static const char *const bad[] = {"", "-", "+1", "01", "1.", ".5", "1e", "1e+", "1 ", " 1", "0x1", "NaN", "1,5", "--1"};

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        ck_assert_msg(json_number_is(bytes_of(good[i])), "%s", good[i]);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ck_assert_msg(!json_number_is(bytes_of(bad[i])), "%s", bad[i]);
    ck_assert(!json_number_is(BYTES_NONE));
}
END_TEST

UNIT_TESTS("common/json_number", spelling_does_not_matter, zero_has_one_value, every_digit_counts,
           exponents_of_any_length_are_exact, a_number_is_what_the_grammar_says)
