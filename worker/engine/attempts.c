#include "engine/state.h"

#define ATTEMPT_BYTES 512 /* what is left out makes room for the next: few differ in size by more */

/* An endless outage must not fill memory: the first half and the last half of the attempts are kept. */
static void make_room(struct update *update)
{
    size_t victim = ATTEMPTS_MAX / 2;

    if (update->attempt_count < ATTEMPTS_MAX)
        return;
    update->spare_attempt = update->attempts[victim];
    memmove(&update->attempts[victim], &update->attempts[victim + 1],
            (ATTEMPTS_MAX - victim - 1) * sizeof(update->attempts[0]));
    update->attempt_count--;
    update->attempts_dropped++;
}

static struct attempt *attempt_new(struct update *update, size_t bytes)
{
    make_room(update);
    if (update->spare_attempt != NULL && bytes <= ATTEMPT_BYTES)
        return take(update->spare_attempt);
    return arena_take(update->arena, bytes < ATTEMPT_BYTES ? ATTEMPT_BYTES : bytes);
}

static struct bytes put(char **place, struct bytes bytes)
{
    struct bytes kept = {*place, bytes.size};

    if (!bytes_present(bytes))
        return BYTES_NONE;
    memcpy(*place, bytes.data, bytes.size);
    *place += bytes.size;
    return kept;
}

void attempts_add(struct engine *engine, struct update *update, const struct answer *answer)
{
    bool is_write = update->state == STATE_WRITE;
    struct bytes version = is_write ? update_precondition(update) : BYTES_NONE;
    struct attempt *attempt =
        attempt_new(update, sizeof(*attempt) + version.size + answer->version.size + answer->detail.size);
    char *place = (char *)(attempt + 1);

    *attempt = (struct attempt){
        .at_wall_ms = engine->wall_ms - (engine->now_ms - update->request_at_ms),
        .is_write = is_write,
        .is_settled = true,
        .meaning = answer->meaning,
        .sent = answer->sent,
        .status = answer->status,
        .took_ms = engine->now_ms - update->request_at_ms,
    };
    attempt->version = put(&place, version);
    attempt->found = put(&place, answer->version);
    attempt->detail = put(&place, answer->detail);
    update->attempts[update->attempt_count++] = attempt;
}

void attempts_set_wait(struct update *update, int64_t wait_ms)
{
    if (update->attempt_count > 0)
        update->attempts[update->attempt_count - 1]->wait_ms = wait_ms;
}

static struct bytes copy(struct arena *arena, struct bytes bytes)
{
    if (!bytes_present(bytes))
        return BYTES_NONE;
    return (struct bytes){arena_copy(arena, bytes.data, bytes.size), bytes.size};
}

void attempts_finish(struct update *update)
{
    struct held *held = update->held;
    struct attempt *attempts = arena_take(held->arena, (update->attempt_count + 1) * sizeof(*attempts));

    for (size_t i = 0; i < update->attempt_count; i++) {
        attempts[i] = *update->attempts[i];
        attempts[i].version = copy(held->arena, attempts[i].version);
        attempts[i].found = copy(held->arena, attempts[i].found);
        attempts[i].detail = copy(held->arena, attempts[i].detail);
    }
    held->finished.attempts = attempts;
    held->finished.attempt_count = update->attempt_count;
    held->finished.attempts_dropped = update->attempts_dropped;
    held->finished.stale_answers = update->stale_answers;
}
