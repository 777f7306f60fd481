#include "demo/check_state.h"

#include "common/memory.h"
#include "common/pointer.h"

/* After a kill, what the worker had sent may still arrive at the service. */
#define KILL_LATE_MS  2000
#define KILL_EARLY_MS 30000

void check_link(struct check *check, struct check_subject *document)
{
    struct change_write *write;

    for (write = document->writes; write != NULL; write = write->next) {
        if (!parse_write(check->scratch, write))
            check_fault(check, &check->result.states_wrong, document, NULL, "a line of the log cannot be read");
    }
    for (struct audit *audit = document->audits; audit != NULL; audit = audit->next) {
        struct sent_event *event = check_event_of(check, audit->partition, audit->offset);

        if (event == NULL || event->document != document)
            continue;
        if (event->first == NULL || audit->place < event->first->place)
            event->first = audit;
        event->records++;
        event->letter_records += audit->outcome == CHECK_CONFLICT || audit->outcome == CHECK_REJECTED ||
                                 audit->outcome == CHECK_EXHAUSTED;
        for (write = document->writes; write != NULL && bytes_present(audit->after); write = write->next) {
            if (!write->is_applied || write->is_foreign || write->fold != NULL ||
                !bytes_equal(write->version_after, audit->after))
                continue;
            write->fold = audit->fold;
            audit->fold->write = write;
        }
    }
}

/* Does the decision name the value that stood at `place` before? */
static bool names(const struct ruling *ruling, struct bytes place, const struct change_write *write)
{
    if (pointer_covers(ruling->field, place))
        return model_equal(part_of(ruling->theirs, bytes_from(place, ruling->field.size)),
                           model_value_at(write->before, place));
    return model_equal(ruling->theirs, model_value_at(write->before, ruling->field));
}

static bool has_result(const struct fold *fold, struct bytes field, const struct change_write *write)
{
    return bytes_present(fold->after) &&
           model_equal(model_value_at(fold->after, field), model_value_at(write->after, field));
}

/* The decision by which the value that stood at `place` was replaced: of the first mate that touched it. */
static const struct ruling *ruling_of(const struct fold *fold, struct bytes place, const struct change_write *write)
{
    bool is_touched = false;

    if (!has_result(fold, place, write))
        return NULL;
    for (const struct audit *mate = fold->mates; mate != NULL && !is_touched; mate = mate->next_mate) {
        for (size_t i = 0; i < mate->ruling_count; i++) {
            const struct ruling *ruling = &mate->rulings[i];

            if (!ruling_stands(mate, ruling) ||
                (!pointer_covers(ruling->field, place) && !pointer_covers(place, ruling->field)))
                continue;
            if (names(ruling, place, write))
                return ruling;
            is_touched = true;
        }
    }
    return NULL;
}

/* Would the model let the event write over theirs, with any base that a worker can have had? What then? */
static bool may_write(struct check *check, const struct sent_event *event, struct bytes pointer,
                      struct model_value theirs, const struct change_write *write, struct model_value *ret_value)
{
    struct model_field field = {.by = model_pattern_of(check->rules, pointer),
                                .theirs = theirs,
                                .document = write->before,
                                .time = event->time};
    struct model_value base;
    bool has_written;

    event_values(event, pointer, &field.ours, &field.base);
    field.base_from = field.base.state != MODEL_UNKNOWN ? MODEL_EVENT : MODEL_NONE;
    has_written = model_permits(&field, check->scratch, ret_value) && !model_equal(*ret_value, theirs);
    if (field.base.state != MODEL_UNKNOWN)
        return has_written;
    if (bytes_equal(event->base_version, write->version_before)) {
        field.base_from = MODEL_VERSION;
        field.base = theirs;
        return model_permits(&field, check->scratch, ret_value);
    }
    if (has_written || model_wants_own_base(field.by.rule))
        return has_written;
    field.base_from = MODEL_MEMORY;
    for (const struct sent_event *earlier = event->document->events; earlier != event; earlier = earlier->next) {
        if (earlier->is_good && event_values(earlier, pointer, &field.base, &base) &&
            model_is_change(model_decide(&field, check->scratch).result))
            return model_permits(&field, check->scratch, ret_value);
    }
    return false;
}

static bool tried(const struct audit *audit, const struct change_write *write)
{
    for (size_t i = 0; i < audit->attempt_count; i++) {
        if (audit->attempts[i].is_write && bytes_equal(audit->attempts[i].version, write->version_before))
            return true;
    }
    return false;
}

/* The write may be this event's although its record does not name it: the answer was lost, or the worker. */
static bool may_be_of(const struct check *check, const struct sent_event *event, const struct change_write *write)
{
    if (check_in_doubt(check, event)) {
        for (size_t i = 0; i < check->kill_count; i++) {
            if (write->at_ms <= check->kills[i] + KILL_LATE_MS && write->at_ms >= check->kills[i] - KILL_EARLY_MS)
                return true;
        }
    }
    for (const struct audit *audit = event->document->audits; write->is_answer_lost && audit != NULL;
         audit = audit->next) {
        if (audit->partition == event->key.partition && audit->offset == event->key.offset && tried(audit, write))
            return true;
    }
    return false;
}

/* The field that a changed place belongs to: the change itself where its value is not split. */
static struct bytes field_of(struct check *check, const struct sent_event *event, struct bytes place)
{
    for (size_t i = 0; i < event->change_count; i++) {
        struct bytes pointer = event->changes[i].pointer;

        if (pointer_covers(pointer, place) && !model_splits(check->rules, pointer))
            return pointer;
    }
    return place;
}

static bool is_mate(const struct sent_event *event, const struct fold *fold)
{
    const struct audit *mate = fold != NULL ? fold->mates : NULL;

    while (mate != NULL && (mate->partition != event->key.partition || mate->offset != event->key.offset))
        mate = mate->next_mate;
    return mate != NULL;
}

/* A value that the events of one write, one after the other, can have put into a field. */
struct reached {
    struct reached *next;
    struct bytes field;
    struct model_value value;
};

static bool is_reached(const struct reached *reached, struct bytes field, struct model_value value)
{
    while (reached != NULL && !(bytes_equal(reached->field, field) && model_equal(reached->value, value)))
        reached = reached->next;
    return reached != NULL;
}

/* What the event can make of a value that was reached before it; true: what the write brought to `place`. */
static bool can_reach(struct check *check, const struct sent_event *event, const struct reached *from,
                      const struct change_write *write, struct bytes place, struct reached **reached)
{
    struct model_value value;
    struct reached *one;

    if (!may_write(check, event, from->field, from->value, write, &value) || is_reached(*reached, from->field, value))
        return false;
    one = arena_zero(check->scratch, sizeof(*one));
    *one = (struct reached){*reached, from->field, value};
    *reached = one;
    return model_equal(part_of(value, bytes_from(place, from->field.size)), model_value_at(write->after, place));
}

/* Can events whose write this may be, alone or folded, have put there what it brought? `fold`: those that are on
 * record, or NULL. */
static bool is_explained(struct check *check, const struct check_subject *document, const struct change_write *write,
                         struct bytes place, const struct fold *fold)
{
    struct reached *reached = NULL;
    struct model_value ours, base;

    for (const struct sent_event *event = document->events; event != NULL; event = event->next) {
        struct bytes field = field_of(check, event, place);
        struct reached before = {reached, field, model_value_at(write->before, field)};

        if (!event->is_good || !event_values(event, field, &ours, &base) ||
            !(is_mate(event, fold) || may_be_of(check, event, write)))
            continue;
        for (const struct reached *from = &before; from != NULL; from = from->next)
            if (bytes_equal(from->field, field) && can_reach(check, event, from, write, place, &reached))
                return true; /* a later one may have changed another part of the field */
    }
    return false;
}

/* The fold that tried this write, heard nothing and found its edits standing: it names no version after them. */
static const struct fold *settled_by(const struct check_subject *document, const struct change_write *write)
{
    for (const struct fold *fold = document->folds; fold != NULL && write->is_answer_lost; fold = fold->next) {
        if (fold->write == NULL && bytes_equal(fold->mates->before, write->version_before) &&
            tried(fold->mates, write))
            return fold;
    }
    return NULL;
}

/* Who wrote there last? */
static struct leaf *last_writer(struct check_subject *document, struct bytes place)
{
    struct leaf *leaf;

    for (leaf = document->leaves; leaf != NULL; leaf = leaf->next) {
        if (pointer_covers(leaf->pointer, place) || pointer_covers(place, leaf->pointer))
            return leaf;
    }
    return NULL;
}

static void note_writer(struct check *check, struct check_subject *document, struct bytes place, bool is_foreign)
{
    struct leaf *leaf;

    for (leaf = document->leaves; leaf != NULL && !bytes_equal(leaf->pointer, place); leaf = leaf->next)
        ;
    if (leaf == NULL) {
        leaf = arena_zero(check->scratch, sizeof(*leaf));
        leaf->pointer = place;
        leaf->next = document->leaves;
        document->leaves = leaf;
    }
    leaf->is_foreign = is_foreign;
}

static void judge_write(struct check *check, struct check_subject *document, struct change_write *write,
                        const struct leaf *leaves)
{
    const struct fold *fold = write->fold != NULL ? write->fold : settled_by(document, write);
    const struct sent_event *event =
        fold != NULL ? check_event_of(check, fold->mates->partition, fold->mates->offset) : NULL;
    bool is_named = write->fold != NULL, is_accepted = leaves != NULL;

    if (fold != NULL && !bytes_equal(fold->mates->before, write->version_before))
        check_fault(check, &check->result.false_decisions, document, event,
                    "the record names another version before the write");
    for (const struct leaf *leaf = leaves; leaf != NULL; leaf = leaf->next) {
        const struct ruling *ruling = fold != NULL ? ruling_of(fold, leaf->pointer, write) : NULL;
        const struct leaf *last = last_writer(document, leaf->pointer);
        bool is_foreign = last != NULL && last->is_foreign;

        if (ruling != NULL) {
            check->result.replaced[ruling->rule][ruling->kase] += is_foreign;
            continue;
        }
        if ((write->fold == NULL || fold->has_gap) && is_explained(check, document, write, leaf->pointer, fold)) {
            is_named = false;
            continue;
        }
        is_accepted = false;
        check_fault(check, is_foreign ? &check->result.overwritten : &check->result.unexplained, document, event,
                    "%.*s: %s was replaced by write %lld without a decision on record", BYTES_ARG(leaf->pointer),
                    is_foreign ? "somebody's value" : "a value", (long long)write->seq);
    }
    check->result.ambiguous += is_accepted && !is_named;
}

static void count_foreign(struct check *check, const struct check_subject *document, const struct leaf *leaves)
{
    struct model_value ours, base;

    check->result.foreign_writes++;
    for (const struct leaf *leaf = leaves; leaf != NULL; leaf = leaf->next) {
        for (const struct sent_event *event = document->events; event != NULL; event = event->next) {
            if (event->is_good && event_values(event, leaf->pointer, &ours, &base)) {
                check->result.foreign_on_event_fields++;
                return;
            }
        }
    }
}

/* A write that the worker knows nothing of, and whether somebody wrote the same field right after it. */
static void count_ambiguous(struct check *check, const struct change_write *write, const struct leaf *leaves)
{
    const struct change_write *next = write->next;

    check->result.lost_requests += write->is_request_lost;
    if (!write->is_applied || !write->is_answer_lost)
        return;
    check->result.lost_answers++;
    while (next != NULL && !next->is_applied)
        next = next->next;
    if (next == NULL || !next->is_foreign)
        return;
    for (const struct leaf *theirs = leaves_changed(check->scratch, next->before, next->after); theirs != NULL;
         theirs = theirs->next) {
        for (const struct leaf *leaf = leaves; leaf != NULL; leaf = leaf->next) {
            if (bytes_equal(leaf->pointer, theirs->pointer)) {
                check->result.lost_followed++;
                return;
            }
        }
    }
}

/* Did the write bring what the record says? A mate whose record is not there may have changed it again. */
static bool has_results(const struct audit *audit, const struct change_write *write)
{
    for (size_t i = 0; i < audit->ruling_count && !audit->fold->has_gap; i++) {
        if (ruling_stands(audit, &audit->rulings[i]) && !has_result(audit->fold, audit->rulings[i].field, write))
            return false;
    }
    return true;
}

/* Every write that a first or second record claims is in the log. */
static void check_claims(struct check *check, struct check_subject *document)
{
    for (struct audit *audit = document->audits; audit != NULL; audit = audit->next) {
        struct sent_event *event = check_event_of(check, audit->partition, audit->offset);
        const struct change_write *write = audit->fold->write;
        bool is_there = write != NULL && has_results(audit, write);

        if (event == NULL || (audit->outcome != CHECK_APPLIED && audit->outcome != CHECK_MERGED))
            continue;
        for (write = document->writes; write != NULL && !is_there; write = write->next)
            is_there = write->is_applied && !write->is_foreign && may_be_of(check, event, write) &&
                       has_results(audit, write);
        if (!is_there)
            check_fault(check, &check->result.false_decisions, document, event,
                        "its record claims a write that the log does not have");
    }
}

static void check_state(struct check *check, struct check_subject *document, struct bytes expected,
                        struct bytes found, const char *what, int64_t seq)
{
    struct model_value left = {MODEL_VALUE, expected}, right = {MODEL_VALUE, found};

    if (bytes_present(expected) && bytes_present(found) && !model_equal(left, right))
        check_fault(check, &check->result.states_wrong, document, NULL, "%s (write %lld)", what, (long long)seq);
}

/* The line by which the document came to be as the check was told. */
static bool is_creation(const struct check_subject *document, const struct change_write *write)
{
    struct model_value initial = {MODEL_VALUE, document->initial}, after = {MODEL_VALUE, write->after};

    return !bytes_present(write->version_before) && bytes_present(document->initial) && model_equal(initial, after);
}

void check_writes(struct check *check, struct check_subject *document)
{
    struct bytes state = document->initial, version = BYTES_NONE;
    int64_t seq = -1;

    for (struct change_write *write = document->writes; write != NULL; write = write->next) {
        const struct leaf *leaves =
            write->is_applied ? leaves_changed(check->scratch, write->before, write->after) : NULL;

        if (!write->is_foreign)
            count_ambiguous(check, write, leaves);
        if (!write->is_applied)
            continue;
        if (version.data == NULL && is_creation(document, write)) {
            version = write->version_after;
            continue;
        }
        check_state(check, document, state, write->before, "the log skips a state", write->seq);
        if (write->seq <= seq || (bytes_present(version) && !bytes_equal(version, write->version_before)))
            check_fault(check, &check->result.states_wrong, document, NULL, "write %lld breaks the chain of versions",
                        (long long)write->seq);
        if (write->is_foreign)
            count_foreign(check, document, leaves);
        else
            judge_write(check, document, write, leaves);
        for (const struct leaf *leaf = leaves; leaf != NULL; leaf = leaf->next)
            note_writer(check, document, leaf->pointer, write->is_foreign);
        state = write->after;
        version = write->version_after;
        seq = write->seq;
    }
    check_state(check, document, state, document->final, "the final document is not what the log leads to", seq);
    check_claims(check, document);
}
