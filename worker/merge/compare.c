#include "common/timestamp.h"
#include "merge/state.h"

/* What counts as the same value of a field, where the configuration says more than JSON does. */

static bool are(const struct side *a, const struct side *b, enum json_kind kind)
{
    return side_is(a, kind) && side_is(b, kind);
}

static struct bytes string_of(struct merging *merging, const struct side *side)
{
    return json_string(side->json, side->index, merging->arena);
}

static bool is_same_instant(struct merging *merging, const struct side *a, const struct side *b)
{
    int order;

    return are(a, b, JSON_STRING) && timestamp_compare(string_of(merging, a), string_of(merging, b), &order) && order == 0;
}

static bool has_all(const struct items *a, const struct items *b)
{
    for (size_t i = 0; i < b->count; i++)
        if (items_find(a, &b->sorted[i]) == NULL)
            return false;
    return true;
}

static bool is_same_set(struct merging *merging, const struct side *a, const struct side *b)
{
    struct items left, right;

    return are(a, b, JSON_ARRAY) && items_read(merging, a, BYTES_NONE, &left) &&
           items_read(merging, b, BYTES_NONE, &right) && has_all(&left, &right) && has_all(&right, &left);
}

static bool is_same_text(struct merging *merging, const struct side *a, const struct side *b)
{
    return are(a, b, JSON_STRING) && bytes_equal_ignore_case(string_of(merging, a), string_of(merging, b));
}

/* An object stands for its member, if it has that. */
static struct side standing_for(const struct side *side, struct bytes member)
{
    struct side found = side_is_object(side) ? side_member(side, member) : *side;

    return found.state == VALUE_MISSING ? *side : found;
}

bool side_same(struct merging *merging, const struct rule_entry *entry, const struct side *a, const struct side *b)
{
    struct side left, right;

    if (side_equal(a, b))
        return true;
    switch (entry->compare) {
    case COMPARE_VALUE:
        return false;
    case COMPARE_INSTANT:
        return is_same_instant(merging, a, b);
    case COMPARE_SET:
        return is_same_set(merging, a, b);
    case COMPARE_TEXT_CI:
        return is_same_text(merging, a, b);
    case COMPARE_MEMBER:
        left = standing_for(a, entry->compare_member);
        right = standing_for(b, entry->compare_member);
        return side_equal(&left, &right);
    }
    never("every way to compare has an answer");
}
