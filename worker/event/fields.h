#ifndef IFMATCH_EVENT_FIELDS_H
#define IFMATCH_EVENT_FIELDS_H

#include "event/event.h"

/* For this room alone: what an event says of fields, collected in any order, then put together as changes. */
enum field_role { FIELD_SET, FIELD_REMOVE, FIELD_BASE, FIELD_BASE_MISSING };

struct field {
    struct bytes pointer;
    enum field_role role;
    struct bytes value;       /* JSON text; absent for FIELD_REMOVE and FIELD_BASE_MISSING */
    size_t offset;            /* of the pointer in the event */
    const struct field *base; /* of a set or removed field: what the event says of its base */
    bool has_change;          /* of a base: a set or removed field has taken it */
};

struct fields {
    struct field *items;
    size_t count;
    size_t capacity;
    struct arena *arena;
};

/* False: the pointer is none (BAD_POINTER). */
bool fields_add(struct fields *fields, const struct field *field, struct event_fault *ret_fault);
/* The changes in the order of the event, the guards behind them; a delete has guards only. False: two pointers overlap,
 * or nothing changes, for which `nothing` is the detail. */
bool fields_finish(struct fields *fields, struct event *event, const char *nothing, struct event_fault *ret_fault);

#endif
