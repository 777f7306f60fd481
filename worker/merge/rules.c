#include "merge/rules.h"

#include "common/check.h"
#include "common/memory.h"
#include "common/pointer.h"

/* What a pattern has for sure, compared as text before anything is walked: every field of every event is held against
 * every pattern. */
struct outline {
    size_t head;       /* bytes before its first '*' segment; all of it: it has none */
    struct bytes tail; /* its last segment, with the '/'; absent: that is a '*' */
};

struct rules {
    struct rules_defaults defaults;
    struct rule_entry fallback; /* the default rule as an entry without a pattern */
    struct rule_entry *entries;
    struct outline *outlines; /* of the patterns */
    size_t count;
    size_t capacity;
};

static const char *const on_conflict_names[] = {"manual", "external", "document"};
static const char *const compare_names[] = {"value", "instant", "set", "text-ci", "member"};
static const char *const no_base_names[] = {"rule", "external", "document", "conflict"};

const char *compare_name(enum compare compare)
{
    return compare_names[compare];
}

bool compare_parse(struct bytes name, enum compare *ret_compare)
{
    for (size_t i = 0; i < COMPARE_MEMBER; i++)
        if (bytes_equal(name, bytes_of(compare_names[i]))) {
            *ret_compare = (enum compare)i;
            return true;
        }
    return false;
}

const char *on_conflict_name(enum on_conflict value)
{
    return on_conflict_names[value];
}

const char *no_base_name(enum no_base value)
{
    return no_base_names[value];
}

bool on_conflict_parse(struct bytes name, enum on_conflict *ret_value)
{
    for (size_t i = 0; i < sizeof(on_conflict_names) / sizeof(on_conflict_names[0]); i++)
        if (bytes_equal(name, bytes_of(on_conflict_names[i]))) {
            *ret_value = (enum on_conflict)i;
            return true;
        }
    return false;
}

bool no_base_parse(struct bytes name, enum no_base *ret_value)
{
    for (size_t i = 0; i < sizeof(no_base_names) / sizeof(no_base_names[0]); i++)
        if (bytes_equal(name, bytes_of(no_base_names[i]))) {
            *ret_value = (enum no_base)i;
            return true;
        }
    return false;
}

struct rules *rules_new(const struct rules_defaults *defaults)
{
    struct rules *rules = memory_new(sizeof(*rules));

    rules->defaults = *defaults;
    rules->fallback = (struct rule_entry){.rule = defaults->rule};
    return rules;
}

void rules_free(struct rules *rules)
{
    if (rules == NULL)
        return;
    for (size_t i = 0; i < rules->count; i++) {
        free((void *)rules->entries[i].pattern.data);
        free((void *)rules->entries[i].group.data);
        free((void *)rules->entries[i].compare_member.data);
        free((void *)rules->entries[i].values.data);
        free((void *)rules->entries[i].place.file);
    }
    free(rules->entries);
    free(rules->outlines);
    free(rules);
}

void rules_free_cleanup(struct rules **rules)
{
    rules_free(*rules);
}

static struct bytes copy(struct bytes bytes)
{
    if (!bytes_present(bytes))
        return BYTES_NONE;
    return (struct bytes){memory_text_n(bytes.data, bytes.size), bytes.size};
}

/* "FILE:LINE: ", or nothing for what is built in. */
#define PLACE_SIZE 256
static const char *place_text(const struct rule_place *place, char text[PLACE_SIZE])
{
    text[0] = '\0';
    if (place->file != NULL)
        snprintf(text, PLACE_SIZE, "%s:%d: ", place->file, place->line);
    return text;
}

static struct outline outline_of(struct bytes pattern)
{
    struct outline outline = {.head = pattern.size};
    size_t star, last = pattern.size;

    if (bytes_find(pattern, '*', &star))
        outline.head = star - 1; /* it stands alone, behind its '/' */
    while (last > 0 && pattern.data[last - 1] != '/')
        last--;
    if (last > 0 && memchr(pattern.data + last, '*', pattern.size - last) == NULL)
        outline.tail = bytes_from(pattern, last - 1);
    return outline;
}

bool rules_add(struct rules *rules, const struct rule_entry *entry, struct error *error)
{
    char place[PLACE_SIZE];
    const char *what;

    if (!pattern_is_valid(entry->pattern, &what))
        return error_set(error, ERROR_USAGE, "%spattern '%.*s': %s", place_text(&entry->place, place),
                         BYTES_ARG(entry->pattern), what);
    if (rule_takes_values(entry->rule) != bytes_present(entry->values))
        return error_set(error, ERROR_USAGE, "%srule '%s' %s", place_text(&entry->place, place),
                         rule_name(entry->rule),
                         bytes_present(entry->values) ? "takes no values" : "needs its values");
    for (size_t i = 0; i < rules->count; i++)
        if (bytes_equal(rules->entries[i].pattern, entry->pattern))
            return error_set(error, ERROR_USAGE, "%spattern '%.*s' is there already, in line %d",
                             place_text(&entry->place, place), BYTES_ARG(entry->pattern),
                             rules->entries[i].place.line);
    if (rules->count == rules->capacity) {
        rules->capacity = rules->capacity == 0 ? 16 : 2 * rules->capacity;
        rules->entries = memory_resize(rules->entries, rules->capacity * sizeof(*entry));
        rules->outlines = memory_resize(rules->outlines, rules->capacity * sizeof(*rules->outlines));
    }
    rules->entries[rules->count] = *entry;
    rules->entries[rules->count].pattern = copy(entry->pattern);
    rules->outlines[rules->count] = outline_of(rules->entries[rules->count].pattern);
    rules->entries[rules->count].group = copy(entry->group);
    rules->entries[rules->count].compare_member = copy(entry->compare_member);
    rules->entries[rules->count].values = copy(entry->values);
    rules->entries[rules->count].place.file = memory_text(entry->place.file);
    rules->count++;
    return true;
}

/* Could `pattern` match a value strictly below one that `upper` matches? */
static bool may_lie_below(struct bytes pattern, struct bytes upper)
{
    struct pointer_walk walk;
    struct bytes segment, above = {pattern.data, 0};

    pointer_walk_init(&walk, pattern);
    while (pointer_walk_next(&walk, &segment)) {
        if (pattern_overlaps(above, upper))
            return true;
        above.size = (size_t)(segment.data + segment.size - pattern.data);
    }
    return false;
}

static bool is_one_value(const struct rule_entry *entry)
{
    return rule_takes_arrays(entry->rule) || entry->compare == COMPARE_MEMBER;
}

static bool check_pair(const struct rule_entry *a, const struct rule_entry *b, struct error *error)
{
    int order = pattern_compare(a->pattern, b->pattern);
    char place[PLACE_SIZE];

    if (order == 0 && pattern_overlaps(a->pattern, b->pattern))
        return error_set(error, ERROR_USAGE,
                         "%spattern '%.*s' and '%.*s' (line %d) are equally specific and match the same field",
                         place_text(&b->place, place), BYTES_ARG(b->pattern), BYTES_ARG(a->pattern), a->place.line);
    if (order > 0 && is_one_value(b) && may_lie_below(a->pattern, b->pattern))
        return error_set(error, ERROR_USAGE, "%spattern '%.*s' lies below '%.*s' (line %d), which is %s",
                         place_text(&a->place, place), BYTES_ARG(a->pattern), BYTES_ARG(b->pattern), b->place.line,
                         b->rule == RULE_ATOMIC ? "atomic" : "one value by its rule");
    return true;
}

bool rules_finish(struct rules *rules, struct error *error)
{
    for (size_t i = 0; i < rules->count; i++)
        for (size_t j = 0; j < i; j++)
            if (!check_pair(&rules->entries[j], &rules->entries[i], error) ||
                !check_pair(&rules->entries[i], &rules->entries[j], error))
                return false;
    return true;
}

const struct rules_defaults *rules_defaults(const struct rules *rules)
{
    return &rules->defaults;
}

/* Does the pattern match the field or a value that contains it? */
static bool governs(const struct rules *rules, size_t number, struct bytes field)
{
    struct bytes pattern = rules->entries[number].pattern, above = field;
    const struct outline *outline = &rules->outlines[number];

    if (!pointer_covers((struct bytes){pattern.data, outline->head}, field))
        return false;
    if (outline->head == pattern.size)
        return true;
    if (outline->tail.size > 0 && memmem(field.data, field.size, outline->tail.data, outline->tail.size) == NULL)
        return false;
    for (;;) {
        if (pattern_matches(pattern, above))
            return true;
        if (above.size == 0)
            return false;
        do
            above.size--;
        while (above.data[above.size] != '/');
    }
}

const struct rule_entry *rules_find(const struct rules *rules, struct bytes field)
{
    const struct rule_entry *best = NULL;

    for (size_t i = 0; i < rules->count; i++) {
        const struct rule_entry *entry = &rules->entries[i];

        if (governs(rules, i, field) &&
            (best == NULL || pattern_compare(entry->pattern, best->pattern) > 0))
            best = entry;
    }
    return best != NULL ? best : &rules->fallback;
}

static bool reaches_below(const struct rules *rules, size_t number, struct bytes field)
{
    struct bytes pattern = rules->entries[number].pattern, head = {pattern.data, rules->outlines[number].head};

    if (head.size == pattern.size)
        return pattern.size > field.size && pointer_covers(field, pattern);
    return (pointer_covers(head, field) || pointer_covers(field, head)) && pattern_reaches_below(pattern, field);
}

const struct rule_entry *rules_govern(const struct rules *rules, struct bytes field, bool *ret_reach_below)
{
    const struct rule_entry *here = rules_find(rules, field);

    *ret_reach_below = false;
    for (size_t i = 0; i < rules->count && !*ret_reach_below; i++) {
        const struct rule_entry *entry = &rules->entries[i];

        *ret_reach_below = entry != here && reaches_below(rules, i, field) &&
                           (!bytes_present(here->pattern) || pattern_compare(entry->pattern, here->pattern) > 0);
    }
    return here;
}

bool rules_reach_below(const struct rules *rules, struct bytes field)
{
    bool reach_below;

    rules_govern(rules, field, &reach_below);
    return reach_below;
}

size_t rules_count(const struct rules *rules)
{
    return rules->count;
}

const struct rule_entry *rules_at(const struct rules *rules, size_t index)
{
    ensure(index < rules->count);
    return &rules->entries[index];
}
