#ifndef IFMATCH_CONFIG_CONFIG_H
#define IFMATCH_CONFIG_CONFIG_H

#include "address/address.h"
#include "common/error.h"
#include "common/log.h"
#include "event/map.h"
#include "merge/rules.h"

/* The whole configuration as typed values, ready to use. config/table.c is the one table of options: from it
 * come the parser, --set, IFMATCH_* variables, docs/configuration.md and the messages about unknown keys. */

/* A property handed to librdkafka as it is. */
struct property {
    char *name;
    char *value;
    char *place; /* "ifmatch.yaml:12:3", "-X", for messages */
    char *lines; /* "\n" and the line itself with a caret below, without secrets; "": in no file */
};

struct properties {
    struct property *items;
    size_t count;
};

enum topics_start { TOPICS_START_UNSET, TOPICS_START_EARLIEST, TOPICS_START_LATEST, TOPICS_START_TIME };
enum topics_format { TOPICS_NATIVE, TOPICS_CLOUDEVENTS, TOPICS_MERGE_PATCH, TOPICS_JSON_PATCH, TOPICS_DEBEZIUM };
enum document_from { DOCUMENT_FROM_KEY, DOCUMENT_FROM_VALUE, DOCUMENT_FROM_HEADER };
enum document_key { DOCUMENT_KEY_BY_FORMAT, DOCUMENT_KEY_TEXT, DOCUMENT_KEY_JSON, DOCUMENT_KEY_MEMBER };
enum document_absent { DOCUMENT_ABSENT_REJECT, DOCUMENT_ABSENT_CREATE, DOCUMENT_ABSENT_SKIP };
enum debezium_snapshot { DEBEZIUM_SNAPSHOT_IGNORE, DEBEZIUM_SNAPSHOT_APPLY };
enum debezium_without_before { DEBEZIUM_WITHOUT_BEFORE_REJECT, DEBEZIUM_WITHOUT_BEFORE_ALL_FIELDS };
enum service_precondition { PRECONDITION_PROFILE, PRECONDITION_VERSION, PRECONDITION_FIELDS };
enum service_write {
    SERVICE_WRITE_PROFILE,
    SERVICE_WRITE_PUT,
    SERVICE_WRITE_MERGE_PATCH,
    SERVICE_WRITE_JSON_PATCH,
    SERVICE_WRITE_ODATA_PATCH
};
enum service_auth {
    SERVICE_AUTH_NONE,
    SERVICE_AUTH_BASIC,
    SERVICE_AUTH_BEARER,
    SERVICE_AUTH_BEARER_FILE,
    SERVICE_AUTH_OAUTH2,
};
enum oauth2_client_auth { OAUTH2_CLIENT_BASIC, OAUTH2_CLIENT_POST };
enum unprotected { UNPROTECTED_REFUSE, UNPROTECTED_ALLOW };

struct config_kafka {
    struct properties common; /* below `kafka:`, for both clients */
    struct properties consumer;
    struct properties producer;
};

struct config_topics {
    char *updates;
    char *audit;
    char *dead_letters;
    enum topics_format format; /* of the updates */
    enum topics_start start;
    int64_t start_time_ms; /* TOPICS_START_TIME */
    int64_t partitions;    /* for `topics create` */
    int64_t replication;
};

/* Where the id of an event's document is. */
struct config_document {
    char *from_text; /* as it is written: "key", a pointer, "header:NAME" */
    char *key_text;  /* "text", "json", a pointer; NULL: by the format */
    char *pattern_text; /* NULL: none */
    enum document_from from;
    enum document_key key;
    struct bytes place; /* pointer or name of the header, in one of the texts */
    struct id_pattern *pattern; /* NULL: none */
    enum document_absent missing; /* an update finds none */
    enum document_absent gone;
};

/* What the format `debezium` leaves open. */
struct config_debezium {
    enum debezium_snapshot snapshot;
    enum debezium_without_before without_before;
    char *unavailable_value;
};

/* Client credentials, for a token from an endpoint. */
struct config_oauth2 {
    char *token_url;
    char *client_id;
    char *client_secret;
    char *scope;
    char *audience;
    enum oauth2_client_auth client_auth;
};

/* A nonce that writes carry, and the session that it belongs to. */
struct config_csrf {
    char *url; /* of the service; NULL: none is needed */
    char *header;
    char *name_from;  /* JSON Pointers in the answer; NULL: see service/csrf.h */
    char *value_from;
};

/* How the service knows us. All but `kind` may come together. */
struct config_auth {
    enum service_auth kind; /* what stands in Authorization */
    char *user;
    char *password;
    char *token; /* bearer */
    char *token_file;
    struct config_oauth2 oauth2;
    char *api_key_header;
    char *api_key;
    char *certificate_file; /* of our own (PEM) */
    char *key_file;
    char *key_password;
    struct config_csrf csrf;
};

#define SERVICE_IN_FLIGHT_AUTO_MAX 256

enum rate_limit_of { RATE_LIMIT_OF_WORKER, RATE_LIMIT_OF_GROUP };

struct config_service {
    char *url;     /* with placeholders; `address` has it ready to use */
    char *profile; /* name of a shipped one, or a path */
    enum service_write write;
    enum service_precondition precondition;
    struct config_auth auth;
    char *ca_file; /* NULL: the system's */
    char *proxy;   /* NULL: none, whatever the environment says */
    int64_t timeout_ms;
    int64_t connect_timeout_ms;
    int64_t max_in_flight; /* -1: auto, up to SERVICE_IN_FLIGHT_AUTO_MAX */
    int64_t rate_limit;    /* requests in a second; -1: none */
    enum rate_limit_of rate_limit_of;
    int64_t document_bytes_max;
    enum unprotected unprotected;
};

struct config_retry {
    int64_t attempts;
    int64_t *backoff_ms;
    size_t backoff_count;
    int64_t share_percent; /* of retries after stale answers */
    int64_t probe_max_ms;
    int64_t outage_backoff_max_ms;
    int64_t retry_after_max_ms;
    int64_t locked_backoff_ms;
    int64_t document_give_up_ms; /* -1: never */
    int64_t locked_give_up_ms;   /* -1: never */
};

/* Events of one document in one write. */
struct config_fold {
    int64_t events_max;
    int64_t bytes_max;
    struct bytes *never; /* patterns; the bytes are owned */
    size_t never_count;
};

struct config_skip {
    char *topic;
    int32_t partition;
    int64_t offset;
};

struct config {
    char *path; /* of the file; NULL: none */
    struct config_kafka kafka;
    struct config_topics topics;
    struct config_document document;
    struct event_map map;
    struct arena *map_arena; /* of its entries; NULL: there are none */
    struct address *address; /* of service.url and document.pattern; NULL: there is no url */
    struct config_debezium debezium;
    struct config_service service;
    struct rules *rules;
    struct config_retry retry;
    struct config_fold fold;
    int64_t flood_percent;           /* -1: off */
    int64_t flood_conflicts_percent; /* -1: off */
    int64_t memory_bytes_max;
    int64_t repeats_bytes_max;
    int64_t cache_bytes_max;
    int64_t event_bytes_max;
    int64_t events_held_bytes_max;
    int64_t partition_events_max;
    int64_t commit_interval_ms;
    int64_t shutdown_timeout_ms;
    char *admin_listen; /* "127.0.0.1:9464"; NULL: off */
    char *admin_socket; /* path of a unix socket; NULL: off */
    char *worker_name;  /* in records; default: the host's name */
    enum log_level log_level;
    enum log_format log_format; /* default: text on a terminal, else json */
    struct config_skip *skips;
    size_t skip_count;
    char fingerprint[17]; /* of everything that decides how events end: `config` in records */
};

/* What the command line adds: each wins over the file and over IFMATCH_* variables. */
struct config_overrides {
    const char *const *sets; /* "key=value" */
    size_t set_count;
    const char *const *properties; /* -X "name=value": librdkafka's */
    size_t property_count;
};

/* Loads, expands ${VAR}, ${VAR:-default}, ${VAR:?message}, ${file:PATH} in scalars, applies IFMATCH_KEY
 * variables and the overrides, checks everything. `path` NULL: only defaults and overrides. On failure
 * `error` (ERROR_USAGE) names file, line, column and shows the line itself; unknown keys name the nearest
 * known one. The caller frees with config_free. */
bool config_load(const char *path, const struct config_overrides *overrides, struct config **ret_config,
                 struct error *error);
void config_free(struct config *config); /* NULL is fine */
/* "ifmatch.yaml: WHAT" as ERROR_USAGE, where something without a default is not there; returns false. */
bool config_lacks(const struct config *config, const char *what, struct error *error);

/* docs/configuration.md, made from the table. */
struct buffer;
void config_document(struct buffer *out);

#endif
