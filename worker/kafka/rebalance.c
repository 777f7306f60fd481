#include "kafka/state.h"

#include <string.h>

struct source *source_find(const struct consumer *consumer, int32_t partition)
{
    for (size_t i = 0; i < consumer->source_count; i++)
        if (consumer->sources[i]->number == partition)
            return consumer->sources[i];
    return NULL;
}

static void source_free(struct source *source)
{
    while (source->next < source->count)
        rd_kafka_message_destroy(source->messages[source->next++]);
    list_each_safe(node, &source->early)
    {
        struct early *early = list_item(node, struct early, node);

        rd_kafka_event_destroy(early->event);
        free(early);
    }
    rd_kafka_queue_destroy(source->queue);
    free(source);
}

void sources_free(struct consumer *consumer)
{
    for (size_t i = 0; i < consumer->source_count; i++)
        source_free(consumer->sources[i]);
    consumer->source_count = 0;
}

static void source_remove(struct consumer *consumer, int32_t partition)
{
    for (size_t i = 0; i < consumer->source_count; i++) {
        if (consumer->sources[i]->number != partition)
            continue;
        source_free(consumer->sources[i]);
        consumer->sources[i] = consumer->sources[--consumer->source_count];
        return;
    }
}

/* Splits the partition's queue from the consumer's: what is not read stays there, and its fetches stop by
 * themselves. */
static void source_add(struct consumer *consumer, const rd_kafka_topic_partition_t *partition)
{
    struct source *source = memory_new(sizeof(*source));

    ensure(consumer->source_count < SOURCES_MAX);
    source_remove(consumer, partition->partition);
    source->number = partition->partition;
    source->marked_offset = start_is_mark(partition) ? partition->offset : -1;
    source->end = -1;
    source->epoch = ++consumer->last_epoch;
    list_init(&source->early);
    source->queue = rd_kafka_queue_get_partition(consumer->client, consumer->topic, partition->partition);
    ensure(source->queue != NULL);
    rd_kafka_queue_forward(source->queue, NULL);
    rd_kafka_queue_io_event_enable(source->queue, consumer->descriptor, &(uint64_t){1}, sizeof(uint64_t));
    consumer->sources[consumer->source_count++] = source;
}

static bool is_cooperative(const struct consumer *consumer)
{
    const char *protocol = rd_kafka_rebalance_protocol(consumer->client);

    return protocol != NULL && strcmp(protocol, "COOPERATIVE") == 0;
}

/* Tells librdkafka; false: it does not take it. */
static bool answer(struct consumer *consumer, const rd_kafka_topic_partition_list_t *partitions, bool is_assigned)
{
    rd_kafka_error_t *error = NULL;
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    bool is_good;

    if (!is_cooperative(consumer))
        code = rd_kafka_assign(consumer->client, is_assigned ? partitions : NULL);
    else if (is_assigned)
        error = rd_kafka_incremental_assign(consumer->client, partitions);
    else
        error = rd_kafka_incremental_unassign(consumer->client, partitions);
    is_good = error == NULL && code == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (!is_good)
        notice_say(consumer, NOTICE_WARNING, "the rebalance could not be answered: %s",
                   error != NULL ? rd_kafka_error_string(error) : rd_kafka_err2str(code));
    if (error != NULL)
        rd_kafka_error_destroy(error);
    return is_good;
}

static void notice_assigned(struct consumer *consumer, const rd_kafka_topic_partition_list_t *partitions)
{
    struct kept_notice *kept = notice_add(consumer, NOTICE_ASSIGNED);
    size_t count = (size_t)partitions->cnt;

    kept->assigned = memory_new((count + 1) * sizeof(*kept->assigned));
    kept->list = rd_kafka_topic_partition_list_copy(partitions);
    for (size_t i = 0; i < count; i++) {
        const rd_kafka_topic_partition_t *partition = &kept->list->elems[i];

        source_add(consumer, partition);
        kept->assigned[i] = (struct assigned){
            .partition = partition->partition,
            .epoch = consumer->last_epoch,
            .offset_next = partition->offset,
            .metadata = {partition->metadata, partition->metadata_size},
        };
    }
    kept->notice.assigned = kept->assigned;
    kept->notice.assigned_count = count;
}

bool rebalance_take(struct consumer *consumer, rd_kafka_topic_partition_list_t *partitions)
{
    bool is_taken = answer(consumer, partitions, true);

    if (is_taken)
        notice_assigned(consumer, partitions);
    rd_kafka_topic_partition_list_destroy(partitions);
    return is_taken;
}

/* Of those that were announced as assigned; false: there is none among them. */
static bool notice_partitions(struct consumer *consumer, enum notice_kind kind,
                              const rd_kafka_topic_partition_list_t *partitions)
{
    int32_t *held = memory_new(((size_t)partitions->cnt + 1) * sizeof(*held));
    struct kept_notice *kept;
    size_t count = 0;

    for (int i = 0; i < partitions->cnt; i++)
        if (source_find(consumer, partitions->elems[i].partition) != NULL)
            held[count++] = partitions->elems[i].partition;
    if (count == 0) {
        free(held);
        return false;
    }
    kept = notice_add(consumer, kind);
    kept->partitions = held;
    kept->notice.partitions = held;
    kept->notice.partition_count = count;
    return true;
}

static void let_go(struct consumer *consumer, const rd_kafka_topic_partition_list_t *partitions)
{
    for (int i = 0; i < partitions->cnt; i++)
        source_remove(consumer, partitions->elems[i].partition);
    answer(consumer, partitions, false);
}

static void forget_revoked(struct consumer *consumer)
{
    if (consumer->revoked != NULL)
        rd_kafka_topic_partition_list_destroy(consumer->revoked);
    consumer->revoked = NULL;
}

static void revoke(struct consumer *consumer, const rd_kafka_topic_partition_list_t *partitions)
{
    bool is_lost = rd_kafka_assignment_lost(consumer->client) != 0;

    forget_revoked(consumer);
    start_cancel(consumer); /* asked, not taken yet: nobody knows of those */
    if (notice_partitions(consumer, is_lost ? NOTICE_LOST : NOTICE_REVOKED, partitions) && !is_lost)
        consumer->revoked = rd_kafka_topic_partition_list_copy(partitions);
    else
        let_go(consumer, partitions);
}

void rebalance(struct consumer *consumer, rd_kafka_event_t *event)
{
    rd_kafka_topic_partition_list_t *partitions = rd_kafka_event_topic_partition_list(event);

    switch (rd_kafka_event_error(event)) {
    case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS:
        connection_is_up(consumer);
        start_begin(consumer, rd_kafka_topic_partition_list_copy(partitions));
        return;
    case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS:
        revoke(consumer, partitions);
        return;
    default:
        notice_say(consumer, NOTICE_WARNING, "rebalance: %s", rd_kafka_event_error_string(event));
        rd_kafka_assign(consumer->client, NULL);
    }
}

void consumer_release(struct consumer *consumer)
{
    if (consumer->revoked == NULL)
        return; /* lost in the meantime */
    let_go(consumer, consumer->revoked);
    forget_revoked(consumer);
}
