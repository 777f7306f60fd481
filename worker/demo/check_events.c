#include "demo/check_state.h"

/* A worker that was killed had at most this much behind what it had said. */
#define DOUBT_MS 30000

static bool wants_letter(int outcome)
{
    return outcome == CHECK_CONFLICT || outcome == CHECK_REJECTED || outcome == CHECK_EXHAUSTED;
}

/* Its record was made by whoever took the partition after the kill. */
bool check_in_doubt(const struct check *check, const struct sent_event *event)
{
    for (size_t i = 0; i < check->kill_count; i++) {
        if (event->first == NULL || event->records > 1 ||
            (event->first->received_ms >= check->kills[i] && event->first->received_ms <= check->kills[i] + DOUBT_MS))
            return true;
    }
    return false;
}

static void check_letters(struct check *check, struct check_subject *document, const struct sent_event *event)
{
    size_t *wrong = &check->result.letters_wrong;
    size_t most = event->letter_records;

    if (check_in_doubt(check, event))
        most++; /* the letter was out, its audit record was not */
    if (event->has_strange_letter)
        check_fault(check, wrong, document, event, "the dead letter is not the event as it was sent");
    if (event->letters > most)
        check_fault(check, wrong, document, event, "%zu dead letters, %zu expected", event->letters,
                    event->letter_records);
    if (event->letters == 0 && wants_letter(event->first->outcome))
        check_fault(check, wrong, document, event, "ended %s without a dead letter",
                    check_outcome_name((enum check_outcome)event->first->outcome));
}

static void check_order(struct check *check, struct check_subject *document)
{
    const struct sent_event *last_recorded = NULL, *last_written = NULL;

    for (struct sent_event *event = document->events; event != NULL; event = event->next) {
        const struct audit *first = event->first;

        /* one that is not looked at has no effect and waits for nobody */
        if (first == NULL || first->outcome == CHECK_REJECTED || first->outcome == CHECK_DUPLICATE ||
            first->outcome == CHECK_OUTDATED)
            continue;
        if (last_recorded != NULL && first->place < last_recorded->first->place)
            check_fault(check, &check->result.out_of_order, document, event,
                        "recorded before offset %lld of the same document", (long long)last_recorded->key.offset);
        last_recorded = event;
        if (first->fold->write == NULL)
            continue;
        if (last_written != NULL && first->fold->write->seq < last_written->first->fold->write->seq)
            check_fault(check, &check->result.out_of_order, document, event,
                        "written before offset %lld of the same document", (long long)last_written->key.offset);
        last_written = event;
    }
}

static void count_event(struct check_result *result, const struct sent_event *event)
{
    bool has_base = false;

    for (size_t i = 0; i < event->change_count; i++)
        has_base |= event->changes[i].base.state != MODEL_UNKNOWN;
    if (has_base)
        result->with_base++;
    else if (bytes_present(event->base_version))
        result->with_base_version++;
    else
        result->without_base++;
    for (size_t i = 0; event->first != NULL && i < event->first->attempt_count; i++)
        result->stale += event->first->attempts[i].is_stale;
}

void check_events(struct check *check, struct check_subject *document)
{
    for (struct sent_event *event = document->events; event != NULL; event = event->next) {
        count_event(&check->result, event);
        if (event->first == NULL) {
            check_fault(check, &check->result.lost, document, event, "no record");
            continue;
        }
        check->result.repeated += event->records - 1;
        if (event->first->outcome < 0)
            check_fault(check, &check->result.false_decisions, document, event, "unknown outcome");
        else
            check->result.outcomes[event->first->outcome]++;
        if (event->records > 1 && check->kill_count == 0)
            check_fault(check, &check->result.false_decisions, document, event,
                        "%zu records although no worker was killed", event->records);
        check_letters(check, document, event);
    }
    check_order(check, document);
}
