#ifndef IFMATCH_EVENT_EVENT_H
#define IFMATCH_EVENT_EVENT_H

#include "address/address.h"
#include "common/json_scan.h"
#include "event/defect.h"
#include "event/header.h"
#include "event/map.h"

/* An event: the changes that one Kafka record asks for. Every format becomes this struct; nothing behind this room
 * knows of formats. All bytes point into the record's value or key, or into the arena that was given. */

/* What is known of the value that the producer last saw. */
enum base_known {
    BASE_UNKNOWN,
    BASE_VALUE,   /* `base` is its JSON text */
    BASE_MISSING, /* the producer saw that the field did not exist */
};

/* One field of an event. `ours` absent: the field is to be removed. A guard is a base for a field that the event does
 * not change: if the document differs from it, that is a conflict; `ours` means nothing then. */
struct change {
    struct bytes field; /* JSON Pointer */
    struct bytes ours;  /* JSON text */
    struct bytes base;
    enum base_known base_known;
    bool is_guard;
};

/* What an event asks of the document as a whole. */
enum event_operation {
    OPERATION_UPDATE,
    OPERATION_CREATE, /* its changes are the document, which is not there yet */
    OPERATION_DELETE, /* it has guards only: what the producer saw of the document */
    OPERATION_UPSERT, /* an update, or a create where there is no document */
};
const char *event_operation_name(enum event_operation operation);

struct event {
    enum event_operation operation;
    struct bytes document; /* the document id */
    struct bytes id;       /* absent: topic/partition/offset stand in */
    struct bytes source;
    struct bytes time;
    struct bytes actor;
    struct bytes sequence;
    struct bytes base_version; /* unescaped text of the version */
    const struct change *changes; /* in the order of the event; guards behind the changes */
    size_t change_count;          /* guards included */
};

enum event_format {
    EVENT_FORMAT_NATIVE,
    EVENT_FORMAT_CLOUDEVENTS, /* 1.0, structured or binary; inside it the native format, a merge patch or a JSON Patch */
    EVENT_FORMAT_MERGE_PATCH, /* RFC 7396 */
    EVENT_FORMAT_JSON_PATCH,  /* RFC 6902 */
    EVENT_FORMAT_DEBEZIUM,    /* its envelope, as JSON */
};

enum identity_from { IDENTITY_FROM_KEY, IDENTITY_FROM_VALUE, IDENTITY_FROM_HEADER };

/* How the Kafka key has the id. */
enum identity_key {
    IDENTITY_KEY_BY_FORMAT, /* as JSON for Debezium, else as text */
    IDENTITY_KEY_TEXT,      /* it is the id */
    IDENTITY_KEY_JSON,      /* a string or number; an object's only member, or itself; with or without its schema */
    IDENTITY_KEY_MEMBER,    /* what stands at `place` in JSON */
};

/* Where the document id of a record is. */
struct event_identity {
    enum identity_from from;
    enum identity_key key;
    struct bytes place;            /* a JSON Pointer in the value or the key, or the name of the header */
    const struct address *address; /* takes the id, or the record is no event; NULL: any valid id is taken */
};

/* What the configuration says of the updates topic; all zero is the default. */
struct event_topic {
    enum event_format format;          /* of records whose headers name none */
    struct event_identity identity;
    struct event_map map;
    bool debezium_applies_snapshots;   /* `r` is a change of all fields, instead of nothing */
    bool debezium_takes_without_before; /* `u` without `before` is a change of all fields, instead of a defect */
    struct bytes debezium_unavailable; /* stands for a value that was not read; absent: Debezium's own default */
};

/* A Kafka record as it came. Absent and empty key or value differ. */
struct event_input {
    struct bytes key;
    struct bytes value;
    const struct header *headers;
    size_t header_count;
    struct event_topic topic;
};

struct event_limits {
    struct json_limits json; /* default: 1 MiB, depth 64 */
    size_t document_id_max;  /* bytes; default 256 */
};

#define EVENT_LIMITS_DEFAULT ((struct event_limits){.json = JSON_LIMITS_DEFAULT, .document_id_max = 256})

/* The format is that of the topic, except where a header says: CloudEvents (content-type application/cloudevents+json, or
 * ce_specversion), application/merge-patch+json, application/json-patch+json. The native one:
 *   {"id","source","document","changes":{pointer:value},"remove":[pointer],"base":{pointer:value},
 *    "base_missing":[pointer],"base_version","time","actor","sequence","operation":"update"|"create"|"delete"|"upsert"}
 * Only `changes` or `remove` is required; a create has `changes` alone, a delete has neither. Names beginning with "x-" are free; any other name is BAD_EVENT.
 * The document id is the Kafka key, or where the topic says. It is refused where it cannot become a part of a URL safely:
 * empty, ".", "..", control characters, not UTF-8, too long, or not taken by the address.
 * Confluent's framing before JSON is passed over; offsets count behind it.
 * True: `ret_event` is filled. False: `ret_fault` says why; `ret_event` is untouched. One defect is nobody's fault:
 * NOT_AN_UPDATE is a record that is in order and asks for nothing. */
bool event_parse(const struct event_input *input, const struct event_limits *limits, struct arena *arena,
                 struct event *ret_event, struct event_fault *ret_fault);

/* The document id of a key alone, as event_parse finds it; only for IDENTITY_FROM_KEY. */
bool event_identify(struct bytes key, const struct event_topic *topic, struct arena *arena, struct bytes *ret_document,
                    struct event_fault *ret_fault);

/* Is this id safe as one path segment, a header value and a log line? `ret_why` is static text. */
bool event_document_is_valid(struct bytes document, size_t size_max, const char **ret_why);

#endif
