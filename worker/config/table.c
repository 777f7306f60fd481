#include "common/check.h"
#include "config/schema.h"

#include <stddef.h>

#define SECOND INT64_C(1000)
#define HOUR   (3600 * SECOND)
#define DAY    (24 * HOUR)
#define MIB    (INT64_C(1) << 20)

static const char *const topic_formats[] = {"native", "cloudevents", "merge-patch", "json-patch", "debezium", NULL};
static const char *const absents[] = {"reject", "create", "skip", NULL};
static const char *const map_rests[] = {"reject", "drop", "keep", NULL};
static const char *const snapshots[] = {"ignore", "apply", NULL};
static const char *const without_befores[] = {"reject", "all_fields", NULL};
static const char *const preconditions[] = {"profile", "version", "fields", NULL};
static const char *const writes[] = {"profile", "put", "merge-patch", "json-patch", "odata-patch", NULL};
static const char *const client_auths[] = {"basic", "post", NULL};
static const char *const rate_limits_of[] = {"worker", "group", NULL};
static const char *const unprotecteds[] = {"refuse", "allow", NULL};
static const char *const rule_names[] = {
#define X(identifier, name, c2, c3, c4, c5, c6, starred, purpose) name,
    RULES_PLAIN(X) /* one that needs values cannot be the default */
#undef X
        NULL};
static const char *const on_conflicts[] = {"manual", "external", "document", NULL};
static const char *const no_bases[] = {"rule", "external", "document", "conflict", NULL};
static const char *const strategies[] = {"merge", "last_write_wins", NULL};
static const char *const bases[] = {"memory", "event", NULL};
static const char *const base_versions[] = {"hint", "require", NULL};
static const char *const levels[] = {"trace", "debug", "info", "warn", "error", NULL};
static const char *const formats[] = {"text", "json", NULL};

#define AT(member) .offset = offsetof(struct settings, member)
#define TEXT(name, member, value, meaning)                                                                   \
    {                                                                                                        \
        .key = name, .type = OPTION_TEXT, AT(member), .initial = value, .help = meaning                      \
    }
#define SECRET(name, member, meaning)                                                                        \
    {                                                                                                        \
        .key = name, .type = OPTION_SECRET, AT(member), .help = meaning                                      \
    }
#define NUMBER(kind, name, member, value, least, most, meaning)                                              \
    {                                                                                                        \
        .key = name, .type = kind, AT(member), .initial = value, .min = least, .max = most, .help = meaning  \
    }
#define ENUM(name, member, words, value, meaning)                                                            \
    {                                                                                                        \
        .key = name, .type = OPTION_ENUM, AT(member), .names = words, .initial = value, .help = meaning      \
    }

static const struct option_schema options[] = {
    NUMBER(OPTION_INTEGER, "version", version, "1", 1, 1, "Version of this file's format."),

    TEXT("topics.updates", config.topics.updates, "document-updates", "Topic of the events."),
    TEXT("topics.audit", config.topics.audit, "document-audit",
         "Topic of the audit records, one for each event."),
    TEXT("topics.dead_letters", config.topics.dead_letters, "document-dead-letters",
         "Topic of the events that a person must look at."),
    ENUM("topics.format", config.topics.format, topic_formats, "native",
         "Format of the events; see [formats](formats.md). CloudEvents are known by their headers whatever stands here."),
    {.key = "topics.start",
     .type = OPTION_START,
     AT(config.topics.start),
     .absent = "none: a group without committed offsets does not start",
     .help = "Where a consumer group without committed offsets begins: `earliest`, `latest` or a time "
             "(`2026-11-24T10:00:00Z`)."},
    NUMBER(OPTION_INTEGER, "topics.partitions", config.topics.partitions, "12", 1, 100000,
           "Partitions of the updates topic when `ifmatch topics create` makes it."),
    NUMBER(OPTION_INTEGER, "topics.replication", config.topics.replication, "1", 1, 32767,
           "Replicas of each topic that `ifmatch topics create` makes."),

    TEXT("document.from", config.document.from_text, "key",
         "Where an event has the id of its document: the Kafka `key`, a pointer into the value (`/payload/id`) or "
         "`header:NAME`. Events of one document are in order only if producers partition by that id."),
    {.key = "document.key",
     .type = OPTION_TEXT,
     AT(config.document.key_text),
     .absent = "`text`; with `topics.format: debezium` `json`",
     .help = "How the Kafka key has the id: it is the `text`; or `json`, a string, a number, or an object (its only "
             "member, else the object itself); or a pointer into that (`/id`). A schema around it is taken off."},
    {.key = "document.pattern",
     .type = OPTION_TEXT,
     AT(config.document.pattern_text),
     .absent = "none",
     .help = "Regular expression (PCRE2) of whole ids, with named groups for the placeholders of `service.url`: "
             "`(?<type>\\w+)/(?<id>.+)`. An event whose id does not match is rejected."},

    ENUM("document.missing", config.document.missing, absents, "reject",
         "What becomes of an update whose document is not there (404): rejected, or the document is created with the "
         "fields that the event sets, or `skip`: unchanged."),
    ENUM("document.gone", config.document.gone, absents, "reject",
         "The same where the service says that the document was deleted (410)."),
    {.key = "map",
     .type = OPTION_MAP,
     AT(map),
     .absent = "none: fields stay as they are",
     .help = "Field of events to field of documents: a pointer, or `{ to, values, as, unit, scale }`; see "
             "[formats](formats.md#mapping)."},
    ENUM("map_rest", config.map.rest, map_rests, "reject",
         "What becomes of a field that `map` does not name: the event is rejected, the field is not mentioned, or it "
         "stays as it is."),

    ENUM("debezium.snapshot", config.debezium.snapshot, snapshots, "ignore",
         "Rows of a snapshot (`r`): nothing, or a change of all their columns."),
    ENUM("debezium.without_before", config.debezium.without_before, without_befores, "reject",
         "Updates that do not say what was there before (Postgres without `REPLICA IDENTITY FULL`): rejected, or a "
         "change of all columns."),
    TEXT("debezium.unavailable_value", config.debezium.unavailable_value, "__debezium_unavailable_value",
         "What the connector puts for a value that it did not read (`unavailable.value.placeholder`): such a column is "
         "not mentioned."),

    {.key = "service.url",
     .type = OPTION_TEXT,
     AT(config.service.url),
     .absent = "none; `run` needs it",
     .help = "Address of one document, http or https. `{id}` stands for the document id, `{NAME}` for a group of "
             "`document.pattern`; `{+NAME}` keeps `/`, and `{NAME:odata}` doubles `'` for a key of OData."},
    TEXT("service.profile", config.service.profile, "etag",
         "How the service spells versions, preconditions and stale answers: the name of a shipped profile, "
         "or the path "
         "of a file."),
    ENUM("service.write", config.service.write, writes, "profile",
         "How a document is written; `profile`: what the profile says."),
    ENUM("service.precondition", config.service.precondition, preconditions, "profile",
         "What the service holds a write to: the `version`, or only the `fields` that the event names, by `test` "
         "operations of a JSON Patch ([services](services.md)); `profile`: what the profile says."),
    TEXT("service.auth.basic.user", config.service.auth.user, NULL, "User of HTTP Basic authentication."),
    SECRET("service.auth.basic.password", config.service.auth.password, "Password of HTTP Basic authentication."),
    SECRET("service.auth.bearer.token", config.service.auth.token, "Token of HTTP Bearer authentication."),
    TEXT("service.auth.bearer.file", config.service.auth.token_file, NULL,
         "File with that token, read again when it changes (a projected token of Kubernetes)."),
    TEXT("service.auth.oauth2.token_url", config.service.auth.oauth2.token_url, NULL,
         "Endpoint that gives tokens for OAuth2 client credentials; see [security](security.md)."),
    TEXT("service.auth.oauth2.client_id", config.service.auth.oauth2.client_id, NULL, "Who we are there."),
    SECRET("service.auth.oauth2.client_secret", config.service.auth.oauth2.client_secret, "And the secret of it."),
    ENUM("service.auth.oauth2.client_auth", config.service.auth.oauth2.client_auth, client_auths, "basic",
         "How both are sent: as HTTP Basic authentication, or in the body of the request (`post`)."),
    TEXT("service.auth.oauth2.scope", config.service.auth.oauth2.scope, NULL,
         "Scopes to ask for, with spaces between them."),
    TEXT("service.auth.oauth2.audience", config.service.auth.oauth2.audience, NULL,
         "Audience to ask for, where the endpoint wants one."),
    TEXT("service.auth.api_key.header", config.service.auth.api_key_header, "X-API-Key",
         "Header of an API key, beside any other authentication."),
    SECRET("service.auth.api_key.secret", config.service.auth.api_key, "The API key itself."),
    TEXT("service.auth.mtls.certificate_file", config.service.auth.certificate_file, NULL,
         "File of our own certificate and its chain (PEM), for a service that asks for one."),
    {.key = "service.auth.mtls.key_file",
     .type = OPTION_TEXT,
     AT(config.service.auth.key_file),
     .absent = "in the certificate's file",
     .help = "File of its private key (PEM)."},
    SECRET("service.auth.mtls.key_password", config.service.auth.key_password, "Password of that key."),
    TEXT("service.auth.csrf.url", config.service.auth.csrf.url, NULL,
         "Where the service gives a CSRF token; writes carry it, and all requests the cookies of its session."),
    TEXT("service.auth.csrf.header", config.service.auth.csrf.header, "X-CSRF-Token",
         "Header that writes carry it in. Without `value_from` it is asked for by `Fetch` in that header, and stands in "
         "the same one of the answer."),
    TEXT("service.auth.csrf.name_from", config.service.auth.csrf.name_from, NULL,
         "Pointer to that header's name in the answer's JSON, if it is not the one above."),
    TEXT("service.auth.csrf.value_from", config.service.auth.csrf.value_from, NULL,
         "Pointer to the token in the answer's JSON."),
    {.key = "service.ca_file",
     .type = OPTION_TEXT,
     AT(config.service.ca_file),
     .absent = "the system's",
     .help = "File of the certificate authorities (PEM) that may vouch for the service."},
    {.key = "service.proxy",
     .type = OPTION_TEXT,
     AT(config.service.proxy),
     .absent = "none, whatever the environment says",
     .help = "HTTP proxy for requests to the service."},
    NUMBER(OPTION_DURATION, "service.timeout", config.service.timeout_ms, "10s", 1, HOUR,
           "Time of one request, connecting included. What a write did that ran out of it is found out by "
           "reading."),
    NUMBER(OPTION_DURATION, "service.connect_timeout", config.service.connect_timeout_ms, "5s", 1, HOUR,
           "Time to connect to the service."),
    {.key = "service.max_in_flight",
     .type = OPTION_INTEGER,
     AT(config.service.max_in_flight),
     .initial = "auto",
     .none = "auto",
     .min = 1,
     .max = 10000,
     .help = "Requests at the same time; `auto`: as many as the service takes well, by its latency and its overload "
             "answers, at most 256."},
    {.key = "service.rate_limit",
     .type = OPTION_INTEGER,
     AT(config.service.rate_limit),
     .initial = "off",
     .none = "off",
     .min = 1,
     .max = 1000000,
     .help = "Requests in a second."},
    ENUM("service.rate_limit_of", config.service.rate_limit_of, rate_limits_of, "worker",
         "Whose limit `rate_limit` is: each worker's, or the whole `group`'s, of which each worker takes the share of "
         "its partitions."),
    ENUM("service.unprotected", config.service.unprotected, unprotecteds, "refuse",
         "What to do with a document that has no version to write under: `allow` writes it without "
         "protection against "
         "lost updates."),

    {.key = "merge.rules",
     .type = OPTION_RULES,
     AT(rules),
     .absent = "none",
     .help = "Pattern to rule, or to `{ rule, on_conflict, on_delete_conflict, no_base, group, compare }`, where a rule with values stands for `rule` "
             "(`rank: [A, B]`); see [rules](rules.md)."},
    ENUM("merge.default", merge_default, rule_names, "merge", "Rule of a field that no pattern matches."),
    ENUM("merge.strategy", strategy, strategies, "merge",
         "`last_write_wins` makes `external` the default rule; the rules of patterns stand."),
    ENUM("merge.on_conflict", on_conflict, on_conflicts, "manual",
         "Where a conflict goes: to a person by the dead-letter topic, or to one of the sides."),
    ENUM("merge.no_base", no_base, no_bases, "rule",
         "What becomes of a field whose base nobody knows; `rule`: what its rule says."),
    ENUM("merge.base", base, bases, "memory",
         "`event`: only what events carry is a base, not what this worker remembers of its own writes."),
    ENUM("merge.base_version", base_version, base_versions, "hint",
         "`require`: an event whose `base_version` is not the document's is a conflict."),
    {.key = "merge.partial",
     .type = OPTION_BOOLEAN,
     AT(partial),
     .initial = "false",
     .help = "Write the fields without conflict although others of the event are in conflict."},

    NUMBER(OPTION_INTEGER, "fold.max_events", config.fold.events_max, "4096", 1, 1000000,
           "Events of one document that wait for it and are written together, each with a record and decisions of its "
           "own; 1: one by one."),
    NUMBER(OPTION_BYTES, "fold.max_bytes", config.fold.bytes_max, "1MiB", 1, 1024 * MIB,
           "And their bytes in all; a larger event is written alone."),
    {.key = "fold.never",
     .type = OPTION_PATTERNS,
     AT(config.fold),
     .initial = "[]",
     .help = "Patterns of fields, as in `merge.rules`: an event that changes such a field (a life-cycle state, say) is "
             "written alone, so that the service sees every value."},

    NUMBER(OPTION_INTEGER, "retry.conflicts.attempts", config.retry.attempts, "5", 1, 1000,
           "Attempts at a document whose writes are answered stale, the first included."),
    NUMBER(OPTION_DURATIONS, "retry.conflicts.backoff", config.retry.backoff_ms, "[1s, 2s, 4s]", 0, HOUR,
           "Waits before the second, third, ... attempt, each with jitter; the last one repeats."),
    NUMBER(OPTION_INTEGER, "retry.conflicts.share", config.retry.share_percent, "20", 1, 100,
           "Attempts after a stale answer, in percent of all first requests to the service, so that many writers who "
           "retry do not bring it down; 10 in a second are always allowed."),
    NUMBER(OPTION_DURATION, "retry.outage.probe_max", config.retry.probe_max_ms, "30s", 1000, HOUR,
           "The longest pause between two probes while the service is down for all documents: one request at a time "
           "asks whether it is back."),
    NUMBER(OPTION_DURATION, "retry.outage.backoff_max", config.retry.outage_backoff_max_ms, "60s", 1, DAY,
           "The longest wait between attempts while the service is down."),
    NUMBER(OPTION_DURATION, "retry.retry_after_max", config.retry.retry_after_max_ms, "300s", 0, DAY,
           "The longest `Retry-After` of the service that is obeyed."),
    NUMBER(OPTION_DURATION, "retry.locked.backoff", config.retry.locked_backoff_ms, "15s", 1, DAY,
           "Wait before the next attempt at a document that somebody has locked."),
    {.key = "retry.document.give_up",
     .type = OPTION_DURATION,
     AT(config.retry.document_give_up_ms),
     .initial = "15m",
     .none = "never",
     .min = 1,
     .max = 365 * DAY,
     .help = "A document that alone fails for so long is given up (`exhausted`)."},
    {.key = "retry.locked.give_up",
     .type = OPTION_DURATION,
     AT(config.retry.locked_give_up_ms),
     .initial = "24h",
     .none = "never",
     .min = 1,
     .max = 365 * DAY,
     .help = "A document that is locked for so long is given up (`exhausted`)."},

    {.key = "dead_letters.flood",
     .type = OPTION_INTEGER,
     AT(config.flood_percent),
     .initial = "20",
     .none = "off",
     .min = 1,
     .max = 99,
     .help = "More than this percentage of the last 500 events rejected or exhausted, at least 50 of them: everything "
             "stands still, and what is not out yet stays, until `ifmatch ctl resume` or a restart."},
    {.key = "dead_letters.flood_conflicts",
     .type = OPTION_INTEGER,
     AT(config.flood_conflicts_percent),
     .initial = "50",
     .none = "off",
     .min = 1,
     .max = 99,
     .help = "The same for conflicts, at least 200 of them."},

    NUMBER(OPTION_BYTES, "memory.limit", config.memory_bytes_max, "256MiB", 16 * MIB, 1024 * 1024 * MIB,
           "Memory for events, copies of documents, requests and records in all; near it no more events are taken."),
    NUMBER(OPTION_BYTES, "limits.repeats", config.repeats_bytes_max, "4MiB", 0, 1024 * MIB,
           "Memory of each partition for ids and sequences of events that have ended, by which `duplicate` and "
           "`outdated` ones are known."),
    NUMBER(OPTION_BYTES, "limits.event", config.event_bytes_max, "1MiB", 1024, 1024 * MIB,
           "The largest event; a larger one is `rejected`."),
    NUMBER(OPTION_BYTES, "limits.document", config.service.document_bytes_max, "8MiB", 1024, 1024 * MIB,
           "The largest document that is read."),
    NUMBER(OPTION_BYTES, "limits.cache", config.cache_bytes_max, "64MiB", 0, 1024 * 1024 * MIB,
           "Memory for copies of documents; 0: every update reads."),
    NUMBER(OPTION_BYTES, "limits.events_held", config.events_held_bytes_max, "64MiB", MIB, 1024 * 1024 * MIB,
           "Memory for events that are received and not finished; then no more are fetched."),
    NUMBER(OPTION_INTEGER, "limits.partition_events", config.partition_events_max, "10000", 1, 1000000,
           "Events of one partition that are received and not finished."),

    NUMBER(OPTION_DURATION, "commit.interval", config.commit_interval_ms, "1s", 1, HOUR,
           "How often offsets are committed."),
    NUMBER(OPTION_DURATION, "shutdown.timeout", config.shutdown_timeout_ms, "30s", 0, HOUR,
           "Time for updates in flight to end after SIGTERM."),
    {.key = "admin.listen",
     .type = OPTION_TEXT,
     AT(config.admin_listen),
     .initial = "127.0.0.1:9464",
     .none = "off",
     .help = "Address of health and metrics (HTTP)."},
    {.key = "admin.socket",
     .type = OPTION_TEXT,
     AT(config.admin_socket),
     .initial = "off",
     .none = "off",
     .help = "Path of the unix socket (mode 0600) for `ifmatch ctl`. Off by default: no path can be written "
             "everywhere (a read-only root file system, a user without /run), and two workers on one machine "
             "need two paths. In a container, `/tmp/ifmatch.sock` is a good one."},
    {.key = "worker.name",
     .type = OPTION_TEXT,
     AT(config.worker_name),
     .absent = "the host's name",
     .help = "Name of this worker in records."},
    ENUM("log.level", config.log_level, levels, "info", "The least level that is logged."),
    {.key = "log.format",
     .type = OPTION_ENUM,
     AT(config.log_format),
     .names = formats,
     .absent = "`text` on a terminal, else `json`",
     .help = "Lines for people, or one JSON object each."},
    {.key = "skip",
     .type = OPTION_SKIPS,
     AT(config.skips),
     .initial = "[]",
     .help = "Events to leave out, each `TOPIC/PARTITION/OFFSET`: they end `rejected`, reason "
             "`skipped_by_operator`."},
};

_Static_assert(sizeof(options) / sizeof(options[0]) <= SCHEMA_OPTIONS_MAX,
               "struct settings has a node for each");

size_t schema_count(void)
{
    return sizeof(options) / sizeof(options[0]);
}

const struct option_schema *schema_at(size_t index)
{
    ensure(index < schema_count());
    return &options[index];
}

size_t schema_index(const struct option_schema *option)
{
    return (size_t)(option - options);
}
