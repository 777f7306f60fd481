#include "world.h"

#include "common/check.h"

/* repeats_known: what a worker says of repeated and outdated events against what the world saw it acknowledge in this
 * assignment. Only applied, merged and unchanged count, and no event against its own offset. */

static bool is_noted(const struct holding *holding, int32_t epoch)
{
    enum outcome outcome = holding->heard_outcome;

    return holding->heard_epoch == epoch && (outcome == OUTCOME_APPLIED || outcome == OUTCOME_MERGED ||
                                             outcome == OUTCOME_UNCHANGED);
}

static bool is_number(struct bytes sequence)
{
    for (size_t i = 0; i < sequence.size; i++) {
        if (sequence.data[i] < '0' || sequence.data[i] > '9')
            return false;
    }
    return sequence.size > 0;
}

static bool is_above(struct bytes a, struct bytes b)
{
    int order;

    if (is_number(a) && is_number(b)) {
        while (a.size > 1 && a.data[0] == '0')
            a = bytes_from(a, 1);
        while (b.size > 1 && b.data[0] == '0')
            b = bytes_from(b, 1);
        if (a.size != b.size)
            return a.size > b.size;
    }
    order = memcmp(a.data, b.data, a.size < b.size ? a.size : b.size);
    return order > 0 || (order == 0 && a.size > b.size);
}

static bool has_same_source(const struct event *a, const struct event *b)
{
    return bytes_present(a->source) && bytes_equal(a->source, b->source);
}

static bool is_same_id(const struct asked *a, const struct asked *b)
{
    return has_same_source(&a->event, &b->event) && bytes_present(a->event.id) && bytes_equal(a->event.id, b->event.id);
}

static bool is_same_event(const struct asked *a, const struct asked *b)
{
    return bytes_equal(a->value, b->value) && bytes_equal(a->key, b->key);
}

static bool both_have_sequences(const struct asked *a, const struct asked *b)
{
    return has_same_source(&a->event, &b->event) && bytes_present(a->event.sequence) &&
           bytes_present(b->event.sequence);
}

/* The noted event `other` is a reason to say so of `asked`. */
static bool is_reason(enum outcome outcome, enum reason reason, const struct asked *asked, const struct asked *other)
{
    if (outcome == OUTCOME_DUPLICATE)
        return is_same_id(asked, other) && is_same_event(asked, other);
    if (outcome == OUTCOME_OUTDATED)
        return both_have_sequences(asked, other) && bytes_equal(asked->key, other->key) &&
               !is_above(asked->event.sequence, other->event.sequence);
    if (reason == REASON_ID_REUSED)
        return is_same_id(asked, other) && !is_same_event(asked, other);
    return both_have_sequences(asked, other) &&
           is_number(asked->event.sequence) != is_number(other->event.sequence);
}

/* The turn of `asked` came when `other` was noted: the same document is worked off in order, and elsewhere who is
 * pending makes wait. */
static bool came_before(const struct worker *worker, const struct asked *other, const struct asked *asked)
{
    const struct holding *mine = &asked->holdings[worker->number];

    if (bytes_equal(asked->key, other->key))
        return other->offset < asked->offset;
    return mine->has_begun && other->holdings[worker->number].heard_ms < mine->begun_ms;
}

/* `other` forbids that `asked` ends like an event of which nothing is known. */
static bool is_in_the_way(const struct asked *asked, const struct asked *other)
{
    return is_same_id(asked, other) ||
           (both_have_sequences(asked, other) && bytes_equal(asked->key, other->key) &&
            is_number(asked->event.sequence) == is_number(other->event.sequence) &&
            !is_above(asked->event.sequence, other->event.sequence));
}

static bool says_repeated(const struct finished *finished)
{
    return finished->outcome == OUTCOME_DUPLICATE || finished->outcome == OUTCOME_OUTDATED ||
           finished->reason == REASON_ID_REUSED || finished->reason == REASON_SEQUENCE_SHAPE;
}

void check_repeats(struct world *world, const struct worker *worker, const struct finished *finished,
                   const struct asked *asked)
{
    int32_t epoch = asked->holdings[worker->number].received_epoch;
    bool is_repeated = says_repeated(finished), has_reason = false;

    if (!asked->is_good || finished->reason == REASON_SKIPPED_BY_OPERATOR || !bytes_present(asked->event.source))
        return;
    list_each(node, &world->kafka.partitions[asked->partition].asked) {
        const struct asked *other = list_item(node, struct asked, in_partition);

        if (other == asked || !other->is_good || !is_noted(&other->holdings[worker->number], epoch))
            continue;
        if (is_repeated)
            has_reason = has_reason || is_reason(finished->outcome, finished->reason, asked, other);
        else if (came_before(worker, other, asked) && is_in_the_way(asked, other))
            world_fail(world, "repeats_known", "p%d/%lld ends %s, but p%d/%lld of the same source has ended before it",
                       asked->partition, (long long)asked->offset, outcome_name(finished->outcome), other->partition,
                       (long long)other->offset);
    }
    if (is_repeated && !has_reason)
        world_fail(world, "repeats_known", "p%d/%lld ends %s (%s), but nothing like it has ended", asked->partition,
                   (long long)asked->offset, outcome_name(finished->outcome), reason_name(finished->reason));
}
