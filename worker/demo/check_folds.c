#include "demo/check_state.h"

#include "common/memory.h"
#include "common/pointer.h"

/* Which records belong to one update, what each of its events met, and what became of their values. */

bool is_folded_away(const struct audit *audit)
{
    return audit->outcome == CHECK_UNCHANGED && bytes_equal(audit->reason, BYTES("folded_away"));
}

bool ruling_stands(const struct audit *audit, const struct ruling *ruling)
{
    if (!ruling->is_parsed || !model_is_change(ruling->decided) || ruling->kase == MODEL_C1 ||
        ruling->result.state == MODEL_UNKNOWN)
        return false;
    switch (audit->outcome) {
    case CHECK_CONFLICT: /* dropped out; its other fields may have been written all the same */
        return ruling->is_written || ruling->is_superseded;
    case CHECK_REJECTED:
    case CHECK_DUPLICATE:
    case CHECK_OUTDATED:
        return false;
    default:
        return true;
    }
}

static bool has_position(const struct audit *audit)
{
    return audit->position >= 1 && audit->position <= audit->folded;
}

static bool are_mates(const struct audit *a, const struct audit *b)
{
    return a->folded > 1 && a->folded == b->folded && has_position(a) && has_position(b) &&
           a->partition == b->partition && bytes_equal(a->worker, b->worker) &&
           bytes_equal(a->before, b->before);
}

/* The newest fold that the record can belong to, or NULL. */
static struct fold *fold_of(const struct check_subject *document, const struct audit *audit)
{
    struct fold *fold = document->folds;

    while (fold != NULL && !are_mates(fold->mates, audit))
        fold = fold->next;
    return fold;
}

/* Where the record goes among the mates; NULL: its position is taken. */
static struct audit **slot_of(struct fold *fold, const struct audit *audit)
{
    struct audit **slot = &fold->mates;

    while (*slot != NULL && (*slot)->position < audit->position)
        slot = &(*slot)->next_mate;
    return *slot != NULL && (*slot)->position == audit->position ? NULL : slot;
}

void folds_gather(struct check *check, struct check_subject *document)
{
    document->folds = NULL;
    for (struct audit *audit = document->audits; audit != NULL; audit = audit->next) {
        struct fold *fold = fold_of(document, audit);
        struct audit **slot = fold != NULL ? slot_of(fold, audit) : NULL;

        if (slot == NULL) {
            fold = arena_zero(check->scratch, sizeof(*fold));
            fold->next = document->folds;
            document->folds = fold;
            slot = &fold->mates;
        }
        audit->fold = fold;
        audit->next_mate = *slot;
        *slot = audit;
    }
}

static const struct sent_event *event_of(struct check *check, const struct audit *audit)
{
    return check_event_of(check, audit->partition, audit->offset);
}

/* `count` mates between `before` and `after` (NULL: the end) have no record: were those lost with a killed worker? */
static void miss(struct check *check, struct check_subject *document, const struct audit *before,
                 const struct audit *after, int64_t count)
{
    const struct audit *neighbour = before != NULL ? before : after;
    int64_t found = 0;

    for (const struct sent_event *event = document->events; event != NULL; event = event->next)
        found += event->key.partition == neighbour->partition &&
                 (before == NULL || event->key.offset > before->offset) &&
                 (after == NULL || event->key.offset < after->offset) && check_in_doubt(check, event);
    neighbour->fold->has_gap = true;
    if (found < count)
        check_fault(check, &check->result.false_decisions, document, event_of(check, neighbour),
                    "it ended with %lld others, and %lld of them have no record", (long long)neighbour->folded - 1,
                    (long long)count);
}

static void check_mates(struct check *check, struct check_subject *document, const struct fold *fold)
{
    const struct audit *last = NULL;
    struct bytes after = BYTES_NONE;
    int64_t position = 1;

    for (const struct audit *mate = fold->mates; mate != NULL; mate = mate->next_mate) {
        if (mate->position > position)
            miss(check, document, last, mate, mate->position - position);
        if (last != NULL && mate->offset <= last->offset)
            check_fault(check, &check->result.out_of_order, document, event_of(check, mate),
                        "offset %lld goes before it in their fold", (long long)last->offset);
        if (bytes_present(after) && bytes_present(mate->after) && !bytes_equal(after, mate->after))
            check_fault(check, &check->result.false_decisions, document, event_of(check, mate),
                        "its fold names different versions after the write");
        if (bytes_present(mate->after))
            after = mate->after;
        position = mate->position + 1;
        last = mate;
    }
    if (position <= last->folded)
        miss(check, document, last, NULL, last->folded + 1 - position);
}

/* One mate after the other, as their records tell. */
static void replay(struct check *check, struct check_subject *document, struct fold *fold)
{
    struct bytes state = document_at(document, fold->mates->before);

    fold->before = state;
    for (struct audit *mate = fold->mates; mate != NULL; mate = mate->next_mate) {
        mate->met = state;
        for (size_t i = 0; i < mate->ruling_count && bytes_present(state); i++) {
            const struct ruling *ruling = &mate->rulings[i];

            if (ruling_stands(mate, ruling))
                model_set(state, ruling->field, ruling->result, check->scratch, &state);
        }
    }
    fold->after = state;
}

static bool replaces(const struct audit *mate, struct bytes field)
{
    for (size_t i = 0; i < mate->ruling_count; i++) {
        if (ruling_stands(mate, &mate->rulings[i]) && pointer_covers(mate->rulings[i].field, field))
            return true;
    }
    return false;
}

static const struct audit *replaced_by(const struct audit *mate, struct bytes field)
{
    const struct audit *later = mate->next_mate;

    while (later != NULL && !replaces(later, field))
        later = later->next_mate;
    return later;
}

/* Does a later mate at that offset replace the value? The record of the one that does may be lost with its worker. */
static bool is_replaced_at(struct check *check, const struct audit *mate, const struct ruling *ruling)
{
    const struct sent_event *event = check_event_of(check, mate->partition, ruling->superseded_by);
    const struct audit *later = mate->next_mate;
    struct model_value ours, base;

    while (later != NULL && later->offset != ruling->superseded_by)
        later = later->next_mate;
    if (later != NULL)
        return replaces(later, ruling->field);
    return mate->fold->has_gap && event != NULL && check_in_doubt(check, event) &&
           ruling->superseded_by > mate->offset && event_values(event, ruling->field, &ours, &base);
}

static const char *judge_standing(struct check *check, const struct audit *mate, const struct ruling *ruling)
{
    bool has_written = mate->outcome == CHECK_APPLIED || mate->outcome == CHECK_MERGED;

    if (ruling->is_superseded && ruling->is_written)
        return "written and superseded";
    if (ruling->is_superseded && !is_replaced_at(check, mate, ruling))
        return "superseded_by names no later event of the fold that replaced the value";
    if (ruling->is_written && (!ruling_stands(mate, ruling) || is_folded_away(mate)))
        return "called written, which it cannot be";
    if (ruling->is_written && replaced_by(mate, ruling->field) != NULL)
        return "called written, but a later event of the fold replaced the value";
    /* what stands in the document as it was before needs no write */
    if (ruling_stands(mate, ruling) && has_written && !ruling->is_written && !ruling->is_superseded &&
        !model_equal(model_value_at(mate->fold->before, ruling->field), ruling->result))
        return "decided for the event, but neither written nor superseded";
    return NULL;
}

/* Folded away: every field is again what it was. */
static const char *judge_net(const struct fold *fold, const struct ruling *ruling)
{
    return fold->has_gap || model_equal(model_value_at(fold->before, ruling->field),
                                        model_value_at(fold->after, ruling->field))
               ? NULL
               : "folded away, but the fold has a net change";
}

static void check_standing(struct check *check, struct check_subject *document, const struct audit *mate)
{
    for (size_t i = 0; i < mate->ruling_count; i++) {
        const struct ruling *ruling = &mate->rulings[i];
        const char *why = ruling->is_parsed ? judge_standing(check, mate, ruling) : NULL;

        if (why == NULL && ruling_stands(mate, ruling) && is_folded_away(mate))
            why = judge_net(mate->fold, ruling);
        if (why != NULL)
            check_fault(check, &check->result.false_decisions, document, event_of(check, mate), "%.*s: %s",
                        BYTES_ARG(ruling->field), why);
    }
}

void check_folds(struct check *check, struct check_subject *document)
{
    for (struct fold *fold = document->folds; fold != NULL; fold = fold->next) {
        if (has_position(fold->mates))
            check_mates(check, document, fold);
        else
            check_fault(check, &check->result.false_decisions, document, event_of(check, fold->mates),
                        "fold_position is none of a fold of %lld", (long long)fold->mates->folded);
        replay(check, document, fold);
        for (const struct audit *mate = fold->mates; mate != NULL; mate = mate->next_mate) {
            check_standing(check, document, mate);
            check->result.folded += mate->folded > 1;
        }
        check->result.folds += fold->mates->folded > 1;
    }
}
