#include "common/list.h"
#include "tests/support/unit.h"

struct thing {
    int number;
    struct list node;
};

static int digits(struct list *head)
{
    int result = 0;

    list_each(node, head)
        result = result * 10 + list_item(node, struct thing, node)->number;
    return result;
}

START_TEST(items_stand_where_they_were_put)
{
    struct thing a = {.number = 1}, b = {.number = 2}, c = {.number = 3};
    struct list head;

    list_init(&head);
    ck_assert(list_is_empty(&head));
    list_push_back(&head, &b.node);
    list_push_back(&head, &c.node);
    list_push_front(&head, &a.node);
    ck_assert_int_eq(digits(&head), 123);
    list_remove(&b.node);
    list_remove(&b.node);
    ck_assert_int_eq(digits(&head), 13);
    list_insert(&a.node, &b.node);
    ck_assert_int_eq(digits(&head), 213);
}
END_TEST

START_TEST(the_safe_walk_may_remove_what_it_stands_on)
{
    struct thing things[4] = {{.number = 1}, {.number = 2}, {.number = 3}, {.number = 4}};
    struct list head;
    int visited = 0;

    list_init(&head);
    for (int i = 0; i < 4; i++)
        list_push_back(&head, &things[i].node);
    list_each_safe(node, &head) {
        visited++;
        if (list_item(node, struct thing, node)->number % 2 == 0)
            list_remove(node);
    }
    ck_assert_int_eq(visited, 4);
    ck_assert_int_eq(digits(&head), 13);
}
END_TEST

UNIT_TESTS("common/list", items_stand_where_they_were_put, the_safe_walk_may_remove_what_it_stands_on)
