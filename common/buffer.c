#include "common/buffer.h"

#include "common/check.h"
#include "common/memory.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define BUFFER_FIRST_BYTES 256

void buffer_init(struct buffer *buffer, size_t limit)
{
    *buffer = (struct buffer){.limit = limit};
}

void buffer_release(struct buffer *buffer)
{
    free(buffer->data);
    buffer_init(buffer, buffer->limit);
}

void buffer_reset(struct buffer *buffer)
{
    buffer->size = 0;
    buffer->overflowed = false;
}

/* Makes room for `size` more bytes and a NUL; false, and overflowed, if the limit forbids it. */
static bool buffer_reserve(struct buffer *buffer, size_t size)
{
    size_t needed, capacity;

    if (buffer->overflowed || size > buffer->limit - buffer->size) {
        buffer->overflowed = true;
        return false;
    }
    if (buffer->capacity - buffer->size > size)
        return true;
    needed = buffer->size + size;
    ensure(needed < SIZE_MAX / 4);
    capacity = buffer->capacity < BUFFER_FIRST_BYTES ? BUFFER_FIRST_BYTES : buffer->capacity * 2;
    if (capacity > buffer->limit)
        capacity = buffer->limit + 1;
    if (capacity <= needed)
        capacity = needed + 1;
    buffer->data = memory_resize(buffer->data, capacity);
    buffer->capacity = capacity;
    return true;
}

void buffer_add(struct buffer *buffer, struct bytes bytes)
{
    if (bytes.size == 0 || !buffer_reserve(buffer, bytes.size))
        return;
    memcpy(buffer->data + buffer->size, bytes.data, bytes.size);
    buffer->size += bytes.size;
}

void buffer_add_text(struct buffer *buffer, const char *text)
{
    buffer_add(buffer, bytes_of(text));
}

void buffer_add_char(struct buffer *buffer, char c)
{
    if (buffer_reserve(buffer, 1))
        buffer->data[buffer->size++] = c;
}

void buffer_add_uint64(struct buffer *buffer, uint64_t value)
{
    char digits[20];
    size_t at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    buffer_add(buffer, (struct bytes){digits + at, sizeof(digits) - at});
}

void buffer_add_int64(struct buffer *buffer, int64_t value)
{
    char digits[21];
    size_t at = sizeof(digits);
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;

    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        digits[--at] = '-';
    buffer_add(buffer, (struct bytes){digits + at, sizeof(digits) - at});
}

void buffer_format(struct buffer *buffer, const char *format, ...)
{
    size_t room = buffer->capacity - buffer->size;
    va_list arguments, again;
    int size;

    va_start(arguments, format);
    va_copy(again, arguments);
    size = vsnprintf(room > 0 ? buffer->data + buffer->size : NULL, room, format, arguments);
    ensure(size >= 0);
    if (buffer_reserve(buffer, (size_t)size)) {
        if ((size_t)size >= room)
            vsnprintf(buffer->data + buffer->size, (size_t)size + 1, format, again);
        buffer->size += (size_t)size;
    }
    va_end(again);
    va_end(arguments);
}

struct bytes buffer_bytes(const struct buffer *buffer)
{
    return (struct bytes){buffer->size > 0 ? buffer->data : "", buffer->size};
}

struct bytes buffer_take(struct buffer *buffer, struct arena *arena)
{
    struct bytes taken = arena_keep(arena, buffer_bytes(buffer));

    buffer_release(buffer);
    return taken;
}

char *buffer_detach(struct buffer *buffer)
{
    char *text = buffer->data != NULL ? buffer->data : memory_new(1);

    text[buffer->size] = '\0';
    buffer_init(buffer, buffer->limit);
    return text;
}
