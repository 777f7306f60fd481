#include "world.h"

#include "common/check.h"

/* Sets of rules, each told to the engine's merge and to the independent model. */
static const struct {
    const char *fallback;
    struct {
        const char *pattern;
        const char *rule;
        const char *values;
    } patterns[4];
} sets[RULE_SETS] = {
    {"merge", {{NULL, NULL, NULL}}},
    {"merge", {{"/status", "external", NULL}, {"/owner", "prefer_document", NULL}, {"/attributes/*", "merge", NULL}}},
    {"merge", {{"/status", "prefer_external", NULL}, {"/owner", "document", NULL}, {"/attributes", "atomic", NULL}, {"/note", "ignore", NULL}}},
    {"external", {{"/owner", "prefer_document", NULL}, {"/number", "merge", NULL}}},
    {"prefer_external", {{"/attributes", "object", NULL}, {"/tags", "atomic", NULL}, {"/status", "external", NULL}, {"/owner", "merge", NULL}}},
    {"merge", {{"/status", "fill", NULL}, {"/number", "immutable", NULL}, {"/owner", "fill", NULL}}},
    {"prefer_document", {{"/number", "max", NULL}, {"/attributes/weight", "min", NULL}, {"/attributes/length", "max", NULL}}},
    {"merge", {{"/status", "rank", "DRAFT\nREVIEW\nRELEASED\n"}, {"/number", "transition", "1\t2\n2\t1\n2\t9007199254740993\n"}}},
    {"merge", {{"/tags", "set", NULL}}},
    {"merge", {{"/number", "add", NULL}, {"/size/height", "add", NULL}, {"/tags", "append", NULL}, {"/owner", "append", NULL}}},
    {"external", {{"/tags", "keyed", "k"}}}, /* with values of their own: workloads.c */
    {"merge", {{"/status", "latest", "/owner"}}},
};

void world_add_rule(struct world *world, const char *pattern, const char *name, const char *values, struct error *error)
{
    struct model_rules *model = &world->model_rules;
    struct model_pattern *patterns = memory_resize((void *)model->patterns, (model->count + 1) * sizeof(*patterns));
    struct rule_entry entry = {.pattern = bytes_of(pattern), .values = values != NULL ? bytes_of(values) : BYTES_NONE};

    model->patterns = patterns;
    if (!rule_parse(bytes_of(name), &entry.rule)) {
        error_set(error, ERROR_INPUT, "unknown rule '%s'", name);
        return;
    }
    if (!rules_add(world->rules, &entry, error))
        return;
    patterns[model->count] = (struct model_pattern){
        .pattern = world_copy(world, bytes_of(pattern)),
        .values = values != NULL ? world_copy(world, bytes_of(values)) : BYTES_NONE,
    };
    if (!model_rule_parse(bytes_of(name), &patterns[model->count].rule))
        never("the model knows every rule");
    model->count++;
}

bool world_has_rule(const struct world *world, enum model_rule rule)
{
    for (size_t i = 0; i < world->model_rules.count; i++) {
        if (world->model_rules.patterns[i].rule == rule)
            return true;
    }
    return false;
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
        world_add_rule(world, sets[set].patterns[i].pattern, sets[set].patterns[i].rule,
                       sets[set].patterns[i].values, &error);
    ensure(error.kind == ERROR_NONE);
}
