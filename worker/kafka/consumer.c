#include "common/clock.h"
#include "kafka/committed.h"
#include "kafka/properties.h"
#include "kafka/state.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

static bool subscribe(struct consumer *consumer, struct error *error)
{
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_resp_err_t code;

    rd_kafka_topic_partition_list_add(topics, consumer->topic, RD_KAFKA_PARTITION_UA);
    code = rd_kafka_subscribe(consumer->client, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ||
           error_set(error, ERROR_USAGE, "kafka: topic '%s': %s", consumer->topic, rd_kafka_err2str(code));
}

static char *group_of(const rd_kafka_t *client)
{
    char text[512];
    size_t size = sizeof(text);

    if (rd_kafka_conf_get(rd_kafka_conf((rd_kafka_t *)client), "group.id", text, &size) != RD_KAFKA_CONF_OK)
        text[0] = '\0';
    return memory_text(text);
}

rd_kafka_t *consumer_client(const struct config *config, bool is_apart, struct error *error)
{
    rd_kafka_conf_t *conf = properties_consumer(config, error);
    char group[8], why[256];
    size_t size = sizeof(group);

    if (conf == NULL)
        return NULL;
    if (rd_kafka_conf_get(conf, "group.id", NULL, &size) != RD_KAFKA_CONF_OK || size <= 1) {
        rd_kafka_conf_destroy(conf);
        error_set(error, ERROR_USAGE, "kafka: { group.id: NAME } is needed: workers of one group share the partitions");
        return NULL;
    }
    if (is_apart && rd_kafka_conf_set(conf, "group.instance.id", "", why, sizeof(why)) != RD_KAFKA_CONF_OK)
        never("librdkafka knows the properties that we set");
    rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_OFFSET_COMMIT |
                                       RD_KAFKA_EVENT_FETCH);
    return properties_client(RD_KAFKA_CONSUMER, conf, error);
}

bool consumer_check(const struct config *config, struct error *error)
{
    rd_kafka_t *client = consumer_client(config, false, error);

    if (client != NULL)
        rd_kafka_destroy(client);
    return client != NULL;
}

struct consumer *consumer_of(const struct config *config, rd_kafka_t *client)
{
    struct consumer *consumer = memory_new(sizeof(*consumer));

    consumer->client = client;
    group_protocol_read(client, &consumer->protocol);
    consumer->topic = memory_text(config->topics.updates);
    consumer->group = group_of(client);
    consumer->start = config->topics.start;
    consumer->start_time_ms = config->topics.start_time_ms;
    consumer->descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    list_init(&consumer->notices);
    rd_kafka_poll_set_consumer(client);
    consumer->queue = rd_kafka_queue_get_consumer(client);
    rd_kafka_queue_io_event_enable(consumer->queue, consumer->descriptor, &(uint64_t){1}, sizeof(uint64_t));
    return consumer;
}

struct consumer *consumer_new(const struct config *config, struct error *error)
{
    rd_kafka_t *client = consumer_client(config, false, error);
    struct consumer *consumer;

    if (client == NULL)
        return NULL;
    consumer = consumer_of(config, client);
    if (!subscribe(consumer, error)) {
        consumer_free(consumer, 0);
        return NULL;
    }
    return consumer;
}

/* Leaves the group: what it still revokes is answered here. */
static void leave(struct consumer *consumer, int64_t timeout_ms)
{
    int64_t until_ms = clock_now_ms() + timeout_ms;
    rd_kafka_error_t *error = rd_kafka_consumer_close_queue(consumer->client, consumer->queue);

    if (error != NULL) {
        rd_kafka_error_destroy(error);
        return;
    }
    while (!rd_kafka_consumer_closed(consumer->client) && clock_now_ms() < until_ms) {
        rd_kafka_event_t *event = rd_kafka_queue_poll(consumer->queue, 50);

        if (event != NULL && rd_kafka_event_type(event) == RD_KAFKA_EVENT_REBALANCE) {
            start_cancel(consumer);
            if (!consumer->protocol.is_cooperative)
                rd_kafka_assign(consumer->client, NULL);
            else if ((error = rd_kafka_incremental_unassign(consumer->client,
                                                            rd_kafka_event_topic_partition_list(event))) != NULL)
                rd_kafka_error_destroy(error);
        }
        if (event != NULL)
            rd_kafka_event_destroy(event);
    }
}

void consumer_free(struct consumer *consumer, int64_t timeout_ms)
{
    if (consumer == NULL)
        return;
    record_drop(consumer);
    while (consumer->awaits_release)
        consumer_release(consumer);
    sources_free(consumer);
    if (!consumer->is_apart)
        leave(consumer, timeout_ms);
    start_cancel(consumer);
    list_each_safe(node, &consumer->notices)
        notice_free(list_item(node, struct kept_notice, node));
    notice_free(consumer->current);
    if (consumer->topic_id != NULL)
        rd_kafka_Uuid_destroy(consumer->topic_id);
    committed_free(consumer->committed);
    rd_kafka_queue_destroy(consumer->queue);
    rd_kafka_destroy_flags(consumer->client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    close(consumer->descriptor);
    free(consumer->headers);
    free(consumer->topic);
    free(consumer->group);
    free(consumer);
}

int consumer_descriptor(const struct consumer *consumer)
{
    return consumer->descriptor;
}

/* --- events --- */

static enum commit_result commit_result_of(rd_kafka_resp_err_t code)
{
    switch (code) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
        return COMMIT_ACKNOWLEDGED;
    case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
    case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
    case RD_KAFKA_RESP_ERR_STALE_MEMBER_EPOCH:
    case RD_KAFKA_RESP_ERR_FENCED_MEMBER_EPOCH:
    case RD_KAFKA_RESP_ERR__FENCED:
        return COMMIT_REFUSED;
    default:
        return COMMIT_FAILED;
    }
}

/* Two members of one name: the classic protocol ends the older one, the consumer protocol the newer one. */
static void take_fatal(struct consumer *consumer, rd_kafka_resp_err_t code, const char *why)
{
    const char *instance = consumer->protocol.instance;

    switch (code) {
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
        rebalance_give_up(consumer,
                          "another worker has joined the group '%s' with the group.instance.id '%s' of this one and has "
                          "its partitions: each worker needs an id of its own. This one ends", consumer->group, instance);
        return;
    case RD_KAFKA_RESP_ERR_UNRELEASED_INSTANCE_ID:
        rebalance_give_up(consumer,
                          "the group.instance.id '%s' belongs to a member of the group '%s' that is there: each worker "
                          "needs an id of its own. If it was killed, the broker frees its id after the session timeout",
                          instance, consumer->group);
        return;
    default:
        rebalance_give_up(consumer, "the consumer cannot go on: %s", why);
    }
}

/* `action_id` 0: where the partitions began was marked by us. */
static void take_commit(struct consumer *consumer, uint64_t action_id, rd_kafka_resp_err_t code,
                        const rd_kafka_topic_partition_list_t *partitions)
{
    struct kept_notice *kept;

    for (int i = 0; code == RD_KAFKA_RESP_ERR_NO_ERROR && partitions != NULL && i < partitions->cnt; i++)
        code = partitions->elems[i].err;
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        notice_say(consumer, NOTICE_WARNING, "%s: %s", action_id != 0 ? "commit" : "commit of the first offsets",
                   rd_kafka_err2str(code));
    else
        connection_is_up(consumer);
    if (code == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID)
        take_fatal(consumer, code, rd_kafka_err2str(code));
    if (action_id == 0)
        return;
    kept = notice_add(consumer, NOTICE_COMMITTED);
    kept->notice.action_id = action_id;
    kept->notice.commit_result = commit_result_of(code);
}

void consumer_take_error(struct consumer *consumer, rd_kafka_resp_err_t code, const char *text)
{
    switch (code) {
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
        connection_is_down(consumer);
        return;
    case RD_KAFKA_RESP_ERR__TRANSPORT: /* of one broker: the others, or all down, will tell */
        return;
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
        consumer->is_topic_gone = true;
        consumer->topic_question.ask_at_ms = 0; /* it may be made again right away */
        notice_say(consumer, NOTICE_WARNING, "topic '%s' does not exist; waiting for it (`ifmatch topics create` makes it)",
                   consumer->topic);
        return;
    default:
        notice_say(consumer, NOTICE_WARNING, "%s", text);
    }
}

/* What a partition has to say before its queue is split from the consumer's comes here. */
static bool is_of_partition(struct consumer *consumer, rd_kafka_event_t *event)
{
    rd_kafka_topic_partition_t *partition = rd_kafka_event_topic_partition(event);
    bool is_taken = partition != NULL &&
                    record_take_fault(consumer, partition->partition, rd_kafka_event_error(event), partition->offset,
                                      rd_kafka_event_error_string(event));

    if (partition != NULL)
        rd_kafka_topic_partition_destroy(partition);
    return is_taken;
}

static void take_error_event(struct consumer *consumer, rd_kafka_event_t *event)
{
    if (is_of_partition(consumer, event))
        return;
    if (rd_kafka_event_error_is_fatal(event)) /* the code is the cause's */
        take_fatal(consumer, rd_kafka_event_error(event), rd_kafka_event_error_string(event));
    else
        consumer_take_error(consumer, rd_kafka_event_error(event), rd_kafka_event_error_string(event));
}

static void take_event(struct consumer *consumer, rd_kafka_event_t *event)
{
    switch (rd_kafka_event_type(event)) {
    case RD_KAFKA_EVENT_REBALANCE:
        rebalance(consumer, event);
        break;
    case RD_KAFKA_EVENT_OFFSET_COMMIT:
        take_commit(consumer, (uintptr_t)rd_kafka_event_opaque(event), rd_kafka_event_error(event),
                    rd_kafka_event_topic_partition_list(event));
        break;
    case RD_KAFKA_EVENT_LISTOFFSETS_RESULT:
        start_take_offsets(consumer, event);
        break;
    case RD_KAFKA_EVENT_DESCRIBETOPICS_RESULT:
        questions_take_topic(consumer, event);
        break;
    case RD_KAFKA_EVENT_DESCRIBECONFIGS_RESULT:
        questions_take_session(consumer, event);
        break;
    case RD_KAFKA_EVENT_DESCRIBECLUSTER_RESULT:
        connection_probed(consumer, event);
        break;
    case RD_KAFKA_EVENT_ERROR:
        take_error_event(consumer, event);
        break;
    case RD_KAFKA_EVENT_FETCH:
        if (record_keep_early(consumer, event))
            return;
        break;
    default:
        break;
    }
    rd_kafka_event_destroy(event);
}

bool consumer_next(struct consumer *consumer, struct notice *ret_notice)
{
    rd_kafka_event_t *event;
    uint64_t count;

    notice_free(consumer->current);
    consumer->current = NULL;
    if (read(consumer->descriptor, &count, sizeof(count)) < 0)
        ensure(errno == EAGAIN);
    while (list_is_empty(&consumer->notices) && (event = rd_kafka_queue_poll(consumer->queue, 0)) != NULL)
        take_event(consumer, event);
    start_take_committed(consumer);
    start_ask(consumer);
    questions_ask(consumer);
    connection_probe(consumer);
    if (list_is_empty(&consumer->notices))
        return false;
    consumer->current = list_item(consumer->notices.next, struct kept_notice, node);
    list_remove(&consumer->current->node);
    *ret_notice = consumer->current->notice;
    return true;
}

/* --- the rest --- */

/* Nothing was finished since the partition began by topics.start: the mark stays. */
static bool is_where_it_began(const struct consumer *consumer, const struct commit_entry *entry)
{
    const struct source *source = source_find(consumer, entry->partition);

    return source != NULL && source->marked_offset == entry->offset_next && entry->metadata.size == 0;
}

void consumer_commit(struct consumer *consumer, uint64_t action_id, const struct commit_action *commit)
{
    rd_kafka_topic_partition_list_t *offsets = rd_kafka_topic_partition_list_new((int)commit->count);
    rd_kafka_resp_err_t code;

    ensure(action_id != 0);
    ensure(!consumer->is_apart);
    for (size_t i = 0; i < commit->count; i++) {
        const struct commit_entry *entry = &commit->entries[i];
        rd_kafka_topic_partition_t *partition =
            rd_kafka_topic_partition_list_add(offsets, consumer->topic, entry->partition);

        partition->offset = entry->offset_next;
        start_set_metadata(partition, entry->metadata, is_where_it_began(consumer, entry));
    }
    code = rd_kafka_commit_queue(consumer->client, offsets, consumer->queue, NULL, (void *)(uintptr_t)action_id);
    rd_kafka_topic_partition_list_destroy(offsets);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        take_commit(consumer, action_id, code, NULL);
}

int64_t consumer_end(const struct consumer *consumer, int32_t partition)
{
    int64_t low, high;

    if (rd_kafka_get_watermark_offsets(consumer->client, consumer->topic, partition, &low, &high) !=
            RD_KAFKA_RESP_ERR_NO_ERROR ||
        high < 0)
        return -1;
    return high;
}

bool consumer_is_connected(const struct consumer *consumer)
{
    return consumer->is_connected;
}

uint32_t consumer_topic_partitions(const struct consumer *consumer)
{
    return consumer->topic_partitions;
}

bool consumer_is_stopped(const struct consumer *consumer, int32_t partition)
{
    const struct source *source = source_find(consumer, partition);

    return source != NULL && source->is_stopped;
}

int64_t consumer_ownership_ms(const struct consumer *consumer)
{
    return consumer->protocol.ownership_ms;
}

int64_t consumer_drain_ms_max(const struct consumer *consumer)
{
    return consumer->protocol.drain_ms_max;
}
