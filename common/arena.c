#include "common/check.h"
#include "common/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* AddressSanitizer sees a use after arena_reset and a step over the end of an allocation. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(ARENA_POISONED)
#include <sanitizer/asan_interface.h>
#define arena_hide(data, size) ASAN_POISON_MEMORY_REGION(data, size)
#define arena_show(data, size) ASAN_UNPOISON_MEMORY_REGION(data, size)
#else
#define arena_hide(data, size) ((void)(data), (void)(size))
#define arena_show(data, size) ((void)(data), (void)(size))
#endif

#define ARENA_ALIGN 16
/* A block of more than this many usual ones is given back at a reset: one huge document is no reason to
 * hold its memory for ever. */
#define ARENA_KEPT_BLOCKS 8

struct block {
    struct block *next;
    size_t size;
    size_t used;
    _Alignas(ARENA_ALIGN) char data[];
};

struct arena {
    struct block *first;
    struct block *current;
    void *last; /* the newest allocation, which alone can grow in place */
    size_t block_bytes;
    size_t bytes;
    size_t *total; /* NULL: counted nowhere */
};

static void arena_count(struct arena *arena, size_t more, size_t less)
{
    arena->bytes += more - less;
    if (arena->total != NULL)
        *arena->total += more - less;
}

static size_t arena_rounded(size_t size)
{
    ensure(size <= SIZE_MAX / 4);
    return size == 0 ? ARENA_ALIGN : (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
}

static struct block *arena_block_new(struct arena *arena, size_t size)
{
    struct block *block = memory_resize(NULL, sizeof(*block) + size);

    block->next = NULL;
    block->size = size;
    block->used = 0;
    arena_hide(block->data, size);
    arena_count(arena, sizeof(*block) + size, 0);
    return block;
}

static void arena_block_free(struct arena *arena, struct block *block)
{
    arena_count(arena, 0, sizeof(*block) + block->size);
    arena_show(block->data, block->size);
    free(block);
}

struct arena *arena_new(size_t block_bytes)
{
    return arena_new_counted(block_bytes, NULL);
}

struct arena *arena_new_counted(size_t block_bytes, size_t *total)
{
    struct arena *arena = memory_new(sizeof(*arena));

    arena->total = total;
    arena->block_bytes = arena_rounded(block_bytes);
    arena->first = arena_block_new(arena, arena->block_bytes);
    arena->current = arena->first;
    return arena;
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    for (struct block *block = arena->first, *next; block != NULL; block = next) {
        next = block->next;
        arena_block_free(arena, block);
    }
    free(arena);
}

/* Makes a block with room for `size` the current one: a kept one where it fits, else a new one. */
static void arena_advance(struct arena *arena, size_t size)
{
    struct block **link = &arena->current->next;
    struct block *block;

    while (*link != NULL && (*link)->size < size)
        link = &(*link)->next;
    block = *link;
    if (block != NULL)
        *link = block->next;
    else
        block = arena_block_new(arena, size > arena->block_bytes ? size : arena->block_bytes);
    block->next = arena->current->next;
    arena->current->next = block;
    arena->current = block;
}

void *arena_take(struct arena *arena, size_t size)
{
    size_t rounded = arena_rounded(size);
    struct block *block = arena->current;
    void *memory;

    if (__builtin_expect(block->size - block->used < rounded, 0)) {
        arena_advance(arena, rounded);
        block = arena->current;
    }
    memory = block->data + block->used;
    block->used += rounded;
    arena->last = memory;
    arena_show(memory, size);
    return memory;
}

void *arena_zero(struct arena *arena, size_t size)
{
    return memset(arena_take(arena, size), 0, size);
}

void *arena_grow(struct arena *arena, void *memory, size_t old_size, size_t new_size)
{
    struct block *block = arena->current;
    void *grown;

    if (memory != NULL && memory == arena->last) {
        size_t start = (size_t)((char *)memory - block->data);
        size_t rounded = arena_rounded(new_size);

        if (block->size - start >= rounded) {
            block->used = start + rounded;
            arena_hide(memory, arena_rounded(old_size));
            arena_show(memory, new_size);
            return memory;
        }
    }
    grown = arena_take(arena, new_size);
    if (old_size > 0)
        memcpy(grown, memory, old_size < new_size ? old_size : new_size);
    return grown;
}

char *arena_copy(struct arena *arena, const char *data, size_t size)
{
    char *copy = arena_take(arena, size + 1);

    if (size > 0)
        memcpy(copy, data, size);
    copy[size] = '\0';
    return copy;
}

struct bytes arena_keep(struct arena *arena, struct bytes bytes)
{
    return bytes_present(bytes) ? (struct bytes){arena_copy(arena, bytes.data, bytes.size), bytes.size} : BYTES_NONE;
}

void arena_reset(struct arena *arena)
{
    struct block **link = &arena->first->next;

    while (*link != NULL) {
        struct block *block = *link;

        if (block->size > ARENA_KEPT_BLOCKS * arena->block_bytes) {
            *link = block->next;
            arena_block_free(arena, block);
        } else {
            block->used = 0;
            arena_hide(block->data, block->size);
            link = &block->next;
        }
    }
    arena->first->used = 0;
    arena_hide(arena->first->data, arena->first->size);
    arena->current = arena->first;
    arena->last = NULL;
}

size_t arena_bytes(const struct arena *arena)
{
    return sizeof(*arena) + arena->bytes;
}
