#include "common/bytes.h"

#include "common/utf8.h"

int bytes_compare(struct bytes a, struct bytes b)
{
    size_t size = a.size < b.size ? a.size : b.size;
    int order = size > 0 ? memcmp(a.data, b.data, size) : 0;

    if (order != 0)
        return order;
    return (a.size > b.size) - (a.size < b.size);
}

static unsigned char bytes_lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

bool bytes_equal_ignore_case(struct bytes a, struct bytes b)
{
    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++)
        if (bytes_lower(a.data[i]) != bytes_lower(b.data[i]))
            return false;
    return true;
}

bool bytes_find(struct bytes bytes, char wanted, size_t *ret_position)
{
    const char *found = bytes.size > 0 ? memchr(bytes.data, wanted, bytes.size) : NULL;

    if (found == NULL)
        return false;
    *ret_position = (size_t)(found - bytes.data);
    return true;
}

bool bytes_line(struct bytes *rest, struct bytes *ret_line)
{
    size_t end;

    if (rest->size == 0)
        return false;
    if (!bytes_find(*rest, '\n', &end))
        end = rest->size;
    *ret_line = (struct bytes){rest->data, end};
    *rest = bytes_from(*rest, end < rest->size ? end + 1 : end);
    return true;
}

static bool bytes_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct bytes bytes_trim(struct bytes bytes)
{
    while (bytes.size > 0 && bytes_is_space(bytes.data[0]))
        bytes = bytes_from(bytes, 1);
    while (bytes.size > 0 && bytes_is_space(bytes.data[bytes.size - 1]))
        bytes.size--;
    return bytes;
}

struct bytes bytes_whole(struct bytes bytes)
{
    size_t tail = 1; /* from the last byte that begins a character on */
    unsigned char first;

    while (tail < bytes.size && tail < 4 && ((unsigned char)bytes.data[bytes.size - tail] & 0xc0) == 0x80)
        tail++;
    if (bytes.size == 0)
        return bytes;
    first = (unsigned char)bytes.data[bytes.size - tail];
    if (tail < (first >= 0xf0 ? 4u : first >= 0xe0 ? 3u : first >= 0xc0 ? 2u : 1u))
        bytes.size -= tail;
    return bytes;
}

bool bytes_are_utf8(struct bytes bytes, size_t *ret_offset)
{
    for (size_t at = 0; at < bytes.size;) {
        size_t length = utf8_length(bytes.data + at, bytes.size - at);

        if (length == 0) {
            *ret_offset = at;
            return false;
        }
        at += length;
    }
    return true;
}

bool bytes_to_uint64(struct bytes bytes, uint64_t *ret_value)
{
    uint64_t value = 0;

    if (bytes.size == 0)
        return false;
    for (size_t i = 0; i < bytes.size; i++) {
        char c = bytes.data[i];

        if (c < '0' || c > '9' || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(c - '0'), &value))
            return false;
    }
    *ret_value = value;
    return true;
}

uint64_t bytes_hash(struct bytes bytes)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < bytes.size; i++)
        hash = (hash ^ (unsigned char)bytes.data[i]) * 0x100000001b3u;
    return hash;
}
