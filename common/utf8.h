#ifndef IFMATCH_COMMON_UTF8_H
#define IFMATCH_COMMON_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The bytes of the well formed UTF-8 sequence at `data` (Unicode table 3-7: no surrogates, nothing overlong,
 * nothing above U+10FFFF), 1 to 4; 0 if it is not well formed or does not end within `size`. */
size_t utf8_length(const char *data, size_t size);

/* Writes `code` (<= 0x10FFFF) to `out` and returns the bytes used, at most 4. */
size_t utf8_put(uint32_t code, char *out);

#endif
