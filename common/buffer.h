#ifndef IFMATCH_COMMON_BUFFER_H
#define IFMATCH_COMMON_BUFFER_H

#include "common/bytes.h"

struct arena;

/* Bytes that grow up to a limit given at init. What does not fit as a whole is not added, nor is anything behind
 * it, and `overflowed` stays true: check it once at the end. Embedded by its users; reset keeps the memory for reuse. */
struct buffer {
    char *data;
    size_t size;
    size_t capacity;
    size_t limit;
    bool overflowed;
};

void buffer_init(struct buffer *buffer, size_t limit);
void buffer_release(struct buffer *buffer);
void buffer_reset(struct buffer *buffer);
void buffer_add(struct buffer *buffer, struct bytes bytes);
void buffer_add_text(struct buffer *buffer, const char *text);
void buffer_add_char(struct buffer *buffer, char c);
void buffer_add_uint64(struct buffer *buffer, uint64_t value);
void buffer_add_int64(struct buffer *buffer, int64_t value);
void buffer_format(struct buffer *buffer, const char *format, ...) __attribute__((format(__printf__, 2, 3)));
struct bytes buffer_bytes(const struct buffer *buffer); /* valid until the next change */
char *buffer_detach(struct buffer *buffer);             /* NUL-terminated; the caller frees; buffer is empty */
struct bytes buffer_take(struct buffer *buffer, struct arena *arena); /* in the arena; the buffer is released */

#define auto_buffer __attribute__((cleanup(buffer_release))) struct buffer

#endif
