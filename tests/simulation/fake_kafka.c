#include "world.h"

#include "engine/window_codec.h"

#include "common/check.h"
#include "record/record.h"
#include "story.h"

/* The topics: updates with gaps between the offsets, records, committed offsets; everything can fail or come late. */

struct asked *kafka_produce(struct world *world, int32_t partition, int64_t offset, struct bytes key,
                            struct bytes value)
{
    struct partition_log *log = &world->kafka.partitions[partition];
    struct asked *asked = arena_zero(world->arena, sizeof(*asked));
    struct event_limits limits = EVENT_LIMITS_DEFAULT;
    struct event_input input = {.topic.format = world->options.format};
    struct event_fault fault;

    ensure(offset >= log->end);
    asked->partition = partition;
    asked->offset = offset;
    asked->key = world_copy(world, key);
    asked->value = world_copy(world, value);
    asked->produced_ms = world->now_ms;
    for (size_t i = 0; i < WORKERS_MAX; i++)
        asked->holdings[i] = (struct holding){.received_epoch = -1, .finished_epoch = -1, .heard_epoch = -1};
    input.key = asked->key;
    input.value = asked->value;
    asked->is_good = event_parse(&input, &limits, world->arena, &asked->event, &fault);
    log->end = offset + 1;
    list_push_back(&log->asked, &asked->in_partition);
    world_note(world, "p%d/%lld %.*s asks %.*s", partition, (long long)offset, BYTES_ARG(key), BYTES_ARG(value));
    for (uint32_t i = 0; i < world->options.workers; i++)
        kafka_poll(world, &world->workers[i]);
    return asked;
}

const struct list *kafka_from(const struct world *world, int32_t partition, int64_t offset)
{
    const struct list *head = &world->kafka.partitions[partition].asked, *node = head;

    while (node->previous != head && list_item(node->previous, struct asked, in_partition)->offset >= offset)
        node = node->previous;
    return node;
}

static struct asked *first_from(const struct world *world, int32_t partition, int64_t offset)
{
    const struct list *node = kafka_from(world, partition, offset);

    return node != &world->kafka.partitions[partition].asked ? list_item(node, struct asked, in_partition) : NULL;
}

struct asked *kafka_asked(struct world *world, int32_t partition, int64_t offset)
{
    struct asked *asked = first_from(world, partition, offset);

    return asked != NULL && asked->offset == offset ? asked : NULL;
}

size_t kafka_unfinished(struct world *world, const struct worker *worker, int32_t partition, struct bytes document,
                        struct asked **ret_asked, size_t max)
{
    const struct worker_partition *held = &worker->partitions[partition];
    const struct list *head = &world->kafka.partitions[partition].asked;
    size_t count = 0;

    for (const struct list *node = kafka_from(world, partition, held->first); node != head; node = node->next) {
        struct asked *asked = list_item(node, struct asked, in_partition);
        const struct holding *holding = &asked->holdings[worker->number];

        if (count < max && asked->is_good && holding->received_epoch == held->epoch &&
            holding->finished_epoch != held->epoch && !holding->is_taken_over && bytes_equal(asked->key, document))
            ret_asked[count++] = asked;
    }
    return count;
}

/* --- reading --- */

static struct asked *next_asked(struct world *world, const struct worker *worker, int32_t partition)
{
    return first_from(world, partition, worker->partitions[partition].position);
}

static bool is_taken_over(const struct worker_partition *held, int64_t offset)
{
    static struct window_span spans[WINDOW_TEXT_MAX];
    size_t count;

    if (!window_decode(held->first, held->metadata, spans, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (spans[i].first <= offset && offset < spans[i].next)
            return true;
    }
    return false;
}

/* Behind the last record of each other partition stands a transaction's marker. */
static int64_t end_of(const struct world *world, int32_t partition)
{
    return world->kafka.partitions[partition].end + partition % 2;
}

static void deliver(struct world *world, struct worker *worker, struct asked *asked)
{
    struct worker_partition *held = &worker->partitions[asked->partition];
    const struct received received = {
        .partition = asked->partition,
        .epoch = held->epoch,
        .offset = asked->offset,
        .end = end_of(world, asked->partition),
        .timestamp_ms = WALL_MS + asked->produced_ms,
        .key = asked->key,
        .value = asked->value,
    };

    check_not_paused(world, worker, "takes an event");
    held->position = asked->offset + 1;
    held->read_end = held->position > held->read_end ? held->position : held->read_end;
    if (asked->holdings[worker->number].received_epoch == held->epoch) {
        probe("an event is delivered again");
    } else {
        asked->holdings[worker->number] = (struct holding){
            .received_epoch = held->epoch,
            .received_ms = world->now_ms,
            .finished_epoch = -1,
            .heard_epoch = -1,
            .is_taken_over = is_taken_over(held, asked->offset),
        };
        asked->received_count++;
    }
    engine_receive(worker->engine, &received);
}

static void polls(struct world *world, struct item *item)
{
    struct worker *worker = item->worker;
    struct asked *asked;

    worker->polls = false;
    if (worker_is_cut_off(world, worker))
        return;
    worker_advance(world, worker);
    for (int32_t i = 0; i < PARTITIONS_MAX; i++) {
        while (worker->partitions[i].is_held && engine_room(worker->engine, i) > 0 &&
               (asked = next_asked(world, worker, i)) != NULL)
            deliver(world, worker, asked);
        if (worker->partitions[i].is_held && engine_room(worker->engine, i) > 0)
            engine_at_end(worker->engine, i, worker->partitions[i].epoch);
    }
    worker_turn(world, worker);
}

void kafka_seek_back(struct world *world, struct worker *worker, int32_t partition, uint32_t count)
{
    struct worker_partition *held = &worker->partitions[partition];
    const struct list *head = &world->kafka.partitions[partition].asked;

    if (!held->is_held || worker->state != WORKER_RUNS)
        return;
    for (const struct list *node = head->previous; node != head && count > 0; node = node->previous) {
        const struct asked *asked = list_item(node, struct asked, in_partition);

        if (asked->offset >= held->position)
            continue;
        if (asked->offset < held->first)
            break;
        held->position = asked->offset;
        count--;
    }
    world_note(world, "%c reads p%d again from %lld", worker->name, partition, (long long)held->position);
    kafka_poll(world, worker);
}

/* Reads on as soon as there is something to read and room for it. */
void kafka_poll(struct world *world, struct worker *worker)
{
    if (worker->polls || worker->engine == NULL || worker_is_cut_off(world, worker))
        return;
    for (int32_t i = 0; i < PARTITIONS_MAX && !worker->polls; i++) {
        if (worker->partitions[i].is_held && engine_room(worker->engine, i) > 0 &&
            next_asked(world, worker, i) != NULL) {
            worker->polls = true;
            world_at(world, world->now_ms, polls, worker, NULL);
        }
    }
}

/* --- records --- */

struct publication {
    struct record *record;
    uint64_t action_id;
    enum fault fault;
    bool is_appended;
};

static struct value copy_value(struct world *world, struct value value)
{
    return (struct value){value.state, world_copy(world, value.text)};
}

static const struct decision *copy_decisions(struct world *world, const struct finished *finished)
{
    struct decision *decisions = arena_take(world->arena, (finished->decision_count + 1) * sizeof(*decisions));

    for (size_t i = 0; i < finished->decision_count; i++) {
        decisions[i] = finished->decisions[i];
        decisions[i].field = world_copy(world, decisions[i].field);
        decisions[i].base = copy_value(world, decisions[i].base);
        decisions[i].theirs = copy_value(world, decisions[i].theirs);
        decisions[i].ours = copy_value(world, decisions[i].ours);
        decisions[i].value = copy_value(world, decisions[i].value);
        decisions[i].element = BYTES_NONE; /* for the record alone */
    }
    return decisions;
}

static struct bytes render(struct world *world, const struct finished *finished)
{
    static const struct record_context context = {"updates", "simulated", "0", "GET", "PUT"};
    struct buffer out;
    struct bytes audit;

    buffer_init(&out, 1 << 20);
    record_audit(&context, finished, 1 << 20, &out);
    audit = world_copy(world, buffer_bytes(&out));
    buffer_release(&out);
    return audit;
}

/* It was not the service as a whole that failed. */
static bool others_succeeded(const struct world *world, const struct worker *owner, const struct asked *asked)
{
    const struct document *alone = service_find(world, asked->key);
    uint32_t worker = owner->number;

    list_each(node, &world->service.documents) {
        const struct document *document = list_item(node, struct document, in_service);

        if (alone == NULL || (document != alone && document->answered_ms[worker] >= alone->failed_before_ms[worker]))
            return true;
    }
    return alone != NULL && owner->stranger_answered_ms >= alone->failed_before_ms[worker];
}

static const struct state *unversioned_of(const struct world *world, const struct worker *owner,
                                          const struct asked *asked)
{
    const struct document *document = service_find(world, asked->key);

    return document != NULL ? document->unversioned[owner->number] : NULL;
}

static struct record *make_record(struct world *world, struct worker *worker, const struct action *action,
                                  struct asked *asked)
{
    const struct finished *finished = action->publish.finished;
    struct record *record = arena_zero(world->arena, sizeof(*record));
    const struct record *before = asked->holdings[worker->number].record;
    struct attempt *attempts = arena_take(world->arena, (finished->attempt_count + 1) * sizeof(*attempts));

    record->asked = asked;
    record->worker = worker;
    record->life = worker->life;
    record->epoch = action->epoch;
    if (before != NULL && before->epoch == action->epoch && before->life == worker->life) {
        record->unversioned = before->unversioned; /* the same once more: it ended when the first was made */
        record->others_succeeded = before->others_succeeded;
    } else {
        record->unversioned = unversioned_of(world, worker, asked);
        record->others_succeeded = others_succeeded(world, worker, asked);
    }
    record->has_tried_to_create = asked->holdings[worker->number].has_tried_to_create;
    record->received_ms = asked->holdings[worker->number].received_ms;
    record->finished = *finished;
    record->finished.decisions = copy_decisions(world, finished);
    if (finished->attempt_count > 0)
        memcpy(attempts, finished->attempts, finished->attempt_count * sizeof(*attempts));
    record->finished.attempts = attempts; /* their bytes are not copied: only numbers are looked at */
    record->finished.version_before = world_copy(world, finished->version_before);
    record->finished.version_after = world_copy(world, finished->version_after);
    record->finished.detail = world_copy(world, finished->detail);
    record->audit = render(world, finished);
    return record;
}

static void append(struct world *world, struct item *item)
{
    struct publication *publication = item->subject;
    struct record *record = publication->record;
    struct asked *asked = record->asked;

    /* A killed worker's records may be on the wire already. */
    if (record->worker->life != record->life && tape_draw(world->tape, 2) == 0)
        return;
    record->at_ms = world->now_ms;
    publication->is_appended = true;
    asked->records++;
    if (outcome_is_dead_letter(record->finished.outcome) && publication->fault != FAULT_PUBLISH_HALF)
        asked->has_dead_letter = true;
    check_record(world, record);
    asked->last_record = record;
    list_push_back(&world->kafka.records, &record->in_topic);
}

static void note_heard(const struct world *world, const struct record *record)
{
    struct holding *holding = &record->asked->holdings[record->worker->number];

    if (holding->received_epoch != record->epoch)
        return;
    holding->heard_epoch = record->epoch;
    holding->heard_ms = world->now_ms;
    holding->heard_outcome = record->finished.outcome;
}

static void reports(struct world *world, struct item *item)
{
    struct publication *publication = item->subject;
    struct worker *worker = item->worker;
    struct delivered delivered = {
        .is_acknowledged = publication->is_appended && publication->fault != FAULT_PUBLISH_UNHEARD &&
                           publication->fault != FAULT_PUBLISH_HALF};

    if (delivered.is_acknowledged) {
        publication->record->is_heard = true;
        publication->record->asked->is_acknowledged = true;
        note_heard(world, publication->record);
        world->finished_events++;
    }
    worker_advance(world, worker);
    engine_delivered(worker->engine, publication->action_id, &delivered);
    worker_turn(world, worker);
}

void kafka_publish(struct world *world, struct worker *worker, const struct action *action)
{
    const struct finished *finished = action->publish.finished;
    struct asked *asked = kafka_asked(world, finished->partition, finished->offset);
    struct publication *publication = arena_zero(world->arena, sizeof(*publication));
    int64_t delay_ms = 4, sent_ms = world->now_ms;

    check_publish(world, worker, action, asked);
    if (world->failure.is_set)
        return;
    publication->action_id = action->id;
    publication->record = make_record(world, worker, action, asked);
    publication->fault = world_fault(world, FAULT_PUBLISH_FAILED, FAULT_PUBLISH_SLOW);
    if (world->story != NULL)
        story_publish(world, asked, &publication->fault);
    if (publication->fault == FAULT_PUBLISH_SLOW)
        delay_ms = 3000;
    if (publication->fault != FAULT_NONE)
        world_note(world, "%c: record of p%d/%lld: %s", worker->name, asked->partition, (long long)asked->offset,
                   fault_name(publication->fault));
    asked->holdings[worker->number].finished_epoch = action->epoch;
    worker->partitions[asked->partition].passed = 0;
    asked->holdings[worker->number].record = publication->record;
    fold_find_mate(world, publication->record);
    if (worker_is_cut_off(world, worker)) /* the client sends it when it is connected again */
        sent_ms = worker->cut_until_ms;
    if (publication->fault != FAULT_PUBLISH_FAILED)
        world_at(world, sent_ms + delay_ms / 2, append, NULL, publication);
    world_at(world, sent_ms + delay_ms, reports, worker, publication);
}

/* --- commits --- */

#define CUT_OFF_TIMEOUT_MS 5000 /* what the client says of a commit that nobody heard */

struct commit {
    struct worker *worker;
    uint32_t life;
    uint64_t action_id;
    int64_t sent_ms;
    enum fault fault;
    size_t count;
    struct commit_entry entries[PARTITIONS_MAX];
    int32_t epochs[PARTITIONS_MAX];
    enum commit_result result;
};

/* The group takes offsets only from the member that has the partition, and from its life and epoch. */
static bool is_accepted(const struct world *world, const struct commit *commit)
{
    if (!commit->worker->is_member && commit->worker->life == commit->life)
        return false;
    for (size_t i = 0; i < commit->count; i++) {
        const struct partition_log *log = &world->kafka.partitions[commit->entries[i].partition];

        if (log->owner != commit->worker || log->owner_life != commit->life || log->epoch != commit->epochs[i])
            return false;
    }
    return true;
}

static void commit_arrives(struct world *world, struct item *item)
{
    struct commit *commit = item->subject;

    if (!is_accepted(world, commit)) {
        commit->result = COMMIT_REFUSED;
        return;
    }
    if (commit->fault == FAULT_COMMIT_FAILED) {
        commit->result = COMMIT_FAILED;
        return;
    }
    for (size_t i = 0; i < commit->count; i++) {
        struct partition_log *log = &world->kafka.partitions[commit->entries[i].partition];

        if (commit->entries[i].offset_next < log->committed)
            world_fail(world, "committed_means_recorded", "the commit of p%d goes back from %lld to %lld",
                       commit->entries[i].partition, (long long)log->committed,
                       (long long)commit->entries[i].offset_next);
        if (commit->entries[i].offset_next > log->committed)
            world->progress++;
        log->committed = commit->entries[i].offset_next;
        log->metadata = commit->entries[i].metadata;
    }
    commit->result = commit->fault == FAULT_COMMIT_UNHEARD ? COMMIT_FAILED : COMMIT_ACKNOWLEDGED;
}

static void commit_answered(struct world *world, struct item *item)
{
    struct commit *commit = item->subject;

    for (size_t i = 0; i < commit->count && commit->result == COMMIT_ACKNOWLEDGED; i++)
        item->worker->partitions[commit->entries[i].partition].proven_ms = commit->sent_ms;
    worker_advance(world, item->worker);
    engine_committed(item->worker->engine, commit->action_id, commit->result);
    worker_turn(world, item->worker);
}

void kafka_commit(struct world *world, struct worker *worker, const struct action *action)
{
    struct commit *commit = arena_zero(world->arena, sizeof(*commit));
    int64_t delay_ms = 4;

    check_commit(world, worker, action);
    if (world->failure.is_set)
        return;
    commit->worker = worker;
    commit->life = worker->life;
    commit->action_id = action->id;
    commit->sent_ms = world->now_ms;
    commit->count = action->commit.count;
    ensure(commit->count <= PARTITIONS_MAX);
    for (size_t i = 0; i < commit->count; i++) {
        commit->entries[i] = action->commit.entries[i];
        commit->entries[i].metadata.data =
            arena_copy(world->arena, action->commit.entries[i].metadata.data, action->commit.entries[i].metadata.size);
        commit->epochs[i] = worker->partitions[commit->entries[i].partition].epoch;
    }
    commit->fault = world_fault(world, FAULT_COMMIT_FAILED, FAULT_COMMIT_SLOW);
    if (world->story != NULL)
        story_commit(world, &commit->fault);
    if (commit->fault == FAULT_COMMIT_SLOW)
        delay_ms = 3000;
    if (commit->fault != FAULT_NONE)
        world_note(world, "%c: %s", worker->name, fault_name(commit->fault));
    if (worker_is_cut_off(world, worker)) {
        commit->result = COMMIT_FAILED;
        delay_ms = CUT_OFF_TIMEOUT_MS;
    } else {
        world_at(world, world->now_ms + delay_ms / 2, commit_arrives, NULL, commit);
    }
    world_at(world, world->now_ms + delay_ms, commit_answered, worker, commit);
}
