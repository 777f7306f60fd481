#include "engine/update.h"

/* The update protocol as a table: what may follow what. */
#define TO(state) (1U << STATE_##state)
static const struct {
    const char *name;
    unsigned next;
} machine[STATE_COUNT] = {
    [STATE_READ] = {"read", TO(MERGE) | TO(WAIT) | TO(READ) | TO(DONE)}, /* READ: an unreadable one, once more */
    [STATE_MERGE] = {"merge", TO(WRITE) | TO(READ) | TO(WAIT) | TO(DONE)}, /* READ: a cached copy ends nothing */
    [STATE_WRITE] = {"write", TO(WAIT) | TO(READ) | TO(DONE)},
    [STATE_WAIT] = {"wait", TO(READ) | TO(WRITE) | TO(DONE)},
    [STATE_DONE] = {"done", 0},
};

static void move(struct update *update, enum state next)
{
    ensure(machine[update->state].next & (1U << next));
    update->state = next;
}

static void finish(struct engine *engine, struct update *update)
{
    struct lane *lane = update->lane;

    list_each_safe(node, &update->members) {
        struct held *held = list_item(node, struct held, in_queue);

        engine->counters.value[COUNTER_FOLDED_EVENTS] += held->finished.folded > 1;
        attempts_copy(update, held);
        held_finish(engine, held);
    }
    update_free(engine, update);
    lane->update = NULL;
    lane_move(engine, lane, LANE_IDLE);
    lane_next(engine, lane);
}

/* A draining partition begins no wait, nor does it wait for the end of a pause: the event goes back to Kafka. */
static bool gives_way(const struct engine *engine, const struct update *update, enum state next)
{
    return update->partition->is_draining && next != STATE_DONE && (next == STATE_WAIT || engine->is_paused);
}

static void update_step(struct engine *engine, struct update *update, struct step step)
{
    struct lane *lane = update->lane;

    move(update, step.next);
    while (update->state == STATE_MERGE) {
        step = merge_current(engine, update);
        move(update, step.next);
    }
    if (gives_way(engine, update, step.next)) {
        lane_drop_update(engine, lane);
    } else if (step.next == STATE_WAIT) {
        attempts_set_wait(update, step.wait_ms);
        trace_line(&engine->trace, engine->now_ms, "%.*s wait %lld%s%s", BYTES_ARG(lane_document(lane)),
                   (long long)step.wait_ms, step.why != NULL ? " " : "", step.why != NULL ? step.why : "");
        if (step.is_out)
            lane_wait_out(engine, lane, step.wait_ms);
        else
            lane_wait(engine, lane, step.wait_ms);
    } else if (step.next == STATE_DONE) {
        finish(engine, update);
    } else {
        lane_move(engine, lane, LANE_READY);
    }
}

static bool cached_copy(struct engine *engine, struct update *update)
{
    struct document *document = documents_find(&engine->documents, lane_document(update->lane));
    struct copy *copy = update->current;
    struct json_fault fault;

    if (document == NULL || document->text.data == NULL)
        return false;
    if (!copy_read(engine, copy, document_bytes_view(&document->text), &fault)) {
        probe("what was kept is no document"); /* the answer to a write as it came, or over a limit: not looked at before */
        documents_forget(&engine->documents, lane_document(update->lane));
        copy_reset(engine, copy);
        return false;
    }
    copy->version = arena_keep(copy->arena, document_bytes_view(&document->version));
    copy->version_is_exact = true;
    copy->version_is_weak = document->version_is_weak;
    copy->last_modified = arena_keep(copy->arena, document_bytes_view(&document->last_modified));
    return true;
}

void update_begin(struct engine *engine, struct lane *lane)
{
    struct arena *arena = engine_arena(engine);
    struct update *update = arena_zero(arena, sizeof(*update));
    struct held *held = list_item(lane->events.next, struct held, in_queue);

    ensure(lane->update == NULL);
    ensure(held->place == HELD_QUEUED);
    ensure(held->partition != NULL);
    update->arena = arena;
    update->lane = lane;
    update->partition = held->partition;
    update->remedy = lane->remedy;
    list_init(&update->members);
    fold_add(update, held);
    update->current = &update->copies[0];
    update->built = &update->copies[1];
    update->failing_since_ms = -1;
    update->state = STATE_READ;
    lane->update = update;
    if (!cached_copy(engine, update))
        return;
    update->is_from_cache = true;
    engine->counters.value[COUNTER_CACHED_ATTEMPTS]++;
    move(update, STATE_MERGE);
    move(update, merge_current(engine, update).next);
    ensure(update->state == STATE_WRITE || update->state == STATE_READ);
}

void update_abandon(struct engine *engine, struct update *update)
{
    struct lane *lane = update->lane;

    if (lane->place != LANE_IN_FLIGHT) {
        lane_drop_update(engine, lane);
        return;
    }
    update->partition = NULL; /* the request's bytes are still in use */
    list_each(node, &update->members) {
        struct held *held = list_item(node, struct held, in_queue);

        list_remove(&held->in_partition);
        held->partition->held_bytes -= held->bytes;
        held->partition = NULL;
    }
}

void update_free(struct engine *engine, struct update *update)
{
    if (update == NULL)
        return;
    list_each_safe(node, &update->members) {
        struct held *held = list_item(node, struct held, in_queue);

        if (held->partition != NULL)
            repeats_forget(held->partition->repeats, held->finished.offset);
        held_free(engine, held);
    }
    for (size_t i = 0; i < 2; i++)
        engine_arena_back(engine, update->copies[i].arena);
    engine_arena_back(engine, update->arena); /* and `update` with it */
}

struct bytes update_precondition(const struct update *update)
{
    const struct copy *copy = update->current;

    return update->remedy == REMEDY_STRIP && copy->version_is_weak && bytes_start_with(copy->version, BYTES("W/"))
               ? bytes_from(copy->version, 2)
               : copy->version;
}

static void name_field(struct write_action *write, struct bytes *fields, struct bytes field)
{
    for (size_t i = 0; i < write->field_count; i++)
        if (bytes_equal(fields[i], field))
            return;
    fields[write->field_count++] = field;
}

/* Every field on which a decision rests, also where nothing is to be written: one that a group's other members were decided
 * with, and a guard that holds, which has no decision. */
static void name_fields(const struct copy *copy, struct write_action *write)
{
    struct bytes *fields;
    size_t count = 0;

    for (size_t i = 0; i < copy->part_count; i++)
        if (copy->parts[i].held != NULL)
            count += copy->parts[i].merged.decision_count + copy->parts[i].held->finished.event.change_count;
    fields = arena_take(copy->arena, (count + 1) * sizeof(*fields));
    for (size_t i = 0; i < copy->part_count; i++) {
        const struct part *part = &copy->parts[i];

        for (size_t k = 0; part->held != NULL && k < part->merged.decision_count; k++)
            name_field(write, fields, part->merged.decisions[k].field);
        for (size_t k = 0; part->held != NULL && k < part->held->finished.event.change_count; k++)
            if (part->held->finished.event.changes[k].is_guard)
                name_field(write, fields, part->held->finished.event.changes[k].field);
    }
    write->fields = fields;
}

static void request_write(struct engine *engine, struct update *update, struct action *action)
{
    const struct copy *copy = update->current;

    ensure(bytes_present(copy->body) == (copy->writes != WRITE_DELETE));
    ensure(copy->version.size > 0 || copy->writes == WRITE_CREATE ||
           (engine->options.unprotected_is_allowed && copy->writes == WRITE_CHANGE));
    ensure(copy->is_absent == (copy->writes == WRITE_CREATE));
    ensure(partition_is_owned(engine, update->partition));
    action->kind = ACTION_WRITE;
    action->write = (struct write_action){
        .kind = copy->writes,
        .document = lane_document(update->lane),
        .version = update_precondition(update),
        .before = copy->text,
        .body = copy->body,
        .edits = copy->edits,
        .edit_count = copy->edit_count,
        .begin_by_ms = update->partition->owned_until_ms,
    };
    if (engine->options.fields_are_tested)
        name_fields(copy, &action->write);
    engine->counters.value[COUNTER_WRITES]++;
}

/* A conditional read where the answer "not modified" tells all there is to know. */
static void request_read(struct engine *engine, struct update *update, struct action *action)
{
    const struct copy *known = update->is_from_cache ? update->current : update->built;
    bool is_conditional = update->is_from_cache || (update->was_stale && update->remedy == REMEDY_NONE);

    action->kind = ACTION_READ;
    action->read = (struct read_action){.document = lane_document(update->lane)};
    if (is_conditional && bytes_present(known->text)) {
        action->read.known_version = known->version;
        action->read.known_last_modified = known->last_modified;
    }
    engine->counters.value[COUNTER_READS]++;
}

void update_request(struct engine *engine, struct update *update, struct action *ret_action)
{
    const struct partition *partition = update->partition;

    ensure(update->state == STATE_READ || update->state == STATE_WRITE);
    *ret_action = (struct action){.id = engine->next_action_id,
                                  .partition = partition->number,
                                  .epoch = partition->epoch,
                                  .events = update->member_count};
    update->request_at_ms = engine->now_ms;
    if (update->state == STATE_WRITE)
        request_write(engine, update, ret_action);
    else
        request_read(engine, update, ret_action);
}

static const char *request_name(const struct update *update)
{
    static const char *const names[] = {
        [WRITE_CHANGE] = "write", [WRITE_CREATE] = "create", [WRITE_DELETE] = "delete"};

    return update->state == STATE_WRITE ? names[update->current->writes] : machine[update->state].name;
}

static void trace_answer(struct engine *engine, const struct update *update, const struct answer *answer)
{
    struct bytes sent = update->state == STATE_WRITE ? update_precondition(update) : BYTES_NONE;

    trace_line(&engine->trace, engine->now_ms, "%.*s %s%s%.*s -> %d%s%s%s%.*s%s",
               BYTES_ARG(lane_document(update->lane)), request_name(update), sent.size > 0 ? " " : "",
               BYTES_ARG(sent), answer->status, answer->meaning == MEANING_OK ? "" : " ",
               answer->meaning == MEANING_OK ? "" : meaning_name(answer->meaning),
               answer->version.size > 0 ? " " : "", BYTES_ARG(answer->version),
               answer->sent == SENT_PERHAPS_TWICE ? " perhaps sent twice" : "");
}

static void note_success(struct engine *engine, struct lane *lane)
{
    if (engine->successes[0].lane != lane)
        engine->successes[1] = engine->successes[0];
    engine->successes[0] = (struct success){.lane = lane, .at_ms = engine->now_ms};
}

/* An answer about the document itself says that the credentials are good, even where it refuses. */
static bool is_let_in(enum meaning meaning)
{
    return meaning == MEANING_OK || meaning == MEANING_NOT_MODIFIED || meaning == MEANING_STALE ||
           meaning == MEANING_LOCKED || meaning == MEANING_MISSING || meaning == MEANING_GONE;
}

void update_answer(struct engine *engine, struct update *update, const struct answer *answer)
{
    bool is_write = update->state == STATE_WRITE;

    trace_answer(engine, update, answer);
    attempts_add(engine, update, answer);
    engine->counters.answers[is_write][answer->meaning]++;
    admission_answered(engine, update->lane, answer);
    if (answer->meaning == MEANING_OK || answer->meaning == MEANING_NOT_MODIFIED)
        note_success(engine, update->lane);
    engine->is_unauthorized = answer->meaning == MEANING_UNAUTHORIZED ||
                              (engine->is_unauthorized && !is_let_in(answer->meaning));
    update_step(engine, update,
                is_write ? answer_to_write(engine, update, answer) : answer_to_read(engine, update, answer));
}

void update_wake(struct engine *engine, struct update *update)
{
    int64_t wait_ms = update->was_stale ? admission_retry_wait(engine) : 0;

    if (wait_ms > 0) {
        lane_wait(engine, update->lane, wait_ms);
        return;
    }
    move(update, STATE_READ);
    lane_move(engine, update->lane, LANE_READY);
}
