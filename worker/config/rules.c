#include "common/buffer.h"
#include "common/memory.h"
#include "common/nearest.h"
#include "common/pointer.h"
#include "config/expand.h"
#include "config/load.h"

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

static bool read_rule(const struct yaml_node *node, struct rule_entry *entry, const char *word,
                      struct error *error)
{
    static const char *const words[] = {
#define X(identifier, name, c2, c3, c4, c5, c6, starred, purpose) name,
        RULES(X)
#undef X
            NULL};

    return rule_parse(bytes_of(word), &entry->rule) || fail_word(node, "rule", word, words, error);
}

static bool read_setting(const struct yaml_node *key, const struct yaml_node *node, struct rule_entry *entry,
                         char **group, struct error *error)
{
    static const char *const keys[] = {"rule", "on_conflict", "no_base", "group", NULL};
    static const char *const on_conflicts[] = {"manual", "external", "document", NULL};
    static const char *const no_bases[] = {"rule", "external", "document", "conflict", NULL};
    const char *name = yaml_text(key);
    auto_text word = NULL;

    if (yaml_kind(node) != YAML_SCALAR || yaml_is_null(node))
        return yaml_fail(node, error, "'%s' of a rule needs a word", name);
    word = expand_scalar(node, error);
    if (word == NULL)
        return false;
    if (strcmp(name, "rule") == 0)
        return read_rule(node, entry, word, error);
    if (strcmp(name, "on_conflict") == 0) {
        entry->has_on_conflict = true;
        return on_conflict_parse(bytes_of(word), &entry->on_conflict) ||
               fail_word(node, name, word, on_conflicts, error);
    }
    if (strcmp(name, "no_base") == 0) {
        entry->has_no_base = true;
        return no_base_parse(bytes_of(word), &entry->no_base) || fail_word(node, name, word, no_bases, error);
    }
    if (strcmp(name, "group") != 0)
        return fail_word(key, "key", name, keys, error);
    if (*word == '\0')
        return yaml_fail(node, error, "'group' must not be empty");
    *group = take(word);
    return true;
}

static bool read_entry(const struct yaml_node *node, struct rule_entry *entry, char **group,
                       struct error *error)
{
    if (yaml_kind(node) == YAML_SCALAR && !yaml_is_null(node)) {
        auto_text word = expand_scalar(node, error);

        return word != NULL && read_rule(node, entry, word, error);
    }
    if (yaml_kind(node) != YAML_MAPPING)
        return yaml_fail(node, error, "a pattern needs a rule, or { rule, on_conflict, no_base, group }");
    for (size_t i = 0; i < yaml_count(node); i++)
        if (!read_setting(yaml_key(node, i), yaml_item(node, i), entry, group, error))
            return false;
    return true;
}

static bool add_rule(struct rules *rules, const struct settings *settings, const struct yaml_node *key,
                     const struct yaml_node *value, struct error *error)
{
    struct rule_entry entry = {.pattern = bytes_of(yaml_text(key)),
                               .rule = rules_defaults(rules)->rule,
                               .place = {place_name(settings, key), yaml_line(key)}};
    auto_text group = NULL;
    const char *what;

    if (!pattern_is_valid(entry.pattern, &what))
        return yaml_fail(key, error, "'%s' is no pattern: %s", yaml_text(key), what);
    if (!read_entry(value, &entry, &group, error))
        return false;
    entry.group = bytes_of(group);
    return rules_add(rules, &entry, error);
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
