#include "common/json_number.h"

#include "common/json_lex.h"

/* A difference of exponents beyond this is never outweighed by the digits of a text of 4 GiB. */
#define EXPONENT_FAR 1000000000000000

/* 0.ddd * 10^(point + exponent), where ddd are the digits from the first that is not 0 on. */
struct number {
    const char *digits; /* a '.' among them does not count */
    const char *digits_end;
    int64_t point;
    struct bytes exponent; /* its digits, of any number */
    int exponent_sign;
    int sign; /* 0: the number is zero */
};

static struct number number_of(struct bytes text)
{
    const char *p = text.data, *end = text.data + text.size, *dot = NULL;
    struct number number = {.sign = 1, .exponent_sign = 1, .exponent = BYTES("")};

    if (*p == '-') {
        number.sign = -1;
        p++;
    }
    for (number.digits = p; p < end && *p != 'e' && *p != 'E'; p++)
        if (*p == '.')
            dot = p;
    number.digits_end = p;
    if (dot == NULL)
        dot = p;
    if (p < end && ++p < end && (*p == '+' || *p == '-'))
        number.exponent_sign = *p++ == '-' ? -1 : 1;
    if (p < end)
        number.exponent = (struct bytes){p, (size_t)(end - p)};
    while (number.digits < number.digits_end && (*number.digits == '0' || *number.digits == '.'))
        number.digits++;
    if (number.digits == number.digits_end)
        number.sign = 0;
    number.point = dot - number.digits;
    if (number.point < 0)
        number.point++; /* the '.' itself stands between */
    return number;
}

/* The digit of `exponent` that counts 10^place. */
static int exponent_digit(struct bytes exponent, size_t place)
{
    return place < exponent.size ? exponent.data[exponent.size - 1 - place] - '0' : 0;
}

/* a - b, exact up to EXPONENT_FAR and of the right sign beyond it: from there the digits that follow can only
 * take it farther. */
static int64_t exponent_difference(const struct number *a, const struct number *b)
{
    size_t places = a->exponent.size > b->exponent.size ? a->exponent.size : b->exponent.size;
    int64_t difference = 0;

    while (places > 0 && difference < EXPONENT_FAR && difference > -EXPONENT_FAR) {
        places--;
        difference = difference * 10 + a->exponent_sign * exponent_digit(a->exponent, places) -
                     b->exponent_sign * exponent_digit(b->exponent, places);
    }
    return difference;
}

static int digit_next(const char **p, const char *end)
{
    if (*p < end && **p == '.')
        ++*p;
    return *p < end ? *(*p)++ - '0' : 0;
}

static int magnitude_compare(const struct number *a, const struct number *b)
{
    int64_t difference = exponent_difference(a, b) + a->point - b->point;
    const char *p = a->digits, *q = b->digits;

    if (difference != 0)
        return difference > 0 ? 1 : -1;
    while (p < a->digits_end || q < b->digits_end) {
        int order = digit_next(&p, a->digits_end) - digit_next(&q, b->digits_end);

        if (order != 0)
            return order;
    }
    return 0;
}

int json_number_compare(struct bytes a, struct bytes b)
{
    struct number left, right;

    if (bytes_equal(a, b))
        return 0;
    left = number_of(a);
    right = number_of(b);
    if (left.sign != right.sign)
        return left.sign - right.sign;
    return left.sign == 0 ? 0 : left.sign * magnitude_compare(&left, &right);
}

bool json_number_is(struct bytes text)
{
    bool is_good;

    if (text.size == 0)
        return false;
    return json_skip_number(text.data, text.data + text.size, &is_good) == text.data + text.size && is_good;
}
