#ifndef IFMATCH_COMMON_JSON_TEXT_H
#define IFMATCH_COMMON_JSON_TEXT_H

#include "common/buffer.h"

/* For json_*.c alone: the content of a scanned string, that is what stands between its quotes. */

/* Writes the unescaped content to `out`, which has room for `content.size` bytes; returns the bytes written. */
size_t json_content_decode(struct bytes content, char *out);
/* Do two contents mean the same text? `has_escape` may be true for a content without one. */
bool json_content_equal(struct bytes a, bool a_has_escape, struct bytes b, bool b_has_escape);
/* Adds `text` as content, escaped; bytes that are not UTF-8 become U+FFFD. (json_write.c) */
void json_content_add(struct buffer *out, struct bytes text);

#endif
