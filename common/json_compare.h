#ifndef IFMATCH_COMMON_JSON_COMPARE_H
#define IFMATCH_COMMON_JSON_COMPARE_H

#include "common/json_scan.h"

/* Are two values the same? Numbers by decimal value, strings by their unescaped text, objects without order,
 * arrays in order. Any two indices of any two scanned texts. */
bool json_equal(const struct json *a, uint32_t a_index, const struct json *b, uint32_t b_index);

#endif
