#include "sandbox/child.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdlib.h>
#include <unistd.h>

#define REBALANCE_DELAY_MS 300 /* of a group that forms anew; a broker's default of 3 s is for many members */
#define PARTITIONS_DEFAULT 12

/* The cluster lives until the process ends; that is how the sandbox stops it. */
int broker_run(const struct sandbox_options *options, int ready)
{
    int brokers = options->brokers > 0 ? options->brokers : 1;
    int partitions = options->partitions > 0 ? options->partitions : PARTITIONS_DEFAULT;
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_mock_cluster_t *cluster;
    char why[256];
    rd_kafka_t *client;

    rd_kafka_conf_set(conf, "log_level", "3", NULL, 0);
    client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
    if (client == NULL) {
        rd_kafka_conf_destroy(conf);
        child_say(ready, "!%s", why);
        return EXIT_FAILURE;
    }
    cluster = rd_kafka_mock_cluster_new(client, brokers);
    if (cluster == NULL) {
        child_say(ready, "!the mock cluster does not start");
        return EXIT_FAILURE;
    }
    rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, REBALANCE_DELAY_MS);
    for (size_t i = 0; i < SANDBOX_TOPICS_MAX && options->topics[i] != NULL; i++) {
        rd_kafka_resp_err_t code = rd_kafka_mock_topic_create(cluster, options->topics[i], partitions, brokers);

        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            child_say(ready, "!topic %s: %s", options->topics[i], rd_kafka_err2str(code));
            return EXIT_FAILURE;
        }
    }
    child_say(ready, "%s", rd_kafka_mock_cluster_bootstraps(cluster));
    for (;;)
        pause();
}
