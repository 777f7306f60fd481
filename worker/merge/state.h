#ifndef IFMATCH_MERGE_STATE_H
#define IFMATCH_MERGE_STATE_H

#include "common/check.h"
#include "common/buffer.h"
#include "common/json_compare.h"
#include "common/pointer.h"
#include "merge/merge.h"

/* What the files of this room share: split.c takes a change apart, decide.c decides one field, group.c looks at
 * fields that belong together, merge.c puts the edits together. */

/* One of the three values of a field, as a place in a scanned text. */
struct side {
    enum value_state state;
    const struct json *json;
    uint32_t index;
};

#define SIDE_MISSING ((struct side){.state = VALUE_MISSING})
#define SIDE_UNKNOWN ((struct side){.state = VALUE_UNKNOWN})

/* A field with all that is known of it. */
struct place {
    struct bytes field;
    const struct rule_entry *entry; /* set by split */
    struct side ours;
    struct side theirs;
    struct side base;   /* as the event says */
    bool is_blocked;    /* a parent is neither an object nor missing: nothing can be set here */
};

/* Decisions that came from one removal: if all of them remove and nothing was ignored, the parent goes as a whole. */
struct whole {
    struct bytes field;
    size_t first;
    size_t count;
    bool has_ignored;
};

struct merging {
    const struct merge_input *input;
    const struct rules_defaults *defaults;
    struct arena *arena;
    struct decision *decisions;
    size_t decision_count;
    size_t decision_capacity;
    size_t ignored_count; /* fields that the rule `ignore` left alone */
    struct whole *wholes; /* outer before inner */
    size_t whole_count;
    size_t whole_capacity;
};

static inline bool side_is(const struct side *side, enum json_kind kind)
{
    return side->state == VALUE_PRESENT && side->json->values[side->index].kind == kind;
}

static inline bool side_is_object(const struct side *side)
{
    return side_is(side, JSON_OBJECT);
}

/* Missing or null. */
static inline bool side_is_empty(const struct side *side)
{
    return side->state == VALUE_MISSING || side_is(side, JSON_NULL);
}

static inline uint32_t side_count(const struct side *side)
{
    return side->json->values[side->index].count;
}

static inline struct value side_value(const struct side *side)
{
    return (struct value){.state = side->state,
                          .text = side->state == VALUE_PRESENT ? json_text(side->json, side->index) : BYTES_NONE};
}

/* JSON text that was scanned before, as part of an event or of a document. */
struct side side_of_text(struct merging *merging, struct bytes text);
struct side side_in(const struct json *json, struct bytes field);
/* The member `key` of an object; of anything else that is known: missing. */
struct side side_member(const struct side *side, struct bytes key);
bool side_equal(const struct side *a, const struct side *b);
/* As the entry compares. */
bool side_same(struct merging *merging, const struct rule_entry *entry, const struct side *a, const struct side *b);

/* --- split.c --- */
/* Decides a change: one decision, or one for each field that it is split into. */
void split(struct merging *merging, const struct place *place);

struct bytes field_below(struct merging *merging, struct bytes field, struct bytes key);

/* --- decide.c --- */
void decide(struct merging *merging, const struct place *place);
/* What stood there on a copy on which a refused write of the event was built; false: what stands there now. */
bool was_another_when_refused(struct merging *merging, const struct place *place, struct side *ret_side);
enum on_conflict on_conflict_of(const struct merging *merging, const struct rule_entry *entry);
enum on_conflict on_delete_conflict_of(const struct merging *merging, const struct rule_entry *entry);
enum no_base no_base_of(const struct merging *merging, const struct rule_entry *entry);
void decide_guard(struct merging *merging, const struct place *place);
/* The decision becomes a conflict, whatever its rule said; theirs stays. */
void refuse(struct decision *decision, enum decision_note note);
/* Everything of the object that the event mentions is there: nothing is mentioned. */
void decide_already(struct merging *merging, const struct place *place);
/* `merge.base_version: require`. */
void demand_base_version(struct merging *merging);

/* --- by_values.c --- */
/* The cells that no case alone decides: OURS, THEIRS, MERGED with decision->value, or CONFLICT with a note. The base of
 * `place` is the one that decides. */
enum merge_result by_values(struct merging *merging, const struct place *place, struct decision *decision);

/* --- array_edit.c --- */
/* An array made of another (of what is no array: of an empty one). What is kept leaves with the bytes that it had, white
 * space around it included; what is added goes behind it. */
struct array_edit {
    const struct json *json;
    uint32_t next, after; /* the element to come, and the end of all */
    size_t passed;        /* in the text: behind the last element that was passed */
    size_t array_end;
    struct bytes head, gap, tail; /* before the first element, before the one at hand, behind it */
    struct buffer out;
};
void array_edit_begin(struct array_edit *edit, const struct side *from);
/* The next element; false: there is none. It is dropped if it is not kept before the next call. */
bool array_edit_next(struct array_edit *edit, uint32_t *ret_index);
void array_edit_keep(struct array_edit *edit, struct bytes text); /* its own, or what became of it */
void array_edit_add(struct array_edit *edit, struct bytes text);
/* The text, in `arena`; releases the edit. */
struct bytes array_edit_end(struct array_edit *edit, struct arena *arena);

/* --- items.c --- */
/* The elements of an array by a scalar that names each: the element itself, or a member of it. */
struct item {
    uint32_t index; /* of the element */
    enum json_kind kind;
    struct bytes name; /* text of a string, else JSON */
};
struct items {
    struct item *sorted; /* by name; those of one name in the order of the array */
    size_t count;
};
/* False: the element at `index` has no such scalar. `member` absent: the element itself. */
bool item_of(struct merging *merging, const struct side *array, uint32_t index, struct bytes member,
             struct item *ret_item);
/* What is missing, null or unknown has none. False: no array, or an element without such a scalar. */
bool items_read(struct merging *merging, const struct side *side, struct bytes member, struct items *ret_items);
/* The first element of that name, or NULL. */
const struct item *items_find(const struct items *items, const struct item *wanted);
bool items_are_unique(const struct items *items);

/* --- by_elements.c --- */
/* The three arrays; what is not known has no elements. */
struct three {
    struct items ours, theirs, base;
    bool has_base;
};
/* False: one of them is no array of elements with such a scalar. */
bool three_read(struct merging *merging, const struct place *place, struct bytes member, struct three *ret_three);
enum merge_result by_set(struct merging *merging, const struct place *place, struct decision *decision);
/* Both were asked to be one value, which cannot be taken apart: nobody has touched it (ours), or a conflict. */
enum merge_result as_one_value(struct decision *decision);
/* RESULT_MERGED with the text as its value; RESULT_OURS where that is what the event asks for. */
enum merge_result made(struct merging *merging, const struct place *place, struct bytes text,
                       struct decision *decision);

/* --- by_key.c --- */
enum merge_result by_key(struct merging *merging, const struct place *place, struct decision *decision);

/* --- by_adding.c --- */
enum merge_result by_adding(struct merging *merging, const struct place *place, struct decision *decision);
enum merge_result by_appending(struct merging *merging, const struct place *place, struct decision *decision);

/* --- group.c --- */
void decide_groups(struct merging *merging);

#endif
