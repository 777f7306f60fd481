#ifndef IFMATCH_ENGINE_REPEATS_STORE_H
#define IFMATCH_ENGINE_REPEATS_STORE_H

#include "common/bytes.h"
#include "common/list.h"
#include "engine/repeats.h"

#include <uthash.h>

/* For repeats.c alone: where the ids, sequences and pending events lie, by key, by age and with their bytes counted. */

/* Three kinds of things are known, in one table and one order of age; the kind is the first byte of the key. */
enum kind { KIND_ID, KIND_STREAM, KIND_SOURCE };

struct known {
    UT_hash_handle hh;
    struct list noted; /* in repeats->noted; a list of its own while an event that is pending holds it */
    size_t bytes;
    char *key; /* behind its struct: kind, size of the source, source, then id or document */
};

struct text {
    char *data;
    size_t size;
    size_t capacity;
};

/* (source, id) */
struct known_id {
    struct known known;
    int64_t offset;
    uint64_t content;
    bool is_pending;
};

/* (source, document) */
struct stream {
    struct known known;
    struct list pending; /* struct pending, by their sequences */
    struct text last;    /* the highest sequence that was noted */
    int64_t last_offset; /* of it; -1: none was noted */
};

/* (source) */
struct source {
    struct known known;
    bool has_numbers; /* the shape of its sequences */
};

struct pending {
    UT_hash_handle hh;
    struct list in_stream; /* or in repeats->spare */
    int64_t offset;
    struct known_id *id;   /* NULL: it holds none */
    struct stream *stream; /* NULL: it holds none */
    struct text sequence;
};

struct repeats {
    struct known *known;
    struct pending *pending; /* by offset */
    struct list noted;       /* longest ago first */
    struct list spare;       /* a steady path makes no new pending events */
    size_t spare_count;
    struct text key; /* of the last look-up */
    size_t bytes;
    size_t bytes_max;
};

/* The entry of the kind; NULL if it is not known. */
void *repeats_store_find(struct repeats *repeats, enum kind kind, struct bytes source, struct bytes rest);
/* A zeroed struct of `size` bytes, which begins with its struct known, under the key of the repeats_store_find that has just
 * found nothing. */
void *repeats_store_add(struct repeats *repeats, size_t size);
void repeats_store_drop(struct repeats *repeats, struct known *known);
void repeats_store_make_newest(struct repeats *repeats, struct known *known);
/* Drops the oldest until the bytes fit, or only what is pending is left. */
void repeats_store_evict(struct repeats *repeats);

struct bytes stream_source(const struct stream *stream);

/* Under its offset, which must be free. */
struct pending *pending_add(struct repeats *repeats, int64_t offset);
struct pending *pending_find(const struct repeats *repeats, int64_t offset);
void pending_end(struct repeats *repeats, struct pending *pending);

void text_set(struct repeats *repeats, struct text *text, struct bytes bytes);
static inline struct bytes text_bytes(const struct text *text)
{
    return (struct bytes){text->data != NULL ? text->data : "", text->size};
}

#endif
