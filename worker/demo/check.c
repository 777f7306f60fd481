#include "demo/check_state.h"

#include "common/memory.h"
#include "common/timestamp.h"

#include <stdarg.h>

static const char *const outcome_names[CHECK_OUTCOMES] = {
    "applied", "merged", "unchanged", "conflict", "rejected", "exhausted", "duplicate", "outdated"};

const char *check_outcome_name(enum check_outcome outcome)
{
    return outcome_names[outcome];
}

static int outcome_of(struct bytes name)
{
    for (int i = 0; i < CHECK_OUTCOMES; i++) {
        if (bytes_equal(bytes_of(outcome_names[i]), name))
            return i;
    }
    return -1;
}

struct check *check_new(const struct model_rules *rules)
{
    struct check *check = memory_new(sizeof(*check));

    check->arena = arena_new(1 << 20);
    check->scratch = arena_new(1 << 20);
    check->rules = rules;
    return check;
}

void check_free(struct check *check)
{
    if (check == NULL)
        return;
    HASH_CLEAR(hh, check->documents);
    HASH_CLEAR(hh, check->events);
    HASH_CLEAR(hh, check->recorded);
    for (size_t i = 0; i < CHECK_MESSAGES; i++)
        free(check->result.messages[i]);
    arena_free(check->scratch);
    arena_free(check->arena);
    free(check);
}

static struct bytes keep(struct check *check, struct bytes bytes)
{
    if (!bytes_present(bytes))
        return BYTES_NONE;
    return (struct bytes){arena_copy(check->arena, bytes.data, bytes.size), bytes.size};
}

static struct check_subject *subject_of(struct check *check, struct bytes id)
{
    struct check_subject *subject;
    struct bytes name = bytes_present(id) ? id : BYTES("");

    HASH_FIND(hh, check->documents, name.data, name.size, subject);
    if (subject != NULL)
        return subject;
    subject = arena_zero(check->arena, sizeof(*subject));
    subject->id = keep(check, name);
    HASH_ADD_KEYPTR(hh, check->documents, subject->id.data, subject->id.size, subject);
    return subject;
}

struct sent_event *check_event_of(struct check *check, int64_t partition, int64_t offset)
{
    struct sent_event *event, probe_event = {.key = {offset, partition}};

    HASH_FIND(hh, check->events, &probe_event.key, sizeof(probe_event.key), event);
    return event;
}

void check_event(struct check *check, int32_t partition, int64_t offset, struct bytes document, struct bytes value)
{
    struct sent_event *event = arena_zero(check->arena, sizeof(*event));
    struct check_subject *subject = subject_of(check, document);

    event->key.partition = partition;
    event->key.offset = offset;
    event->document = subject;
    event->value = keep(check, value);
    HASH_ADD(hh, check->events, key, sizeof(event->key), event);
    if (subject->last_event != NULL)
        subject->last_event->next = event;
    else
        subject->events = event;
    subject->last_event = event;
}

void check_initial(struct check *check, struct bytes document, struct bytes text)
{
    subject_of(check, document)->initial = keep(check, text);
}

void check_final(struct check *check, struct bytes document, struct bytes text)
{
    subject_of(check, document)->final = keep(check, text);
}

bool check_write(struct check *check, struct bytes line)
{
    struct change_write *write;
    struct check_subject *subject;
    struct json json;
    int64_t seq;

    arena_reset(check->scratch);
    if (!parse_scan(check->scratch, line, &json) || !parse_int(&json, 0, "seq", &seq))
        return false;
    subject = subject_of(check, parse_string(&json, 0, "document", check->scratch));
    write = arena_zero(check->arena, sizeof(*write));
    write->text = keep(check, line);
    if (subject->last_write != NULL)
        subject->last_write->next = write;
    else
        subject->writes = write;
    subject->last_write = write;
    return true;
}

static struct recorded *recorded_of(const struct check *check, int64_t partition, int64_t offset)
{
    struct recorded *recorded, wanted = {.key = {offset, partition}};

    HASH_FIND(hh, check->recorded, &wanted.key, sizeof(wanted.key), recorded);
    return recorded;
}

static void note_recorded(struct check *check, int64_t partition, int64_t offset, int outcome)
{
    struct recorded *recorded = recorded_of(check, partition, offset);

    if (recorded == NULL) {
        recorded = arena_zero(check->arena, sizeof(*recorded));
        recorded->key.partition = partition;
        recorded->key.offset = offset;
        HASH_ADD(hh, check->recorded, key, sizeof(recorded->key), recorded);
    }
    recorded->has_effect |= outcome == CHECK_APPLIED || outcome == CHECK_MERGED || outcome == CHECK_UNCHANGED;
}

bool check_had_effect(const struct check *check, const struct sent_event *event)
{
    const struct recorded *recorded = recorded_of(check, event->key.partition, event->key.offset);

    return recorded != NULL && recorded->has_effect;
}

bool check_record(struct check *check, int64_t offset, struct bytes value)
{
    struct audit *audit;
    struct check_subject *subject;
    struct json json;
    int64_t event_partition, event_offset;
    uint32_t event;

    arena_reset(check->scratch);
    if (!parse_scan(check->scratch, value, &json) || json.values[0].kind != JSON_OBJECT ||
        (event = json_member(&json, 0, BYTES("event"))) == JSON_NOT_FOUND ||
        !parse_int(&json, event, "partition", &event_partition) || !parse_int(&json, event, "offset", &event_offset))
        return false;
    subject = subject_of(check, parse_string(&json, 0, "document", check->scratch));
    audit = arena_zero(check->arena, sizeof(*audit));
    audit->text = keep(check, value);
    audit->place = offset;
    audit->partition = (int32_t)event_partition;
    audit->offset = event_offset;
    audit->outcome = outcome_of(parse_string(&json, 0, "outcome", check->scratch));
    timestamp_parse(parse_string(&json, 0, "received_at", check->scratch), &audit->received_ms);
    if (subject->last_audit != NULL)
        subject->last_audit->next = audit;
    else
        subject->audits = audit;
    subject->last_audit = audit;
    note_recorded(check, event_partition, event_offset, audit->outcome);
    return true;
}

bool check_letter(struct check *check, struct bytes partition, struct bytes offset, struct bytes outcome,
                  struct bytes value)
{
    struct letter *letter = arena_zero(check->arena, sizeof(*letter));
    uint64_t partition_number, offset_number;

    if (!bytes_to_uint64(partition, &partition_number) || !bytes_to_uint64(offset, &offset_number))
        return false;
    letter->partition = (int64_t)partition_number;
    letter->offset = (int64_t)offset_number;
    letter->outcome = keep(check, outcome);
    letter->value = keep(check, value);
    letter->next = check->letters;
    check->letters = letter;
    return true;
}

void check_killed(struct check *check, int64_t wall_ms)
{
    size_t size = check->kill_count * sizeof(*check->kills);

    check->kills = arena_grow(check->arena, check->kills, size, size + sizeof(*check->kills));
    check->kills[check->kill_count++] = wall_ms;
}

size_t check_recorded(const struct check *check)
{
    return HASH_COUNT(check->recorded);
}

void check_fault(struct check *check, size_t *counter, const struct check_subject *document,
                 const struct sent_event *event, const char *format, ...)
{
    struct check_result *result = &check->result;
    char text[1024];
    va_list arguments;

    ++*counter;
    if (result->message_count++ >= CHECK_MESSAGES)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    if (event != NULL)
        result->messages[result->message_count - 1] =
            memory_format("document %.*s, partition %lld, offset %lld: %s", BYTES_ARG(document->id),
                          (long long)event->key.partition, (long long)event->key.offset, text);
    else
        result->messages[result->message_count - 1] =
            memory_format("document %.*s: %s", BYTES_ARG(document->id), text);
}

static void count_letters(struct check *check)
{
    static struct check_subject nobody = {.id = {"?", 1}};

    for (struct letter *letter = check->letters; letter != NULL; letter = letter->next) {
        struct sent_event *event = check_event_of(check, letter->partition, letter->offset);

        if (event == NULL) {
            check_fault(check, &check->result.letters_wrong, &nobody, NULL,
                        "a dead letter of an event that was never sent (partition %lld, offset %lld)",
                        (long long)letter->partition, (long long)letter->offset);
            continue;
        }
        event->letters++;
        event->has_strange_letter |= !bytes_equal(letter->value, event->value) || outcome_of(letter->outcome) < 0;
    }
}

static int by_offset(const struct sent_event *a, const struct sent_event *b)
{
    return (a->key.offset > b->key.offset) - (a->key.offset < b->key.offset);
}

static void sort_audits(struct check_subject *document)
{
    struct audit *sorted = NULL, *last = NULL, *next;

    for (struct audit *audit = document->audits; audit != NULL; audit = next) {
        struct audit **slot = last != NULL && last->place <= audit->place ? &last->next : &sorted;

        next = audit->next;
        while (*slot != NULL && (*slot)->place <= audit->place)
            slot = &(*slot)->next;
        audit->next = *slot;
        *slot = audit;
        if (audit->next == NULL)
            last = audit;
    }
    document->audits = sorted;
    document->last_audit = last;
}

/* Events by offset, records by their place in the audit topic. */
static void gather(struct check *check, struct check_subject *document)
{
    struct sent_event **events, *event;
    size_t count = 0;

    for (event = document->events; event != NULL; event = event->next)
        count++;
    events = arena_take(check->scratch, (count + 1) * sizeof(struct sent_event *));
    count = 0;
    for (event = document->events; event != NULL; event = event->next)
        events[count++] = event;
    for (size_t i = 1; i < count; i++) { /* they come nearly in order */
        struct sent_event *moved = events[i];
        size_t k = i;

        for (; k > 0 && by_offset(events[k - 1], moved) > 0; k--)
            events[k] = events[k - 1];
        events[k] = moved;
    }
    events[count] = NULL;
    document->events = events[0];
    for (size_t i = 0; i < count; i++) {
        events[i]->next = events[i + 1];
        parse_event(check->scratch, events[i]);
    }
    sort_audits(document);
    for (struct audit *audit = document->audits; audit != NULL; audit = audit->next)
        parse_audit(check->scratch, audit);
    folds_gather(check, document);
}

void check_finish(struct check *check, struct check_result *ret_result)
{
    struct check_subject *document, *next;

    check->result.events = HASH_COUNT(check->events);
    count_letters(check);
    HASH_ITER(hh, check->documents, document, next) {
        arena_reset(check->scratch);
        gather(check, document);
        check_link(check, document);
        check_folds(check, document);
        check_decisions(check, document);
        check_writes(check, document);
        check_events(check, document);
    }
    *ret_result = check->result;
}

bool check_is_good(const struct check_result *result)
{
    return result->lost == 0 && result->overwritten == 0 && result->false_decisions == 0 &&
           result->unexplained == 0 && result->out_of_order == 0 && result->letters_wrong == 0 &&
           result->states_wrong == 0;
}
