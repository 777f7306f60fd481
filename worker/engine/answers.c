#include "engine/update.h"

/* What each meaning leads to: the budget that pays for it, or the end. */
enum verdict {
    VERDICT_GO_ON,
    VERDICT_STALE,
    VERDICT_LOCKED,
    VERDICT_OVERLOAD,
    VERDICT_OUTAGE,
    VERDICT_ABSENT,
    VERDICT_REFUSED,
    VERDICT_UNREADABLE,
    VERDICT_NOT_EXPRESSIBLE,
};

static const struct {
    enum verdict read;
    enum verdict write;
    enum reason reason; /* where the event ends with it */
} verdicts[MEANING_COUNT] = {
    [MEANING_OK] = {VERDICT_GO_ON, VERDICT_GO_ON, REASON_NONE},
    [MEANING_NOT_MODIFIED] = {VERDICT_GO_ON, VERDICT_OUTAGE, REASON_UNDESCRIBED},
    [MEANING_STALE] = {VERDICT_OUTAGE, VERDICT_STALE, REASON_UNDESCRIBED},
    [MEANING_LOCKED] = {VERDICT_LOCKED, VERDICT_LOCKED, REASON_LOCKED},
    [MEANING_OVERLOAD] = {VERDICT_OVERLOAD, VERDICT_OVERLOAD, REASON_NONE},
    [MEANING_MISSING] = {VERDICT_ABSENT, VERDICT_ABSENT, REASON_MISSING},
    [MEANING_GONE] = {VERDICT_ABSENT, VERDICT_ABSENT, REASON_GONE},
    [MEANING_REFUSED] = {VERDICT_REFUSED, VERDICT_REFUSED, REASON_REFUSED},
    [MEANING_UNAUTHORIZED] = {VERDICT_OUTAGE, VERDICT_OUTAGE, REASON_NONE},
    [MEANING_UNREADABLE] = {VERDICT_UNREADABLE, VERDICT_OUTAGE, REASON_UNREADABLE},
    [MEANING_NOT_EXPRESSIBLE] = {VERDICT_OUTAGE, VERDICT_NOT_EXPRESSIBLE, REASON_NOT_EXPRESSIBLE},
    [MEANING_OUTAGE] = {VERDICT_OUTAGE, VERDICT_OUTAGE, REASON_SERVICE_ERROR},
    [MEANING_UNDESCRIBED] = {VERDICT_OUTAGE, VERDICT_OUTAGE, REASON_UNDESCRIBED},
};

/* Has another document been served since the failure before this one? Then it is no outage. One that was served long ago
 * says nothing: the service may have gone down since, and nobody else asks for anything. */
static bool others_succeed(const struct engine *engine, const struct update *update)
{
    const struct success *success = &engine->successes[0];

    if (success->lane == update->lane)
        success = &engine->successes[1];
    return success->lane != NULL && success->at_ms >= update->failed_before_ms;
}

/* The time of an outage of all does not count. */
static bool gives_up(const struct engine *engine, const struct update *update, int64_t limit_ms)
{
    int64_t since_ms = update->failing_since_ms, closed_at_ms = breaker_closed_at(&engine->breaker);

    if (closed_at_ms > since_ms)
        since_ms = closed_at_ms;
    return limit_ms >= 0 && engine->now_ms - since_ms >= limit_ms && others_succeed(engine, update);
}

/* The record tells what the last write would have done. */
static struct step give_up(struct update *update, enum reason reason, struct bytes detail)
{
    return finish_all(update, OUTCOME_EXHAUSTED, reason, detail, update->built);
}

static void note_failure(struct engine *engine, struct update *update)
{
    if (update->failing_since_ms < 0)
        update->failing_since_ms = engine->now_ms;
    update->failed_before_ms = update->failures > 0 ? update->failed_ms : engine->now_ms;
    update->failed_ms = engine->now_ms;
    update->failures++;
}

static struct step locked(struct engine *engine, struct update *update, const struct answer *answer)
{
    note_failure(engine, update);
    if (gives_up(engine, update, engine->options.locked_give_up_ms))
        return give_up(update, REASON_LOCKED, answer->detail);
    return step_wait(backoff_locked(&engine->options, answer->retry_after_ms, &engine->random), "locked");
}

/* Overload is the service's, not this document's: nobody sends before it is over, and no event pays for it. */
static struct step overload(struct engine *engine, struct update *update, const struct answer *answer)
{
    int64_t wait_ms;

    update->failures++;
    wait_ms = backoff_overload(&engine->options, update->failures, answer->retry_after_ms, &engine->random);
    if (answer->retry_after_ms > 0) {
        int64_t hold_ms = answer->retry_after_ms < engine->options.retry_after_max_ms
                              ? answer->retry_after_ms
                              : engine->options.retry_after_max_ms;

        if (engine->now_ms + hold_ms > engine->hold_until_ms)
            engine->hold_until_ms = engine->now_ms + hold_ms;
    }
    return step_wait_out(wait_ms, "overload");
}

static struct step outage(struct engine *engine, struct update *update, const struct answer *answer,
                          enum reason reason)
{
    note_failure(engine, update);
    if (reason != REASON_NONE && gives_up(engine, update, engine->options.document_give_up_ms)) {
        probe("a document that alone fails is given up");
        return give_up(update, reason, answer->detail);
    }
    return step_wait_out(backoff_outage(&engine->options, update->failures, &engine->random),
                         meaning_name(answer->meaning));
}

/* --- reads --- */

/* Not modified: the cached copy is confirmed, or the version that was just refused is still the current one. */
static struct step not_modified(struct engine *engine, struct update *update)
{
    if (update->is_from_cache) {
        update->is_from_cache = false;
        return step_to(STATE_MERGE);
    }
    if (!update->was_stale || !bytes_present(update->built->text)) {
        probe("not modified though nothing was asked");
        return step_wait(backoff_outage(&engine->options, ++update->failures, &engine->random), "undescribed");
    }
    if (update->remedy != REMEDY_NONE)
        return give_up(update, REASON_PRECONDITION_UNSATISFIABLE, update->built->version);
    update->remedy = REMEDY_READ_AGAIN;
    probe("304 after a stale answer");
    return step_wait(backoff_stale(&engine->options, 1, &engine->random), "same version as refused");
}

static struct step unreadable(struct engine *engine, struct update *update, struct bytes detail)
{
    if (update->was_unreadable)
        return finish_all(update, OUTCOME_REJECTED, REASON_UNREADABLE, detail, NULL);
    update->was_unreadable = true;
    return step_wait(backoff_outage(&engine->options, 1, &engine->random), "unreadable, once more");
}

/* The version that was refused is the one that the service still gives out: a retry cannot help by itself. */
static struct step same_version(struct engine *engine, struct update *update)
{
    const struct copy *copy = update->current;

    if (update->remedy == REMEDY_NONE) {
        update->remedy = REMEDY_READ_AGAIN;
        return step_wait(backoff_stale(&engine->options, 1, &engine->random), "same version as refused");
    }
    if (update->remedy == REMEDY_READ_AGAIN && copy->version_is_weak &&
        engine->options.weak_may_be_stripped) {
        update->remedy = REMEDY_STRIP;
        update->was_stale = false;
        return step_to(STATE_MERGE);
    }
    probe("precondition unsatisfiable");
    return give_up(update, REASON_PRECONDITION_UNSATISFIABLE, copy->version);
}

static void take_version(struct copy *copy, const struct answer *answer)
{
    copy->version_is_exact = answer->version_is_exact;
    copy->version_is_weak = answer->version_is_weak;
    copy->version = arena_keep(copy->arena, answer->version);
    copy->last_modified = arena_keep(copy->arena, answer->last_modified);
}

static void keep_copy(struct engine *engine, struct update *update)
{
    const struct copy *copy = update->current;
    struct bytes id = lane_document(update->lane);

    if (copy->version_is_exact && copy->version.size > 0 && !engine->options.versions_are_reused)
        documents_keep(&engine->documents, id, update->partition->number, copy->text, copy->version,
                       copy->version_is_weak, copy->last_modified);
    else
        documents_forget(&engine->documents, id);
}

static struct step read_fresh(struct engine *engine, struct update *update, const struct answer *answer)
{
    struct copy *copy = update->current;
    struct json_fault fault;
    char text[128];

    update->is_from_cache = false;
    if (!copy_read(engine, copy, answer->document, &fault)) {
        snprintf(text, sizeof(text), "byte %zu: %s", fault.offset, fault.what);
        documents_forget(&engine->documents, lane_document(update->lane));
        return unreadable(engine, update, bytes_of(text));
    }
    take_version(copy, answer);
    keep_copy(engine, update);
    if (copy->version.size == 0 && !engine->options.unprotected_is_allowed)
        return finish_all(update, OUTCOME_REJECTED, REASON_NO_VERSION, answer->detail, NULL);
    if (update->was_stale && bytes_present(update->built->text) && copy->version.size > 0 &&
        bytes_equal(copy->version, update->built->version))
        return same_version(engine, update);
    update->was_stale = false;
    if (update->remedy != REMEDY_STRIP) /* a service that compares strongly does so the next time too */
        update->remedy = REMEDY_NONE;
    return step_to(STATE_MERGE);
}

struct step answer_to_read(struct engine *engine, struct update *update, const struct answer *answer)
{
    enum reason reason = verdicts[answer->meaning].reason;

    switch (verdicts[answer->meaning].read) {
    case VERDICT_GO_ON:
        return answer->meaning == MEANING_NOT_MODIFIED ? not_modified(engine, update)
                                                       : read_fresh(engine, update, answer);
    case VERDICT_LOCKED:
        return locked(engine, update, answer);
    case VERDICT_OVERLOAD:
        return overload(engine, update, answer);
    case VERDICT_OUTAGE:
        return outage(engine, update, answer, reason);
    case VERDICT_ABSENT:
        return whole_read_absent(engine, update, answer);
    case VERDICT_REFUSED:
        documents_forget(&engine->documents, lane_document(update->lane));
        return finish_all(update, OUTCOME_REJECTED, reason, answer->detail, NULL);
    case VERDICT_UNREADABLE:
        documents_forget(&engine->documents, lane_document(update->lane));
        return unreadable(engine, update, answer->detail);
    case VERDICT_STALE:
    case VERDICT_NOT_EXPRESSIBLE:
        break;
    }
    never("every meaning of a read has a verdict");
}

/* --- writes --- */

/* The copy on which the write was built stands aside; the next read goes into the other one. */
static void set_aside(struct update *update)
{
    struct copy *built = update->current;

    update->current = update->built;
    update->built = built;
    update->is_from_cache = false;
}

static bool is_possibly_applied(const struct answer *answer)
{
    switch (answer->meaning) {
    case MEANING_OUTAGE:
    case MEANING_UNDESCRIBED:
    case MEANING_UNREADABLE:
    case MEANING_NOT_MODIFIED:
        return answer->sent != SENT_NOT;
    case MEANING_OVERLOAD:
        return answer->sent == SENT_PERHAPS_TWICE || (answer->sent == SENT_ONCE && answer->status >= 500);
    case MEANING_STALE:
    case MEANING_LOCKED:
    case MEANING_MISSING:
    case MEANING_GONE:
    case MEANING_REFUSED:
    case MEANING_UNAUTHORIZED:
        return answer->sent == SENT_PERHAPS_TWICE;
    case MEANING_OK:
    case MEANING_NOT_EXPRESSIBLE:
        return false;
    case MEANING_COUNT:
        break;
    }
    never("every meaning says whether the write was possibly applied");
}

static struct step stale(struct engine *engine, struct update *update)
{
    list_each(node, &update->members)
        list_item(node, struct held, in_queue)->stale_answers++;
    update->was_stale = true;
    update->failing_since_ms = -1;
    engine->counters.value[COUNTER_STALE_ANSWERS]++;
    if (!update->is_ambiguous)
        fold_leave_exhausted(engine, update);
    if (update->member_count == 0)
        return step_to(STATE_DONE);
    return step_wait(backoff_stale(&engine->options, update_first(update)->stale_answers, &engine->random), "stale");
}

/* Gone since it was read: only a read may end the event, and a write that always says so must not go round for ever. */
static struct step absent_on_write(struct engine *engine, struct update *update, const struct answer *answer,
                                   enum reason reason)
{
    if (update->was_missing_on_write)
        return finish_all(update, OUTCOME_REJECTED, reason, answer->detail, NULL);
    update->was_missing_on_write = true;
    return step_wait(backoff_outage(&engine->options, 1, &engine->random), "absent on write, read again");
}

static void keep_written(struct engine *engine, struct update *update, const struct answer *answer)
{
    struct bytes id = lane_document(update->lane);
    int32_t partition = update->partition->number;
    struct bytes text = BYTES_NONE;

    switch (engine->options.after_write) {
    case AFTER_WRITE_EXACT:
        text = engine->options.writes_patch ? BYTES_NONE : update->current->body;
        break;
    case AFTER_WRITE_BODY:
        text = answer->document;
        break;
    case AFTER_WRITE_VERSION: /* a PATCH sends no more than its edits: the copy may be assumed */
        text = engine->options.writes_patch ? update->current->body : BYTES_NONE;
        break;
    case AFTER_WRITE_NONE:
        break;
    }
    if (bytes_present(text) && answer->version.size > 0 && answer->version_is_exact &&
        !engine->options.versions_are_reused)
        documents_keep(&engine->documents, id, partition, text, answer->version, answer->version_is_weak,
                       BYTES_NONE);
    else
        documents_forget(&engine->documents, id);
}

static struct step written(struct engine *engine, struct update *update, const struct answer *answer)
{
    list_each(node, &update->members)
        list_item(node, struct held, in_queue)->finished.is_unprotected =
            update->current->version.size == 0 && update->current->writes != WRITE_CREATE;
    if (update->current->writes == WRITE_DELETE) {
        set_aside(update);
        return finish_deleted(engine, update);
    }
    keep_written(engine, update, answer);
    set_aside(update);
    note_version_after(update, answer->version);
    return finish_written(engine, update);
}

/* Where several were written together only one of them may be guilty. */
static struct step refused(struct update *update, const struct answer *answer, enum reason reason)
{
    if (update->member_count == 1)
        return finish_all(update, OUTCOME_REJECTED, reason, answer->detail, update->built);
    update->goes_one_by_one = true;
    return step_to(STATE_READ);
}

static struct step refused_write(struct engine *engine, struct update *update, const struct answer *answer)
{
    enum reason reason = verdicts[answer->meaning].reason;

    switch (verdicts[answer->meaning].write) {
    case VERDICT_STALE:
        return stale(engine, update);
    case VERDICT_LOCKED:
        return locked(engine, update, answer);
    case VERDICT_OVERLOAD:
        return overload(engine, update, answer);
    case VERDICT_OUTAGE:
    case VERDICT_UNREADABLE:
        return outage(engine, update, answer, reason);
    case VERDICT_ABSENT:
        return absent_on_write(engine, update, answer, reason);
    case VERDICT_REFUSED:
    case VERDICT_NOT_EXPRESSIBLE:
        return refused(update, answer, reason);
    case VERDICT_GO_ON:
        break;
    }
    never("every meaning of a write has a verdict");
}

/* Only a copy that was read in this update may end it, and only where no earlier sending can have been applied. */
static bool refusal_is_final(const struct answer *answer, bool was_from_cache)
{
    return !was_from_cache && !is_possibly_applied(answer);
}

struct step answer_to_write(struct engine *engine, struct update *update, const struct answer *answer)
{
    bool was_from_cache = update->is_from_cache;

    if (answer->meaning == MEANING_OK)
        return written(engine, update, answer);
    documents_forget(&engine->documents, lane_document(update->lane));
    /* What was possibly sent may still arrive: a later, definite answer does not settle it. */
    update->is_ambiguous = update->is_ambiguous || is_possibly_applied(answer);
    set_aside(update);
    if (is_possibly_applied(answer)) {
        possible_edits_add(update);
        engine->counters.value[COUNTER_AMBIGUOUS_WRITES]++;
    }
    if (verdicts[answer->meaning].write == VERDICT_REFUSED && !refusal_is_final(answer, was_from_cache)) {
        probe("refused on a cached copy, or perhaps after a first one was applied");
        return step_wait(backoff_outage(&engine->options, 1, &engine->random), "refused, read again");
    }
    return refused_write(engine, update, answer);
}
