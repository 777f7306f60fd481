#include "story_state.h"

#include "common/json_write.h"

#include <stdio.h>
#include <stdlib.h>

/* What a story's lines do when their time has come. */

struct bytes fact_value(struct story *story, const char *word)
{
    bool is_json = strchr("{[\"-0123456789", word[0]) != NULL || strcmp(word, "true") == 0 ||
                   strcmp(word, "false") == 0 || strcmp(word, "null") == 0;
    struct buffer out;
    struct bytes value;

    if (strcmp(word, "-") == 0)
        return BYTES_NONE;
    if (is_json)
        return (struct bytes){arena_copy(story->arena, word, strlen(word)), strlen(word)};
    buffer_init(&out, 4096);
    json_write_quoted(&out, bytes_of(word));
    value = (struct bytes){arena_copy(story->arena, out.data, out.size), out.size};
    buffer_release(&out);
    return value;
}

/* --- receive --- */

struct event_text {
    struct buffer changes;
    struct buffer remove;
    struct buffer base;
    struct buffer missing;
};

static void add_member(struct buffer *out, const char *field, struct bytes value)
{
    buffer_format(out, "%s\"%s\"", out->size > 0 ? "," : "", field);
    if (bytes_present(value))
        buffer_format(out, ":%.*s", BYTES_ARG(value));
}

static void add_part(struct buffer *out, const char *name, const struct buffer *part, char open, char close)
{
    if (part->size > 0)
        buffer_format(out, "%s\"%s\":%c%.*s%c", out->size > 1 ? "," : "", name, open, (int)part->size, part->data, close);
}

/* One field: /f BASE -> OURS, or a guard: /f BASE. A comma at the end of a word says that more follow. */
static bool add_field(struct story *story, struct event_text *event, struct words *words)
{
    const char *field = words_next(words);
    char *base = words_next(words), *arrow;
    bool is_last = base == NULL || base[strlen(base) - 1] != ',';
    char *ours = NULL;

    if (base == NULL || field[0] != '/')
        return story_broken(story, "/field BASE -> OURS", field);
    if (!is_last)
        base[strlen(base) - 1] = '\0';
    arrow = words->rest + strspn(words->rest, " ");
    if (is_last && strncmp(arrow, "-> ", 3) == 0) {
        words_next(words);
        ours = words_next(words);
        if (ours != NULL && ours[strlen(ours) - 1] == ',')
            ours[strlen(ours) - 1] = '\0';
    }
    if (strcmp(base, "-") == 0)
        add_member(&event->missing, field, BYTES_NONE);
    else if (strcmp(base, "?") != 0)
        add_member(&event->base, field, fact_value(story, base));
    if (ours != NULL)
        add_member(strcmp(ours, "-") == 0 ? &event->remove : &event->changes, field, fact_value(story, ours));
    return true;
}

static bool make_event(struct story *story, struct words *words, struct buffer *out)
{
    struct event_text event;
    bool is_good = true;

    buffer_init(&event.changes, 4096);
    buffer_init(&event.remove, 4096);
    buffer_init(&event.base, 4096);
    buffer_init(&event.missing, 4096);
    do {
        is_good = add_field(story, &event, words);
    } while (is_good && words->rest[strspn(words->rest, " ")] != '\0');
    buffer_add_char(out, '{');
    add_part(out, "changes", &event.changes, '{', '}');
    add_part(out, "remove", &event.remove, '[', ']');
    add_part(out, "base", &event.base, '{', '}');
    add_part(out, "base_missing", &event.missing, '[', ']');
    buffer_add_char(out, '}');
    buffer_release(&event.changes);
    buffer_release(&event.remove);
    buffer_release(&event.base);
    buffer_release(&event.missing);
    return is_good;
}

static bool receive(struct story *story, struct words *words)
{
    const char *place = words_next(words), *document = words_next(words);
    auto_buffer value;
    int partition;
    long long offset;
    bool is_good = true;

    buffer_init(&value, 8192);
    if (document == NULL || sscanf(place, "p%d/%lld", &partition, &offset) != 2 || partition < 0 ||
        partition >= (int)story->world.options.partitions ||
        offset < story->world.kafka.partitions[partition].end)
        return story_broken(story, "receive pN/OFFSET DOCUMENT ...", place);
    words->rest += strspn(words->rest, " ");
    if (strncmp(words->rest, "raw ", 4) == 0)
        buffer_add_text(&value, words->rest + 4);
    else
        is_good = make_event(story, words, &value);
    kafka_produce(&story->world, partition, offset, bytes_of(document), buffer_bytes(&value));
    return is_good;
}

/* --- the others --- */

static bool user(struct story *story, struct words *words)
{
    const char *id = words_next(words), *field = words_next(words), *value = words_next(words);
    struct document *document = value != NULL ? service_find(&story->world, bytes_of(id)) : NULL;

    if (document == NULL)
        return story_broken(story, "user DOCUMENT /field VALUE", id);
    service_user_sets(&story->world, document, bytes_of(field), fact_value(story, value));
    return true;
}

static bool delete_document(struct story *story, struct words *words)
{
    const char *id = words_next(words);
    struct document *document = id != NULL ? service_find(&story->world, bytes_of(id)) : NULL;

    if (document == NULL)
        return story_broken(story, "delete DOCUMENT", id);
    service_user_deletes(&story->world, document);
    return true;
}

static struct worker *find_worker(struct story *story, const char *name)
{
    uint32_t number = name != NULL ? (uint32_t)(name[0] - 'A') : WORKERS_MAX;

    return number < story->world.options.workers ? &story->world.workers[number] : NULL;
}

static bool stop_or_crash(struct story *story, struct words *words, bool is_crash)
{
    struct worker *worker = find_worker(story, words_next(words));
    const char *span = words_next(words);

    if (worker == NULL || span == NULL)
        return story_broken(story, "stop | crash WORKER MS", NULL);
    (is_crash ? worker_crash : worker_stop)(&story->world, worker, strtoll(span, NULL, 10));
    return true;
}

static bool shut_down(struct story *story, struct words *words)
{
    struct worker *worker = find_worker(story, words_next(words));

    if (worker == NULL)
        return story_broken(story, "shutdown WORKER", NULL);
    worker_shut_down(&story->world, worker);
    return true;
}

static bool pause_or_resume(struct story *story, struct words *words, bool is_pause)
{
    struct worker *worker = find_worker(story, words_next(words));

    if (worker == NULL)
        return story_broken(story, "pause | resume WORKER", NULL);
    (is_pause ? worker_pause : worker_resume)(&story->world, worker);
    return true;
}

static bool move_partition(struct story *story, struct words *words)
{
    const char *partition = words_next(words);
    struct worker *worker = find_worker(story, words_next(words));

    if (worker == NULL || partition[0] != 'p')
        return story_broken(story, "move pN WORKER", partition);
    group_move(&story->world, (int32_t)strtol(partition + 1, NULL, 10), worker);
    return true;
}

static bool down(struct story *story, struct words *words)
{
    const char *span = words_next(words);

    if (span == NULL)
        return story_broken(story, "down MS", NULL);
    story->world.service.down_until_ms = story->world.now_ms + strtoll(span, NULL, 10);
    return true;
}

bool fact_happens(struct story *story, char *text)
{
    struct words words = {arena_copy(story->arena, text, strlen(text))};
    const char *word = words_next(&words);

    if (word == NULL)
        return story_broken(story, "nothing happens", NULL);
    if (strcmp(word, "receive") == 0)
        return receive(story, &words);
    if (strcmp(word, "user") == 0)
        return user(story, &words);
    if (strcmp(word, "delete") == 0)
        return delete_document(story, &words);
    if (strcmp(word, "shutdown") == 0)
        return shut_down(story, &words);
    if (strcmp(word, "stop") == 0)
        return stop_or_crash(story, &words, false);
    if (strcmp(word, "crash") == 0)
        return stop_or_crash(story, &words, true);
    if (strcmp(word, "pause") == 0)
        return pause_or_resume(story, &words, true);
    if (strcmp(word, "resume") == 0)
        return pause_or_resume(story, &words, false);
    if (strcmp(word, "move") == 0)
        return move_partition(story, &words);
    if (strcmp(word, "down") == 0)
        return down(story, &words);
    return story_broken(story, "unknown fact", word);
}

/* --- how it ended --- */

static void add_record(struct story *story, const struct record *record)
{
    const struct finished *finished = &record->finished;
    struct buffer *out = &story->seen;
    static const char *const results[] = {
        [RESULT_THEIRS] = "theirs", [RESULT_OURS] = "ours", [RESULT_MERGED] = "merged", [RESULT_CONFLICT] = "conflict"};

    if (story->world.options.workers > 1)
        buffer_format(out, "%c: ", record->worker->name);
    buffer_format(out, "record p%d/%lld %s", finished->partition, (long long)finished->offset,
                  outcome_name(finished->outcome));
    if (finished->reason != REASON_NONE)
        buffer_format(out, " (%s)", reason_name(finished->reason));
    for (size_t i = 0; i < finished->decision_count; i++) {
        const struct decision *decision = &finished->decisions[i];

        buffer_format(out, "%s %.*s %s %s %s", i > 0 ? "," : ":", BYTES_ARG(decision->field),
                      rule_name(decision->entry->rule), merge_case_name(decision->merge_case),
                      results[decision->result]);
        if (decision->base_from != BASE_FROM_EVENT)
            buffer_format(out, " (base from %s)", base_from_name(decision->base_from));
        if (decision_changes(decision) && decision->theirs.state == VALUE_PRESENT)
            buffer_format(out, " over %.*s", BYTES_ARG(decision->theirs.text));
    }
    buffer_add_text(out, outcome_is_dead_letter(finished->outcome) ? "; dead letter\n" : "\n");
}

void story_result(struct story *story)
{
    const struct world *world = &story->world;

    list_each(node, &world->kafka.records)
        add_record(story, list_item(node, struct record, in_topic));
    for (uint32_t i = 0; i < world->options.partitions; i++)
        buffer_format(&story->seen, "commit p%u/%lld\n", i, (long long)world->kafka.partitions[i].committed);
    list_each(node, &world->service.documents) {
        const struct document *document = list_item(node, struct document, in_service);

        if (document->is_gone)
            buffer_format(&story->seen, "document %.*s gone\n", BYTES_ARG(document->id));
        else
            buffer_format(&story->seen, "document %.*s %.*s %.*s\n", BYTES_ARG(document->id),
                          BYTES_ARG(document_now(document)->version), BYTES_ARG(document_now(document)->text));
    }
}
