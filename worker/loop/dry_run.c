#include "loop/dry_run.h"

#include "common/check.h"
#include "common/clock.h"
#include "common/memory.h"
#include "loop/overlay.h"
#include "record/explain.h"

#include <inttypes.h>
#include <stdio.h>

struct dry_run {
    struct overlay *overlay;
    struct action *requests; /* without an answer yet */
    size_t request_count;
    size_t request_capacity;
    struct action *done; /* to be acknowledged */
    size_t done_count;
    size_t done_capacity;
    struct buffer line;
    uint64_t counts[OUTCOME_COUNT][REASON_COUNT];
};

struct dry_run *dry_run_new(void)
{
    struct dry_run *dry_run = memory_new(sizeof(*dry_run));

    dry_run->overlay = overlay_new();
    buffer_init(&dry_run->line, SIZE_MAX / 2);
    return dry_run;
}

void dry_run_free(struct dry_run *dry_run)
{
    if (dry_run == NULL)
        return;
    overlay_free(dry_run->overlay);
    buffer_release(&dry_run->line);
    free(dry_run->requests);
    free(dry_run->done);
    free(dry_run);
}

static void add(struct action **actions, size_t *count, size_t *capacity, const struct action *action)
{
    if (*count == *capacity) {
        *capacity = *capacity == 0 ? 64 : 2 * *capacity;
        *actions = memory_resize(*actions, *capacity * sizeof(**actions));
    }
    (*actions)[(*count)++] = *action;
}

/* --- requests --- */

static struct bytes document_of(const struct action *action)
{
    return action->kind == ACTION_WRITE ? action->write.document : action->read.document;
}

void dry_run_request(struct dry_run *dry_run, struct service *service, const struct action *action)
{
    struct action read = *action;

    add(&dry_run->requests, &dry_run->request_count, &dry_run->request_capacity, action);
    read.kind = ACTION_READ;
    if (action->kind == ACTION_WRITE || overlay_has(dry_run->overlay, document_of(action)))
        read.read = (struct read_action){.document = document_of(action)};
    service_perform(service, &read, clock_now_ms());
}

void dry_run_answer(struct dry_run *dry_run, const struct service *service, uint64_t action_id, struct answer *answer,
                    bool *ret_is_write)
{
    size_t i = 0;
    struct action action;
    const char *why;

    while (i < dry_run->request_count && dry_run->requests[i].id != action_id)
        i++;
    ensure(i < dry_run->request_count);
    action = dry_run->requests[i];
    dry_run->requests[i] = dry_run->requests[--dry_run->request_count];
    *ret_is_write = action.kind == ACTION_WRITE;
    if (action.kind == ACTION_READ)
        overlay_read(dry_run->overlay, action.read.document, answer);
    else if (service_expresses(service, &action, &why))
        overlay_write(dry_run->overlay, &action.write, answer);
    else
        *answer = (struct answer){
            .meaning = MEANING_NOT_EXPRESSIBLE, .sent = SENT_NOT, .retry_after_ms = -1, .detail = bytes_of(why)};
}

/* --- records --- */

/* What an event would not have left as it is, and what it would have asked a person. */
static bool is_told(const struct decision *decision)
{
    return decision->is_written || decision->superseded_by >= 0 || decision->result == RESULT_CONFLICT;
}

static void add_decisions(struct buffer *line, const struct finished *finished)
{
    const char *between = ": ";

    for (size_t i = 0; i < finished->decision_count; i++) {
        if (!is_told(&finished->decisions[i]))
            continue;
        buffer_add_text(line, between);
        explain_decision(&finished->decisions[i], line);
        between = "; ";
    }
    if (between[0] == ':' && bytes_present(finished->detail))
        buffer_format(line, ": %.*s", BYTES_ARG(finished->detail));
}

void dry_run_finished(struct dry_run *dry_run, const struct record_context *context, const struct finished *finished)
{
    struct buffer *line = &dry_run->line;
    const char *reason = reason_name(finished->reason);

    dry_run->counts[finished->outcome][finished->reason]++;
    if (!finished->is_written && !outcome_is_dead_letter(finished->outcome))
        return;
    buffer_reset(line);
    buffer_format(line, "%s/%d/%lld %.*s %s%s%s", context->topic, (int)finished->partition, (long long)finished->offset,
                  BYTES_ARG(finished->event.document), outcome_name(finished->outcome), reason != NULL ? " " : "",
                  reason != NULL ? reason : "");
    if (finished->event.operation == OPERATION_CREATE || finished->event.operation == OPERATION_DELETE)
        buffer_format(line, " (%s)", event_operation_name(finished->event.operation));
    add_decisions(line, finished);
    buffer_add_char(line, '\n');
    fwrite(line->data, 1, line->size, stdout);
    fflush(stdout);
}

void dry_run_acknowledge(struct dry_run *dry_run, const struct action *action)
{
    add(&dry_run->done, &dry_run->done_count, &dry_run->done_capacity, action);
}

void dry_run_feed(struct dry_run *dry_run, struct engine *engine)
{
    for (size_t i = 0; i < dry_run->done_count; i++) {
        const struct action *action = &dry_run->done[i];

        if (action->kind == ACTION_COMMIT)
            engine_committed(engine, action->id, COMMIT_ACKNOWLEDGED);
        else
            engine_delivered(engine, action->id, &(struct delivered){.is_acknowledged = true});
    }
    dry_run->done_count = 0;
}

bool dry_run_has_more(const struct dry_run *dry_run)
{
    return dry_run->done_count > 0;
}

size_t dry_run_bytes(const struct dry_run *dry_run)
{
    return overlay_bytes(dry_run->overlay);
}

/* --- the table --- */

static uint64_t count_of(const struct dry_run *dry_run, enum outcome outcome)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < REASON_COUNT; i++)
        sum += dry_run->counts[outcome][i];
    return sum;
}

static void add_row(const struct dry_run *dry_run, enum outcome outcome, struct buffer *out)
{
    const char *between = "   ";

    buffer_format(out, "  %-12s %10" PRIu64, outcome_name(outcome), count_of(dry_run, outcome));
    for (size_t i = REASON_NONE + 1; i < REASON_COUNT; i++) {
        if (dry_run->counts[outcome][i] == 0)
            continue;
        buffer_format(out, "%s%" PRIu64 " %s", between, dry_run->counts[outcome][i], reason_name(i));
        between = ", ";
    }
    buffer_add_char(out, '\n');
}

void dry_run_table(const struct dry_run *dry_run, uint64_t received, struct buffer *out)
{
    uint64_t finished = 0;

    for (size_t i = 0; i < OUTCOME_COUNT; i++)
        finished += count_of(dry_run, i);
    buffer_format(out, "dry run: %" PRIu64 " events; documents that would have changed: %zu; nothing was written or committed\n",
                  finished, overlay_documents(dry_run->overlay));
    for (size_t i = 0; i < OUTCOME_COUNT; i++)
        add_row(dry_run, i, out);
    if (received > finished)
        buffer_format(out, "  %-12s %10" PRIu64 "   it was ended before them\n", "not judged", received - finished);
}
