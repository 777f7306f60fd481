#include "command/demo_topics.h"

#include "common/clock.h"
#include "common/memory.h"
#include "kafka/topics.h"

#include <stdlib.h>
#include <string.h>

#define PARTITIONS_MAX 64

/* One topic: the offsets that come next. */
struct stream {
    int64_t next[PARTITIONS_MAX];
};

struct demo_topics {
    struct check *check;
    struct producer *producer;
    struct tail *records; /* audit and dead letters */
    struct tail *events;  /* updates, in the place of the audit topic */
    struct stream updates, audit, letters;
    FILE *ledger; /* NULL: none */
    struct demo_counts counts;
};

struct demo_topics *demo_topics_new(const struct config *config, const struct config *updates, struct check *check,
                                    struct producer *producer, struct error *error)
{
    struct demo_topics *topics = memory_new(sizeof(*topics));

    topics->check = check;
    topics->producer = producer;
    topics->records = tail_new(config, true, error);
    if (topics->records != NULL)
        topics->events = tail_new(updates, true, error);
    if (topics->events != NULL)
        return topics;
    demo_topics_free(topics);
    return NULL;
}

void demo_topics_free(struct demo_topics *topics)
{
    if (topics == NULL)
        return;
    tail_free(topics->records);
    tail_free(topics->events);
    free(topics->counts.merged);
    free(topics->counts.conflict);
    free(topics);
}

void demo_topics_keep(struct demo_topics *topics, FILE *ledger)
{
    topics->ledger = ledger;
}

static void note(const struct demo_topics *topics, const char *word, const struct tail_record *record)
{
    if (topics->ledger != NULL)
        fprintf(topics->ledger, "%s %d %lld %.*s %.*s\n", word, record->partition, (long long)record->offset,
                BYTES_ARG(record->key), BYTES_ARG(record->value));
}

const struct demo_counts *demo_topics_counts(const struct demo_topics *topics)
{
    return &topics->counts;
}

/* Nothing may be missing between two records of a partition. */
static void follow(struct demo_topics *topics, struct stream *stream, const struct tail_record *record)
{
    int64_t *next;

    if (record->partition < 0 || record->partition >= PARTITIONS_MAX)
        return;
    next = &stream->next[record->partition];
    if (record->offset > *next)
        topics->counts.trimmed += (size_t)(record->offset - *next);
    *next = record->offset + 1;
}

static bool contains(struct bytes text, const char *words)
{
    return text.size > 0 && memmem(text.data, text.size, words, strlen(words)) != NULL;
}

static size_t occurrences(struct bytes text, const char *words)
{
    size_t count = 0, size = strlen(words);
    const char *at;

    while (text.size > 0 && (at = memmem(text.data, text.size, words, size)) != NULL) {
        text = bytes_from(text, (size_t)(at - text.data) + size);
        count++;
    }
    return count;
}

static void count_first(struct demo_counts *counts, struct bytes value)
{
    for (unsigned i = 0; i < CHECK_OUTCOMES; i++) {
        auto_text words = memory_format("\"outcome\":\"%s\"", check_outcome_name((enum check_outcome)i));

        if (!contains(value, words))
            continue;
        counts->outcomes[i]++;
        if (i == CHECK_MERGED && counts->merged == NULL && contains(value, "\"meaning\":\"stale\"") &&
            contains(value, "\"case\":\"c4\""))
            counts->merged = memory_text_n(value.data, value.size);
        if (i == CHECK_CONFLICT && counts->conflict == NULL)
            counts->conflict = memory_text_n(value.data, value.size);
        break;
    }
    counts->stale += occurrences(value, "\"meaning\":\"stale\"");
}

static struct bytes header_of(const struct tail_record *record, const char *name)
{
    for (size_t i = 0; i < record->header_count; i++) {
        if (bytes_equal(record->headers[i].name, bytes_of(name)))
            return record->headers[i].value;
    }
    return BYTES_NONE;
}

static void take_record(struct demo_topics *topics, const struct tail_record *record)
{
    bool is_good;

    follow(topics, record->is_dead_letter ? &topics->letters : &topics->audit, record);
    note(topics, record->is_dead_letter ? "letter" : "record", record);
    if (record->is_dead_letter) {
        topics->counts.letters++;
        is_good = check_letter(topics->check, header_of(record, "ifmatch-partition"),
                               header_of(record, "ifmatch-offset"), header_of(record, "ifmatch-outcome"),
                               record->value);
    } else {
        size_t recorded = check_recorded(topics->check);

        is_good = check_record(topics->check, record->offset, record->value);
        topics->counts.records++;
        if (check_recorded(topics->check) > recorded) {
            count_first(&topics->counts, record->value);
            producer_recorded(topics->producer, record->key);
        }
    }
    topics->counts.unreadable += !is_good;
}

static void take_event(struct demo_topics *topics, const struct tail_record *record)
{
    if (record->is_dead_letter)
        return; /* read once already */
    follow(topics, &topics->updates, record);
    note(topics, "event", record);
    topics->counts.events++;
    check_event(topics->check, record->partition, record->offset, record->key, record->value);
}

void demo_topics_read(struct demo_topics *topics, int64_t wait_ms)
{
    int64_t deadline_ms = clock_now_ms() + wait_ms;
    struct tail_record record;
    bool is_at_end, was_read;

    do {
        was_read = false;
        for (int i = 0; i < 200 && tail_next(topics->events, 0, &record, &is_at_end); i++) {
            take_event(topics, &record);
            was_read = true;
        }
        for (int i = 0; i < 200 && tail_next(topics->records, was_read || i > 0 ? 0 : 2, &record, &is_at_end); i++) {
            take_record(topics, &record);
            was_read = true;
        }
    } while (clock_now_ms() < deadline_ms || (was_read && clock_now_ms() < deadline_ms + 50));
}
