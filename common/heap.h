#ifndef IFMATCH_COMMON_HEAP_H
#define IFMATCH_COMMON_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A heap of deadlines: what is due first comes first; equal deadlines in the order of insertion, so that a
 * run can be replayed. Nodes are embedded in their owners and know their place. */
struct heap_node {
    int64_t at_ms;
    uint64_t order;
    size_t place; /* 1-based; 0: in no heap. Zeroed memory is a node in no heap. */
};

struct heap {
    struct heap_node **nodes;
    size_t count;
    size_t capacity;
    uint64_t next_order;
};

void heap_init(struct heap *heap);
void heap_release(struct heap *heap);
void heap_insert(struct heap *heap, struct heap_node *node, int64_t at_ms); /* moves it if it is in already */
void heap_remove(struct heap *heap, struct heap_node *node);                /* in no heap: does nothing */
struct heap_node *heap_first(const struct heap *heap);                      /* NULL if empty */

static inline bool heap_holds(const struct heap_node *node)
{
    return node->place != 0;
}

#endif
