#include "event/base64.h"

static int digit_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool base64_decode(struct bytes text, struct arena *arena, struct bytes *ret_data)
{
    size_t padding = 0, used = 0;
    uint32_t bits = 0;
    char *data;

    if (text.size % 4 != 0)
        return false;
    while (padding < 2 && padding < text.size && text.data[text.size - 1 - padding] == '=')
        padding++;
    data = arena_take(arena, text.size / 4 * 3 + 1);
    for (size_t i = 0; i < text.size - padding; i++) {
        int value = digit_value(text.data[i]);

        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        if (i % 4 != 0)
            data[used++] = (char)(bits >> (6 - i % 4 * 2) & 0xff);
    }
    *ret_data = (struct bytes){data, used};
    return true;
}
