#include "../../support/config.h"
#include "../../support/unit.h"

START_TEST(without_a_file_all_is_default)
{
    struct config *config = config_of(NULL, NULL, NULL);

    ck_assert_ptr_null(config->path);
    ck_assert_str_eq(config->topics.updates, "document-updates");
    ck_assert_str_eq(config->topics.audit, "document-audit");
    ck_assert_str_eq(config->topics.dead_letters, "document-dead-letters");
    ck_assert_int_eq(config->topics.start, TOPICS_START_UNSET);
    ck_assert_int_eq(config->topics.partitions, 12);
    ck_assert_int_eq(config->topics.replication, 1);
    ck_assert_str_eq(config->service.profile, "etag");
    ck_assert_int_eq(config->service.auth.kind, SERVICE_AUTH_NONE);
    ck_assert_int_eq(config->service.timeout_ms, 10000);
    ck_assert_int_eq(config->service.connect_timeout_ms, 5000);
    ck_assert_int_eq(config->service.max_in_flight, -1);
    ck_assert_int_eq(config->service.document_bytes_max, 8 << 20);
    ck_assert_int_eq(config->cache_bytes_max, 64 << 20);
    ck_assert_int_eq(config->event_bytes_max, 1 << 20);
    ck_assert_int_eq(config->commit_interval_ms, 1000);
    ck_assert_int_eq(config->shutdown_timeout_ms, 30000);
    ck_assert_str_eq(config->admin_listen, "127.0.0.1:9464");
    ck_assert_str_ne(config->worker_name, "");
    ck_assert_int_eq(config->log_level, LOG_INFO);
    config_free(config);
}
END_TEST

START_TEST(retry_defaults_are_those_of_the_design)
{
    struct config *config = config_of(NULL, NULL, NULL);
    const struct config_retry *retry = &config->retry;

    ck_assert_int_eq(retry->attempts, 5);
    ck_assert_uint_eq(retry->backoff_count, 3);
    ck_assert_int_eq(retry->backoff_ms[0], 1000);
    ck_assert_int_eq(retry->backoff_ms[2], 4000);
    ck_assert_int_eq(retry->outage_backoff_max_ms, 60000);
    ck_assert_int_eq(retry->retry_after_max_ms, 300000);
    ck_assert_int_eq(retry->locked_backoff_ms, 15000);
    ck_assert_int_eq(retry->document_give_up_ms, 900000);
    ck_assert_int_eq(retry->locked_give_up_ms, 86400000);
    config_free(config);
}
END_TEST

START_TEST(every_part_of_a_file_is_read)
{
    struct config *config = config_of(
        "version: 1\n"
        "topics: { updates: u, audit: a, dead_letters: d, start: 2026-11-24T10:00:00Z, partitions: 3 }\n"
        "service:\n"
        "  url: https://host/documents/{id}\n"
        "  write: merge-patch\n"
        "  auth: { basic: { user: svc, password: 'p#w' } }\n"
        "  timeout: 1500ms\n"
        "retry: { conflicts: { attempts: 7, backoff: [10ms, 2s] }, document: { give_up: never } }\n"
        "limits: { cache: 0, document: 16MiB }\n"
        "admin: { listen: off }\n"
        "worker: { name: w-1 }\n"
        "log: { level: trace, format: json }\n"
        "skip: [u/3/17, a/b/0/1]\n"
        "fold: { max_events: 7, never: [/state, /parts/*/state] }\n",
        NULL, NULL);

    ck_assert_str_eq(config->path, "a.yaml");
    ck_assert_int_eq(config->topics.start, TOPICS_START_TIME);
    ck_assert_int_eq(config->topics.start_time_ms, INT64_C(1795514400000));
    ck_assert_int_eq(config->topics.partitions, 3);
    ck_assert_int_eq(config->service.write, SERVICE_WRITE_MERGE_PATCH);
    ck_assert_int_eq(config->service.auth.kind, SERVICE_AUTH_BASIC);
    ck_assert_str_eq(config->service.auth.password, "p#w");
    ck_assert_int_eq(config->service.timeout_ms, 1500);
    ck_assert_int_eq(config->retry.attempts, 7);
    ck_assert_uint_eq(config->retry.backoff_count, 2);
    ck_assert_int_eq(config->retry.backoff_ms[0], 10);
    ck_assert_int_eq(config->retry.document_give_up_ms, -1);
    ck_assert_int_eq(config->cache_bytes_max, 0);
    ck_assert_int_eq(config->service.document_bytes_max, 16 << 20);
    ck_assert_ptr_null(config->admin_listen);
    ck_assert_str_eq(config->worker_name, "w-1");
    ck_assert_int_eq(config->log_level, LOG_TRACE);
    ck_assert_int_eq(config->log_format, LOG_JSON);
    ck_assert_uint_eq(config->skip_count, 2);
    ck_assert_str_eq(config->skips[1].topic, "a/b");
    ck_assert_int_eq(config->fold.events_max, 7);
    ck_assert_uint_eq(config->fold.never_count, 2);
    ck_assert_str_eq(config->fold.never[1].data, "/parts/*/state");
    ck_assert_int_eq(config->skips[0].partition, 3);
    ck_assert_int_eq(config->skips[0].offset, 17);
    config_free(config);
}
END_TEST

START_TEST(a_key_without_a_value_is_as_good_as_absent)
{
    struct config *config = config_of("service:\n  timeout:\nkafka:\nmerge:\n  rules:\n", NULL, NULL);

    ck_assert_int_eq(config->service.timeout_ms, 10000);
    config_free(config);
    config_free(config_of("# nothing yet\n", NULL, NULL));
}
END_TEST

START_TEST(an_unknown_key_shows_its_line_and_the_nearest_one)
{
    ck_assert_refused(
        "version: 1\nservice:\n  timout: 10s\n", NULL, NULL,
        "a.yaml:3:3: unknown key 'service.timout'; did you mean 'service.timeout'?\n  timout: 10s\n  ^");
    ck_assert_refused("timeout: 10s\n", NULL, NULL,
                      "a.yaml:1:1: unknown key 'timeout'; did you mean 'service.timeout'?\ntimeout: 10s\n^");
}
END_TEST

START_TEST(a_value_of_the_wrong_type_shows_its_line)
{
    ck_assert_refused(
        "service:\n  timeout: 10\n", NULL, NULL,
        "a.yaml:2:12: service.timeout needs a duration (a number with ms, s, m, h or d)\n  timeout: 10\n"
        "           ^");
    ck_assert_refused(
        "service: { max_in_flight: many }\n", NULL, NULL,
        "a.yaml:1:27: service.max_in_flight needs a whole number\nservice: { max_in_flight: many }\n"
        "                          ^");
    ck_assert_refused("service: 1\n", NULL, NULL,
                      "a.yaml:1:10: service needs a mapping\nservice: 1\n         ^");
    ck_assert_refused("service: { url: [x] }\n", NULL, NULL,
                      "a.yaml:1:17: service.url needs a text\nservice: { url: [x] }\n                ^");
    ck_assert_refused(
        "merge: { partial: yes }\n", NULL, NULL,
        "a.yaml:1:19: merge.partial needs true or false\nmerge: { partial: yes }\n                  ^");
    ck_assert_refused("- a\n", NULL, NULL,
                      "a.yaml:1:1: a configuration is a mapping, \"key: value\"\n- a\n^");
}
END_TEST

START_TEST(a_value_out_of_range_shows_its_line)
{
    ck_assert_refused("version: 2\n", NULL, NULL, "a.yaml:1:10: version must be 1\nversion: 2\n         ^");
    ck_assert_refused(
        "service: {max_in_flight: 0}\n", NULL, NULL,
        "a.yaml:1:26: service.max_in_flight must be from 1 to 10000\nservice: {max_in_flight: 0}\n"
        "                         ^");
    ck_assert_refused("log: {level: inf}\n", NULL, NULL,
                      "a.yaml:1:14: log.level must be trace, debug, info, warn or error; did you mean info?\n"
                      "log: {level: inf}\n             ^");
    ck_assert_refused(
        "retry: {conflicts: {backoff: []}}\n", NULL, NULL,
        "a.yaml:1:30: retry.conflicts.backoff must not be empty\nretry: {conflicts: {backoff: []}}\n"
        "                             ^");
    ck_assert_refused(
        "fold: { never: [/a, b] }\n", NULL, NULL,
        "a.yaml:1:21: fold.never: 'b' is no pattern: does not start with '/'\nfold: { never: [/a, b] }\n"
        "                    ^");
    ck_assert_refused(
        "skip: [u/1/2, u/x/2]\n", NULL, NULL,
        "a.yaml:1:15: skip needs a list of TOPIC/PARTITION/OFFSET\nskip: [u/1/2, u/x/2]\n              ^");
    ck_assert_refused(
        "topics: {audit: \"\"}\n", NULL, NULL,
        "a.yaml:1:17: topics.audit must not be empty\ntopics: {audit: \"\"}\n                ^");
}
END_TEST

START_TEST(an_option_is_set_once)
{
    ck_assert_refused(
        "service: {timeout: 1s}\nservice.timeout: 2s\n", NULL, NULL,
        "a.yaml:2:1: service.timeout is set for the second time, first in line 1\nservice.timeout: 2s\n^");
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_wrong_use)
{
    const struct config_overrides overrides = {0};
    struct config *config = NULL;
    struct error error = {0};

    ck_assert(!config_load("/nowhere/a.yaml", &overrides, &config, &error));
    ck_assert_ptr_null(config);
    ck_assert_int_eq(error.kind, ERROR_USAGE);
    ck_assert_str_eq(error.text, "/nowhere/a.yaml: No such file or directory");
}
END_TEST

START_TEST(the_address_has_a_scheme_a_host_and_a_place_for_the_id)
{
#define URL(url) "service:\n  url: " url "\n"
#define CARET    "\n       ^"
    ck_assert_refused(
        URL("ftp://h/{id}"), NULL, NULL,
        "a.yaml:2:8: service.url must begin with http:// or https://\n  url: ftp://h/{id}" CARET);
    ck_assert_refused(
        URL("http://h/x"), NULL, NULL,
        "a.yaml:2:8: service.url must contain {id}, where the document id is put\n  url: http://h/x" CARET);
    ck_assert_refused(URL("http:///{id}"), NULL, NULL,
                      "a.yaml:2:8: service.url needs a host, and {id} behind it\n  url: http:///{id}" CARET);
    ck_assert_refused(
        URL("http://{id}.h/"), NULL, NULL,
        "a.yaml:2:8: service.url needs a host, and {id} behind it\n  url: http://{id}.h/" CARET);
    ck_assert_refused(URL("http://svc:geheim@h/{id}"), NULL, NULL,
                      "a.yaml:2:8: service.url must not have a user; service.auth is the place for it\n"
                      "  url: http://***@h/{id}" CARET);
}
END_TEST

START_TEST(the_id_of_a_document_has_a_place)
{
    struct config *config = config_of("document: {key: /id, pattern: '(?<a>.)(?<b>.+)'}\n"
                                      "service: {url: 'http://h/{a}/{+b}'}\n",
                                      NULL, NULL);

    ck_assert_int_eq(config->document.from, DOCUMENT_FROM_KEY);
    ck_assert_int_eq(config->document.key, DOCUMENT_KEY_MEMBER);
    ck_assert(bytes_equal(config->document.place, BYTES("/id")));
    ck_assert_str_eq(address_template(config->address), "http://h/{a}/{+b}");
    config_free(config);
    config = config_of(NULL, "document.from=header:ce_subject", NULL);
    ck_assert_int_eq(config->document.from, DOCUMENT_FROM_HEADER);
    ck_assert(bytes_equal(config->document.place, BYTES("ce_subject")));
    ck_assert_ptr_null(config->address);
    config_free(config);
    ck_assert_refused("document: {from: id}\n", NULL, NULL,
                      "a.yaml:1:18: document.from must be key, a pointer (/id) or header:NAME\n"
                      "document: {from: id}\n                 ^");
    ck_assert_refused("document: {from: /~}\n", NULL, NULL,
                      "a.yaml:1:18: document.from: '/~': '~' is followed by neither 0 nor 1\n"
                      "document: {from: /~}\n                 ^");
    ck_assert_refused("document: {key: id}\n", NULL, NULL,
                      "a.yaml:1:17: document.key must be text, json or a pointer (/id)\n"
                      "document: {key: id}\n                ^");
    ck_assert_refused("document: {from: /id, key: json}\n", NULL, NULL,
                      "a.yaml:1:28: document.key says how the Kafka key has the id, which document.from takes from "
                      "elsewhere\ndocument: {from: /id, key: json}\n                           ^");
    ck_assert_refused("document: {pattern: '(?<a>'}\n", NULL, NULL,
                      "a.yaml:1:21: document.pattern: at character 6: missing closing parenthesis\n"
                      "document: {pattern: '(?<a>'}\n                    ^");
    ck_assert_refused("service: {url: 'http://h/{type}'}\n", NULL, NULL,
                      "a.yaml:1:16: service.url has {type}, and document.pattern has no group of that name\n"
                      "service: {url: 'http://h/{type}'}\n               ^");
}
END_TEST

START_TEST(topics_are_different_ones)
{
    ck_assert_refused("topics: {audit: document-updates}\n", NULL, NULL,
                      "a.yaml:1:17: topics.updates and topics.audit must be different topics\n"
                      "topics: {audit: document-updates}\n                ^");
}
END_TEST

START_TEST(the_fingerprint_changes_with_what_decides_how_events_end)
{
    struct config *plain = config_of(NULL, NULL, NULL);
    struct config *same = config_of("service: {url: 'http://h/{id}', timeout: 3s}\n", NULL, NULL);
    struct config *attempts = config_of(NULL, "retry.conflicts.attempts=6", NULL);
    struct config *rule = config_of("merge: {rules: {/a: external, /b: merge}}\n", NULL, NULL);
    struct config *turned = config_of("merge: {rules: {/b: merge, /a: external}}\n", NULL, NULL);
    struct config *other = config_of("merge: {rules: {/a: external, /b: document}}\n", NULL, NULL);

    ck_assert_uint_eq(strlen(plain->fingerprint), 16);
    ck_assert_str_eq(plain->fingerprint, same->fingerprint);
    ck_assert_str_ne(plain->fingerprint, attempts->fingerprint);
    ck_assert_str_ne(plain->fingerprint, rule->fingerprint);
    ck_assert_str_eq(rule->fingerprint, turned->fingerprint);
    ck_assert_str_ne(rule->fingerprint, other->fingerprint);
    config_free(plain);
    config_free(same);
    config_free(attempts);
    config_free(rule);
    config_free(turned);
    config_free(other);
}
END_TEST

UNIT_TESTS("config/load", without_a_file_all_is_default, retry_defaults_are_those_of_the_design,
           every_part_of_a_file_is_read, a_key_without_a_value_is_as_good_as_absent,
           an_unknown_key_shows_its_line_and_the_nearest_one, a_value_of_the_wrong_type_shows_its_line,
           a_value_out_of_range_shows_its_line, an_option_is_set_once,
           a_file_that_cannot_be_read_is_wrong_use, the_address_has_a_scheme_a_host_and_a_place_for_the_id, the_id_of_a_document_has_a_place,
           topics_are_different_ones,
           the_fingerprint_changes_with_what_decides_how_events_end)
