#include "demo/model_values.h"

#include "common/check.h"
#include "common/json_compare.h"
#include "common/json_splice.h"
#include "common/memory.h"
#include "common/pointer.h"

static const char *const rule_names[] = {"merge",  "external", "prefer_external", "prefer_document",
                                         "document", "ignore", "object", "fill", "immutable", "max", "min",
                                         "set", "add", "append", "atomic", "rank", "transition",
                                         "latest", "keyed"};
static const char *const case_names[] = {"c1", "c2", "c3", "c4", "c5"};
static const char *const result_names[] = {"ours", "theirs", "merged", "conflict"};
static const char *const base_names[] = {"event", "version", "refused_copy", "memory", "none"};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static bool parse(const char *const *names, size_t count, struct bytes name, unsigned *ret_position)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes_equal(bytes_of(names[i]), name)) {
            *ret_position = (unsigned)i;
            return true;
        }
    }
    return false;
}

const char *model_rule_name(enum model_rule rule)
{
    return rule_names[rule];
}

const char *model_case_name(enum model_case kase)
{
    return case_names[kase];
}

const char *model_result_name(enum model_result result)
{
    return result_names[result];
}

const char *model_base_name(enum model_base_from from)
{
    return base_names[from];
}

bool model_rule_parse(struct bytes name, enum model_rule *ret_rule)
{
    return parse(rule_names, COUNT(rule_names), name, ret_rule);
}

bool model_case_parse(struct bytes name, enum model_case *ret_case)
{
    return parse(case_names, COUNT(case_names), name, ret_case);
}

bool model_result_parse(struct bytes name, enum model_result *ret_result)
{
    return parse(result_names, COUNT(result_names), name, ret_result);
}

bool model_base_parse(struct bytes name, enum model_base_from *ret_from)
{
    return parse(base_names, COUNT(base_names), name, ret_from);
}

bool model_equal(struct model_value a, struct model_value b)
{
    if (a.state == MODEL_UNKNOWN || b.state == MODEL_UNKNOWN || a.state != b.state)
        return false;
    return a.state == MODEL_MISSING || model_texts_equal(a.text, b.text);
}

/* One letter for each of c2 c3 c4 c5: what the document gets, X is a conflict, ? is what the values make. */
static const char *const cells[MODEL_RULES] = {
    [MODEL_MERGE] = "OTXO",           [MODEL_EXTERNAL] = "OOOO", [MODEL_PREFER_EXTERNAL] = "OTOO",
    [MODEL_PREFER_DOCUMENT] = "OTTT", [MODEL_DOCUMENT] = "TTTT", [MODEL_IGNORE] = "TTTT",
    [MODEL_OBJECT] = "OTXO",          [MODEL_FILL] = "????",     [MODEL_IMMUTABLE] = "XTXX",
    [MODEL_MAX] = "????",             [MODEL_MIN] = "????",      [MODEL_ATOMIC] = "OTXO",
    [MODEL_RANK] = "?T??",            [MODEL_TRANSITION] = "?T??", [MODEL_SET] = "?T??",
    [MODEL_ADD] = "OT?X",             [MODEL_APPEND] = "OT?X",     [MODEL_LATEST] = "OT??",
    [MODEL_KEYED] = "?T??",
};

static enum model_case case_of(const struct model_field *field)
{
    if (model_same(&field->by, field->ours, field->theirs))
        return MODEL_C1;
    if (field->base.state == MODEL_UNKNOWN)
        return MODEL_C5;
    if (model_same(&field->by, field->theirs, field->base))
        return MODEL_C2;
    return field->base_from != MODEL_REFUSED_COPY && model_same(&field->by, field->ours, field->base) ? MODEL_C3
                                                                                                       : MODEL_C4;
}

struct model_verdict model_decide(const struct model_field *field, struct arena *arena)
{
    struct model_verdict verdict = {case_of(field), MODEL_THEIRS, field->theirs};

    if (verdict.kase == MODEL_C1)
        return verdict; /* both are the same: never a write */
    switch (cells[field->by.rule][verdict.kase - MODEL_C2]) {
    case 'O':
        verdict.result = MODEL_OURS;
        verdict.value = field->ours;
        break;
    case 'T':
        break;
    case 'X':
        verdict.result = MODEL_CONFLICT;
        break;
    default:
        verdict.result = model_by_values(field, verdict.kase, arena, &verdict.value);
    }
    return verdict;
}

bool model_permits(const struct model_field *field, struct arena *arena, struct model_value *ret_value)
{
    struct model_verdict verdict = model_decide(field, arena);

    *ret_value = verdict.value;
    return verdict.kase == MODEL_C1 || model_is_change(verdict.result);
}

bool model_wants_own_base(enum model_rule rule)
{
    return rule == MODEL_SET || rule == MODEL_KEYED || rule == MODEL_ADD || rule == MODEL_APPEND;
}

/* The pattern that governs `pointer`, or NULL. */
static const struct model_pattern *governing(const struct model_rules *rules, struct bytes pointer)
{
    const struct model_pattern *best = NULL;

    for (size_t i = 0; i < rules->count; i++) {
        const struct model_pattern *candidate = &rules->patterns[i];
        bool covers = pattern_matches(candidate->pattern, pointer);

        for (size_t end = 0; end < pointer.size && !covers; end++) {
            if (pointer.data[end] == '/')
                covers = pattern_matches(candidate->pattern, (struct bytes){pointer.data, end});
        }
        if (covers && (best == NULL || pattern_compare(candidate->pattern, best->pattern) > 0))
            best = candidate;
    }
    return best;
}

struct model_pattern model_pattern_of(const struct model_rules *rules, struct bytes pointer)
{
    const struct model_pattern *pattern = governing(rules, pointer);

    return pattern != NULL ? *pattern : (struct model_pattern){.rule = rules->fallback};
}

enum model_rule model_rule_of(const struct model_rules *rules, struct bytes pointer)
{
    return model_pattern_of(rules, pointer).rule;
}

bool model_is_refined(const struct model_rules *rules, struct bytes pointer)
{
    const struct model_pattern *pattern = governing(rules, pointer);

    for (size_t i = 0; i < rules->count; i++) {
        const struct model_pattern *other = &rules->patterns[i];

        if (other != pattern && pattern_reaches_below(other->pattern, pointer) &&
            (pattern == NULL || pattern_compare(other->pattern, pattern->pattern) > 0))
            return true;
    }
    return false;
}

bool model_splits(const struct model_rules *rules, struct bytes pointer)
{
    struct model_pattern by = model_pattern_of(rules, pointer);

    if (by.compare == MODEL_AS_MEMBER)
        return model_is_refined(rules, pointer);
    switch (by.rule) {
    case MODEL_MERGE:
    case MODEL_EXTERNAL:
    case MODEL_PREFER_EXTERNAL:
    case MODEL_PREFER_DOCUMENT:
    case MODEL_OBJECT:
    case MODEL_FILL:
    case MODEL_IMMUTABLE:
    case MODEL_MAX:
    case MODEL_MIN:
    case MODEL_SET:
    case MODEL_ADD:
    case MODEL_APPEND:
    case MODEL_LATEST:
    case MODEL_KEYED:
    case MODEL_RANK:
    case MODEL_TRANSITION:
        return true;
    default:
        return model_is_refined(rules, pointer);
    }
}

bool model_set(struct bytes document, struct bytes pointer, struct model_value value, struct arena *arena,
               struct bytes *ret_document)
{
    struct json_edit edit = {pointer, value.state == MODEL_VALUE ? value.text : BYTES_NONE};
    auto_buffer out;
    struct json json;
    size_t failed;

    buffer_init(&out, MODEL_TEXT_MAX);
    if (!model_scan(document, arena, &json) || json_splice(&json, &edit, 1, &out, &failed) != JSON_SPLICED)
        return false;
    *ret_document = (struct bytes){arena_copy(arena, out.data, out.size), out.size};
    return true;
}

struct model_value model_value_at(struct bytes document, struct bytes pointer)
{
    struct arena *arena = arena_new(4096);
    struct model_value value = {MODEL_MISSING, BYTES_NONE};
    struct json json;
    uint32_t index;

    if (model_scan(document, arena, &json) && pointer_find(&json, pointer, &index) == POINTER_FOUND)
        value = (struct model_value){MODEL_VALUE, json_text(&json, index)};
    arena_free(arena);
    return value;
}
