#include "engine/sequence.h"
#include "engine/update.h"

/* Which events of a lane will have their turn with an effect: one that repeats another, or that its sequence outdates,
 * asks for nothing, whatever stands in it. The first of an id counts, and of a source's sequences those that rise. */

struct seen {
    uint64_t key; /* a hash; 0: free. One that is shared by chance takes an event out: it supersedes nothing then */
    struct bytes sequence; /* of a source: the last that counts */
};

struct seen_set {
    struct seen *slots;
    size_t mask;
};

static struct seen *find(const struct seen_set *set, uint64_t key)
{
    size_t place = (size_t)key & set->mask;

    while (set->slots[place].key != 0 && set->slots[place].key != key)
        place = (place + 1) & set->mask;
    return &set->slots[place];
}

static uint64_t id_key(const struct event *event)
{
    return (bytes_hash(event->source) * 31 + bytes_hash(event->id)) | 1;
}

static uint64_t source_key(const struct event *event)
{
    return (bytes_hash(event->source) * 37 + 7) | 1;
}

static bool is_id_new(struct seen_set *set, const struct event *event)
{
    struct seen *seen = find(set, id_key(event));
    bool is_new = seen->key == 0;

    seen->key = id_key(event);
    return is_new;
}

static bool is_sequence_above(struct seen_set *set, const struct event *event)
{
    struct seen *seen = find(set, source_key(event));
    bool is_above = seen->key == 0 ||
                    (sequence_is_number(seen->sequence) == sequence_is_number(event->sequence) &&
                     sequence_compare(event->sequence, seen->sequence) > 0);

    if (is_above)
        *seen = (struct seen){source_key(event), event->sequence};
    return is_above;
}

/* Called for each event in the order of the lane. */
static bool has_turn(struct seen_set *set, const struct held *held)
{
    const struct repeats_event identity = held_identity(held);
    const struct event *event = &held->finished.event;
    enum repeat repeat;

    if (!bytes_present(event->source))
        return true;
    repeat = held->place == HELD_QUEUED ? repeats_judge(held->partition->repeats, &identity) : REPEAT_NONE;
    return repeat == REPEAT_NONE && (!bytes_present(event->id) || is_id_new(set, event)) &&
           (!bytes_present(identity.sequence) || is_sequence_above(set, event));
}

static struct seen_set new_set(struct arena *arena, size_t events)
{
    size_t size = 8;

    while (size < 4 * events)
        size *= 2;
    return (struct seen_set){arena_zero(arena, size * sizeof(struct seen)), size - 1};
}

const struct event *const *fold_line_up(const struct update *update, struct arena *arena, size_t *ret_count)
{
    const struct event **events;
    struct seen_set set;
    size_t count = update->member_count, next = 0;

    list_each(node, &update->lane->events)
        count++;
    events = arena_take(arena, (count + 1) * sizeof(*events));
    set = new_set(arena, count);
    list_each(node, &update->members) {
        const struct held *held = list_item(node, struct held, in_queue);

        has_turn(&set, held);
        events[next++] = &held->finished.event;
    }
    list_each(node, &update->lane->events) {
        const struct held *held = list_item(node, struct held, in_queue);

        if (has_turn(&set, held))
            events[next++] = &held->finished.event;
    }
    *ret_count = next;
    return events;
}
