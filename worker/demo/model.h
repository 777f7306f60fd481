#ifndef IFMATCH_DEMO_MODEL_H
#define IFMATCH_DEMO_MODEL_H

#include "common/buffer.h"
#include "common/json_scan.h"

/* A second, independent telling of the merge rules, written from docs/rules.md and sharing no line with worker/merge:
 * what the checker of the demo and the simulation hold the workers against. Slow and plain on purpose. */

enum model_rule {
    MODEL_MERGE,
    MODEL_EXTERNAL,
    MODEL_PREFER_EXTERNAL,
    MODEL_PREFER_DOCUMENT,
    MODEL_DOCUMENT,
    MODEL_IGNORE,
    MODEL_OBJECT,
    MODEL_FILL,
    MODEL_IMMUTABLE,
    MODEL_MAX,
    MODEL_MIN,
    MODEL_SET,
    MODEL_ADD,
    MODEL_APPEND,
    MODEL_ATOMIC,
    MODEL_RANK,
    MODEL_TRANSITION,
    MODEL_LATEST,
    MODEL_KEYED,
    MODEL_RULES
};
enum model_case { MODEL_C1, MODEL_C2, MODEL_C3, MODEL_C4, MODEL_C5, MODEL_CASES };
enum model_result { MODEL_OURS, MODEL_THEIRS, MODEL_MERGED /* a value of its own */, MODEL_CONFLICT };
enum model_base_from { MODEL_EVENT, MODEL_VERSION, MODEL_REFUSED_COPY, MODEL_MEMORY, MODEL_NONE, MODEL_BASES };

const char *model_rule_name(enum model_rule rule);
const char *model_case_name(enum model_case kase);
const char *model_result_name(enum model_result result);
const char *model_base_name(enum model_base_from from);
bool model_rule_parse(struct bytes name, enum model_rule *ret_rule);
bool model_case_parse(struct bytes name, enum model_case *ret_case);
bool model_result_parse(struct bytes name, enum model_result *ret_result);
bool model_base_parse(struct bytes name, enum model_base_from *ret_from);

/* One of the three values of a field: JSON text, known to be missing, or unknown (only a base may be). */
enum model_state { MODEL_UNKNOWN, MODEL_MISSING, MODEL_VALUE };
struct model_value {
    enum model_state state;
    struct bytes text; /* good JSON where state is MODEL_VALUE */
};

#define MODEL_TEXT(literal) ((struct model_value){MODEL_VALUE, BYTES(literal)})

/* As JSON values; two missing ones are equal, an unknown one equals nothing. Text that is no JSON equals only the same
 * bytes. */
bool model_equal(struct model_value a, struct model_value b);

/* When two values of a field are the same, beside being equal. */
enum model_compare {
    MODEL_AS_VALUE,
    MODEL_AS_INSTANT, /* times, or dates, that are the same moment */
    MODEL_AS_SET,     /* arrays that have the same scalars, in any order and number */
    MODEL_AS_TEXT,    /* texts, but for upper and lower case of ASCII */
    MODEL_AS_MEMBER,  /* an object is what its member is */
};

struct model_pattern {
    struct bytes pattern; /* of common/pointer.h */
    enum model_rule rule;
    struct bytes values; /* MODEL_RANK: its values, MODEL_TRANSITION: FROM, a tab, TO; one a line. MODEL_LATEST: the
                          * pointer to the document's own time, MODEL_KEYED: the member that names an element */
    enum model_compare compare;
    struct bytes compare_member; /* of MODEL_AS_MEMBER: its pointer in the object */
};

/* One field, whole: no splitting of objects. With `base_from` MODEL_REFUSED_COPY the case is c1 or c4: the base is what
 * stood there when our own write was refused, not what the producer saw. */
struct model_field {
    struct model_pattern by;
    enum model_base_from base_from;
    struct model_value base, theirs, ours;
    struct bytes document; /* of theirs, as a whole */
    struct bytes time;     /* of the event; absent: it has none */
};
struct model_verdict {
    enum model_case kase;
    enum model_result result;
    struct model_value value; /* what the document gets: of the field, or in the arena */
};
struct model_verdict model_decide(const struct model_field *field, struct arena *arena);
/* May the event have made `ret_value` of the field? It has ours already, or the rule decides for it. */
bool model_permits(const struct model_field *field, struct arena *arena, struct model_value *ret_value);
/* Does the document get another value than theirs? */
static inline bool model_is_change(enum model_result result)
{
    return result == MODEL_OURS || result == MODEL_MERGED;
}
/* Does the rule want the producer's own base, the event's or that of its version, and takes no other? */
bool model_wants_own_base(enum model_rule rule);

struct model_rules {
    const struct model_pattern *patterns;
    size_t count;
    enum model_rule fallback; /* where no pattern covers a field */
};
/* The most specific pattern that matches `pointer` or a parent of it; and its rule. */
struct model_pattern model_pattern_of(const struct model_rules *rules, struct bytes pointer);
enum model_rule model_rule_of(const struct model_rules *rules, struct bytes pointer);
/* Does some pattern, more specific than the one that governs `pointer`, speak about a value below it? */
bool model_is_refined(const struct model_rules *rules, struct bytes pointer);
/* Is the object that a change brings for `pointer` decided member by member? */
bool model_splits(const struct model_rules *rules, struct bytes pointer);

/* What an event asks for one field. */
struct model_change {
    struct bytes pointer;
    struct model_value ours; /* missing: remove; unknown: only a guard, `base` must still stand */
    struct model_value base; /* unknown: the event carries none */
};

struct model_question {
    struct bytes document; /* good JSON, an object */
    const struct model_change *changes;
    size_t count;
    const struct model_rules *rules;
    struct bytes time;       /* of the event; absent: it has none */
    bool is_version_current; /* base_version of the event equals the version of `document` */
    bool is_partial;         /* fields without conflict are written beside those with one */
    /* Fields whose base neither event nor version tell: fills in a base with its origin (refused copy or memory), or
     * returns false. `pointer` is the field after splitting. NULL: there is none. */
    bool (*recall)(void *context, struct bytes pointer, struct model_value *ret_base,
                   enum model_base_from *ret_from);
    /* Is `theirs` what a later event of the document asks for at `pointer`? Then nothing older is written over it.
     * NULL: there is none. */
    bool (*is_superseded)(void *context, struct bytes pointer, struct model_value theirs);
    /* Was a write of the event that had `pointer` perhaps applied, so that adding to it may add twice? NULL: none was. */
    bool (*is_perhaps_added)(void *context, struct bytes pointer);
    void *context;
};

enum model_note { MODEL_PLAIN, MODEL_PARENT, MODEL_GUARD };

struct model_decision {
    struct bytes pointer;
    enum model_rule rule;
    enum model_base_from base_from;
    enum model_note note; /* anything but MODEL_PLAIN: result is MODEL_CONFLICT and the case says nothing */
    struct model_verdict verdict;
    struct model_value base, theirs, ours;
};

enum model_end {
    MODEL_WRITTEN,   /* `document` differs, some field got ours */
    MODEL_UNCHANGED, /* every field keeps theirs or has ours already */
    MODEL_UNDECIDED, /* at least one conflict; `document` has the others' values if is_partial */
    MODEL_OVERLAP,   /* rejected: the pointer of one change is a prefix of another's */
    MODEL_INDEX,     /* rejected: a pointer goes to or through an element of an array */
};

struct model_answer {
    enum model_end end;
    struct model_decision *decisions; /* ignored fields are not among them; none if rejected */
    size_t count;
    struct bytes document; /* what stands afterwards; the question's own where nothing is written */
};

/* Everything in `ret_answer` lives in `arena` or in the question. */
void model_merge(const struct model_question *question, struct arena *arena, struct model_answer *ret_answer);

/* The document with one field set (or removed); false if a parent is no object. `ret_document` is in `arena`. */
bool model_set(struct bytes document, struct bytes pointer, struct model_value value, struct arena *arena,
               struct bytes *ret_document);
/* The value at `pointer`: missing if it or a parent is not there. The text points into `document`. */
struct model_value model_value_at(struct bytes document, struct bytes pointer);

#endif
