#ifndef IFMATCH_EVENT_READING_H
#define IFMATCH_EVENT_READING_H

#include "event/event.h"
#include "event/fields.h"

/* For this room alone: one record that is being read. Each format is one function that fills `event`, or sets `fault`
 * and returns false. */
struct reading {
    const struct event_input *input;
    const struct event_limits *limits;
    struct arena *arena;
    struct json json; /* what was scanned last */
    struct fields fields;
    struct event event;
    struct event_fault *fault;
};

bool native_read(struct reading *reading);
bool merge_patch_read(struct reading *reading);
bool json_patch_read(struct reading *reading);
bool cloudevents_read(struct reading *reading);
bool debezium_read(struct reading *reading);

/* The same for an event within another text: the value at `index` of what was scanned. */
bool native_read_value(struct reading *reading, uint32_t index);
bool merge_patch_read_value(struct reading *reading, uint32_t index);
bool json_patch_read_value(struct reading *reading, uint32_t index);

/* Does a header say that the record is a CloudEvent? */
bool cloudevents_is(const struct reading *reading);

/* --- identity.c --- */
/* Finds the document id where the topic says; in the value, which is scanned then. */
bool reading_identify(struct reading *reading);
/* Both: the document id, and the value scanned. */
bool reading_begin(struct reading *reading);
#define IDENTITY_PLACE_SIZE 128
/* "the Kafka key", "the header NAME": for people. */
const char *identity_place(const struct event_identity *identity, char text[IDENTITY_PLACE_SIZE]);
/* With schemas a JSON converter puts {"schema", "payload"} around what it writes: the index of what is in it, else 0. */
uint32_t payload_of(const struct json *json);

/* --- reading.c --- */
/* Scans the record's value, without Confluent's framing. */
bool reading_scan_value(struct reading *reading);
/* A key or a value without the framing, if there is one and JSON stands behind it. */
struct bytes reading_unframed(struct bytes text);
bool reading_scan(struct reading *reading, struct bytes text);

/* The fields as the topic maps them become the changes of the event; `nothing` is the detail where nothing changes. */
bool reading_finish(struct reading *reading, const char *nothing);

/* The last header of this name (case of letters aside), or absent. */
struct bytes reading_header(const struct reading *reading, struct bytes name);
/* The same as text that may stand in a record: UTF-8 without control characters, or the fault is set. */
bool reading_header_text(struct reading *reading, const char *name, struct bytes *ret_text);
/* A content-type without its parameters. */
struct bytes reading_media_type(struct bytes content_type);
/* What the header `base_version` says, for formats that have no place for it. */
bool reading_base_version(struct reading *reading);

const char *reading_kind(const struct reading *reading, uint32_t index); /* "an array" */
bool reading_wrong_kind(struct reading *reading, uint32_t index, const char *name, const char *wanted);
/* The text of the string at `index`. */
bool reading_text(struct reading *reading, uint32_t index, const char *name, struct bytes *ret_text);

#endif
