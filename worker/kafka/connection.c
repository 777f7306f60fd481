#include "common/clock.h"
#include "kafka/properties.h"
#include "kafka/state.h"

/* librdkafka says when the last broker is gone, but not when one is back: that shows in any answer, and an idle
 * consumer asks for one. */

#define PROBE_EVERY_MS   1000
#define PROBE_TIMEOUT_MS 5000

void connection_is_up(struct consumer *consumer)
{
    char servers[256];

    consumer->is_connected = true;
    if (consumer->said_down)
        notice_say(consumer, NOTICE_WARNING, "a broker of %s can be reached again",
                   properties_servers(consumer->client, servers, sizeof(servers)));
    consumer->said_down = false;
}

void connection_is_down(struct consumer *consumer)
{
    char servers[256];

    consumer->is_connected = false;
    if (!consumer->said_down)
        notice_say(consumer, NOTICE_WARNING, "no broker of %s can be reached; waiting for one",
                   properties_servers(consumer->client, servers, sizeof(servers)));
    consumer->said_down = true;
}

void connection_probe(struct consumer *consumer)
{
    rd_kafka_AdminOptions_t *options;
    char why[256];

    if (!consumer->said_down || consumer->is_probing || clock_now_ms() < consumer->probe_at_ms)
        return;
    consumer->is_probing = true;
    options = rd_kafka_AdminOptions_new(consumer->client, RD_KAFKA_ADMIN_OP_DESCRIBECLUSTER);
    rd_kafka_AdminOptions_set_request_timeout(options, PROBE_TIMEOUT_MS, why, sizeof(why));
    rd_kafka_DescribeCluster(consumer->client, options, consumer->queue);
    rd_kafka_AdminOptions_destroy(options);
}

void connection_probed(struct consumer *consumer, rd_kafka_event_t *event)
{
    consumer->is_probing = false;
    consumer->probe_at_ms = clock_now_ms() + PROBE_EVERY_MS;
    if (rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR)
        connection_is_up(consumer);
}
