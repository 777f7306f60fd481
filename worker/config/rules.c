#include "common/buffer.h"
#include "common/memory.h"
#include "common/nearest.h"
#include "common/pointer.h"
#include "config/expand.h"
#include "config/load.h"
#include "config/rule_values.h"

/* Rules point at their place for as long as they live: longer than what came in from outside the file. */
static const char *place_name(const struct settings *settings, const struct yaml_node *node)
{
    const char *path = settings->config.path;

    if (path != NULL && yaml_name(node) == path)
        return path;
    return yaml_name(node)[0] == '-' ? "--set merge.rules" : "IFMATCH_MERGE_RULES";
}

static bool fail_word(const struct yaml_node *node, const char *what, const char *word,
                      const char *const *words, struct error *error)
{
    struct nearest nearest;
    auto_buffer list = {0};

    buffer_init(&list, 512);
    nearest_init(&nearest, word);
    for (size_t i = 0; words[i] != NULL; i++) {
        buffer_format(&list, "%s%s", i > 0 ? ", " : "", words[i]);
        nearest_try(&nearest, words[i]);
    }
    if (nearest.best != NULL)
        return yaml_fail(node, error, "unknown %s '%s'; did you mean '%s'?", what, word, nearest.best);
    return yaml_fail(node, error, "unknown %s '%s'; known are: %.*s", what, word,
                     BYTES_ARG(buffer_bytes(&list)));
}

/* An entry while it is read, with the texts that are its own. */
struct reading {
    struct rule_entry entry;
    char *group;
    char *values;
    char *compare_member;
    bool has_rule;
};

static bool read_rule(const struct yaml_node *node, struct reading *reading, const char *word, struct error *error)
{
    static const char *const words[] = {
#define X(identifier, name, c2, c3, c4, c5, c6, starred, purpose) name,
        RULES(X)
#undef X
            NULL};

    if (reading->has_rule)
        return yaml_fail(node, error, "the pattern has a rule already: '%s'", rule_name(reading->entry.rule));
    if (!rule_parse(bytes_of(word), &reading->entry.rule))
        return fail_word(node, "rule", word, words, error);
    if (rule_takes_values(reading->entry.rule))
        return yaml_fail(node, error, "'%s' needs its values: { %s }", word, rule_values_form(reading->entry.rule));
    reading->has_rule = true;
    return true;
}

static bool read_rule_with_values(const struct yaml_node *key, const struct yaml_node *node, enum rule rule,
                                  struct reading *reading, struct error *error)
{
    if (reading->has_rule)
        return yaml_fail(key, error, "the pattern has a rule already: '%s'", rule_name(reading->entry.rule));
    reading->has_rule = true;
    reading->entry.rule = rule;
    reading->values = rule_values_read(rule, node, error);
    return reading->values != NULL;
}

static bool is_one_of(const char *word, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

static bool read_word(const struct yaml_node *key, const struct yaml_node *node, struct reading *reading,
                      struct error *error)
{
    static const char *const keys[] = {"rule", "on_conflict", "no_base", "group", "on_delete_conflict",
                                       "compare", "rank", "transition",  "latest",  "keyed", NULL};
    static const char *const on_conflicts[] = {"manual", "external", "document", NULL};
    static const char *const compares[] = {"value", "instant", "set", "text-ci", "{ member: NAME }", NULL};
    static const char *const no_bases[] = {"rule", "external", "document", "conflict", NULL};
    struct rule_entry *entry = &reading->entry;
    const char *name = yaml_text(key);
    auto_text word = NULL;

    if (!is_one_of(name, keys))
        return fail_word(key, "key", name, keys, error);
    if (yaml_kind(node) != YAML_SCALAR || yaml_is_null(node))
        return yaml_fail(node, error, "'%s' of a rule needs a word", name);
    word = expand_scalar(node, error);
    if (word == NULL)
        return false;
    if (strcmp(name, "rule") == 0)
        return read_rule(node, reading, word, error);
    if (strcmp(name, "on_conflict") == 0) {
        entry->has_on_conflict = true;
        return on_conflict_parse(bytes_of(word), &entry->on_conflict) ||
               fail_word(node, name, word, on_conflicts, error);
    }
    if (strcmp(name, "on_delete_conflict") == 0) {
        entry->has_on_delete_conflict = true;
        return on_conflict_parse(bytes_of(word), &entry->on_delete_conflict) ||
               fail_word(node, name, word, on_conflicts, error);
    }
    if (strcmp(name, "compare") == 0)
        return compare_parse(bytes_of(word), &entry->compare) || fail_word(node, name, word, compares, error);
    if (strcmp(name, "no_base") == 0) {
        entry->has_no_base = true;
        return no_base_parse(bytes_of(word), &entry->no_base) || fail_word(node, name, word, no_bases, error);
    }
    if (*word == '\0')
        return yaml_fail(node, error, "'group' must not be empty");
    reading->group = take(word);
    return true;
}

/* compare: { member: NAME } */
static bool read_compare_member(const struct yaml_node *node, struct reading *reading, struct error *error)
{
    static const char wanted[] = "'compare' by a member needs its name: { member: NAME }";
    const struct yaml_node *name = yaml_count(node) == 1 ? yaml_item(node, 0) : NULL;

    if (name == NULL || strcmp(yaml_text(yaml_key(node, 0)), "member") != 0 || yaml_kind(name) != YAML_SCALAR ||
        yaml_is_null(name))
        return yaml_fail(node, error, "%s", wanted);
    free(reading->compare_member);
    reading->compare_member = expand_scalar(name, error);
    reading->entry.compare = COMPARE_MEMBER;
    return reading->compare_member != NULL && (*reading->compare_member != '\0' || yaml_fail(name, error, "%s", wanted));
}

static bool read_setting(const struct yaml_node *key, const struct yaml_node *node, struct reading *reading,
                         struct error *error)
{
    enum rule rule;

    if (rule_parse(bytes_of(yaml_text(key)), &rule) && rule_takes_values(rule))
        return read_rule_with_values(key, node, rule, reading, error);
    if (strcmp(yaml_text(key), "compare") == 0 && yaml_kind(node) == YAML_MAPPING)
        return read_compare_member(node, reading, error);
    return read_word(key, node, reading, error);
}

static bool read_entry(const struct yaml_node *node, struct reading *reading, struct error *error)
{
    if (yaml_kind(node) == YAML_SCALAR && !yaml_is_null(node)) {
        auto_text word = expand_scalar(node, error);

        return word != NULL && read_rule(node, reading, word, error);
    }
    if (yaml_kind(node) != YAML_MAPPING)
        return yaml_fail(node, error, "a pattern needs a rule, or { rule, on_conflict, on_delete_conflict, no_base, group, compare }");
    for (size_t i = 0; i < yaml_count(node); i++)
        if (!read_setting(yaml_key(node, i), yaml_item(node, i), reading, error))
            return false;
    return true;
}

static bool add_read(struct rules *rules, const struct yaml_node *value, struct reading *reading, struct error *error)
{
    if (!read_entry(value, reading, error))
        return false;
    if (reading->group != NULL)
        reading->entry.group = bytes_of(reading->group);
    if (reading->compare_member != NULL)
        reading->entry.compare_member = bytes_of(reading->compare_member);
    if (reading->values != NULL)
        reading->entry.values = bytes_of(reading->values);
    return rules_add(rules, &reading->entry, error);
}

static bool add_rule(struct rules *rules, const struct settings *settings, const struct yaml_node *key,
                     const struct yaml_node *value, struct error *error)
{
    struct reading reading = {.entry = {.pattern = bytes_of(yaml_text(key)),
                                        .rule = rules_defaults(rules)->rule,
                                        .place = {place_name(settings, key), yaml_line(key)}}};
    const char *what;
    bool is_good;

    if (!pattern_is_valid(reading.entry.pattern, &what))
        return yaml_fail(key, error, "'%s' is no pattern: %s", yaml_text(key), what);
    is_good = add_read(rules, value, &reading, error);
    free(reading.group);
    free(reading.values);
    free(reading.compare_member);
    return is_good;
}

/* The rules name file and line in front; the node there can show the line too. */
static bool fail_rules(const struct settings *settings, const struct error *cause, struct error *error)
{
    for (size_t i = 0; settings->rules != NULL && i < yaml_count(settings->rules); i++) {
        const struct yaml_node *key = yaml_key(settings->rules, i);
        auto_text place = memory_format("%s:%d: ", place_name(settings, key), yaml_line(key));

        if (strncmp(cause->text, place, strlen(place)) == 0)
            return yaml_fail(key, error, "%s", cause->text + strlen(place));
    }
    return error_set(error, ERROR_USAGE, "%s", cause->text);
}

static bool add_rules(struct rules *rules, const struct settings *settings, struct error *error)
{
    const struct yaml_node *node = settings->rules;
    struct error cause = {0};

    for (size_t i = 0; node != NULL && i < yaml_count(node); i++)
        if (!add_rule(rules, settings, yaml_key(node, i), yaml_item(node, i), error))
            return false;
    return rules_finish(rules, &cause) || fail_rules(settings, &cause, error);
}

struct rules *rules_build(const struct settings *settings, struct error *error)
{
    const struct rules_defaults defaults = {
        .rule = settings->strategy == STRATEGY_LAST_WRITE_WINS ? RULE_EXTERNAL : settings->merge_default,
        .on_conflict = settings->on_conflict,
        .no_base = settings->no_base,
        .base_version = settings->base_version,
        .memory_is_base = settings->base == MERGE_BASE_MEMORY,
        .partial = settings->partial,
    };
    auto_rules rules = rules_new(&defaults);

    if (!add_rules(rules, settings, error))
        return NULL;
    return take(rules);
}
