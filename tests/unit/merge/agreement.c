#include "demo/model.h"
#include "tests/support/drawn.h"
#include "tests/support/unit.h"

/* The merge against a second telling of the rules that shares no line with it, on drawn documents and events. */

#define TRIALS 6000

static struct model_value model_of(enum base_known known, struct bytes text)
{
    static const enum model_state states[] = {
        [BASE_UNKNOWN] = MODEL_UNKNOWN, [BASE_VALUE] = MODEL_VALUE, [BASE_MISSING] = MODEL_MISSING};

    return (struct model_value){states[known], text};
}

static struct model_answer ask_model(const struct trial *trial, struct model_rules *rules)
{
    struct model_pattern *patterns = arena_take(trial->arena, 16 * sizeof(*patterns));
    struct model_change *changes = arena_take(trial->arena, trial->event.change_count * sizeof(*changes));
    struct model_question question = {.document = trial->theirs.text, .changes = changes, .rules = rules};
    struct model_answer answer;

    for (size_t i = 0; i < trial->entry_count; i++) {
        patterns[i].pattern = trial->entries[i].pattern;
        patterns[i].values = trial->entries[i].values;
        patterns[i].compare = (enum model_compare)trial->entries[i].compare;
        patterns[i].compare_member = BYTES("/k");
        ck_assert(model_rule_parse(bytes_of(rule_name(trial->entries[i].rule)), &patterns[i].rule));
    }
    *rules = (struct model_rules){.patterns = patterns, .count = trial->entry_count, .fallback = MODEL_MERGE};
    for (size_t i = 0; i < trial->event.change_count; i++) {
        const struct change *change = &trial->event.changes[i];

        changes[question.count++] = (struct model_change){
            .pointer = change->field,
            .ours = {bytes_present(change->ours) ? MODEL_VALUE : MODEL_MISSING, change->ours},
            .base = model_of(change->base_known, change->base)};
    }
    model_merge(&question, trial->arena, &answer);
    return answer;
}

static const char *told(const struct trial *trial, const struct model_answer *answer)
{
    static char text[4096];
    size_t used = 0;

    (void)trial;
    text[0] = '\0';
    for (size_t i = 0; i < answer->count; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%.*s %s %c", i > 0 ? "; " : "",
                                 BYTES_ARG(answer->decisions[i].pointer),
                                 model_case_name(answer->decisions[i].verdict.kase),
                                 "OTMX"[answer->decisions[i].verdict.result]);
    return text;
}

/* The conflict `child` (a text over an object whose members are protected) is one that the model has no word for. */
static bool has_child_conflict(const struct trial *trial)
{
    for (size_t i = 0; i < trial->output.decision_count; i++)
        if (trial->output.decisions[i].note == DECISION_NOTE_CHILD)
            return true;
    return false;
}

static void agrees(struct trial *trial, const char *document, const char *event)
{
    struct model_rules rules;
    struct model_answer answer = ask_model(trial, &rules);
    static const enum merge_result results[] = {
        [MODEL_OURS] = RESULT_OURS, [MODEL_THEIRS] = RESULT_THEIRS, [MODEL_MERGED] = RESULT_MERGED,
        [MODEL_CONFLICT] = RESULT_CONFLICT};
    bool is_same = answer.count == trial->output.decision_count;

    if (has_child_conflict(trial))
        return;
    for (size_t i = 0; is_same && i < answer.count; i++) {
        const struct decision *decision = &trial->output.decisions[i];
        const struct model_decision *model = &answer.decisions[i];

        is_same = bytes_equal(decision->field, model->pointer) && decision->result == results[model->verdict.result] &&
                  (model->note != MODEL_PLAIN || (int)decision->merge_case == (int)model->verdict.kase) &&
                  (decision->result != RESULT_MERGED ||
                   model_equal((struct model_value){MODEL_VALUE, decision->value.text}, model->verdict.value));
    }
    ck_assert_msg(is_same, "%s\n  by %s\n  merge: %s\n  model: %s", document, event, trial_decisions(trial),
                  told(trial, &answer));
}

START_TEST(merge_and_model_decide_alike)
{
    struct random random;

    random_init(&random, 7);
    for (size_t i = 0; i < TRIALS; i++) {
        struct trial *trial = trial_new();
        auto_text document = draw_document(&random);
        auto_text event = draw_event(&random);

        draw_rules(&random, trial);
        trial_merge(trial, document, event);
        agrees(trial, document, event);
        trial_free(trial);
    }
}
END_TEST

/* How often each rule made a value of its own: what is never made was never compared. */
START_TEST(merge_and_model_make_the_same_values)
{
    size_t made[RULE_COUNT] = {0};
    struct random random;

    random_init(&random, 11);
    for (size_t i = 0; i < TRIALS; i++) {
        struct trial *trial = trial_new();
        auto_text document = NULL;
        auto_text event = NULL;

        draw_made(&random, trial, &document, &event);
        trial->entries[0].compare = random_below(&random, 3) == 0 ? (enum compare)random_below(&random, 5) : COMPARE_VALUE;
        if (trial->entries[0].compare == COMPARE_MEMBER)
            trial->entries[0].compare_member = BYTES("k");
        trial_merge(trial, document, event);
        agrees(trial, document, event);
        made[trial->entries[0].rule] += trial->output.decisions[0].result == RESULT_MERGED;
        trial_free(trial);
    }
    ck_assert_uint_gt(made[RULE_SET], TRIALS / 20);
    ck_assert_uint_gt(made[RULE_ADD], TRIALS / 50);
    ck_assert_uint_gt(made[RULE_APPEND], TRIALS / 200);
    ck_assert_uint_gt(made[RULE_KEYED], TRIALS / 50);
}
END_TEST

UNIT_TESTS("merge/agreement", merge_and_model_decide_alike, merge_and_model_make_the_same_values)
