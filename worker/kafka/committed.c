#include "kafka/committed.h"

#include "common/check.h"
#include "common/memory.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/eventfd.h>

#define TIMEOUT_MS 5000

struct committed {
    pthread_t thread;
    rd_kafka_t *client;
    int descriptor;
    atomic_bool is_answered; /* the rest is the thread's until then */
    rd_kafka_topic_partition_list_t *offsets;
    rd_kafka_resp_err_t code;
};

static void *ask(void *argument)
{
    struct committed *committed = argument;

    committed->code = rd_kafka_committed(committed->client, committed->offsets, TIMEOUT_MS);
    atomic_store(&committed->is_answered, true);
    eventfd_write(committed->descriptor, 1);
    return NULL;
}

/* Signals are the loop's. */
static bool begin(struct committed *committed)
{
    sigset_t all, before;
    bool is_begun;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    is_begun = pthread_create(&committed->thread, NULL, ask, committed) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return is_begun;
}

static void release(struct committed *committed)
{
    rd_kafka_topic_partition_list_destroy(committed->offsets);
    free(committed);
}

struct committed *committed_ask(rd_kafka_t *client, rd_kafka_topic_partition_list_t *partitions, int descriptor)
{
    struct committed *committed = memory_new(sizeof(*committed));

    committed->client = client;
    committed->offsets = partitions;
    committed->descriptor = descriptor;
    if (begin(committed))
        return committed;
    release(committed);
    return NULL;
}

bool committed_is_answered(struct committed *committed)
{
    return atomic_load(&committed->is_answered);
}

rd_kafka_resp_err_t committed_error(const struct committed *committed)
{
    return committed->code;
}

const rd_kafka_topic_partition_list_t *committed_offsets(const struct committed *committed)
{
    return committed->offsets;
}

void committed_free(struct committed *committed)
{
    if (committed == NULL)
        return;
    ensure(pthread_join(committed->thread, NULL) == 0);
    release(committed);
}
