#include "common/json_decimal.h"

/* 10^place counts as 0 where nothing beyond this is asked for. */
#define PLACE_FAR 1000000

struct decimal {
    struct bytes digits; /* with the '.' among them, without the exponent */
    int sign;
    int64_t low; /* the place of the last digit: 10^low */
    int64_t high;
};

static int64_t exponent_of(struct bytes text)
{
    int64_t value = 0;
    bool is_negative = text.size > 0 && text.data[0] == '-';
    size_t i = text.size > 0 && (text.data[0] == '-' || text.data[0] == '+');

    for (; i < text.size && value < PLACE_FAR; i++)
        value = value * 10 + (text.data[i] - '0');
    return is_negative ? -value : value;
}

static bool is_zero(struct bytes digits)
{
    for (size_t i = 0; i < digits.size; i++)
        if (digits.data[i] != '0' && digits.data[i] != '.')
            return false;
    return true;
}

static struct decimal decimal_of(struct bytes text)
{
    struct decimal decimal = {.sign = 1};
    size_t end = 0, dot;

    if (text.data[0] == '-') {
        decimal.sign = -1;
        text = bytes_from(text, 1);
    }
    while (end < text.size && text.data[end] != 'e' && text.data[end] != 'E')
        end++;
    decimal.digits = (struct bytes){text.data, end};
    if (end < text.size)
        decimal.low = exponent_of(bytes_from(text, end + 1));
    if (is_zero(decimal.digits) && decimal.low > 0)
        decimal.low = 0; /* 0e400 is no larger than 0 */
    decimal.high = decimal.low + (int64_t)end;
    if (bytes_find(decimal.digits, '.', &dot)) {
        decimal.low -= (int64_t)(end - dot - 1);
        decimal.high = decimal.low + (int64_t)end - 1;
    }
    return decimal;
}

struct sum {
    int64_t low;
    size_t places;
    int digits[JSON_DECIMAL_DIGITS_MAX + 2]; /* [0] counts 10^low; one more for what is carried, and one to end */
};

static void sum_add(struct sum *sum, const struct decimal *decimal, int sign)
{
    int64_t place = decimal->low - sum->low;

    for (size_t i = decimal->digits.size; i > 0; i--)
        if (decimal->digits.data[i - 1] != '.')
            sum->digits[place++] += sign * decimal->sign * (decimal->digits.data[i - 1] - '0');
}

/* Every place a digit; false: the sum is negative, and the digits are not those of its amount. */
static bool sum_carry(struct sum *sum)
{
    int carry = 0;

    for (size_t i = 0; i <= sum->places; i++) {
        int value = sum->digits[i] + carry;

        carry = value >= 0 ? value / 10 : -((9 - value) / 10);
        sum->digits[i] = value - carry * 10;
    }
    return carry == 0;
}

static void sum_negate(struct sum *sum)
{
    for (size_t i = 0; i <= sum->places; i++)
        sum->digits[i] = -sum->digits[i];
    sum->digits[sum->places] += 10; /* what the first carry has taken from above */
}

static void sum_write(const struct sum *sum, bool is_negative, struct buffer *out)
{
    size_t first = sum->places, decimals = (size_t)-sum->low;

    while (first > decimals && sum->digits[first] == 0)
        first--;
    if (is_negative)
        buffer_add_char(out, '-');
    for (size_t i = first + 1; i > 0; i--) {
        buffer_add_char(out, (char)('0' + sum->digits[i - 1]));
        if (i - 1 == decimals && decimals > 0)
            buffer_add_char(out, '.');
    }
}

bool json_decimal_sum(struct bytes a, struct bytes b, struct bytes c, struct buffer *out)
{
    const struct decimal decimals[] = {decimal_of(a), decimal_of(b), decimal_of(c)};
    struct sum sum = {0};
    int64_t high = 1;
    bool is_negative;

    for (size_t i = 0; i < 3; i++) {
        sum.low = decimals[i].low < sum.low ? decimals[i].low : sum.low;
        high = decimals[i].high > high ? decimals[i].high : high;
    }
    if (high - sum.low + 1 > JSON_DECIMAL_DIGITS_MAX)
        return false;
    sum.places = (size_t)(high - sum.low) + 1;
    for (size_t i = 0; i < 3; i++)
        sum_add(&sum, &decimals[i], i < 2 ? 1 : -1);
    is_negative = !sum_carry(&sum);
    if (is_negative) {
        sum_negate(&sum);
        sum_carry(&sum);
    }
    sum_write(&sum, is_negative, out);
    return true;
}
