#ifndef IFMATCH_COMMON_MEMORY_H
#define IFMATCH_COMMON_MEMORY_H

#include "common/bytes.h"

#include <stddef.h>

/* Allocation that never returns NULL: out of memory ends the process (nothing is committed before it is
 * recorded, so a crash loses nothing). What comes from outside meets its limit before it comes here. */
void *memory_new(size_t size); /* zeroed; size 0 gives a unique pointer */
void *memory_resize(void *memory, size_t size);
char *memory_text(const char *text); /* a copy of a C string, NULL for NULL */
char *memory_text_n(const char *data, size_t size);
char *memory_format(const char *format, ...) __attribute__((format(__printf__, 1, 2)));

/* `take(x)`: hands a pointer over; the variable is NULL afterwards, so its cleanup does nothing. */
#define take(pointer)                                                                                        \
    ({                                                                                                       \
        __typeof__(pointer) taken_ = (pointer);                                                              \
        (pointer) = NULL;                                                                                    \
        taken_;                                                                                              \
    })

void memory_free_cleanup(void *pointer_to_pointer);
#define auto_text  __attribute__((cleanup(memory_free_cleanup))) char *
#define auto_bytes __attribute__((cleanup(memory_free_cleanup))) void *

/* Many small allocations with one end: what lives as long as an update. Blocks are kept for reuse by
 * arena_reset, so a steady path allocates nothing; only those above 8 * block_bytes are given back, so that one
 * huge document does not hold its memory for ever. Not thread-safe. */
struct arena;
struct arena *arena_new(size_t block_bytes);
/* The same; `total` (NULL: nobody) is kept at the bytes of all arenas that count there, and outlives them. */
struct arena *arena_new_counted(size_t block_bytes, size_t *total);
void arena_free(struct arena *arena); /* NULL is fine */
void *arena_take(struct arena *arena, size_t size);   /* aligned to 16, not zeroed */
void *arena_zero(struct arena *arena, size_t size);   /* aligned to 16, zeroed */
/* Grows `memory` (the last allocation grows in place, any other is copied). NULL with old_size 0 is fine. */
void *arena_grow(struct arena *arena, void *memory, size_t old_size, size_t new_size);
char *arena_copy(struct arena *arena, const char *data, size_t size); /* with a NUL behind it */
struct bytes arena_keep(struct arena *arena, struct bytes bytes); /* the same; absent stays absent */
void arena_reset(struct arena *arena);
size_t arena_bytes(const struct arena *arena); /* held from the system, blocks kept for reuse included */

#endif
