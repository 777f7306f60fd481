#include "demo/check_state.h"

#include "common/memory.h"
#include "common/pointer.h"

/* Every decision on record against the event, the log and the model. */
struct trial {
    struct check *check;
    struct check_subject *document;
    struct sent_event *event;
    const struct audit *audit;
};

static void contradict(struct trial *trial, const struct ruling *ruling, const char *why)
{
    check_fault(trial->check, &trial->check->result.false_decisions, trial->document, trial->event,
                "%.*s: %s", BYTES_ARG(ruling->field), why);
}

struct model_value part_of(struct model_value whole, struct bytes rest)
{
    if (rest.size == 0 || whole.state != MODEL_VALUE)
        return whole;
    return model_value_at(whole.text, rest);
}

bool event_values(const struct sent_event *event, struct bytes field, struct model_value *ret_ours,
                  struct model_value *ret_base)
{
    for (size_t i = 0; i < event->change_count; i++) {
        const struct model_change *change = &event->changes[i];

        if (!pointer_covers(change->pointer, field))
            continue;
        *ret_ours = part_of(change->ours, bytes_from(field, change->pointer.size));
        *ret_base = part_of(change->base, bytes_from(field, change->pointer.size));
        /* a member that ours does not have is not mentioned */
        if (ret_ours->state != MODEL_MISSING || change->ours.state == MODEL_MISSING)
            return true;
    }
    return false;
}

struct bytes document_at(const struct check_subject *document, struct bytes version)
{
    bool is_written = false;

    if (!bytes_present(version))
        return BYTES_NONE;
    for (const struct change_write *write = document->writes; write != NULL; write = write->next) {
        if (!write->is_applied)
            continue;
        is_written = true;
        if (bytes_equal(write->version_after, version))
            return write->after;
        if (bytes_equal(write->version_before, version))
            return write->before;
    }
    return is_written ? BYTES_NONE : document->initial;
}

/* Did the document have the value at a version that an attempt worked with? */
static bool had(struct trial *trial, struct bytes field, struct model_value value)
{
    const struct audit *audit = trial->audit;

    for (size_t i = 0; i <= audit->attempt_count; i++) {
        struct bytes versions[2] = {audit->before, BYTES_NONE};

        if (i < audit->attempt_count) {
            versions[0] = audit->attempts[i].version;
            versions[1] = audit->attempts[i].found;
        }
        for (size_t k = 0; k < 2; k++) {
            struct bytes text = document_at(trial->document, versions[k]);

            if (bytes_present(text) && model_equal(model_value_at(text, field), value))
                return true;
        }
    }
    return false;
}

static bool was_stale(const struct audit *audit)
{
    for (size_t i = 0; i < audit->attempt_count; i++) {
        if (audit->attempts[i].is_stale)
            return true;
    }
    return false;
}

static bool has_failed_write(const struct audit *audit)
{
    for (size_t i = 0; i < audit->attempt_count; i++) {
        if (audit->attempts[i].has_failed)
            return true;
    }
    return false;
}

/* Did an earlier event of the document set the field to this value? */
static bool was_set(const struct trial *trial, struct bytes field, struct model_value value)
{
    struct model_value ours, base;

    for (const struct sent_event *event = trial->document->events; event != NULL && event != trial->event;
         event = event->next) {
        if (event->is_good && event_values(event, field, &ours, &base) && model_equal(ours, value))
            return true;
    }
    return false;
}

/* Does a later event of the document ask for this value? Then an older one that is met again is not written back. */
static bool is_asked_later(const struct trial *trial, struct bytes field, struct model_value value)
{
    struct model_value ours, base;

    for (const struct sent_event *event = trial->event->next; event != NULL; event = event->next) {
        if (event->is_good && event_values(event, field, &ours, &base) && model_equal(ours, value))
            return true;
    }
    return false;
}

/* What an earlier mate set there last, if it set exactly this field. */
static const struct ruling *set_in_fold(const struct trial *trial, struct bytes field)
{
    const struct ruling *last = NULL;

    for (const struct audit *mate = trial->audit->fold->mates; mate != trial->audit; mate = mate->next_mate) {
        for (size_t i = 0; i < mate->ruling_count; i++) {
            const struct ruling *ruling = &mate->rulings[i];

            if (ruling_stands(mate, ruling) &&
                (pointer_covers(ruling->field, field) || pointer_covers(field, ruling->field)))
                last = ruling;
        }
    }
    return last != NULL && bytes_equal(last->field, field) ? last : NULL;
}

static const char *judge_memory(const struct trial *trial, const struct ruling *ruling)
{
    const struct ruling *set = set_in_fold(trial, ruling->field);

    if (set != NULL && !model_equal(set->result, ruling->base))
        return "an earlier event of the fold set another base";
    return was_set(trial, ruling->field, ruling->base) ? NULL : "no earlier event set that base";
}

/* base_version is the version that was read, and no earlier mate has changed the document since. */
static bool is_version_current(const struct trial *trial)
{
    return bytes_present(trial->event->base_version) &&
           bytes_equal(trial->event->base_version, trial->audit->before) &&
           trial->audit->met.data == trial->audit->fold->before.data;
}

static const char *judge_base(struct trial *trial, const struct ruling *ruling, struct model_value carried)
{

    switch (ruling->base_from) {
    case MODEL_EVENT:
        return model_equal(carried, ruling->base) ? NULL : "the event does not carry that base";
    case MODEL_VERSION:
        return is_version_current(trial) && model_equal(ruling->base, ruling->theirs)
                   ? NULL
                   : "base_version is not that version";
    case MODEL_REFUSED_COPY:
        return has_failed_write(trial->audit) && had(trial, ruling->field, ruling->base)
                   ? NULL
                   : "no copy of a write that failed had that base";
    case MODEL_MEMORY:
        return judge_memory(trial, ruling);
    default:
        if (ruling->base.state != MODEL_UNKNOWN)
            return "a base from nowhere";
        return carried.state == MODEL_UNKNOWN ? NULL : "the base of the event was not used";
    }
}

/* Theirs is what the event met: the document at the version that was read, with what the mates before it decided. */
static bool has_met(const struct trial *trial, const struct ruling *ruling)
{
    struct bytes met = trial->audit->met;

    if (bytes_present(met) && model_equal(model_value_at(met, ruling->field), ruling->theirs))
        return true;
    return trial->audit->fold->has_gap && was_set(trial, ruling->field, ruling->theirs);
}

static void judge(struct trial *trial, const struct ruling *ruling)
{
    const struct model_rules *rules = trial->check->rules;
    struct model_field field = {.by = model_pattern_of(rules, ruling->field),
                                .base_from = ruling->base_from,
                                .base = ruling->base,
                                .theirs = ruling->theirs,
                                .ours = ruling->ours,
                                .document = trial->audit->met,
                                .time = trial->event->time};
    struct model_value ours, carried;
    struct model_verdict verdict;
    const char *wrong;

    if (!ruling->is_parsed) {
        contradict(trial, ruling, "a decision without field, rule, case, base_from or decided");
        return;
    }
    if (bytes_equal(ruling->note, BYTES("guard")) || bytes_equal(ruling->note, BYTES("parent"))) {
        if (ruling->decided != MODEL_CONFLICT)
            contradict(trial, ruling, "guard or parent without a conflict");
        return;
    }
    if (!event_values(trial->event, ruling->field, &ours, &carried) || !model_equal(ours, ruling->ours)) {
        contradict(trial, ruling, "the event does not ask for that value");
        return;
    }
    if (ruling->rule != model_rule_of(rules, ruling->field)) {
        contradict(trial, ruling, "another rule governs the field");
        return;
    }
    wrong = judge_base(trial, ruling, carried);
    if (wrong != NULL)
        contradict(trial, ruling, wrong);
    if (!has_met(trial, ruling))
        contradict(trial, ruling, "the document did not have the value called theirs");
    verdict = model_decide(&field, trial->check->scratch);
    if (verdict.kase != ruling->kase)
        contradict(trial, ruling, "the three values make another case");
    else if (bytes_equal(ruling->note, BYTES("superseded")) && ruling->decided == MODEL_THEIRS &&
             is_asked_later(trial, ruling->field, ruling->theirs))
        return;
    else if (verdict.kase != MODEL_C1 && verdict.result != ruling->decided)
        contradict(trial, ruling, "the rule decides otherwise");
    else if (verdict.result == ruling->decided && !model_equal(verdict.value, ruling->result))
        contradict(trial, ruling, "the rule makes another value");
}

/* Does the record decide every field of the event? */
static void judge_whole(struct trial *trial)
{
    const struct sent_event *event = trial->event;

    for (size_t i = 0; i < event->change_count; i++) {
        const struct model_change *change = &event->changes[i];
        bool is_decided = change->ours.state == MODEL_UNKNOWN ||
                          model_rule_of(trial->check->rules, change->pointer) == MODEL_IGNORE;

        for (size_t k = 0; k < trial->audit->ruling_count && !is_decided; k++)
            is_decided = pointer_covers(change->pointer, trial->audit->rulings[k].field);
        if (!is_decided)
            check_fault(trial->check, &trial->check->result.false_decisions, trial->document, event,
                        "%.*s: no decision on record", BYTES_ARG(change->pointer));
    }
}

static const char *judge_outcome(const struct audit *audit)
{
    bool has_conflict = false, has_ours = false, is_plain = !was_stale(audit);

    for (size_t i = 0; i < audit->ruling_count; i++) {
        const struct ruling *ruling = &audit->rulings[i];

        has_conflict |= ruling->decided == MODEL_CONFLICT;
        has_ours |= model_is_change(ruling->decided) && ruling->kase != MODEL_C1;
        is_plain &= ruling->kase == MODEL_C1 || (ruling->kase == MODEL_C2 && ruling->decided == MODEL_OURS);
    }
    switch (audit->outcome) {
    case CHECK_APPLIED:
        return !has_conflict && has_ours && is_plain ? NULL : "applied, but the decisions say otherwise";
    case CHECK_MERGED:
        return !has_conflict && has_ours ? NULL : "merged, but the decisions say otherwise";
    case CHECK_UNCHANGED:
        return !has_conflict && has_ours == is_folded_away(audit) ? NULL : "unchanged, but the decisions say otherwise";
    case CHECK_CONFLICT:
        return has_conflict ? NULL : "conflict, but no decision is one";
    default:
        return NULL;
    }
}

/* May this event be rejected? One that is good and whose document is there only for what the model rejects too. */
static bool may_reject(struct trial *trial)
{
    struct model_question question = {.document = trial->document->initial,
                                      .changes = trial->event->changes,
                                      .count = trial->event->change_count,
                                      .rules = trial->check->rules};
    struct model_answer answer;

    if (!trial->event->is_good || !bytes_present(question.document))
        return true;
    model_merge(&question, trial->check->scratch, &answer);
    return answer.end == MODEL_OVERLAP || answer.end == MODEL_INDEX;
}

static void count_verdicts(struct trial *trial)
{
    struct check_result *result = &trial->check->result;

    for (size_t i = 0; i < trial->audit->ruling_count; i++) {
        const struct ruling *ruling = &trial->audit->rulings[i];

        if (!ruling->is_parsed || ruling->kase == MODEL_C1)
            continue;
        if (ruling->decided == MODEL_CONFLICT)
            result->conflicts[ruling->rule][ruling->kase]++;
        else if (ruling->decided == MODEL_THEIRS)
            result->kept[ruling->rule][ruling->kase]++;
    }
}

static void judge_record(struct trial *trial)
{
    size_t *wrong = &trial->check->result.false_decisions;
    const char *why;

    if (trial->audit->outcome == CHECK_REJECTED) {
        if (!may_reject(trial))
            check_fault(trial->check, wrong, trial->document, trial->event, "a good event was rejected");
        return;
    }
    if (!trial->event->is_good) {
        check_fault(trial->check, wrong, trial->document, trial->event, "a bad event was not rejected");
        return;
    }
    if (trial->audit->outcome == CHECK_DUPLICATE || trial->audit->outcome == CHECK_OUTDATED) {
        why = check_repeat(trial->check, trial->event, trial->audit);
        if (why != NULL)
            check_fault(trial->check, wrong, trial->document, trial->event, "%s", why);
        return;
    }
    for (size_t i = 0; i < trial->audit->ruling_count; i++)
        judge(trial, &trial->audit->rulings[i]);
    if (trial->audit->outcome == CHECK_EXHAUSTED)
        return;
    judge_whole(trial);
    why = judge_outcome(trial->audit);
    if (why != NULL)
        check_fault(trial->check, wrong, trial->document, trial->event, "%s", why);
}

void check_decisions(struct check *check, struct check_subject *document)
{
    for (struct audit *audit = document->audits; audit != NULL; audit = audit->next) {
        struct trial trial = {check, document, check_event_of(check, audit->partition, audit->offset), audit};

        if (trial.event == NULL || trial.event->document != document) {
            check_fault(check, &check->result.false_decisions, document, NULL,
                        "a record of an event that was never sent for it (partition %d, offset %lld)",
                        audit->partition, (long long)audit->offset);
            continue;
        }
        judge_record(&trial);
        if (trial.event->first == audit)
            count_verdicts(&trial);
    }
}
