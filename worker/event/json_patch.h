#ifndef IFMATCH_EVENT_JSON_PATCH_H
#define IFMATCH_EVENT_JSON_PATCH_H

#include "event/reading.h"

/* For this room alone: what the `test` operations of a JSON Patch say of the document. An array that is known as a
 * whole is changed here, element by element, and is one change in the end. */
struct tested {
    struct bytes pointer;
    uint32_t value;     /* index in the patch */
    bool is_touched;    /* set or removed since */
    uint32_t *elements; /* of an array, as far as the patch has come: indices in the patch */
    size_t count;
    size_t capacity;
    size_t changed_at; /* offset of the first operation on an element */
    bool is_changed;
};

struct patch {
    struct reading *reading;
    struct tested *tested;
    size_t tested_count;
    size_t copies_left; /* bytes that `move` and `copy` may still repeat */
};

/* A pointer of an operation that names an element of a tested array. `array` NULL: it does not. */
struct element {
    struct tested *array;
    struct bytes segment;
    size_t offset; /* of the pointer in the patch */
};

struct tested *tested_find(const struct patch *patch, struct bytes pointer);
struct element tested_element(const struct patch *patch, struct bytes pointer, size_t offset);
void tested_add(struct patch *patch, struct bytes pointer, uint32_t value);

/* False: there is no such element, and the fault is set. */
bool element_insert(struct patch *patch, const struct element *element, uint32_t value);
bool element_replace(struct patch *patch, const struct element *element, uint32_t value);
bool element_remove(struct patch *patch, const struct element *element);
bool element_value(struct patch *patch, const struct element *element, uint32_t *ret_value);

/* The arrays that were changed become changes of fields. */
bool tested_finish(struct patch *patch);

#endif
