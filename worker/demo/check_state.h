#ifndef IFMATCH_DEMO_CHECK_STATE_H
#define IFMATCH_DEMO_CHECK_STATE_H

#include "demo/check.h"

#include <uthash.h>

/* For check*.c alone. Texts are kept as they came; a document's are parsed when its turn comes. */

struct attempt {
    struct bytes version; /* that a write was sent with, or that a read found */
    struct bytes found;
    bool is_write;
    bool is_stale;
    bool has_failed; /* a write that was refused, or of which nothing was heard */
};

struct ruling {
    struct bytes field;
    enum model_rule rule;
    enum model_case kase;
    enum model_base_from base_from;
    enum model_result decided;
    struct model_value base, theirs, ours;
    struct model_value result; /* what the document gets */
    struct bytes note;
    bool is_written;
    bool is_superseded;    /* by a later mate of the fold, the event at this offset: */
    int64_t superseded_by;
    bool is_parsed; /* all words are known */
};

struct audit {
    struct audit *next; /* of the same document, in order of arrival */
    struct bytes text;
    int64_t place; /* offset in the audit topic */
    int32_t partition;
    int64_t offset; /* of the event */
    int64_t received_ms;
    int outcome; /* enum check_outcome, -1: unknown */
    /* parsed with the document */
    struct bytes reason, worker;
    int64_t folded, position; /* how many events ended together; which of them this one is, from 1 on */
    struct bytes before, after; /* versions */
    struct ruling *rulings;
    size_t ruling_count;
    size_t attempt_count;
    struct attempt *attempts;
    struct fold *fold;
    struct audit *next_mate; /* by position */
    struct bytes met;        /* the document with what the mates before this one decided; absent: not known */
};

/* The records of the events that ended together, merged one after the other onto one version of the document and
 * written once. Most have a single mate. */
struct fold {
    struct fold *next;    /* of the same document, the newest first */
    struct audit *mates;  /* at least one */
    struct bytes before;  /* the document at the version that was read; absent: the log does not know it */
    struct bytes after;   /* with what all mates decided */
    struct change_write *write; /* the one that has the mates' version `after` */
    bool has_gap;         /* the record of a mate is not there */
};

struct change_write {
    struct change_write *next;
    struct bytes text;
    /* parsed with the document */
    int64_t seq, at_ms;
    bool is_foreign, is_applied, is_answer_lost, is_request_lost;
    struct bytes version_before, version_after;
    struct bytes before, after; /* documents */
    struct fold *fold;          /* whose records name it */
};

struct sent_event {
    UT_hash_handle hh;
    struct {
        int64_t offset;
        int64_t partition;
    } key;
    struct sent_event *next; /* of the same document, by offset when sorted */
    struct check_subject *document;
    struct bytes value;
    struct audit *first; /* lowest place */
    size_t records, letters, letter_records;
    bool has_strange_letter;
    /* parsed with the document */
    bool is_good;
    struct bytes id, source, sequence, time;
    struct bytes base_version;
    struct model_change *changes;
    size_t change_count;
};

/* An event of which a record came. */
struct recorded {
    UT_hash_handle hh;
    struct {
        int64_t offset;
        int64_t partition;
    } key;
    bool has_effect; /* it ended applied, merged or unchanged */
};

struct letter {
    struct letter *next;
    int64_t partition, offset;
    struct bytes outcome, value;
};

/* A place of the document that some write changed. */
struct leaf {
    struct leaf *next;
    struct bytes pointer;
    bool is_foreign; /* its last writer */
};

struct check_subject {
    UT_hash_handle hh;
    struct bytes id;
    struct bytes initial, final;
    struct sent_event *events, *last_event;
    struct audit *audits, *last_audit; /* by place when sorted */
    struct fold *folds;
    struct change_write *writes, *last_write;
    struct leaf *leaves;
};

struct check {
    struct arena *arena;
    struct arena *scratch; /* of the document at hand */
    const struct model_rules *rules;
    struct check_subject *documents;
    struct sent_event *events; /* by partition and offset */
    struct letter *letters;
    struct recorded *recorded;
    int64_t *kills; /* wall times */
    size_t kill_count;
    struct check_result result;
};

#define CHECK_DOCUMENT_LIMITS                                                                                \
    ((struct json_limits){.size_max = 64 << 20, .depth_max = 64, .members_max = 1000000})

/* Counts into `*counter` and keeps the sentence: "document D, offset O, /field: ...". `event` may be NULL. */
void check_fault(struct check *check, size_t *counter, const struct check_subject *document,
                 const struct sent_event *event, const char *format, ...)
    __attribute__((format(__printf__, 5, 6)));

/* check_parse.c */
bool parse_scan(struct arena *arena, struct bytes text, struct json *ret_json);
struct bytes parse_string(const struct json *json, uint32_t object, const char *name, struct arena *arena);
bool parse_int(const struct json *json, uint32_t object, const char *name, int64_t *ret_value);
void parse_event(struct arena *arena, struct sent_event *event);
void parse_audit(struct arena *arena, struct audit *audit);
bool parse_write(struct arena *arena, struct change_write *write);

/* check_events.c: records and dead letters of a document's events, their order. */
void check_events(struct check *check, struct check_subject *document);
struct sent_event *check_event_of(struct check *check, int64_t partition, int64_t offset);
/* Did a record say that the event ended applied, merged or unchanged? */
bool check_had_effect(const struct check *check, const struct sent_event *event);
/* Could a killed worker have had the event in hand? */
bool check_in_doubt(const struct check *check, const struct sent_event *event);

/* check_repeats.c: why the event may not have ended duplicate or outdated; NULL: it may. */
const char *check_repeat(const struct check *check, const struct sent_event *event, const struct audit *audit);

/* check_folds.c */
void folds_gather(struct check *check, struct check_subject *document);
/* Complete, in order, what each mate met, and which of its values a later one replaced. After check_link. */
void check_folds(struct check *check, struct check_subject *document);
/* Is the value decided for ours a part of what the next mate of the fold meets? */
bool ruling_stands(const struct audit *audit, const struct ruling *ruling);
bool is_folded_away(const struct audit *audit);

/* check_decisions.c */
void check_decisions(struct check *check, struct check_subject *document);
/* What the event brings for `field`, which lies at or below one of its changes. False: the event does not mention it. */
bool event_values(const struct sent_event *event, struct bytes field, struct model_value *ret_ours,
                  struct model_value *ret_base);
/* The value of `whole` at `rest` below it. */
struct model_value part_of(struct model_value whole, struct bytes rest);

/* The document as it was at a version; absent: the log does not know it. */
struct bytes document_at(const struct check_subject *document, struct bytes version);

/* check_leaves.c: the places where two states of a document differ, objects by member. */
struct leaf *leaves_changed(struct arena *arena, struct bytes before, struct bytes after);

/* check_writes.c: finds the fold of each write. */
void check_link(struct check *check, struct check_subject *document);
/* The log against records, states and versions. */
void check_writes(struct check *check, struct check_subject *document);

#endif
