#include "world.h"

#include "engine/window_codec.h"

#include "common/check.h"

/* The invariants of requests, writes and commits. Each failure names the check and says what was seen. */

static bool holds(const struct worker *worker, int32_t partition, int32_t epoch)
{
    return worker->partitions[partition].is_held && worker->partitions[partition].epoch == epoch;
}

/* --- one_in_flight, waits_kept, epochs --- */

static void check_in_flight(struct world *world, const struct request *request)
{
    const struct worker *worker = request->worker;

    if (worker->in_flight >= world->options.max_in_flight)
        world_fail(world, "one_in_flight", "%c has more than %u requests under way", worker->name,
                   world->options.max_in_flight);
    list_each(node, &worker->requests) {
        const struct request *other = list_item(node, struct request, in_flight);

        if (bytes_equal(other->document, request->document))
            world_fail(world, "one_in_flight", "%c asks for %.*s while a request for it is under way", worker->name,
                       BYTES_ARG(request->document));
    }
}

static void check_pauses(struct world *world, const struct request *request)
{
    list_each_safe(node, &request->worker->pauses) {
        const struct pause *pause = list_item(node, struct pause, in_worker);

        if (pause->until_ms <= world->now_ms) {
            list_remove(node);
            continue;
        }
        if (pause->asked == NULL || (pause->asked == request->asked && pause->epoch == request->epoch))
            world_fail(world, "waits_kept", "%c asks for %.*s %lld ms too early: %s", request->worker->name,
                       BYTES_ARG(request->document), (long long)(pause->until_ms - world->now_ms), pause->why);
    }
}

static void add_pause(struct world *world, const struct request *request, const struct asked *asked, int64_t for_ms,
                      const char *why)
{
    struct pause *pause = arena_zero(world->arena, sizeof(*pause));

    *pause = (struct pause){
        .asked = asked, .epoch = request->epoch, .until_ms = world->now_ms + for_ms, .why = why};
    list_push_back(&request->worker->pauses, &pause->in_worker);
}

/* --- owned_writes, never_blind --- */

/* Given out as it is, or with the weakness that the worker was told to leave away. */
static bool was_given_out(struct world *world, const struct document *document, struct bytes version)
{
    if (document_at(document, version) != NULL)
        return true;
    return world->options.strips_weak && version.data[0] == '"' &&
           document_at(document, world_format(world, "W/%.*s", BYTES_ARG(version))) != NULL;
}

static void check_write_begins(struct world *world, const struct request *request)
{
    struct partition_log *log = &world->kafka.partitions[request->partition];
    const struct document *document = service_find(world, request->document);

    if (log->written_epoch > request->epoch)
        world_fail(world, "owned_writes", "%c writes %.*s of p%d in epoch %d, but epoch %d has written already",
                   request->worker->name, BYTES_ARG(request->document), request->partition, request->epoch,
                   log->written_epoch);
    log->written_epoch = request->epoch > log->written_epoch ? request->epoch : log->written_epoch;
    if (bytes_equal(request->version, request->asked->holdings[request->worker->number].stale_version))
        world_fail(world, "waits_kept", "%c writes %.*s again with version %.*s, which was answered stale",
                   request->worker->name, BYTES_ARG(request->document), BYTES_ARG(request->version));
    if (document == NULL || !bytes_present(request->version) || !was_given_out(world, document, request->version))
        world_fail(world, "never_blind", "%c writes %.*s with version '%.*s', which the service never gave out",
                   request->worker->name, BYTES_ARG(request->document), BYTES_ARG(request->version));
}

void check_request(struct world *world, const struct request *request)
{
    if (!holds(request->worker, request->partition, request->epoch))
        world_fail(world, "epochs", "%c asks for %.*s in epoch %d of p%d, which is over", request->worker->name,
                   BYTES_ARG(request->document), request->epoch, request->partition);
    if (request->asked == NULL) {
        world_fail(world, "in_order", "%c asks for %.*s, but holds no unfinished event of it", request->worker->name,
                   BYTES_ARG(request->document));
        return;
    }
    check_in_flight(world, request);
    check_pauses(world, request);
    if (request->is_write)
        check_write_begins(world, request);
}

void check_answer(struct world *world, const struct request *request)
{
    static const int64_t backoff_ms[] = {1000, 2000, 4000};
    const struct answer *answer = &request->answer;
    struct asked *asked = request->asked;
    struct holding *holding = &asked->holdings[request->worker->number];
    int64_t asked_ms = answer->retry_after_ms < 300000 ? answer->retry_after_ms : 300000;

    if (!holds(request->worker, request->partition, request->epoch))
        return; /* nobody waits for it any more */
    if (request->is_write && answer->meaning != MEANING_OK)
        holding->refused_version = request->version;
    switch (answer->meaning) {
    case MEANING_STALE:
        holding->stale_answers++;
        holding->stale_version = request->version;
        if (holding->stale_answers > world->options.conflict_attempts)
            world_fail(world, "waits_kept", "p%d/%lld was answered stale %u times", asked->partition,
                       (long long)asked->offset, holding->stale_answers);
        add_pause(world, request, asked, backoff_ms[holding->stale_answers < 3 ? holding->stale_answers - 1 : 2],
                  "stale");
        break;
    case MEANING_OVERLOAD:
        add_pause(world, request, asked, 1000, "overload");
        if (asked_ms > 0)
            add_pause(world, request, NULL, asked_ms, "Retry-After");
        break;
    case MEANING_LOCKED:
        add_pause(world, request, asked, 5000, "locked");
        break;
    case MEANING_OUTAGE:
    case MEANING_UNDESCRIBED:
    case MEANING_UNREADABLE:
    case MEANING_UNAUTHORIZED:
        add_pause(world, request, asked, 1000, "outage");
        break;
    default:
        break;
    }
}

/* --- nothing_overwritten --- */

/* The field has the value that an event set there last. That somebody else set the same value again since cannot be
 * seen in the values; nor, after a write of unknown fate, whose it is. */
static bool is_own_value(const struct world *world, const struct document *document, const struct state *before,
                         struct bytes field)
{
    struct model_value value = model_value_at(before->text, field), own = {MODEL_UNKNOWN, BYTES_NONE}, last = own;

    list_each(node, &document->states) {
        const struct state *state = list_item(node, struct state, in_document);
        struct model_value now = model_value_at(state->text, field);
        bool is_same = model_equal(now, last);

        if (state->number > before->number)
            break;
        if (state->writer != NULL && !is_same)
            own = now;
        last = now;
    }
    return world->was_ambiguous || model_equal(own, value);
}

struct look {
    struct world *world;
    const struct asked *asked;
    const struct document *document;
    const struct state *before;
    const struct state *after;
    struct arena *arena;
};

static struct model_value value_below(struct model_value value, struct bytes rest)
{
    return value.state == MODEL_VALUE && rest.size > 0 ? model_value_at(value.text, rest) : value;
}

static bool is_permitted(const struct look *look, struct bytes field, struct model_value base, struct model_value ours)
{
    enum model_rule rule = model_rule_of(&look->world->model_rules, field);
    struct model_value theirs = model_value_at(look->before->text, field);

    if (base.state != MODEL_UNKNOWN)
        return model_decide(rule, MODEL_EVENT, base, theirs, ours).result == MODEL_OURS;
    if (bytes_equal(look->asked->event.base_version, look->before->version))
        return model_cell(rule, MODEL_C2) == MODEL_OURS;
    return model_cell(rule, MODEL_C5) == MODEL_OURS ||
           (model_cell(rule, MODEL_C2) == MODEL_OURS && is_own_value(look->world, look->document, look->before, field));
}

/* A field that the write changed: the event asks for exactly this, and its rule permits it here. */
static void look_at_field(const struct look *look, struct bytes field, struct model_value base,
                          struct model_value ours)
{
    struct model_value after = model_value_at(look->after->text, field);
    struct model_value before = model_value_at(look->before->text, field);

    if (model_equal(after, before) || (after.state == MODEL_MISSING && before.state == MODEL_MISSING))
        return;
    if (!model_equal(after, ours))
        world_fail(look->world, "nothing_overwritten", "p%d/%lld writes %.*s to %.*s, which it does not ask for",
                   look->asked->partition, (long long)look->asked->offset, BYTES_ARG(field), BYTES_ARG(after.text));
    else if (!is_permitted(look, field, base, ours))
        world_fail(look->world, "nothing_overwritten", "p%d/%lld replaces %.*s of %.*s: '%.*s' by '%.*s'",
                   look->asked->partition, (long long)look->asked->offset, BYTES_ARG(field),
                   BYTES_ARG(look->document->id), BYTES_ARG(before.text), BYTES_ARG(ours.text));
}

/* Objects are looked at member by member where the rules split them. */
static void look_into(const struct look *look, struct bytes field, struct model_value base, struct model_value ours)
{
    struct json_fault fault;
    struct json json;

    if (ours.state != MODEL_VALUE || !model_splits(&look->world->model_rules, field) ||
        !json_scan(ours.text, &JSON_LIMITS_DEFAULT, look->arena, &json, &fault) ||
        json.values[0].kind != JSON_OBJECT || json.values[0].count == 0) {
        look_at_field(look, field, base, ours);
        return;
    }
    for (uint32_t i = 1; i < json.count; i = json.values[i].after) {
        struct bytes key = json_key(&json, i, look->arena);
        struct bytes child = {arena_take(look->arena, field.size + key.size + 2), field.size + key.size + 1};
        char *text = (char *)(uintptr_t)child.data;

        memcpy(text, field.data, field.size);
        text[field.size] = '/';
        memcpy(text + field.size + 1, key.data, key.size);
        look_into(look, child, value_below(base, bytes_from(child, field.size)),
                  (struct model_value){MODEL_VALUE, json_text(&json, i)});
    }
}

/* Beside the fields of the event (and what the service adds) nothing is different. */
static void check_rest(const struct look *look)
{
    const struct event *event = &look->asked->event;
    struct bytes expected = look->before->text;
    bool is_good = true;

    for (size_t i = 0; i < event->change_count; i++) {
        struct model_value value = model_value_at(look->after->text, event->changes[i].field);

        if (!event->changes[i].is_guard && value.state == MODEL_VALUE)
            is_good = is_good && model_set(expected, event->changes[i].field, value, look->arena, &expected);
        else if (!event->changes[i].is_guard &&
                 model_value_at(expected, event->changes[i].field).state == MODEL_VALUE)
            is_good = is_good && model_set(expected, event->changes[i].field, value, look->arena, &expected);
    }
    if (look->world->options.normalizes)
        is_good = is_good && model_set(expected, BYTES("/revision"),
                                       model_value_at(look->after->text, BYTES("/revision")), look->arena, &expected);
    if (!is_good || !model_equal((struct model_value){MODEL_VALUE, expected},
                                 (struct model_value){MODEL_VALUE, look->after->text}))
        world_fail(look->world, "nothing_overwritten", "p%d/%lld changes more of %.*s than it asks for: %.*s",
                   look->asked->partition, (long long)look->asked->offset, BYTES_ARG(look->document->id),
                   BYTES_ARG(look->after->text));
}

void check_write(struct world *world, const struct request *request, const struct document *document,
                 const struct state *before)
{
    const struct look look = {world, request->asked, document, before, document_now(document), world->scratch};
    const struct event *event = &request->asked->event;

    arena_reset(world->scratch);
    for (size_t i = 0; i < event->change_count; i++) {
        const struct change *change = &event->changes[i];
        struct model_value base = {change->base_known == BASE_UNKNOWN   ? MODEL_UNKNOWN
                                   : change->base_known == BASE_MISSING ? MODEL_MISSING
                                                                        : MODEL_VALUE,
                                   change->base};
        struct model_value ours = {bytes_present(change->ours) ? MODEL_VALUE : MODEL_MISSING, change->ours};

        if (!change->is_guard)
            look_into(&look, change->field, base, ours);
    }
    check_rest(&look);
}

/* --- committed_means_recorded --- */

void check_commit(struct world *world, const struct worker *worker, const struct action *action)
{
    static struct window_span spans[WINDOW_TEXT_MAX];
    struct window *done;
    size_t span_count;

    for (size_t i = 0; i < action->commit.count; i++) {
        const struct commit_entry *entry = &action->commit.entries[i];
        const struct worker_partition *held = &worker->partitions[entry->partition];

        if (!held->is_held)
            world_fail(world, "epochs", "%c commits p%d, which it has not", worker->name, entry->partition);
        if (entry->offset_next > held->position)
            world_fail(world, "committed_means_recorded", "%c commits p%d/%lld, but has read up to %lld only",
                       worker->name, entry->partition, (long long)entry->offset_next, (long long)held->position);
        done = window_new(entry->offset_next);
        if (window_decode(entry->offset_next, entry->metadata, spans, &span_count))
            window_restore(done, spans, span_count);
        list_each(node, &world->kafka.partitions[entry->partition].asked) {
            const struct asked *asked = list_item(node, struct asked, in_partition);

            if (!window_receive(done, asked->offset) && !asked->is_acknowledged)
                world_fail(world, "committed_means_recorded", "%c commits p%d/%lld, but nobody has acknowledged a "
                           "record of p%d/%lld", worker->name, entry->partition, (long long)entry->offset_next,
                           asked->partition, (long long)asked->offset);
        }
        window_free(done);
    }
}

/* --- no_spin, counters_true --- */

void check_turn(struct world *world, struct worker *worker)
{
    const struct counters *counters = engine_counters(worker->engine);
    int64_t deadline_ms = engine_deadline(worker->engine);

    if (deadline_ms <= world->now_ms)
        world_fail(world, "no_spin", "%c has nothing to do, but its deadline %lld is not in the future", worker->name,
                   (long long)deadline_ms);
    if (counters->value[COUNTER_READS] != worker->reads || counters->value[COUNTER_WRITES] != worker->writes)
        world_fail(world, "counters_true", "%c counts %llu reads and %llu writes, there were %llu and %llu",
                   worker->name, (unsigned long long)counters->value[COUNTER_READS],
                   (unsigned long long)counters->value[COUNTER_WRITES], (unsigned long long)worker->reads,
                   (unsigned long long)worker->writes);
    if (counters->value[COUNTER_REQUESTS_IN_FLIGHT] != worker->in_flight)
        world_fail(world, "counters_true", "%c counts %llu requests in flight, there are %u", worker->name,
                   (unsigned long long)counters->value[COUNTER_REQUESTS_IN_FLIGHT], worker->in_flight);
}
