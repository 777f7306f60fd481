#include "common/heap.h"

#include "common/check.h"
#include "common/memory.h"
#include <stdlib.h>

void heap_init(struct heap *heap)
{
    *heap = (struct heap){.nodes = NULL};
}

void heap_release(struct heap *heap)
{
    for (size_t i = 0; i < heap->count; i++)
        heap->nodes[i]->place = 0;
    free(heap->nodes);
    heap_init(heap);
}

static bool heap_before(const struct heap_node *a, const struct heap_node *b)
{
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->order < b->order;
}

static void heap_put(struct heap *heap, size_t place, struct heap_node *node)
{
    heap->nodes[place - 1] = node;
    node->place = place;
}

static void heap_rise(struct heap *heap, struct heap_node *node, size_t place)
{
    while (place > 1 && heap_before(node, heap->nodes[place / 2 - 1])) {
        heap_put(heap, place, heap->nodes[place / 2 - 1]);
        place /= 2;
    }
    heap_put(heap, place, node);
}

static void heap_sink(struct heap *heap, struct heap_node *node, size_t place)
{
    for (size_t child; (child = place * 2) <= heap->count; place = child) {
        if (child < heap->count && heap_before(heap->nodes[child], heap->nodes[child - 1]))
            child++;
        if (!heap_before(heap->nodes[child - 1], node))
            break;
        heap_put(heap, place, heap->nodes[child - 1]);
    }
    heap_put(heap, place, node);
}

void heap_insert(struct heap *heap, struct heap_node *node, int64_t at_ms)
{
    heap_remove(heap, node);
    if (heap->count == heap->capacity) {
        heap->capacity = heap->capacity > 0 ? heap->capacity * 2 : 16;
        heap->nodes = memory_resize(heap->nodes, heap->capacity * sizeof(*heap->nodes));
    }
    node->at_ms = at_ms;
    node->order = heap->next_order++;
    heap->count++;
    heap_rise(heap, node, heap->count);
}

void heap_remove(struct heap *heap, struct heap_node *node)
{
    size_t place = node->place;
    struct heap_node *last;

    if (place == 0)
        return;
    ensure(place <= heap->count);
    ensure(heap->nodes[place - 1] == node);
    node->place = 0;
    last = heap->nodes[--heap->count];
    if (last == node)
        return;
    if (heap_before(last, node))
        heap_rise(heap, last, place);
    else
        heap_sink(heap, last, place);
}

struct heap_node *heap_first(const struct heap *heap)
{
    return heap->count > 0 ? heap->nodes[0] : NULL;
}
