#ifndef IFMATCH_TESTS_FUZZ_FUZZ_H
#define IFMATCH_TESTS_FUZZ_FUZZ_H

/* What the fuzzers share. Each is one file with the function below; a broken promise ends it by ensure(). Inputs are
 * text where they can be, so that those of the corpus read well: parts with a line "--" between them. */
#include "common/bytes.h"
#include "common/check.h"
#include "common/json_scan.h"
#include "common/memory.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What stands before the next `mark`; `rest` goes behind it. Empty at the end, never absent. */
static inline struct bytes fuzz_until(struct bytes *rest, struct bytes mark)
{
    const char *found = rest->size > 0 ? memmem(rest->data, rest->size, mark.data, mark.size) : NULL;
    struct bytes part = {rest->data, found != NULL ? (size_t)(found - rest->data) : rest->size};

    *rest = bytes_from(*rest, found != NULL ? part.size + mark.size : rest->size);
    return part;
}

static inline struct bytes fuzz_part(struct bytes *rest)
{
    return fuzz_until(rest, BYTES("\n--\n"));
}

static inline struct bytes fuzz_line(struct bytes *rest)
{
    return fuzz_until(rest, BYTES("\n"));
}

/* A copy of exactly its size, so that a byte read behind its end is seen. The caller frees. */
static inline char *fuzz_exact(struct bytes bytes)
{
    char *data = memory_new(bytes.size);

    if (bytes.size > 0)
        memcpy(data, bytes.data, bytes.size);
    return data;
}

/* May it stand in a line of a log and in a record? */
static inline bool fuzz_is_line(struct bytes text)
{
    size_t bad;

    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7f)
            return false;
    return bytes_are_utf8(text, &bad);
}

static inline bool fuzz_is_json(struct bytes text, struct arena *arena)
{
    struct json_fault fault;
    struct json json;

    return json_scan(text, &JSON_LIMITS_DEFAULT, arena, &json, &fault);
}

#endif
