#include "merge/rule.h"

#include "common/check.h"

#define OURS     RESULT_OURS
#define THEIRS   RESULT_THEIRS
#define CONFLICT RESULT_CONFLICT
#define MEMBERS  RESULT_MEMBERS
#define VALUES   RESULT_VALUES

static const struct {
    const char *name;
    const char *purpose;
    enum merge_result cell[CASE_COUNT];
    bool is_starred;
} rules[RULE_COUNT] = {
#define X(identifier, name, c2, c3, c4, c5, c6, starred, purpose)                                            \
    [RULE_##identifier] = {name, purpose, {THEIRS, c2, c3, c4, c5, c6}, starred},
    RULES(X)
#undef X
};

const char *merge_case_name(enum merge_case merge_case)
{
    static const char *const names[CASE_COUNT] = {"c1", "c2", "c3", "c4", "c5", "c6"};

    ensure(merge_case < CASE_COUNT);
    return names[merge_case];
}

const char *rule_name(enum rule rule)
{
    ensure(rule < RULE_COUNT);
    return rules[rule].name;
}

const char *rule_purpose(enum rule rule)
{
    ensure(rule < RULE_COUNT);
    return rules[rule].purpose;
}

bool rule_parse(struct bytes name, enum rule *ret_rule)
{
    for (size_t i = 0; i < RULE_COUNT; i++)
        if (bytes_equal(name, bytes_of(rules[i].name))) {
            *ret_rule = (enum rule)i;
            return true;
        }
    return false;
}

enum merge_result rule_result(enum rule rule, enum merge_case merge_case)
{
    ensure(rule < RULE_COUNT);
    ensure(merge_case < CASE_COUNT);
    return rules[rule].cell[merge_case];
}

bool rule_follows_no_base(enum rule rule)
{
    ensure(rule < RULE_COUNT);
    return rules[rule].is_starred;
}

bool rule_splits_objects(enum rule rule)
{
    switch (rule) {
    case RULE_MERGE:
    case RULE_EXTERNAL:
    case RULE_PREFER_EXTERNAL:
    case RULE_PREFER_DOCUMENT:
    case RULE_OBJECT:
    case RULE_FILL:
    case RULE_IMMUTABLE:
    case RULE_MAX:
    case RULE_MIN:
    case RULE_RANK:
    case RULE_TRANSITION:
    case RULE_SET:
    case RULE_ADD:
    case RULE_APPEND:
    case RULE_LATEST:
    case RULE_KEYED:
        return true;
    case RULE_DOCUMENT:
    case RULE_IGNORE:
    case RULE_ATOMIC:
        return false;
    case RULE_COUNT:
        break;
    }
    never("every rule takes objects in one way");
}

bool rule_takes_arrays(enum rule rule)
{
    return rule == RULE_ATOMIC || rule == RULE_SET || rule == RULE_APPEND || rule == RULE_KEYED;
}

bool rule_wants_own_base(enum rule rule)
{
    return rule == RULE_SET || rule == RULE_KEYED || rule_counts_repeats(rule);
}

bool rule_counts_repeats(enum rule rule)
{
    return rule == RULE_ADD || rule == RULE_APPEND;
}

bool rule_takes_values(enum rule rule)
{
    return rule == RULE_RANK || rule == RULE_TRANSITION || rule == RULE_LATEST || rule == RULE_KEYED;
}

bool rule_needs_base(enum rule rule)
{
    return rule_result(rule, CASE_2) != rule_result(rule, CASE_4) || rule == RULE_OBJECT ||
           rule_wants_own_base(rule);
}
