#include "world.h"

#include "common/check.h"

/* Sets of rules, each told to the engine's merge and to the independent model. */
static const struct {
    const char *fallback;
    struct {
        const char *pattern;
        const char *rule;
    } patterns[4];
} sets[RULE_SETS] = {
    {"merge", {{NULL, NULL}}},
    {"merge", {{"/status", "external"}, {"/owner", "prefer_document"}, {"/attributes/*", "merge"}}},
    {"merge", {{"/status", "prefer_external"}, {"/owner", "document"}, {"/attributes", "atomic"}, {"/note", "ignore"}}},
    {"external", {{"/owner", "prefer_document"}, {"/number", "merge"}}},
    {"prefer_external", {{"/attributes", "object"}, {"/tags", "atomic"}, {"/status", "external"}, {"/owner", "merge"}}},
    {"merge", {{"/status", "fill"}, {"/number", "immutable"}, {"/owner", "fill"}}},
    {"prefer_document", {{"/number", "max"}, {"/attributes/weight", "min"}, {"/attributes/length", "max"}}},
};

void world_add_rule(struct world *world, const char *pattern, const char *name, struct error *error)
{
    struct model_rules *model = &world->model_rules;
    struct model_pattern *patterns = memory_resize((void *)model->patterns, (model->count + 1) * sizeof(*patterns));
    struct rule_entry entry = {.pattern = bytes_of(pattern)};

    model->patterns = patterns;
    if (!rule_parse(bytes_of(name), &entry.rule)) {
        error_set(error, ERROR_INPUT, "unknown rule '%s'", name);
        return;
    }
    if (!rules_add(world->rules, &entry, error))
        return;
    patterns[model->count].pattern = world_copy(world, bytes_of(pattern));
    if (!model_rule_parse(bytes_of(name), &patterns[model->count].rule))
        never("the model knows every rule");
    model->count++;
}

void world_rules(struct world *world, uint32_t set)
{
    struct rules_defaults defaults = RULES_DEFAULTS;
    struct error error = {0};

    defaults.memory_is_base = world->options.memory_is_base;
    defaults.partial = world->options.partial;
    if (!rule_parse(bytes_of(sets[set].fallback), &defaults.rule) ||
        !model_rule_parse(bytes_of(sets[set].fallback), &world->model_rules.fallback))
        never("the sets name rules that there are");
    world->rules = rules_new(&defaults);
    for (size_t i = 0; i < 4 && sets[set].patterns[i].pattern != NULL; i++)
        world_add_rule(world, sets[set].patterns[i].pattern, sets[set].patterns[i].rule, &error);
    ensure(error.kind == ERROR_NONE);
}
