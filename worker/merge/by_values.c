#include "merge/state.h"

static bool is_null(const struct side *side)
{
    return side->state == VALUE_PRESENT && side->json->values[side->index].kind == JSON_NULL;
}

static enum merge_result fill(const struct place *place)
{
    return place->theirs.state == VALUE_MISSING || is_null(&place->theirs) ? RESULT_OURS : RESULT_THEIRS;
}

enum merge_result by_values(enum rule rule, const struct place *place)
{
    switch (rule) {
    case RULE_FILL:
        return fill(place);
    case RULE_MERGE:
    case RULE_EXTERNAL:
    case RULE_PREFER_EXTERNAL:
    case RULE_PREFER_DOCUMENT:
    case RULE_DOCUMENT:
    case RULE_IGNORE:
    case RULE_OBJECT:
    case RULE_IMMUTABLE:
    case RULE_ATOMIC:
    case RULE_COUNT:
        break;
    }
    never("the table sends no other rule here");
}
