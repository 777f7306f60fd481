#include "demo/model.h"

#include "common/check.h"
#include "common/json_compare.h"
#include "common/json_number.h"
#include "common/json_splice.h"
#include "common/memory.h"
#include "common/pointer.h"
#include "common/timestamp.h"

static const char *const rule_names[] = {"merge",  "external", "prefer_external", "prefer_document",
                                         "document", "ignore", "object", "fill", "immutable", "max", "min",
                                         "atomic", "rank", "transition"};
static const char *const case_names[] = {"c1", "c2", "c3", "c4", "c5"};
static const char *const result_names[] = {"ours", "theirs", "conflict"};
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

/* Documents of the demo and of simulations are small; a scan that meets a limit is a bug of theirs. */
static const struct json_limits limits = {.size_max = 64 << 20, .depth_max = 64, .members_max = 10000000};

static bool scan(struct bytes text, struct arena *arena, struct json *ret_json)
{
    struct json_fault fault;

    return json_scan(text, &limits, arena, ret_json, &fault);
}

static bool texts_equal(struct bytes a, struct bytes b)
{
    struct arena *arena;
    struct json left, right;
    bool is_equal;

    if (bytes_equal(a, b))
        return true;
    arena = arena_new(4096);
    is_equal = scan(a, arena, &left) && scan(b, arena, &right) && json_equal(&left, 0, &right, 0);
    arena_free(arena);
    return is_equal;
}

bool model_equal(struct model_value a, struct model_value b)
{
    if (a.state == MODEL_UNKNOWN || b.state == MODEL_UNKNOWN || a.state != b.state)
        return false;
    return a.state == MODEL_MISSING || texts_equal(a.text, b.text);
}

static bool is_empty(struct model_value value)
{
    return value.state == MODEL_MISSING || texts_equal(value.text, BYTES("null"));
}

/* Numbers by value, texts that are instants or dates by time; false: the two have no order. */
static bool texts_order(struct bytes a, struct bytes b, int *ret_order)
{
    struct arena *arena = arena_new(4096);
    struct json left, right;
    bool has_order = scan(a, arena, &left) && scan(b, arena, &right);

    if (has_order && left.values[0].kind == JSON_NUMBER && right.values[0].kind == JSON_NUMBER)
        *ret_order = json_number_compare(json_text(&left, 0), json_text(&right, 0));
    else
        has_order = has_order && left.values[0].kind == JSON_STRING && right.values[0].kind == JSON_STRING &&
                    timestamp_compare(json_string(&left, 0, arena), json_string(&right, 0, arena), ret_order);
    arena_free(arena);
    return has_order;
}

/* max with sign 1, min with sign -1. */
static enum model_result extreme(int sign, struct model_value theirs, struct model_value ours)
{
    int order;

    if (is_empty(ours) || is_empty(theirs))
        return is_empty(ours) ? MODEL_THEIRS : MODEL_OURS;
    if (!texts_order(ours.text, theirs.text, &order))
        return MODEL_CONFLICT;
    return sign * order > 0 ? MODEL_OURS : MODEL_THEIRS;
}

/* Does a word of the rule's values stand for the value? A text does by itself, what else there is by its JSON. */
static bool stands_for(struct bytes word, struct model_value value)
{
    struct arena *arena = arena_new(4096);
    struct json json;
    bool does = false;

    if (value.state == MODEL_VALUE && scan(value.text, arena, &json))
        does = json.values[0].kind == JSON_STRING ? bytes_equal(json_string(&json, 0, arena), word)
               : json.values[0].kind == JSON_NULL ? false
                                                  : texts_equal(word, value.text);
    arena_free(arena);
    return does;
}

static enum model_result rank(struct bytes values, struct model_value theirs, struct model_value ours)
{
    size_t reached = 0, wanted = 0, place = 1;

    for (struct bytes rest = values, word; bytes_line(&rest, &word); place++) {
        if (stands_for(word, theirs))
            reached = place;
        if (stands_for(word, ours))
            wanted = place;
    }
    if (reached * wanted == 0)
        return MODEL_CONFLICT;
    return wanted > reached ? MODEL_OURS : MODEL_THEIRS;
}

static enum model_result transition(struct bytes values, struct model_value theirs, struct model_value ours)
{
    for (struct bytes rest = values, line; bytes_line(&rest, &line);) {
        size_t tab = 0;

        while (line.data[tab] != '\t')
            tab++;
        if (stands_for((struct bytes){line.data, tab}, theirs) && stands_for(bytes_from(line, tab + 1), ours))
            return MODEL_OURS;
    }
    return MODEL_CONFLICT;
}

/* Where the table has no letter but a condition on the values. */
static enum model_result condition(struct model_pattern by, struct model_value theirs, struct model_value ours)
{
    switch (by.rule) {
    case MODEL_RANK:
        return rank(by.values, theirs, ours);
    case MODEL_TRANSITION:
        return transition(by.values, theirs, ours);
    case MODEL_FILL:
        return is_empty(theirs) ? MODEL_OURS : MODEL_THEIRS;
    case MODEL_MAX:
        return extreme(1, theirs, ours);
    case MODEL_MIN:
        return extreme(-1, theirs, ours);
    default:
        never("the other rules have a letter in each case");
    }
}

static enum model_result cell(struct model_pattern by, enum model_case kase, struct model_value theirs,
                              struct model_value ours)
{
    /* One letter for each of c2 c3 c4 c5: what the document gets, X is a conflict, ? is a condition. */
    static const char *const cells[MODEL_RULES] = {
        [MODEL_MERGE] = "OTXO",           [MODEL_EXTERNAL] = "OOOO", [MODEL_PREFER_EXTERNAL] = "OTOO",
        [MODEL_PREFER_DOCUMENT] = "OTTT", [MODEL_DOCUMENT] = "TTTT", [MODEL_IGNORE] = "TTTT",
        [MODEL_OBJECT] = "OTXO",          [MODEL_FILL] = "????",     [MODEL_IMMUTABLE] = "XTXX",
        [MODEL_MAX] = "????",             [MODEL_MIN] = "????",      [MODEL_ATOMIC] = "OTXO",
        [MODEL_RANK] = "?T??",            [MODEL_TRANSITION] = "?T??",
    };

    if (kase == MODEL_C1)
        return MODEL_THEIRS; /* both are the same: never a write */
    switch (cells[by.rule][kase - MODEL_C2]) {
    case 'O':
        return MODEL_OURS;
    case 'T':
        return MODEL_THEIRS;
    case 'X':
        return MODEL_CONFLICT;
    default:
        return condition(by, theirs, ours);
    }
}

struct model_verdict model_decide(struct model_pattern by, enum model_base_from base_from, struct model_value base,
                                  struct model_value theirs, struct model_value ours)
{
    struct model_verdict verdict;

    if (model_equal(ours, theirs))
        verdict.kase = MODEL_C1;
    else if (base.state == MODEL_UNKNOWN)
        verdict.kase = MODEL_C5;
    else if (model_equal(theirs, base))
        verdict.kase = MODEL_C2;
    else if (base_from != MODEL_REFUSED_COPY && model_equal(ours, base))
        verdict.kase = MODEL_C3;
    else
        verdict.kase = MODEL_C4;
    verdict.result = cell(by, verdict.kase, theirs, ours);
    return verdict;
}

bool model_permits(struct model_pattern by, enum model_base_from base_from, struct model_value base,
                   struct model_value theirs, struct model_value ours)
{
    return model_equal(ours, theirs) || model_decide(by, base_from, base, theirs, ours).result == MODEL_OURS;
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
    switch (model_rule_of(rules, pointer)) {
    case MODEL_MERGE:
    case MODEL_EXTERNAL:
    case MODEL_PREFER_EXTERNAL:
    case MODEL_PREFER_DOCUMENT:
    case MODEL_OBJECT:
    case MODEL_FILL:
    case MODEL_IMMUTABLE:
    case MODEL_MAX:
    case MODEL_MIN:
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

    buffer_init(&out, limits.size_max);
    if (!scan(document, arena, &json) || json_splice(&json, &edit, 1, &out, &failed) != JSON_SPLICED)
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

    if (scan(document, arena, &json) && pointer_find(&json, pointer, &index) == POINTER_FOUND)
        value = (struct model_value){MODEL_VALUE, json_text(&json, index)};
    arena_free(arena);
    return value;
}
