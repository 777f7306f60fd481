#ifndef IFMATCH_COMMON_BYTES_H
#define IFMATCH_COMMON_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A view of bytes that somebody else owns. data == NULL means "absent", which is not the same as empty. */
struct bytes {
    const char *data;
    size_t size;
};

#define BYTES(literal) ((struct bytes){(literal), sizeof(literal) - 1})
#define BYTES_NONE     ((struct bytes){NULL, 0})
/* For printf's "%.*s". */
#define BYTES_ARG(bytes) (int)(bytes).size, (bytes).data != NULL ? (bytes).data : ""

static inline struct bytes bytes_of(const char *text)
{
    return (struct bytes){text, text != NULL ? strlen(text) : 0};
}

static inline bool bytes_present(struct bytes bytes)
{
    return bytes.data != NULL;
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline bool bytes_start_with(struct bytes bytes, struct bytes prefix)
{
    return bytes.size >= prefix.size && (prefix.size == 0 || memcmp(bytes.data, prefix.data, prefix.size) == 0);
}

/* The bytes from `start` on; `start` <= size. */
static inline struct bytes bytes_from(struct bytes bytes, size_t start)
{
    return (struct bytes){bytes.data + start, bytes.size - start};
}

/* < 0, 0, > 0 as memcmp; a prefix sorts first. */
int bytes_compare(struct bytes a, struct bytes b);
bool bytes_equal_ignore_case(struct bytes a, struct bytes b); /* ASCII only */
bool bytes_find(struct bytes bytes, char wanted, size_t *ret_position);
/* Takes the first line off `rest`, without its end; false: nothing is left. */
bool bytes_line(struct bytes *rest, struct bytes *ret_line);
struct bytes bytes_trim(struct bytes bytes); /* spaces, tabs, CR, LF at both ends */
/* Without what a cut has left of a character (UTF-8) at the end. */
struct bytes bytes_whole(struct bytes bytes);
bool bytes_are_utf8(struct bytes bytes, size_t *ret_offset); /* offset of the first bad byte */
/* Digits only, no sign, no overflow; false otherwise. */
bool bytes_to_uint64(struct bytes bytes, uint64_t *ret_value);
uint64_t bytes_hash(struct bytes bytes); /* FNV-1a; the same on every machine */

#endif
