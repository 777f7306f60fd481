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
}

static struct kept_attempt *attempt_new(struct update *update, size_t bytes)
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
    struct kept_attempt *kept =
        attempt_new(update, sizeof(*kept) + version.size + answer->version.size + answer->detail.size);
    char *place = (char *)(kept + 1);

    kept->number = update->attempts_made++;
    kept->attempt = (struct attempt){
        .at_wall_ms = engine->wall_ms - (engine->now_ms - update->request_at_ms),
        .is_write = is_write,
        .kind = is_write ? update->current->writes : WRITE_CHANGE,
        .is_settled = true,
        .meaning = answer->meaning,
        .sent = answer->sent,
        .status = answer->status,
        .took_ms = engine->now_ms - update->request_at_ms,
        .version = put(&place, version),
        .found = put(&place, answer->version),
        .detail = put(&place, answer->detail),
    };
    update->attempts[update->attempt_count++] = kept;
}

void attempts_set_wait(struct update *update, int64_t wait_ms)
{
    if (update->attempt_count > 0)
        update->attempts[update->attempt_count - 1]->attempt.wait_ms = wait_ms;
}

static struct attempt copy_attempt(struct arena *arena, const struct attempt *attempt)
{
    struct attempt copy = *attempt;

    copy.version = arena_keep(arena, attempt->version);
    copy.found = arena_keep(arena, attempt->found);
    copy.detail = arena_keep(arena, attempt->detail);
    return copy;
}

void attempts_copy(const struct update *update, struct held *held)
{
    struct finished *finished = &held->finished;
    struct attempt *attempts =
        arena_take(held->arena, (finished->attempt_count + update->attempt_count + 1) * sizeof(*attempts));
    size_t count = finished->attempt_count, before = count;

    if (count > 0)
        memcpy(attempts, finished->attempts, count * sizeof(*attempts));
    for (size_t i = 0; i < update->attempt_count; i++) {
        if (update->attempts[i]->number >= held->first_attempt)
            attempts[count++] = copy_attempt(held->arena, &update->attempts[i]->attempt);
    }
    finished->attempts = attempts;
    finished->attempt_count = count;
    finished->attempts_dropped += (size_t)(update->attempts_made - held->first_attempt) - (count - before);
}
