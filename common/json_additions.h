#ifndef IFMATCH_COMMON_JSON_ADDITIONS_H
#define IFMATCH_COMMON_JSON_ADDITIONS_H

#include "common/buffer.h"

/* For json_splice.c alone: the members that one object gets, as a tree. Two additions below the same missing
 * parent share it; members stand in the order in which they were added first. */
struct addition {
    struct bytes segment; /* of the pointer, as written */
    struct bytes value;   /* of a leaf; absent: an object */
    uint32_t parent;
    uint32_t first_child; /* 0: none */
    uint32_t last_child;
    uint32_t next;
};

struct additions {
    struct addition *nodes; /* [0] is the object itself */
    uint32_t count;
    uint32_t *table; /* (parent, segment) -> node; a power of two, at least twice the nodes */
    uint32_t slots;
};

/* Room for `count_max` segments: memory of this many bytes, aligned to 8, is all that the tree uses. */
size_t additions_bytes(uint32_t count_max);
void additions_init(struct additions *additions, void *memory, uint32_t count_max);
/* Empties the tree for the next object. */
void additions_reset(struct additions *additions);
/* `rest` is a pointer with at least one segment. No addition's rest may be a prefix of another's (ensured). */
void additions_add(struct additions *additions, struct bytes rest, struct bytes value);
/* Writes the members separated by commas, without one before the first. */
void additions_write(const struct additions *additions, struct buffer *out);

#endif
