#ifndef IFMATCH_COMMON_JSON_LEX_H
#define IFMATCH_COMMON_JSON_LEX_H

#include "common/bytes.h"

#include <endian.h>

/* For json_*.c alone: the smallest pieces of JSON text. Everything here stops at `end` and reads no byte of it. */

static inline bool json_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool json_is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static inline const char *json_skip_space(const char *p, const char *end)
{
    while (p < end && json_is_space(*p))
        p++;
    return p;
}

static inline const char *json_skip_digits(const char *p, const char *end)
{
    while (p < end && json_is_digit(*p))
        p++;
    return p;
}

/* Behind the number that starts at `p`; `*ret_good` is false if there is none, and the result is then the byte
 * at fault. What follows the number is the caller's to judge. */
static inline const char *json_skip_number(const char *p, const char *end, bool *ret_good)
{
    *ret_good = false;
    if (p < end && *p == '-')
        p++;
    if (p == end || !json_is_digit(*p))
        return p;
    p = *p == '0' ? p + 1 : json_skip_digits(p, end);
    if (p < end && *p == '.') {
        p++;
        if (p == end || !json_is_digit(*p))
            return p;
        p = json_skip_digits(p, end);
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        if (p < end && (*p == '+' || *p == '-'))
            p++;
        if (p == end || !json_is_digit(*p))
            return p;
        p = json_skip_digits(p, end);
    }
    *ret_good = true;
    return p;
}

/* The first byte from `p` on that is not plain inside a string: a quote, a backslash, a control character or a
 * byte of a longer UTF-8 sequence; `end` if there is none. Eight bytes a step. */
static inline const char *json_skip_plain(const char *p, const char *end)
{
    const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;

    for (; end - p >= 8; p += 8) {
        uint64_t word, quote, slash, special;

        memcpy(&word, p, 8);
        word = le64toh(word);
        quote = word ^ (ones * '"');
        slash = word ^ (ones * '\\');
        special = (((quote - ones) & ~quote) | ((slash - ones) & ~slash) | (word - ones * 0x20) | word) & highs;
        if (special != 0)
            return p + (__builtin_ctzll(special) >> 3);
    }
    while (p < end && (unsigned char)*p >= 0x20 && (unsigned char)*p < 0x80 && *p != '"' && *p != '\\')
        p++;
    return p;
}

/* The value of a hexadecimal digit, -1 if it is none. */
static inline int json_hex(char c)
{
    if (json_is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

#endif
