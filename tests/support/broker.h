#ifndef IFMATCH_TESTS_SUPPORT_BROKER_H
#define IFMATCH_TESTS_SUPPORT_BROKER_H

#include "common/clock.h"
#include "common/memory.h"
#include "config/config.h"

#include <check.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

/* librdkafka's mock cluster inside the test, and a configuration that leads to it. Topics: updates, audit, letters. */

#define BROKER_WAIT_MS 30000
#define PROPERTIES_MAX 16

/* Turns until the condition holds; fails the test when it never does. */
#define AWAIT(condition)                                                                                     \
    do {                                                                                                     \
        int64_t until_ms_ = clock_now_ms() + BROKER_WAIT_MS;                                                 \
                                                                                                             \
        while (!(condition))                                                                                 \
            ck_assert_msg(clock_now_ms() < until_ms_, "waited in vain for: %s", #condition);                 \
    } while (0)

struct broker {
    rd_kafka_t *client;
    rd_kafka_mock_cluster_t *cluster;
    struct property common[PROPERTIES_MAX];
    struct config config;
};

static inline void broker_set(struct broker *broker, const char *name, const char *value)
{
    ck_assert_uint_lt(broker->config.kafka.common.count, PROPERTIES_MAX);
    broker->common[broker->config.kafka.common.count++] =
        (struct property){(char *)name, (char *)value, (char *)"test.yaml:1", (char *)""};
}

/* `brokers` of them, numbered from 1. */
static inline void broker_start_many(struct broker *broker, int brokers, int partitions)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    *broker = (struct broker){.config = {.topics = {.updates = (char *)"updates",
                                                    .audit = (char *)"audit",
                                                    .dead_letters = (char *)"letters",
                                                    .partitions = 3,
                                                    .replication = 1}}};
    rd_kafka_conf_set(conf, "log_level", "0", NULL, 0);
    broker->client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, NULL, 0);
    broker->cluster = rd_kafka_mock_cluster_new(broker->client, brokers);
    rd_kafka_mock_group_initial_rebalance_delay_ms(broker->cluster, 50);
    ck_assert_int_eq(rd_kafka_mock_topic_create(broker->cluster, "updates", partitions, 1), 0);
    ck_assert_int_eq(rd_kafka_mock_topic_create(broker->cluster, "audit", 1, 1), 0);
    ck_assert_int_eq(rd_kafka_mock_topic_create(broker->cluster, "letters", 1, 1), 0);
    broker->config.kafka.common.items = broker->common;
    broker_set(broker, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(broker->cluster));
    broker_set(broker, "group.id", "group");
    broker_set(broker, "session.timeout.ms", "3000"); /* the mock waits so long, less 1 s, in each rebalance */
    broker_set(broker, "heartbeat.interval.ms", "100");
}

/* How the group shares the partitions: a partition.assignment.strategy, or "consumer" for the new protocol (KIP-848). */
static inline void broker_share_by(struct broker *broker, const char *protocol)
{
    if (strcmp(protocol, "consumer") != 0) {
        broker_set(broker, "partition.assignment.strategy", protocol);
        return;
    }
    broker->config.kafka.common.count -= 2; /* the session is the broker's */
    broker_set(broker, "group.protocol", "consumer");
    rd_kafka_mock_set_group_consumer_session_timeout_ms(broker->cluster, 3000);
    rd_kafka_mock_set_group_consumer_heartbeat_interval_ms(broker->cluster, 100);
}

static inline void broker_start(struct broker *broker, int partitions)
{
    broker_start_many(broker, 1, partitions);
}

static inline void broker_stop(struct broker *broker)
{
    rd_kafka_mock_cluster_destroy(broker->cluster);
    rd_kafka_destroy(broker->client);
}

/* Writes values "0", "1", ... `first` on into one partition of the updates topic. */
static inline void broker_fill(struct broker *broker, int32_t partition, int first, int count)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_t *producer;

    rd_kafka_conf_set(conf, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(broker->cluster), NULL, 0);
    rd_kafka_conf_set(conf, "linger.ms", "0", NULL, 0);
    producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, NULL, 0);
    for (int i = first; i < first + count; i++) {
        auto_text text = memory_format("%d", i);

        ck_assert_int_eq(rd_kafka_producev(producer, RD_KAFKA_V_TOPIC("updates"), RD_KAFKA_V_PARTITION(partition),
                                           RD_KAFKA_V_KEY("key", 3), RD_KAFKA_V_VALUE(text, strlen(text)),
                                           RD_KAFKA_V_HEADER("trace", "abc", 3),
                                           RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END),
                         0);
    }
    ck_assert_int_eq(rd_kafka_flush(producer, BROKER_WAIT_MS), 0);
    rd_kafka_destroy(producer);
}

#endif
