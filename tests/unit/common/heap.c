#include "common/heap.h"
#include "common/random.h"
#include "tests/support/unit.h"

#define NODES 300

START_TEST(what_is_due_first_comes_first_and_ties_in_order_of_insertion)
{
    static const int64_t at_ms[] = {5, 3, 5, 1, 3, 5};
    static const size_t wanted[] = {3, 1, 4, 0, 2, 5};
    struct heap_node nodes[6] = {{0}};
    struct heap heap;

    heap_init(&heap);
    for (size_t i = 0; i < 6; i++)
        heap_insert(&heap, &nodes[i], at_ms[i]);
    for (size_t i = 0; i < 6; i++) {
        struct heap_node *first = heap_first(&heap);

        ck_assert_ptr_eq(first, &nodes[wanted[i]]);
        ck_assert(heap_holds(first));
        heap_remove(&heap, first);
        ck_assert(!heap_holds(first));
    }
    ck_assert_ptr_null(heap_first(&heap));
    heap_release(&heap);
}
END_TEST

START_TEST(inserting_again_moves_behind_its_equals)
{
    struct heap_node a = {0}, b = {0};
    struct heap heap;

    heap_init(&heap);
    heap_insert(&heap, &a, 10);
    heap_insert(&heap, &b, 10);
    heap_insert(&heap, &a, 10);
    ck_assert_uint_eq(heap.count, 2);
    ck_assert_ptr_eq(heap_first(&heap), &b);
    heap_insert(&heap, &a, -10);
    ck_assert_ptr_eq(heap_first(&heap), &a);
    heap_release(&heap);
    ck_assert(!heap_holds(&a));
    heap_remove(&heap, &a);
}
END_TEST

/* The slow truth: the first of all nodes that are in. */
static struct heap_node *first_of(struct heap_node *nodes)
{
    struct heap_node *first = NULL;

    for (size_t i = 0; i < NODES; i++) {
        if (!heap_holds(&nodes[i]))
            continue;
        if (first == NULL || nodes[i].at_ms < first->at_ms ||
            (nodes[i].at_ms == first->at_ms && nodes[i].order < first->order))
            first = &nodes[i];
    }
    return first;
}

START_TEST(random_inserts_moves_and_removals_keep_the_order)
{
    static struct heap_node nodes[NODES];
    struct random random;
    struct heap heap;

    random_init(&random, 2026);
    heap_init(&heap);
    for (int i = 0; i < 20000; i++) {
        struct heap_node *node = &nodes[random_below(&random, NODES)];

        if (random_below(&random, 3) > 0)
            heap_insert(&heap, node, (int64_t)random_below(&random, 50));
        else
            heap_remove(&heap, node);
        ck_assert_ptr_eq(heap_first(&heap), first_of(nodes));
    }
    heap_release(&heap);
}
END_TEST

UNIT_TESTS("common/heap", what_is_due_first_comes_first_and_ties_in_order_of_insertion,
           inserting_again_moves_behind_its_equals, random_inserts_moves_and_removals_keep_the_order)
