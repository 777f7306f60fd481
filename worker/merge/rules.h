#ifndef IFMATCH_MERGE_RULES_H
#define IFMATCH_MERGE_RULES_H

#include "common/error.h"
#include "merge/rule.h"

/* The rules of a configuration: patterns with their rule and settings, and the defaults. Built once at start by
 * config/, read by every merge. Where several patterns match a field, the most specific one stands. */

enum on_conflict { ON_CONFLICT_MANUAL, ON_CONFLICT_EXTERNAL, ON_CONFLICT_DOCUMENT };
enum no_base { NO_BASE_RULE, NO_BASE_EXTERNAL, NO_BASE_DOCUMENT, NO_BASE_CONFLICT };
enum base_version_use { BASE_VERSION_HINT, BASE_VERSION_REQUIRE };

/* When two values of a field are the same. */
enum compare {
    COMPARE_VALUE,   /* as JSON: numbers by value, objects without order */
    COMPARE_INSTANT, /* two times of RFC 3339 by the instant, two dates by the day */
    COMPARE_SET,     /* two arrays by what is in them, without order and number */
    COMPARE_TEXT_CI, /* two texts without regard to upper and lower case of ASCII letters */
    COMPARE_MEMBER,  /* an object by one of its members, alone or against a value that is no object */
};

const char *compare_name(enum compare compare);
bool compare_parse(struct bytes name, enum compare *ret_compare); /* of a word: not COMPARE_MEMBER */
const char *on_conflict_name(enum on_conflict value);
const char *no_base_name(enum no_base value);
bool on_conflict_parse(struct bytes name, enum on_conflict *ret_value);
bool no_base_parse(struct bytes name, enum no_base *ret_value);

/* Where a setting stands, for messages and for `ifmatch merge`. */
struct rule_place {
    const char *file; /* NULL: built in */
    int line;
};

struct rule_entry {
    struct bytes pattern; /* absent: the default rule */
    enum rule rule;
    bool has_on_conflict;
    bool has_no_base;
    enum on_conflict on_conflict; /* for this pattern */
    enum no_base no_base;
    enum compare compare;
    struct bytes compare_member; /* of COMPARE_MEMBER; such a field is one value, nothing lies below */
    struct bytes group; /* absent: decided alone */
    bool has_on_delete_conflict;
    enum on_conflict on_delete_conflict; /* one side removed what the other changed; not said: as any conflict */
    struct bytes values; /* a line for each: of `rank` the values from first to last, of `transition` FROM, a tab, TO;
                          * of `latest` the pointer to where the document says when it was changed, of `keyed` the member
                          * that names an element; absent for every other rule */
    struct rule_place place;
};

struct rules;

struct rules_defaults {
    enum rule rule;               /* merge.default; external with strategy last_write_wins */
    enum on_conflict on_conflict; /* merge.on_conflict */
    enum no_base no_base;         /* merge.no_base; the one for all never touches prefer_document */
    enum base_version_use base_version;
    bool memory_is_base; /* merge.base: event switches it off */
    bool partial;        /* merge.partial */
};

#define RULES_DEFAULTS                                                                                       \
    ((struct rules_defaults){.rule = RULE_MERGE, .on_conflict = ON_CONFLICT_MANUAL, .no_base = NO_BASE_RULE, \
                             .base_version = BASE_VERSION_HINT, .memory_is_base = true, .partial = false})

struct rules *rules_new(const struct rules_defaults *defaults);
void rules_free(struct rules *rules); /* NULL is fine */
void rules_free_cleanup(struct rules **rules);
#define auto_rules __attribute__((cleanup(rules_free_cleanup))) struct rules *

/* Copies the entry. Fails (ERROR_USAGE, naming both places) on a bad pattern, on one that is there already, and on a
 * rule with values that it does not take or without those that it needs. */
bool rules_add(struct rules *rules, const struct rule_entry *entry, struct error *error);
/* Call once after the last rules_add: refuses two patterns of equal specificity that overlap, and a pattern below
 * one that takes arrays as a whole. */
bool rules_finish(struct rules *rules, struct error *error);

const struct rules_defaults *rules_defaults(const struct rules *rules);
/* The entry that stands for a field: the most specific match, or the default. Never NULL; lives as long as rules. */
const struct rule_entry *rules_find(const struct rules *rules, struct bytes field);
/* The same, and what rules_reach_below says. */
const struct rule_entry *rules_govern(const struct rules *rules, struct bytes field, bool *ret_reach_below);
/* Is there a pattern that could match strictly below `field`? Then an O that is an object is split there. */
bool rules_reach_below(const struct rules *rules, struct bytes field);
size_t rules_count(const struct rules *rules);
const struct rule_entry *rules_at(const struct rules *rules, size_t index);

#endif
