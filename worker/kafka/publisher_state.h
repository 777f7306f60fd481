#ifndef IFMATCH_KAFKA_PUBLISHER_STATE_H
#define IFMATCH_KAFKA_PUBLISHER_STATE_H

#include "common/list.h"
#include "kafka/limits.h"
#include "kafka/publisher.h"

/* What the files of the publisher share. Every publication is kept, in the order in which it was taken, until all of
 * its records are acknowledged: what librdkafka gives up is produced again from here, and nothing new goes before it. */

enum record_place {
    RECORD_WAITING, /* not with librdkafka */
    RECORD_UNDER_WAY,
    RECORD_ACKNOWLEDGED,
};

struct kept_record {
    struct publication *publication;
    enum record_place place;
    struct publication_record record; /* its bytes lie behind the publication: librdkafka reads the value from there */
};

struct publication {
    struct list node; /* pending or ended */
    uint64_t action_id;
    size_t bytes;
    bool is_too_large; /* the broker refused the size of a record */
    char detail[256];
    size_t count;
    struct kept_record records[];
};

struct publisher {
    const struct config *config;
    rd_kafka_t *client;
    rd_kafka_queue_t *queue;
    int descriptor;
    struct list pending; /* in the order in which they were taken */
    struct list ended;
    struct publication *current; /* handed out */
    size_t records_pending;
    size_t bytes_pending;
    size_t records_under_way;
    size_t records_max;
    size_t bytes_max;
    struct limits limits;
    size_t batch_bytes;  /* 0: librdkafka's own. A topic's limit counts for a whole batch */
    bool is_one_each;    /* a batch was refused and nobody knows the limit: batches of one record */

    bool is_holding;        /* nothing is produced until what librdkafka has is reported, and the time has come */
    int64_t go_on_at_ms;
    bool wants_replacement; /* of the client */
    bool has_trouble;       /* not told yet */
    char trouble[256];
    uint64_t failures;
};

/* --- publication.c --- */
/* Copies everything. */
struct publication *publication_new(uint64_t action_id, const struct publication_record *records, size_t count);
size_t publication_record_bytes(const struct publication_record *record);
bool publication_is_acknowledged(const struct publication *publication);
bool publication_is_under_way(const struct publication *publication);

/* --- producer.c --- */
bool producer_open(struct publisher *publisher, struct error *error);
void producer_close(struct publisher *publisher);
/* Produces what waits of the publication, unless the publisher is holding. */
void producer_produce(struct publisher *publisher, struct publication *publication);
/* Takes one event, if there is one within `wait_ms`, and does what is due. */
bool producer_turn(struct publisher *publisher, int wait_ms);

#endif
