#ifndef IFMATCH_COMMON_JSON_DECIMAL_H
#define IFMATCH_COMMON_JSON_DECIMAL_H

#include "common/buffer.h"

/* Sums of JSON numbers, exact: 0.1 + 0.2 is 0.3, and no digit of 9007199254740993 is lost. */
#define JSON_DECIMAL_DIGITS_MAX 1024

/* Adds `a` + `b` - `c` to `out`, written without an exponent, with as many decimals as the longest of the three
 * (12.50 + 3 - 1 = 14.50). All three must be JSON numbers. False: the sum needs more than JSON_DECIMAL_DIGITS_MAX
 * digits; `out` is as before. */
bool json_decimal_sum(struct bytes a, struct bytes b, struct bytes c, struct buffer *out);

#endif
