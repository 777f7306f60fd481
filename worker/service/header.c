#include "service/header.h"

#include <ctype.h>
#include <string.h>

bool header_name_is_valid(struct bytes name)
{
    for (size_t i = 0; i < name.size; i++) {
        unsigned char c = (unsigned char)name.data[i];

        if (c == '\0' || c > 0x7e || (!isalnum(c) && strchr("!#$%&'*+-.^_`|~", c) == NULL))
            return false;
    }
    return name.size > 0;
}

bool header_value_is_valid(struct bytes value, bool may_have_spaces)
{
    for (size_t i = 0; i < value.size; i++) {
        unsigned char c = (unsigned char)value.data[i];

        if (c > 0x7e || c < 0x20 || (c == 0x20 && !may_have_spaces))
            return false;
    }
    return value.size > 0;
}

struct bytes header_base64(struct bytes plain, struct arena *arena)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *out = arena_take(arena, (plain.size + 2) / 3 * 4 + 1);
    size_t used = 0;

    for (size_t i = 0; i < plain.size; i += 3) {
        uint32_t bits = (uint32_t)(unsigned char)plain.data[i] << 16;

        if (i + 1 < plain.size)
            bits |= (uint32_t)(unsigned char)plain.data[i + 1] << 8;
        if (i + 2 < plain.size)
            bits |= (unsigned char)plain.data[i + 2];
        out[used++] = digits[bits >> 18];
        out[used++] = digits[bits >> 12 & 63];
        out[used++] = i + 1 < plain.size ? digits[bits >> 6 & 63] : '=';
        out[used++] = i + 2 < plain.size ? digits[bits & 63] : '=';
    }
    return (struct bytes){out, used};
}

struct bytes header_percent(struct bytes plain, struct arena *arena)
{
    static const char digits[] = "0123456789ABCDEF";
    char *out = arena_take(arena, 3 * plain.size + 1);
    size_t used = 0;

    for (size_t i = 0; i < plain.size; i++) {
        unsigned char c = (unsigned char)plain.data[i];

        if (c < 0x80 && (isalnum(c) || (c != '\0' && strchr("-._~", c) != NULL))) {
            out[used++] = (char)c;
            continue;
        }
        out[used++] = '%';
        out[used++] = digits[c >> 4];
        out[used++] = digits[c & 15];
    }
    return (struct bytes){out, used};
}
