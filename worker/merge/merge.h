#ifndef IFMATCH_MERGE_MERGE_H
#define IFMATCH_MERGE_MERGE_H

#include "common/json_splice.h"
#include "event/event.h"
#include "merge/base_memory.h"
#include "merge/rules.h"

/* base + theirs + ours -> edits and decisions. Pure: the same input gives the same output. */

/* Where the base of a decision came from, strongest first. */
enum base_from { BASE_FROM_EVENT, BASE_FROM_VERSION, BASE_FROM_REFUSED_COPY, BASE_FROM_MEMORY, BASE_FROM_NONE };
const char *base_from_name(enum base_from from); /* "event", "version", "refused_copy", "memory", "none" */

/* Why a decision is what it is where rule and case alone do not say it. */
#define DECISION_NOTES(X)                                                                                    \
    X(NONE, NULL, NULL)                                                                                      \
    X(GUARD, "guard", "the event's base for a field that it does not change differs from the document")      \
    X(PARENT, "parent", "a parent of the field is neither an object nor missing")                            \
    X(CHILD, "child", "a rule on a field inside keeps what the event would replace as a whole")              \
    X(BASE_VERSION, "base_version", "the document is not at the version that the event demands")             \
    X(NO_BASE, "no_base", "nobody knows what the producer last saw")                                         \
    X(INCOMPARABLE, "incomparable", "ours and theirs are not both numbers, both instants or both dates")      \
    X(SHAPE, "shape", "ours, theirs or the base is no array that the rule can take apart")                   \
    X(PREFIX, "prefix", "ours does not begin with the base: what it adds cannot be told")                    \
    X(NOT_REPEATABLE, "not_repeatable",                                                                      \
      "what is added counts twice if it is added twice, and nothing tells whether it was")                   \
    X(TIME, "time", "event and document do not both say when, or say the same")                              \
    X(ELEMENT, "element", "an element was changed by both")                                                  \
    X(DELETED, "deleted", "an element was removed by one side and changed by the other")                     \
    X(RANK, "rank", "ours or theirs is not a value of the rank")                                             \
    X(TRANSITION, "transition", "ours is not among the values that may follow theirs")                       \
    X(ON_CONFLICT, "on_conflict", "a conflict that the configuration decides")                               \
    X(GROUP, "group", "its group has no answer as a whole")                                                  \
    X(SUPERSEDED, "superseded", "the document has what a later pending event asks for")

enum decision_note {
#define X(identifier, name, sentence) DECISION_NOTE_##identifier,
    DECISION_NOTES(X)
#undef X
};
const char *decision_note_name(enum decision_note note); /* NULL for NONE */

/* A value of a field: present (JSON text), missing, or (base only) unknown. */
enum value_state { VALUE_PRESENT, VALUE_MISSING, VALUE_UNKNOWN };
struct value {
    enum value_state state;
    struct bytes text;
};

struct decision {
    struct bytes field;
    const struct rule_entry *entry; /* the rule that stood, with its pattern and place */
    enum merge_case merge_case;
    enum base_from base_from;
    struct value base;
    struct value theirs;
    struct value ours;
    enum merge_result result; /* OURS, THEIRS, MERGED or CONFLICT */
    struct value value;       /* what the document gets: ours, theirs, or what was made of both; theirs at a conflict */
    enum decision_note note;
    struct bytes element;    /* notes ELEMENT and DELETED: what names the first such element, as JSON */
    bool is_written;         /* the edit is part of what is written */
    int64_t superseded_by;   /* offset of the later event of the fold that replaced ours before it was written (set by
                              * the engine); -1: none */
    bool is_after_ambiguous; /* decided after a write that was possibly applied (set by the engine) */
};

/* Does the document get another value than theirs? */
static inline bool decision_changes(const struct decision *decision)
{
    return decision->result == RESULT_OURS || decision->result == RESULT_MERGED;
}

struct merge_input {
    const struct rules *rules;
    const struct json *theirs; /* the document as it was read */
    const struct event *event;
    struct bytes version;              /* of theirs; compared with the event's base_version */
    const struct json *refused_copy;   /* NULL, or the copy on which the write that was answered stale was built */
    const struct json_edit *contested; /* what stood in fields on copies refused before that, where it was changed since */
    size_t contested_count;
    const struct json_edit *own_edits; /* possibly applied edits of our own, left out of refused_copy's judgement */
    size_t own_edit_count;
    const struct base_memory *memory; /* NULL: nothing is remembered */
    /* What earlier events of the same write have set in `theirs`: this worker's own, whatever the copies say. The values
     * of whole fields (NULL: none), and every field that was touched. */
    const struct base_memory *fold;
    const struct bytes *fold_fields;
    size_t fold_field_count;
    const struct event *const *later;  /* events of this document that wait behind this one */
    size_t later_count;
    const struct json_limits *limits; /* for scanning values of the event (its depth and size) */
};

enum merge_verdict {
    MERGE_WRITE,    /* `edits` are to be written */
    MERGE_NOTHING,  /* the document has every result already */
    MERGE_CONFLICT, /* a person must decide; with `partial` `edits` may hold the other fields */
    MERGE_REJECT,   /* can never be applied: an array index in a pointer */
};

struct merge_output {
    enum merge_verdict verdict;
    const struct decision *decisions; /* ignored fields have none */
    size_t decision_count;
    const struct json_edit *edits; /* what is to be set or removed, in the order of the decisions */
    size_t edit_count;
    bool is_already; /* MERGE_NOTHING: every decision was c1 (already); false: a rule kept theirs (kept) */
    bool is_superseded; /* MERGE_NOTHING: a field has what a later event asks for: a replay is not written back */
    bool is_plain;   /* every decision is c1, or c2 with the result ours: the outcome may be `applied` */
    struct bytes reject_field; /* MERGE_REJECT: the guilty pointer */
};

/* The output's arrays and the values in it come from `arena` or point into the input. Ours that is an object is
 * split down to every more specific pattern, and by member where the rule says so, before anything is decided; one
 * decision for each resulting field. */
void merge(const struct merge_input *input, struct arena *arena, struct merge_output *ret_output);

/* Do `edits` already stand in `document` (settles a write that was possibly applied)? */
bool merge_edits_stand(const struct json *document, const struct json_edit *edits, size_t count,
                       struct arena *arena);

#endif
