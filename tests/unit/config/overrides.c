#include "../../support/config.h"
#include "../../support/unit.h"

static const char *value_of(const struct properties *properties, const char *name)
{
    for (size_t i = 0; i < properties->count; i++)
        if (strcmp(properties->items[i].name, name) == 0)
            return properties->items[i].value;
    return NULL;
}

START_TEST(a_variable_wins_over_the_file_and_set_over_both)
{
    static const char text[] = "service: { timeout: 1s }\n";
    struct config *config;

    setenv("IFMATCH_SERVICE_TIMEOUT", "2s", 1);
    config = config_of(text, NULL, NULL);
    ck_assert_int_eq(config->service.timeout_ms, 2000);
    config_free(config);
    config = config_of(text, "service.timeout=3s", NULL);
    ck_assert_int_eq(config->service.timeout_ms, 3000);
    config_free(config);
}
END_TEST

START_TEST(texts_are_taken_letter_by_letter)
{
    struct config *config;

    setenv("IFMATCH_SERVICE_AUTH_BASIC_USER", "svc", 1);
    config = config_of(NULL, "service.auth.basic.password=*a: ${b} #c=d", NULL);
    ck_assert_str_eq(config->service.auth.password, "*a: ${b} #c=d");
    config_free(config);
}
END_TEST

START_TEST(lists_and_mappings_are_yaml)
{
    struct config *config =
        config_of("retry: { conflicts: { backoff: [1s, 2s, 3s] } }\n", "retry.conflicts.backoff=[5s]", NULL);

    ck_assert_uint_eq(config->retry.backoff_count, 1);
    ck_assert_int_eq(config->retry.backoff_ms[0], 5000);
    config_free(config);
    config = config_of(NULL, "merge.rules={/a: external}", NULL);
    ck_assert_int_eq(rules_find(config->rules, BYTES("/a"))->rule, RULE_EXTERNAL);
    ck_assert_str_eq(rules_find(config->rules, BYTES("/a"))->place.file, "--set merge.rules");
    config_free(config);
}
END_TEST

START_TEST(what_is_wrong_is_named_by_where_it_came_from)
{
    ck_assert_refused(
        NULL, "service.timeout=x", NULL,
        "--set service.timeout=x: service.timeout needs a duration (a number with ms, s, m, h or d)");
    ck_assert_refused(NULL, "service.timout=1s", NULL,
                      "--set service.timout: unknown key 'service.timout'; did you mean 'service.timeout'?");
    ck_assert_refused(NULL, "service.timeout", NULL, "--set service.timeout: \"=value\" is missing");
    ck_assert_refused(
        NULL, "retry.conflicts.backoff=[1x]", NULL,
        "--set retry.conflicts.backoff:1:2: retry.conflicts.backoff needs a list of durations (a number "
        "with ms, s, m, h or d)\n[1x]\n ^");
    ck_assert_refused(NULL, NULL, "acks", "-X acks: a Kafka property is NAME=VALUE");
    setenv("IFMATCH_LOG_LEVEL", "loud", 1);
    ck_assert_refused(NULL, NULL, NULL,
                      "IFMATCH_LOG_LEVEL=loud: log.level must be trace, debug, info, warn or error");
}
END_TEST

START_TEST(secrets_of_the_command_line_are_not_shown)
{
    ck_assert_refused(NULL, "service.auth.basic.password=geheim", NULL,
                      "--set service.auth.basic.password: service.auth.basic needs both user and password");
    ck_assert_refused(
        NULL, "service.url=http://svc:geheim@h/{id}", NULL,
        "--set service.url=http://***@h/{id}: service.url must not have a user; service.auth is the place "
        "for it");
}
END_TEST

START_TEST(other_variables_of_the_same_prefix_are_let_alone)
{
    setenv("IFMATCH_SERVICE_HOST", "10.0.0.1", 1);
    setenv("IFMATCH_KAFKA_SERVICE_HOST", "10.0.0.1", 1);
    setenv("IFMATCH_KAFKA_PORT_9092_TCP_PORT", "9092", 1);
    struct config *config = config_of(NULL, NULL, NULL);

    ck_assert_uint_eq(config->kafka.common.count, 0);
    config_free(config);
}
END_TEST

START_TEST(kafka_properties_are_kept_as_they_are)
{
    struct config *config = config_of("kafka:\n"
                                      "  bootstrap.servers: a:9092,b:9092\n"
                                      "  group.id: g\n"
                                      "  whatever.it.is: 007\n"
                                      "  consumer: { fetch.min.bytes: 5 }\n"
                                      "  producer: { linger.ms: 7, acks: all }\n",
                                      NULL, NULL);
    const struct config_kafka *kafka = &config->kafka;

    ck_assert_uint_eq(kafka->common.count, 3);
    ck_assert_str_eq(value_of(&kafka->common, "bootstrap.servers"), "a:9092,b:9092");
    ck_assert_str_eq(value_of(&kafka->common, "whatever.it.is"), "007");
    ck_assert_str_eq(kafka->common.items[1].place, "a.yaml:3:3");
    ck_assert_str_eq(kafka->common.items[2].lines, "\n  whatever.it.is: 007\n  ^");
    ck_assert_str_eq(value_of(&kafka->consumer, "fetch.min.bytes"), "5");
    ck_assert_str_eq(value_of(&kafka->producer, "linger.ms"), "7");
    config_free(config);
}
END_TEST

START_TEST(kafka_properties_of_the_command_line_win)
{
    static const char text[] =
        "kafka: { group.id: g, fetch.min.bytes: 1, consumer: { fetch.min.bytes: 5 } }\n";
    struct config *config;

    setenv("IFMATCH_KAFKA_GROUP_ID", "h", 1);
    setenv("IFMATCH_KAFKA_PRODUCER_LINGER_MS", "7", 1);
    config = config_of(text, "kafka.consumer.fetch.min.bytes=6", "client.id=me");
    ck_assert_str_eq(value_of(&config->kafka.common, "group.id"), "h");
    ck_assert_str_eq(value_of(&config->kafka.common, "fetch.min.bytes"), "1");
    ck_assert_str_eq(value_of(&config->kafka.consumer, "fetch.min.bytes"), "6");
    ck_assert_str_eq(value_of(&config->kafka.producer, "linger.ms"), "7");
    ck_assert_str_eq(value_of(&config->kafka.common, "client.id"), "me");
    config_free(config);
    config = config_of(text, NULL, "fetch.min.bytes=9");
    ck_assert_str_eq(value_of(&config->kafka.common, "fetch.min.bytes"), "9");
    ck_assert_ptr_null(value_of(&config->kafka.consumer, "fetch.min.bytes"));
    config_free(config);
}
END_TEST

START_TEST(properties_on_which_a_promise_rests_are_refused_with_the_reason)
{
    ck_assert_refused(
        "kafka:\n  enable.auto.commit: true\n", NULL, NULL,
        "a.yaml:2:3: the Kafka property 'enable.auto.commit' must be 'false': offsets are committed when an "
        "event is finished and recorded, never by time\n  enable.auto.commit: true\n  ^");
    ck_assert_refused(
        "kafka: { consumer: { auto.offset.reset: earliest } }\n", NULL, NULL,
        "a.yaml:1:22: the Kafka property 'auto.offset.reset' cannot be set: where a new group begins is "
        "topics.start; lost offsets must not be passed over silently\n"
        "kafka: { consumer: { auto.offset.reset: earliest } }\n                     ^");
    ck_assert_refused(
        NULL, NULL, "acks=1",
        "-X acks: the Kafka property 'acks' must be 'all' or '-1': a record counts when all replicas have it; offsets "
        "are committed after that");
    ck_assert_refused(
        NULL, "kafka.producer.max.in.flight=6", NULL,
        "--set kafka.producer.max.in.flight: the Kafka property 'max.in.flight' cannot be set: the "
        "idempotent producer keeps the order with 1 to 5 requests in flight only");
    ck_assert_refused(
        NULL, NULL, "rebalance_cb=x",
        "-X rebalance_cb: the Kafka property 'rebalance_cb' cannot be set: it is for programs, not for a configuration");
    config_free(config_of(
        "kafka: { enable.idempotence: true, acks: -1, isolation.level: read_uncommitted }\n", NULL, NULL));
}
END_TEST

START_TEST(a_kafka_property_is_a_text_and_its_secret_is_not_shown)
{
    ck_assert_refused("kafka:\n  sasl: { password: geheim }\n", NULL, NULL,
                      "a.yaml:2:9: the Kafka property 'sasl' needs a text; its dots are part of its name\n"
                      "  sasl: { password: ***\n        ^");
}
END_TEST

UNIT_TESTS("config/overrides", a_variable_wins_over_the_file_and_set_over_both,
           texts_are_taken_letter_by_letter, lists_and_mappings_are_yaml,
           what_is_wrong_is_named_by_where_it_came_from, secrets_of_the_command_line_are_not_shown,
           other_variables_of_the_same_prefix_are_let_alone, kafka_properties_are_kept_as_they_are,
           kafka_properties_of_the_command_line_win,
           properties_on_which_a_promise_rests_are_refused_with_the_reason,
           a_kafka_property_is_a_text_and_its_secret_is_not_shown)
