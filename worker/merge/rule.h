#ifndef IFMATCH_MERGE_RULE_H
#define IFMATCH_MERGE_RULE_H

#include "common/bytes.h"

/* How base (B), theirs (T) and ours (O) of a field become one value: the table of rules as data.
 *   c1 O = T   c2 T = B, O differs   c3 O = B, T differs   c4 all differ   c5 B unknown, O differs from T
 *   c6 T is unreadable
 * c1 is never a write, whatever the rule. */
enum merge_case { CASE_1, CASE_2, CASE_3, CASE_4, CASE_5, CASE_6, CASE_COUNT };
const char *merge_case_name(enum merge_case merge_case); /* "c1" */

enum merge_result {
    RESULT_THEIRS,
    RESULT_OURS,
    RESULT_CONFLICT, /* X: `on_conflict` decides */
    RESULT_MERGED,   /* a value of its own, made of both */
    RESULT_MEMBERS,  /* the rule says: each member by itself */
    RESULT_VALUES,   /* the rule says: by what the values are (by_values.c) */
};

/* Identifier, name, c2, c3, c4, c5, c6, does c5 follow `no_base` (the starred cells), what it is for. */
#define RULES_PLAIN(X)                                                                                       \
    X(MERGE, "merge", OURS, THEIRS, CONFLICT, OURS, CONFLICT, true, "three-way merge")                       \
    X(EXTERNAL, "external", OURS, OURS, OURS, OURS, OURS, false, "the event's system is the authority")      \
    X(PREFER_EXTERNAL, "prefer_external", OURS, THEIRS, OURS, OURS, CONFLICT, false,                         \
      "the event's system wins real conflicts only")                                                         \
    X(PREFER_DOCUMENT, "prefer_document", OURS, THEIRS, THEIRS, THEIRS, THEIRS, true,                        \
      "keep what a user changed")                                                                            \
    X(DOCUMENT, "document", THEIRS, THEIRS, THEIRS, THEIRS, THEIRS, false, "decided, always theirs")         \
    X(IGNORE, "ignore", THEIRS, THEIRS, THEIRS, THEIRS, THEIRS, false, "not compared, not decided")          \
    X(OBJECT, "object", MEMBERS, MEMBERS, MEMBERS, MEMBERS, CONFLICT, false,                                 \
      "maps: what does not overlap merges")                                                                  \
    X(FILL, "fill", VALUES, VALUES, VALUES, VALUES, THEIRS, false, "set only where nothing is: missing or null") \
    X(IMMUTABLE, "immutable", CONFLICT, THEIRS, CONFLICT, CONFLICT, THEIRS, false,                           \
      "identity: never changed by an event")                                                                 \
    X(MAX, "max", VALUES, VALUES, VALUES, VALUES, CONFLICT, false, "numbers, instants, dates that only grow")  \
    X(MIN, "min", VALUES, VALUES, VALUES, VALUES, CONFLICT, false, "numbers, instants, dates that only fall")  \
    X(SET, "set", VALUES, THEIRS, VALUES, VALUES, CONFLICT, false, "unordered arrays of scalars: what each side adds and removes") \
    X(ADD, "add", OURS, THEIRS, VALUES, VALUES, CONFLICT, false, "counters: what the event adds to its base")   \
    X(APPEND, "append", OURS, THEIRS, VALUES, VALUES, CONFLICT, false,                                       \
      "logs, remarks: what the event writes behind its base")                                                \
    X(ATOMIC, "atomic", OURS, THEIRS, CONFLICT, OURS, CONFLICT, true, "an array or object as one value")
/* The same for rules that are nothing without the values that a pattern gives them. */
#define RULES_WITH_VALUES(X)                                                                                 \
    X(RANK, "rank", VALUES, THEIRS, VALUES, VALUES, CONFLICT, false, "life cycles that only go forward")     \
    X(TRANSITION, "transition", VALUES, THEIRS, VALUES, VALUES, CONFLICT, false,                             \
      "life cycles that go the ways that are named")                                                         \
    X(LATEST, "latest", OURS, THEIRS, VALUES, VALUES, CONFLICT, false,                                       \
      "the newer of the event and the document, by time")                                                    \
    X(KEYED, "keyed", VALUES, THEIRS, VALUES, VALUES, CONFLICT, false,                                       \
      "arrays of objects: element by element, by a member that names each")
#define RULES(X) RULES_PLAIN(X) RULES_WITH_VALUES(X)

enum rule {
#define X(identifier, name, c2, c3, c4, c5, c6, starred, purpose) RULE_##identifier,
    RULES(X)
#undef X
    RULE_COUNT
};

const char *rule_name(enum rule rule);
const char *rule_purpose(enum rule rule);
bool rule_parse(struct bytes name, enum rule *ret_rule);
/* The cell of the table; CASE_1 is RESULT_THEIRS for every rule. No cell is RESULT_MERGED: that is what values make. */
enum merge_result rule_result(enum rule rule, enum merge_case merge_case);
/* Does case 5 of this rule follow the `no_base` setting? */
bool rule_follows_no_base(enum rule rule);
/* Does the rule take an object by member (true), or whole (atomic, document, ignore)? */
bool rule_splits_objects(enum rule rule);
/* Does the rule decide an array as a whole? Then no pattern may lie below its own. */
bool rule_takes_arrays(enum rule rule);
/* Does the rule set what the event adds to its base apart from the rest? Then only what the producer has seen itself is
 * a base: the event's, or the document at its base_version. */
bool rule_wants_own_base(enum rule rule);
/* Does it count when the event is applied a second time? Then the event has to bring a base of its own. */
bool rule_counts_repeats(enum rule rule);
/* Is the rule written with values of its own (rule_entry.values)? */
bool rule_takes_values(enum rule rule);
/* Do its decisions rest on a base? (run warns when most events under such a rule carry none) */
bool rule_needs_base(enum rule rule);

#endif
