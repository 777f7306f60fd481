#ifndef IFMATCH_TESTS_SUPPORT_PUBLISHING_H
#define IFMATCH_TESTS_SUPPORT_PUBLISHING_H

#include "kafka/publisher.h"
#include "tests/support/broker.h"

#include <poll.h>

/* A publisher on the mock cluster; each publication has a record for the audit topic and one for the letters. */

#define PRODUCE 0 /* the request's number in Kafka's protocol */

static struct broker broker;

static inline struct publisher *publisher_start(void)
{
    struct error error = {0};
    struct publisher *publisher = publisher_new(&broker.config, &error);

    ck_assert_msg(publisher != NULL, "%s", error.text);
    return publisher;
}

static inline struct publication_record record_to(const char *topic, const char *value, size_t size)
{
    static const struct header headers[] = {{{"reason", 6}, {"stale", 5}}, {{"none", 4}, {NULL, 0}}};

    return (struct publication_record){
        .topic = topic, .key = BYTES("key"), .value = {value, size}, .headers = headers, .header_count = 2};
}

static inline enum publish_result publish(struct publisher *publisher, uint64_t id, const char *value, size_t size)
{
    const struct publication_record records[2] = {record_to("audit", value, size), record_to("letters", value, size)};
    struct error error = {0};
    size_t index = 99;

    return publisher_publish(publisher, id, records, 2, &index, &error);
}

static inline bool next_end(struct publisher *publisher, struct publication_end *ret_end)
{
    struct pollfd wanted = {.fd = publisher_descriptor(publisher), .events = POLLIN};

    poll(&wanted, 1, 20);
    return publisher_next(publisher, ret_end);
}

#endif
