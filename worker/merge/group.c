#include "merge/state.h"

/* Two half-applied edits produce a row that neither side entered: the fields of a group become ours all together or
 * stay theirs all together. One in conflict, or some of each, leaves the whole group in conflict. Fields that have
 * ours already (c1) fit both. */

static bool is_in_group(const struct decision *decision, struct bytes group)
{
    return bytes_present(decision->entry->group) && bytes_equal(decision->entry->group, group) &&
           decision->merge_case != CASE_1;
}

static bool has_one_answer(const struct merging *merging, struct bytes group)
{
    bool seen[] = {[RESULT_THEIRS] = false, [RESULT_OURS] = false, [RESULT_CONFLICT] = false};

    for (size_t i = 0; i < merging->decision_count; i++)
        if (is_in_group(&merging->decisions[i], group))
            seen[merging->decisions[i].result == RESULT_MERGED ? RESULT_OURS : merging->decisions[i].result] = true;
    return !seen[RESULT_CONFLICT] && !(seen[RESULT_OURS] && seen[RESULT_THEIRS]);
}

static void put_into_conflict(struct merging *merging, struct bytes group)
{
    for (size_t i = 0; i < merging->decision_count; i++) {
        struct decision *decision = &merging->decisions[i];

        if (is_in_group(decision, group) && decision->result != RESULT_CONFLICT)
            refuse(decision, DECISION_NOTE_GROUP);
    }
}

void decide_groups(struct merging *merging)
{
    for (size_t i = 0; i < merging->decision_count; i++) {
        const struct decision *decision = &merging->decisions[i];
        struct bytes group = decision->entry->group;

        if (bytes_present(group) && decision->note != DECISION_NOTE_GROUP && !has_one_answer(merging, group))
            put_into_conflict(merging, group);
    }
}
