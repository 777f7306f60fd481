#ifndef IFMATCH_COMMON_JSON_SPLICE_H
#define IFMATCH_COMMON_JSON_SPLICE_H

#include "common/buffer.h"
#include "common/json_scan.h"

/* Editing by splicing: what an edit does not touch leaves byte for byte as it came, white space included. */
struct json_edit {
    struct bytes pointer; /* a valid JSON Pointer */
    struct bytes value;   /* JSON text to set; absent: remove the member */
};

enum json_splice_result {
    JSON_SPLICED,
    JSON_SPLICE_PARENT,  /* an edit goes below a value that is neither object nor missing */
    JSON_SPLICE_ELEMENT, /* an edit goes through or to an element of an array */
};

/* Writes `json` with all edits done to the end of `out`, in one pass over the text. A member that is there is
 * replaced where it stands, one that is not is added behind the last, in the order of the edits and without white
 * space; missing parents are created as objects, shared by the edits below them. Removing what is not there does
 * nothing. A member leaves with the comma and the white space before it (the first one: with those behind it).
 * No edit's pointer is a prefix of another's (ensured). The pointer "" replaces the root value and cannot be
 * removed (ensured). On failure `out` is as before and `ret_failed` is the index of the first guilty edit. Over
 * the limit of `out` the result is JSON_SPLICED and `out` has overflowed. */
enum json_splice_result json_splice(const struct json *json, const struct json_edit *edits, size_t count,
                                    struct buffer *out, size_t *ret_failed);

#endif
