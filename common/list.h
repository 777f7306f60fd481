#ifndef IFMATCH_COMMON_LIST_H
#define IFMATCH_COMMON_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* Intrusive doubly linked list with a head node. An item may be in one list per embedded node. */
struct list {
    struct list *previous;
    struct list *next;
};

static inline void list_init(struct list *head)
{
    head->previous = head;
    head->next = head;
}

static inline bool list_is_empty(const struct list *head)
{
    return head->next == head;
}

static inline void list_insert(struct list *before, struct list *item)
{
    item->previous = before->previous;
    item->next = before;
    before->previous->next = item;
    before->previous = item;
}

static inline void list_push_back(struct list *head, struct list *item)
{
    list_insert(head, item);
}

static inline void list_push_front(struct list *head, struct list *item)
{
    list_insert(head->next, item);
}

/* Afterwards the item is a list of its own: removing it twice does nothing. */
static inline void list_remove(struct list *item)
{
    item->previous->next = item->next;
    item->next->previous = item->previous;
    list_init(item);
}

#define list_item(node, type, member) ((type *)(void *)((char *)(node) - offsetof(type, member)))
#define list_each(node, head)         for (struct list *node = (head)->next; node != (head); node = node->next)
#define list_each_safe(node, head)                                                                           \
    for (struct list *node = (head)->next, *next_##node = node->next; node != (head);                        \
         node = next_##node, next_##node = node->next)

#endif
