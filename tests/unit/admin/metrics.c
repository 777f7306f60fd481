#include "../../support/document.h"
#include "../../support/unit.h"

#include "admin/metrics.h"

static struct admin_view view_of(const struct counters *counters, const struct admin_partition *partitions,
                                 size_t count)
{
    return (struct admin_view){
        .counters = counters, .partitions = partitions, .partition_count = count, .now_ms = 5000, .wall_ms = 100000};
}

static bool has_line(const struct buffer *page, const char *line)
{
    size_t size = strlen(line);

    for (size_t i = 0; i + size < page->size; i++) {
        if (memcmp(page->data + i, line, size) == 0 && page->data[i + size] == '\n' &&
            (i == 0 || page->data[i - 1] == '\n'))
            return true;
    }
    return false;
}

static void render(const struct admin_view *view, const struct durations *durations, struct buffer *page)
{
    const struct metrics_context context = {.topic = "updates", .version = "1.2.3"};

    buffer_init(page, 1 << 20);
    metrics_render(&context, view, durations, page);
}

START_TEST(every_outcome_is_there_from_the_start)
{
    const struct counters counters = {.finished = {[OUTCOME_MERGED] = 3}};
    const struct durations durations = {0};
    struct admin_view view = view_of(&counters, NULL, 0);
    struct buffer page;

    render(&view, &durations, &page);
    ck_assert(has_line(&page, "ifmatch_events_finished_total{outcome=\"merged\"} 3"));
    ck_assert(has_line(&page, "ifmatch_events_finished_total{outcome=\"exhausted\"} 0"));
    ck_assert(has_line(&page, "ifmatch_build_info{version=\"1.2.3\"} 1"));
    buffer_release(&page);
}
END_TEST

START_TEST(every_state_of_intake_is_told_and_one_of_them_is_true)
{
    const struct counters counters = {0};
    const struct durations durations = {0};
    struct admin_view view = view_of(&counters, NULL, 0);
    struct buffer page;

    view.intake = INTAKE_PAUSED;
    render(&view, &durations, &page);
    ck_assert(has_line(&page, "ifmatch_intake{state=\"running\"} 0"));
    ck_assert(has_line(&page, "ifmatch_intake{state=\"paused\"} 1"));
    ck_assert(has_line(&page, "ifmatch_intake{state=\"unauthorized\"} 0"));
    buffer_release(&page);
}
END_TEST

START_TEST(lag_age_and_standstill_are_told_for_each_partition)
{
    const struct counters counters = {0};
    const struct durations durations = {0};
    const struct admin_partition partitions[] = {
        {.state = {.partition = 7, .committed = 40, .unfinished = 2, .oldest_timestamp_ms = 97500}, .end = 50},
        {.state = {.partition = 8, .committed = 40, .oldest_timestamp_ms = -1, .oldest_received_ms = -1},
         .end = -1,
         .is_stopped = true},
    };
    struct admin_view view = view_of(&counters, partitions, 2);
    struct buffer page;

    render(&view, &durations, &page);
    ck_assert(has_line(&page, "ifmatch_kafka_lag{topic=\"updates\",partition=\"7\"} 10"));
    ck_assert(has_line(&page, "ifmatch_kafka_lag{topic=\"updates\",partition=\"8\"} 0"));
    ck_assert(has_line(&page, "ifmatch_oldest_unfinished_age_seconds{topic=\"updates\",partition=\"7\"} 2.5"));
    ck_assert(has_line(&page, "ifmatch_oldest_unfinished_age_seconds{topic=\"updates\",partition=\"8\"} 0"));
    ck_assert(has_line(&page, "ifmatch_partition_stopped{topic=\"updates\",partition=\"7\"} 0"));
    ck_assert(has_line(&page, "ifmatch_partition_stopped{topic=\"updates\",partition=\"8\"} 1"));
    buffer_release(&page);
}
END_TEST

START_TEST(durations_are_cumulative_buckets_in_seconds)
{
    const struct counters counters = {0};
    struct durations durations = {0};
    struct admin_view view = view_of(&counters, NULL, 0);
    struct buffer page;

    durations_note(&durations, true, 412, 3);
    durations_note(&durations, true, 412, 60);
    durations_note(&durations, true, 412, 20000);
    durations_note(&durations, false, 0, 5);
    render(&view, &durations, &page);
    ck_assert(has_line(&page, "ifmatch_request_duration_seconds_bucket{request=\"write\",code=\"4xx\",le=\"0.005\"} 1"));
    ck_assert(has_line(&page, "ifmatch_request_duration_seconds_bucket{request=\"write\",code=\"4xx\",le=\"0.075\"} 2"));
    ck_assert(has_line(&page, "ifmatch_request_duration_seconds_bucket{request=\"write\",code=\"4xx\",le=\"10\"} 2"));
    ck_assert(has_line(&page, "ifmatch_request_duration_seconds_bucket{request=\"write\",code=\"4xx\",le=\"+Inf\"} 3"));
    ck_assert(has_line(&page, "ifmatch_request_duration_seconds_count{request=\"read\",code=\"none\"} 1"));
    buffer_release(&page);
}
END_TEST

START_TEST(the_page_in_docs_is_what_the_tables_say)
{
    struct buffer page;

    buffer_init(&page, 1 << 20);
    admin_document(&page);
    document_compare("metrics.md", &page);
    buffer_release(&page);
}
END_TEST

UNIT_TESTS("admin/metrics", every_outcome_is_there_from_the_start,
           every_state_of_intake_is_told_and_one_of_them_is_true, lag_age_and_standstill_are_told_for_each_partition,
           durations_are_cumulative_buckets_in_seconds, the_page_in_docs_is_what_the_tables_say)
