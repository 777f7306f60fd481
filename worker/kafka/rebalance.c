#include "kafka/state.h"

#include <stdarg.h>
#include <stdio.h>

struct source *source_find(const struct consumer *consumer, int32_t partition)
{
    for (size_t i = 0; i < consumer->source_count; i++)
        if (consumer->sources[i]->number == partition)
            return consumer->sources[i];
    return NULL;
}

void source_drop(struct source *source)
{
    while (source->next < source->count)
        rd_kafka_message_destroy(source->messages[source->next++]);
    list_each_safe(node, &source->early)
    {
        struct early *early = list_item(node, struct early, node);

        list_remove(&early->node);
        rd_kafka_event_destroy(early->event);
        free(early);
    }
}

static void source_free(struct source *source)
{
    source_drop(source);
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
    source->read_until = INT64_MAX;
    source->epoch = ++consumer->last_epoch;
    list_init(&source->early);
    source->queue = rd_kafka_queue_get_partition(consumer->client, consumer->topic, partition->partition);
    ensure(source->queue != NULL);
    rd_kafka_queue_forward(source->queue, NULL);
    rd_kafka_queue_io_event_enable(source->queue, consumer->descriptor, &(uint64_t){1}, sizeof(uint64_t));
    consumer->sources[consumer->source_count++] = source;
}

/* Tells librdkafka; false: it does not take it. */
static bool answer(struct consumer *consumer, const rd_kafka_topic_partition_list_t *partitions, bool is_assigned)
{
    rd_kafka_error_t *error = NULL;
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    bool is_good;

    if (!consumer->protocol.is_cooperative)
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

static void forget(rd_kafka_topic_partition_list_t **partitions)
{
    if (*partitions != NULL)
        rd_kafka_topic_partition_list_destroy(*partitions);
    *partitions = NULL;
}

/* Of partitions that were never announced nobody has to let go. */
static void announce_revoked(struct consumer *consumer, const rd_kafka_topic_partition_list_t *partitions)
{
    if (!notice_partitions(consumer, NOTICE_REVOKED, partitions)) {
        let_go(consumer, partitions);
        return;
    }
    consumer->awaits_release = true;
    consumer->revoked = rd_kafka_topic_partition_list_copy(partitions);
}

static void lose(struct consumer *consumer, const rd_kafka_topic_partition_list_t *partitions)
{
    forget(&consumer->revoked);
    forget(&consumer->revoked_next);
    notice_partitions(consumer, NOTICE_LOST, partitions);
    let_go(consumer, partitions);
}

static void revoke(struct consumer *consumer, const rd_kafka_topic_partition_list_t *partitions)
{
    start_cancel(consumer); /* asked, not taken yet: nobody knows of those */
    if (rd_kafka_assignment_lost(consumer->client) || consumer->is_topic_gone) /* no commit can end a drain */
        lose(consumer, partitions);
    else if (!consumer->awaits_release)
        announce_revoked(consumer, partitions);
    else if (consumer->revoked_next == NULL)
        consumer->revoked_next = rd_kafka_topic_partition_list_copy(partitions);
    else
        never("librdkafka asks nothing back while two answers are due");
}

void rebalance(struct consumer *consumer, rd_kafka_event_t *event)
{
    rd_kafka_topic_partition_list_t *partitions = rd_kafka_event_topic_partition_list(event);

    switch (rd_kafka_event_error(event)) {
    case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS:
        connection_is_up(consumer);
        consumer->is_topic_gone = consumer->is_topic_gone && partitions->cnt == 0;
        if (!consumer->has_given_up)
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
    rd_kafka_topic_partition_list_t *partitions = take(consumer->revoked);

    consumer->awaits_release = false;
    if (partitions != NULL)
        let_go(consumer, partitions);
    forget(&partitions);
    partitions = take(consumer->revoked_next);
    if (partitions != NULL)
        announce_revoked(consumer, partitions);
    forget(&partitions);
}

/* --- the end --- */

static rd_kafka_topic_partition_list_t *partitions_held(const struct consumer *consumer)
{
    rd_kafka_topic_partition_list_t *held = rd_kafka_topic_partition_list_new((int)consumer->source_count);

    for (size_t i = 0; i < consumer->source_count; i++)
        rd_kafka_topic_partition_list_add(held, consumer->topic, consumer->sources[i]->number);
    return held;
}

void rebalance_give_up(struct consumer *consumer, const char *format, ...)
{
    rd_kafka_topic_partition_list_t *held;
    char text[800];
    va_list arguments;

    if (consumer->has_given_up)
        return;
    consumer->has_given_up = true;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    start_cancel(consumer);
    held = partitions_held(consumer);
    notice_partitions(consumer, NOTICE_LOST, held);
    sources_free(consumer);
    rd_kafka_topic_partition_list_destroy(held);
    notice_say(consumer, NOTICE_FATAL, "%s", text);
}

/* A commit of the old topic's offsets may have reached the new one: it would begin there, and pass over what is
 * before it. */
static void begin_again(struct consumer *consumer)
{
    rd_kafka_topic_partition_list_t *first = partitions_held(consumer);

    for (int i = 0; i < first->cnt; i++) {
        first->elems[i].offset = 0;
        start_set_metadata(&first->elems[i], BYTES_NONE, true);
    }
    rd_kafka_commit_queue(consumer->client, first, consumer->queue, NULL, NULL);
    rd_kafka_topic_partition_list_destroy(first);
}

void rebalance_topic_made_again(struct consumer *consumer)
{
    if (consumer->is_apart) {
        rebalance_give_up(consumer, "the topic '%s' was deleted and made again: its offsets start over", consumer->topic);
        return;
    }
    begin_again(consumer);
    rebalance_give_up(consumer,
                      "the topic '%s' was deleted and made again: its offsets start over. What is held of the old one is "
                      "dropped, unrecorded; started again, this group begins at the first record of each partition",
                      consumer->topic);
}
