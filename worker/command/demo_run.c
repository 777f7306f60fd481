#include "command/demo_run.h"

#include "common/clock.h"

#include <stdio.h>
#include <unistd.h>

#define EVENTS_PER_SECOND  800
#define TURN_MS            20
#define LOG_EVERY_MS       100
#define STALLED_MS         45000
#define FOREIGN_PER_SECOND 130
#define SILENCE_MS         2500
#define LEAVE_MS           30000
#define SILENCE_MAX_MS     20000

static const struct demo_trouble trouble = {.answer_lost = 0.004,
                                            .request_lost = 0.004,
                                            .answer_lost_then_foreign = 0.003,
                                            .latency_ms = 1,
                                            .foreign_per_second = FOREIGN_PER_SECOND};

/* Sends what is due by now. */
static bool send_due(struct demo *demo, int64_t now_ms, struct error *error)
{
    size_t due = (size_t)(now_ms - demo->start_ms) * EVENTS_PER_SECOND / 1000, index;

    if (due > demo->events)
        due = demo->events;
    while (demo->sent < due) {
        struct publication_record record = {.topic = demo->config->topics.updates};

        if (!bytes_present(demo->draft_key))
            demo->draft_key = producer_next(&demo->producer, &demo->draft);
        record.key = demo->draft_key;
        record.value = buffer_bytes(&demo->draft);
        switch (publisher_publish(demo->publisher, demo->sent + 1, &record, 1, &index, error)) {
        case PUBLISH_FULL:
            return true;
        case PUBLISH_TOO_LARGE:
            return error_set(error, ERROR_SYSTEM, "an event of the demo is too large for its topic");
        case PUBLISH_TAKEN:
            break;
        }
        demo->draft_key = BYTES_NONE;
        demo->sent++;
    }
    return true;
}

static bool take_deliveries(struct demo *demo, struct error *error)
{
    struct publication_end end;

    while (publisher_next(demo->publisher, &end)) {
        if (!end.is_acknowledged)
            return error_set(error, ERROR_UNAVAILABLE, "an event could not be sent: %s", end.detail);
        demo->acknowledged++;
    }
    return true;
}

/* In the middle, the first worker dies without a word, and another one takes its place. */
static bool kill_in_the_middle(struct demo *demo, struct error *error)
{
    if (demo->is_killed || check_recorded(demo->check) * 5 < demo->events * 2)
        return true;
    demo->is_killed = true;
    demo->killed_at_ms = clock_wall_ms();
    children_kill(&demo->children, demo->workers[0]);
    check_killed(demo->check, demo->killed_at_ms);
    printf("%5.1f s  worker-1 was killed (SIGKILL); worker-3 takes its place\n",
           (double)(clock_now_ms() - demo->start_ms) / 1000);
    return demo_start_worker(demo, 0, error);
}

static bool watch_children(struct demo *demo, struct error *error)
{
    char how[64];
    const char *name = children_reap(&demo->children, how, sizeof(how));

    if (name != NULL)
        return error_set(error, ERROR_SYSTEM, "%s ended (%s): see %s/%s.log", name, how, demo->directory, name);
    return sandbox_is_alive(demo->sandbox, error);
}

static void show(struct demo *demo, int64_t now_ms, size_t recorded, size_t *last_recorded, int64_t *last_ms)
{
    const struct demo_counts *counts = demo_topics_counts(demo->topics);
    double seconds = (double)(now_ms - *last_ms) / 1000;
    bool is_terminal = isatty(STDOUT_FILENO);

    if (now_ms - *last_ms < (is_terminal ? 250 : 2000))
        return;
    printf("%s%5.1f s  %5zu sent  %5zu recorded (%4.0f/s)  %zu applied  %zu merged  %zu unchanged  %zu conflicts  "
           "%zu rejected  %zu stale answers  lag %zu%s",
           is_terminal ? "\r\033[K" : "", (double)(now_ms - demo->start_ms) / 1000, demo->sent, recorded,
           (double)(recorded - *last_recorded) / seconds, counts->outcomes[CHECK_APPLIED],
           counts->outcomes[CHECK_MERGED], counts->outcomes[CHECK_UNCHANGED], counts->outcomes[CHECK_CONFLICT],
           counts->outcomes[CHECK_REJECTED], counts->stale, demo->sent - (recorded < demo->sent ? recorded : demo->sent),
           is_terminal ? "" : "\n");
    fflush(stdout);
    *last_recorded = recorded;
    *last_ms = now_ms;
}

static bool is_stalled(struct demo *demo, int64_t now_ms, size_t recorded)
{
    if (recorded > demo->progress) {
        demo->progress = recorded;
        demo->progress_ms = now_ms;
    }
    return now_ms - demo->progress_ms > STALLED_MS;
}

static bool turn(struct demo *demo, int64_t now_ms, int64_t *log_ms, struct error *error)
{
    size_t lines;

    if (!send_due(demo, now_ms, error) || !take_deliveries(demo, error))
        return false;
    demo_topics_read(demo->topics, TURN_MS);
    if (now_ms - *log_ms >= LOG_EVERY_MS) {
        *log_ms = now_ms;
        if (!demo_service_read_log(demo->service, demo->check, &demo->producer, &lines, error))
            return false;
    }
    return kill_in_the_middle(demo, error) && watch_children(demo, error);
}

static bool work(struct demo *demo, struct error *error)
{
    int64_t log_ms = 0, shown_ms = demo->start_ms, now_ms = demo->start_ms;
    size_t shown = 0, recorded = 0;

    demo->progress_ms = demo->start_ms;
    while (recorded < demo->events && !is_stalled(demo, now_ms, recorded)) {
        if (demo_is_interrupted())
            return error_set(error, ERROR_SYSTEM, "interrupted");
        now_ms = clock_now_ms();
        if (!turn(demo, now_ms, &log_ms, error))
            return false;
        recorded = check_recorded(demo->check);
        show(demo, now_ms, recorded, &shown, &shown_ms);
    }
    printf("%s", isatty(STDOUT_FILENO) ? "\n" : "");
    return true;
}

/* Until no record has come for a while: what was killed in the middle may still be done for a second time. */
static bool wait_for_silence(struct demo *demo, struct error *error)
{
    int64_t silent_since_ms = clock_now_ms(), give_up_ms = clock_now_ms() + SILENCE_MAX_MS;
    size_t records = 0;

    while (clock_now_ms() - silent_since_ms < SILENCE_MS && clock_now_ms() < give_up_ms) {
        if (demo_is_interrupted())
            return error_set(error, ERROR_SYSTEM, "interrupted");
        demo_topics_read(demo->topics, TURN_MS);
        if (demo_topics_counts(demo->topics)->records > records)
            silent_since_ms = clock_now_ms();
        records = demo_topics_counts(demo->topics)->records;
    }
    return true;
}

/* Peace, then the workers leave, then whatever is still unread. */
static bool settle(struct demo *demo, struct error *error)
{
    static const struct demo_trouble peace = {0};
    size_t lines = 1;

    if (!demo_service_trouble(demo->service, &peace, error) || !wait_for_silence(demo, error))
        return false;
    for (size_t i = 0; i < 2; i++) {
        if (!children_end(&demo->children, demo->workers[i], LEAVE_MS, error))
            return false;
    }
    demo_topics_read(demo->topics, 1000);
    while (lines > 0) {
        if (!demo_service_read_log(demo->service, demo->check, &demo->producer, &lines, error))
            return false;
    }
    return demo_service_final(demo->service, &demo->producer, demo->check, error);
}

static bool nothing_is_missing(const struct demo *demo, struct error *error)
{
    const struct demo_counts *counts = demo_topics_counts(demo->topics);

    if (counts->trimmed > 0)
        return error_set(error, ERROR_SYSTEM, "%zu records were trimmed before they were read: no check is possible",
                         counts->trimmed);
    if (counts->unreadable > 0)
        return error_set(error, ERROR_INPUT, "%zu records are not what they should be", counts->unreadable);
    if (counts->events != demo->events || demo->acknowledged != demo->events)
        return error_set(error, ERROR_SYSTEM, "%zu events sent, %zu acknowledged, %zu read back", demo->sent,
                         demo->acknowledged, counts->events);
    return true;
}

bool demo_run(struct demo *demo, struct error *error)
{
    demo->start_ms = clock_now_ms();
    if (!demo_service_trouble(demo->service, &trouble, error) || !work(demo, error) || !settle(demo, error) ||
        !nothing_is_missing(demo, error))
        return false;
    check_finish(demo->check, &demo->result);
    return true;
}
