#include "kafka/state.h"
#include "kafka/topics.h"

#include <inttypes.h>

/* A consumer apart from its group, for `run --dry-run`. It never subscribes, so librdkafka never asks to join; all that the
 * group's coordinator hears is the question for committed offsets. What it wants to know it asks at the start, and waits. */

#define LOOK_TIMEOUT_MS 10000

static bool fails(const struct consumer *consumer, const char *what, rd_kafka_resp_err_t code, struct error *error)
{
    return error_set(error, ERROR_UNAVAILABLE, "%s of '%s': %s", what, consumer->topic, rd_kafka_err2str(code));
}

/* The first and the end of what there is, of each partition. */
struct extent {
    int64_t first;
    int64_t end;
};

static bool look_extents(struct consumer *consumer, const rd_kafka_topic_partition_list_t *partitions,
                         struct extent *extents, struct error *error)
{
    for (int i = 0; i < partitions->cnt; i++) {
        rd_kafka_resp_err_t code =
            rd_kafka_query_watermark_offsets(consumer->client, consumer->topic, partitions->elems[i].partition,
                                             &extents[i].first, &extents[i].end, LOOK_TIMEOUT_MS);

        if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
            return fails(consumer, "offsets", code, error);
    }
    return true;
}

static bool at_time(struct consumer *consumer, rd_kafka_topic_partition_list_t *partitions, int64_t time_ms,
                    const struct extent *extents, struct error *error)
{
    rd_kafka_resp_err_t code;

    for (int i = 0; i < partitions->cnt; i++)
        partitions->elems[i].offset = time_ms;
    code = rd_kafka_offsets_for_times(consumer->client, partitions, LOOK_TIMEOUT_MS);
    for (int i = 0; i < partitions->cnt && code == RD_KAFKA_RESP_ERR_NO_ERROR; i++) {
        code = partitions->elems[i].err;
        if (partitions->elems[i].offset < 0) /* nothing is as young */
            partitions->elems[i].offset = extents[i].end;
    }
    return code == RD_KAFKA_RESP_ERR_NO_ERROR || fails(consumer, "offsets", code, error);
}

static bool at_offsets(const struct consumer *consumer, rd_kafka_topic_partition_list_t *partitions,
                       const struct range_place *place, const struct extent *extents, struct error *error)
{
    for (int i = 0; i < partitions->cnt; i++)
        partitions->elems[i].offset = extents[i].end;
    for (size_t k = 0; k < place->offset_count; k++) {
        const struct range_offset *wanted = &place->offsets[k];

        if (wanted->partition < 0 || wanted->partition >= partitions->cnt)
            return error_set(error, ERROR_USAGE, "'%s' has no partition %" PRId32 ", it has %d", consumer->topic,
                             wanted->partition, partitions->cnt);
        partitions->elems[wanted->partition].offset = wanted->offset;
    }
    return true;
}

static bool at_place(struct consumer *consumer, rd_kafka_topic_partition_list_t *partitions,
                     const struct range_place *place, const struct extent *extents, struct error *error);

static bool has_no_committed(const rd_kafka_topic_partition_list_t *committed)
{
    for (int i = 0; i < committed->cnt; i++)
        if (committed->elems[i].offset >= 0)
            return false;
    return true;
}

/* Where the group has nothing committed, topics.start says it; a partition that was added begins at its first record. */
static bool at_committed(struct consumer *consumer, rd_kafka_topic_partition_list_t *partitions,
                         const struct extent *extents, struct error *error)
{
    static const enum range_kind kinds[] = {[TOPICS_START_EARLIEST] = RANGE_EARLIEST,
                                            [TOPICS_START_LATEST] = RANGE_LATEST,
                                            [TOPICS_START_TIME] = RANGE_TIME};
    rd_kafka_resp_err_t code = rd_kafka_committed(consumer->client, partitions, LOOK_TIMEOUT_MS);

    for (int i = 0; i < partitions->cnt && code == RD_KAFKA_RESP_ERR_NO_ERROR; i++)
        code = partitions->elems[i].err;
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return fails(consumer, "committed offsets", code, error);
    if (!has_no_committed(partitions)) {
        for (int i = 0; i < partitions->cnt; i++)
            if (partitions->elems[i].offset < 0)
                partitions->elems[i].offset = extents[i].first;
        return true;
    }
    if (consumer->start == TOPICS_START_UNSET)
        return error_set(error, ERROR_USAGE,
                         "the group '%s' has no committed offset of the topic '%s', and topics.start does not say where "
                         "to begin: --from earliest, latest, a time, or PARTITION:OFFSET,...",
                         consumer->group, consumer->topic);
    return at_place(consumer, partitions,
                    &(struct range_place){.kind = kinds[consumer->start], .time_ms = consumer->start_time_ms}, extents,
                    error);
}

static bool at_place(struct consumer *consumer, rd_kafka_topic_partition_list_t *partitions,
                     const struct range_place *place, const struct extent *extents, struct error *error)
{
    switch (place->kind) {
    case RANGE_COMMITTED:
        return at_committed(consumer, partitions, extents, error);
    case RANGE_TIME:
        return at_time(consumer, partitions, place->time_ms, extents, error);
    case RANGE_OFFSETS:
        return at_offsets(consumer, partitions, place, extents, error);
    case RANGE_EARLIEST:
    case RANGE_LATEST:
        for (int i = 0; i < partitions->cnt; i++)
            partitions->elems[i].offset = place->kind == RANGE_EARLIEST ? extents[i].first : extents[i].end;
        return true;
    }
    never("there is no other place");
}

/* librdkafka would say it in the middle of the run, and only when it fetches. */
static bool check_begin(const struct consumer *consumer, const rd_kafka_topic_partition_list_t *from,
                        const struct extent *extents, struct error *error)
{
    for (int i = 0; i < from->cnt; i++) {
        int64_t offset = from->elems[i].offset;

        if (offset < extents[i].first || offset > extents[i].end)
            return error_set(error, ERROR_USAGE,
                             "partition %d of '%s' has the records from %" PRId64 " to before %" PRId64 ", and would begin at "
                             "%" PRId64 ": --from says another place",
                             i, consumer->topic, extents[i].first, extents[i].end, offset);
    }
    return true;
}

/* What is asked for beyond the end is waited for only by one that follows. */
static void bound_sources(struct consumer *consumer, const rd_kafka_topic_partition_list_t *until,
                          const struct extent *extents, const rd_kafka_topic_partition_list_t *from)
{
    for (int i = 0; i < until->cnt; i++) {
        struct source *source = source_find(consumer, until->elems[i].partition);
        int64_t offset = until->elems[i].offset;

        source->read_until = offset < extents[i].end ? offset : extents[i].end;
        apart_note_end(source, from->elems[i].offset);
    }
}

static rd_kafka_topic_partition_list_t *all_partitions(const struct consumer *consumer, int count)
{
    rd_kafka_topic_partition_list_t *partitions = rd_kafka_topic_partition_list_new(count);

    for (int32_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(partitions, consumer->topic, i);
    return partitions;
}

/* Both lists are of all partitions, in their order. */
static bool take_range(struct consumer *consumer, const struct range *range, int count, struct error *error)
{
    rd_kafka_topic_partition_list_t *from = all_partitions(consumer, count), *until = all_partitions(consumer, count);
    struct extent *extents = memory_new((size_t)count * sizeof(*extents));
    bool is_good = look_extents(consumer, from, extents, error) &&
                   at_place(consumer, from, &range->from, extents, error) &&
                   check_begin(consumer, from, extents, error) &&
                   (range->follows || at_place(consumer, until, &range->to, extents, error));

    if (is_good && !rebalance_take(consumer, rd_kafka_topic_partition_list_copy(from)))
        is_good = error_set(error, ERROR_SYSTEM, "the partitions of '%s' cannot be assigned", consumer->topic);
    if (is_good && !range->follows)
        bound_sources(consumer, until, extents, from);
    free(extents);
    rd_kafka_topic_partition_list_destroy(from);
    rd_kafka_topic_partition_list_destroy(until);
    return is_good;
}

struct consumer *consumer_new_apart(const struct config *config, const struct range *range, struct error *error)
{
    struct topic_state states[3];
    struct consumer *consumer;
    rd_kafka_t *client;

    if (!topics_look(config, LOOK_TIMEOUT_MS, states, error))
        return NULL;
    if (states[0].partitions == 0) {
        error_set(error, ERROR_UNAVAILABLE, "topic '%s' does not exist", config->topics.updates);
        return NULL;
    }
    client = consumer_client(config, true, error);
    if (client == NULL)
        return NULL;
    consumer = consumer_of(config, client);
    consumer->is_apart = true;
    consumer->protocol.is_cooperative = false; /* nobody rebalances: the assignment is taken as a whole */
    if (!take_range(consumer, range, states[0].partitions, error)) {
        consumer_free(consumer, 0);
        return NULL;
    }
    return consumer;
}

void apart_note_end(struct source *source, int64_t offset)
{
    if (source->is_at_end || offset < source->read_until)
        return;
    source->is_at_end = true;
    source->has_met_end = true; /* to whoever asks, nothing is behind it */
}

bool consumer_is_at_end(const struct consumer *consumer)
{
    for (size_t i = 0; i < consumer->source_count; i++) {
        const struct source *source = consumer->sources[i];
        bool has_more = source->next < source->count || !list_is_empty(&source->early);

        if ((!source->is_at_end && !source->is_stopped) || has_more)
            return false;
    }
    return true;
}
