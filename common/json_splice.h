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

/* Writes `json` with all edits done to the end of `out`. A member that is there is replaced, one that is not is
 * added behind the last, missing parents are created as objects; removing what is not there does nothing.
 * No edit's pointer is a prefix of another's (ensured). The pointer "" replaces the whole text.
 * On failure `out` is as before and `ret_failed` is the index of the guilty edit. */
enum json_splice_result json_splice(const struct json *json, const struct json_edit *edits, size_t count,
                                    struct buffer *out, size_t *ret_failed);

#endif
