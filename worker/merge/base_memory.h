#ifndef IFMATCH_MERGE_BASE_MEMORY_H
#define IFMATCH_MERGE_BASE_MEMORY_H

#include "common/bytes.h"

/* For one document: for each field the last value that one of this worker's own events set there. Never a value
 * that was merely read, or copied along in a PUT. Owned by engine/documents, dropped with the partition.
 * A missing value (the event removed the field) is remembered too. */
struct base_memory;

struct base_memory *base_memory_new(void);
void base_memory_free(struct base_memory *memory); /* NULL is fine */
/* `ours` absent: the event removed it. Forgets what was remembered below or above `field`. */
void base_memory_set(struct base_memory *memory, struct bytes field, struct bytes ours);
/* False: nothing is remembered for exactly this field. The bytes are valid until the next set. */
bool base_memory_get(const struct base_memory *memory, struct bytes field, struct bytes *ret_value);
size_t base_memory_bytes(const struct base_memory *memory);

#endif
