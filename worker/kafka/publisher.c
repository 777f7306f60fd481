#include "common/check.h"
#include "common/clock.h"
#include "common/memory.h"
#include "kafka/publisher_state.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define HEADROOM_BYTES 512 /* of a batch and a record around key, value and headers */

int publisher_descriptor(const struct publisher *publisher)
{
    return publisher->descriptor;
}

size_t publisher_bytes_max(const struct publisher *publisher, const char *topic)
{
    size_t bytes_max = limits_of(&((struct publisher *)publisher)->limits, topic)->bytes_max;

    return bytes_max > HEADROOM_BYTES ? bytes_max - HEADROOM_BYTES : 0;
}

size_t publisher_bytes_pending(const struct publisher *publisher)
{
    return publisher->bytes_pending;
}

size_t publisher_pending(const struct publisher *publisher)
{
    return publisher->records_pending;
}

uint64_t publisher_failures(const struct publisher *publisher)
{
    return publisher->failures;
}

/* librdkafka's own limits are twice as high. A publication that is over them alone is taken alone. */
static bool is_full(const struct publisher *publisher, size_t count, size_t bytes)
{
    return publisher->records_pending > 0 && (publisher->records_pending + count > publisher->records_max ||
                                              publisher->bytes_pending + bytes > publisher->bytes_max);
}

enum publish_result publisher_publish(struct publisher *publisher, uint64_t action_id,
                                      const struct publication_record *records, size_t count, size_t *ret_index,
                                      struct error *error)
{
    struct publication *publication;
    size_t bytes = 0;

    ensure(count > 0);
    for (size_t i = 0; i < count; i++) {
        bytes += publication_record_bytes(&records[i]);
        if (publication_record_bytes(&records[i]) > publisher_bytes_max(publisher, records[i].topic)) {
            *ret_index = i;
            error_set(error, ERROR_INPUT, "%zu bytes are too many for topic '%s'",
                      publication_record_bytes(&records[i]), records[i].topic);
            return PUBLISH_TOO_LARGE;
        }
    }
    if (is_full(publisher, count, bytes)) {
        error_set(error, ERROR_UNAVAILABLE, "the producer's queue is full");
        return PUBLISH_FULL;
    }
    publication = publication_new(action_id, records, count);
    list_push_back(&publisher->pending, &publication->node);
    publisher->bytes_pending += bytes;
    publisher->records_pending += count;
    producer_produce(publisher, publication);
    return PUBLISH_TAKEN;
}

bool publisher_next(struct publisher *publisher, struct publication_end *ret_end)
{
    uint64_t count;

    free(publisher->current);
    publisher->current = NULL;
    if (read(publisher->descriptor, &count, sizeof(count)) < 0)
        ensure(errno == EAGAIN);
    while (list_is_empty(&publisher->ended) && producer_turn(publisher, 0))
        ;
    if (list_is_empty(&publisher->ended))
        return false;
    publisher->current = list_item(publisher->ended.next, struct publication, node);
    list_remove(&publisher->current->node);
    *ret_end = (struct publication_end){
        .action_id = publisher->current->action_id,
        .is_acknowledged = publication_is_acknowledged(publisher->current),
        .detail = publisher->current->detail,
    };
    return true;
}

const char *publisher_trouble(struct publisher *publisher)
{
    bool has_trouble = publisher->has_trouble;

    publisher->has_trouble = false;
    return has_trouble ? publisher->trouble : NULL;
}

/* --- life --- */

struct publisher *publisher_new(const struct config *config, struct error *error)
{
    struct publisher *publisher = memory_new(sizeof(*publisher));

    publisher->config = config;
    publisher->descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    list_init(&publisher->pending);
    list_init(&publisher->ended);
    if (producer_open(publisher, error))
        return publisher;
    publisher_free(publisher, 0);
    return NULL;
}

/* rd_kafka_flush would wait for reports that nobody takes out of the queue. */
static void await_reports(struct publisher *publisher, int64_t timeout_ms)
{
    int64_t until_ms = clock_now_ms() + timeout_ms;

    while (!list_is_empty(&publisher->pending) && clock_now_ms() < until_ms)
        producer_turn(publisher, 50);
}

static void free_all(struct list *publications)
{
    list_each_safe(node, publications)
    {
        list_remove(node);
        free(list_item(node, struct publication, node));
    }
}

void publisher_free(struct publisher *publisher, int64_t timeout_ms)
{
    if (publisher == NULL)
        return;
    if (publisher->client != NULL)
        await_reports(publisher, timeout_ms);
    producer_close(publisher); /* it reads from the publications */
    free_all(&publisher->pending);
    free_all(&publisher->ended);
    free(publisher->current);
    limits_release(&publisher->limits);
    close(publisher->descriptor);
    free(publisher);
}
