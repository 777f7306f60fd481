#ifndef IFMATCH_ENGINE_DOCUMENTS_H
#define IFMATCH_ENGINE_DOCUMENTS_H

#include "common/list.h"
#include "merge/base_memory.h"

#include <uthash.h>

/* What is known of documents between updates: the last copy with its version, and the base memory. Bounded in bytes,
 * least recently used first out. A copy may only lead to a write; it never ends an update. */
/* Owned bytes; what they are replaced by takes the same memory where it fits. */
struct document_bytes {
    char *data; /* NULL: nothing */
    size_t size;
    size_t capacity;
};

static inline struct bytes document_bytes_view(const struct document_bytes *kept)
{
    return (struct bytes){kept->data, kept->size};
}

struct document {
    UT_hash_handle hh;
    struct list used;
    char *id;
    size_t id_size;
    int32_t partition; /* of the last event: what is known goes with the partition */
    struct document_bytes text; /* absent: no copy */
    struct document_bytes version;
    bool version_is_weak;
    struct document_bytes last_modified; /* absent: none */
    struct base_memory *memory; /* NULL: nothing remembered */
    size_t bytes;
};

struct documents {
    struct document *by_id;
    struct list used; /* least recently used first */
    size_t bytes;
    size_t bytes_max;
    size_t count;
};

void documents_init(struct documents *documents, size_t bytes_max);
void documents_release(struct documents *documents);

/* NULL if nothing is known. Counts as a use. */
struct document *documents_find(struct documents *documents, struct bytes id);
/* Keeps a copy; older ones are dropped when the bytes run over. */
void documents_keep(struct documents *documents, struct bytes id, int32_t partition, struct bytes text,
                    struct bytes version, bool version_is_weak, struct bytes last_modified);
/* Forgets the copy and its version, keeps the base memory. */
void documents_forget(struct documents *documents, struct bytes id);
/* Forgets all of it: the document was deleted. */
void documents_drop(struct documents *documents, struct bytes id);
/* Remembers that an event of this worker set `field`; `ours` absent: removed it. */
void documents_remember(struct documents *documents, struct bytes id, int32_t partition, struct bytes field,
                        struct bytes ours);
/* Drops what was used least recently, until so many bytes are free. */
void documents_shrink(struct documents *documents, size_t bytes);
/* Everything known through this partition goes. */
void documents_drop_partition(struct documents *documents, int32_t partition);

#endif
