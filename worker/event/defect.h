#ifndef IFMATCH_EVENT_DEFECT_H
#define IFMATCH_EVENT_DEFECT_H

#include "common/bytes.h"

/* Why bytes from the updates topic are no event: one table. engine/words.h builds the reasons of records from it,
 * docs are generated from it. Columns: identifier, name in records, sentence for people. */
#define EVENT_DEFECTS(X)                                                                                     \
    X(NOT_JSON, "not_json", "the value is not JSON (RFC 8259, UTF-8, no duplicate keys, no trailing text)")   \
    X(TOO_LARGE, "too_large", "the value is larger or deeper than the configured limits")                    \
    X(NO_VALUE, "no_value", "the Kafka value is null")                                                       \
    X(NO_KEY, "no_key", "the Kafka key, or what else the document id is taken from, is missing or empty")       \
    X(BAD_DOCUMENT, "bad_document", "the document id cannot be put into a URL safely")                       \
    X(KEY_MISMATCH, "key_mismatch", "what the event calls its document differs from its document id")        \
    X(BAD_EVENT, "bad_event", "a member is unknown, missing or of the wrong type")                           \
    X(NO_CHANGES, "no_changes", "the event names no field to change: neither to set nor to remove")           \
    X(BAD_POINTER, "bad_pointer", "a field is not a JSON Pointer (RFC 6901)")                                \
    X(OVERLAP, "overlap", "one pointer of the event is a prefix of another")                                 \
    X(NO_BEFORE, "no_before", "the database change does not say what was there before it")                   \
    X(NOT_AN_UPDATE, "not_an_update", "the record is in order and asks for nothing: a heartbeat, a tombstone, a snapshot") \
    X(UNSUPPORTED, "unsupported_operation", "what the operation needs to know of the document, the event does not say")

enum event_defect {
    EVENT_DEFECT_NONE,
#define X(identifier, name, sentence) EVENT_DEFECT_##identifier,
    EVENT_DEFECTS(X)
#undef X
};

#define EVENT_DEFECT_DETAIL_SIZE 256

/* What is wrong and where. `offset` is a byte offset in the value, or SIZE_MAX where none applies. */
struct event_fault {
    enum event_defect defect;
    size_t offset;
    char detail[EVENT_DEFECT_DETAIL_SIZE]; /* UTF-8, names the place; no more of the event's bytes than needed */
};

#endif
