#include "admin/metrics.h"

#include "common/check.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

/* Bounds in ms, from the messaging conventions of OpenTelemetry. */
static const int64_t bounds_ms[DURATION_BUCKETS] = {5,   10,  25,   50,   75,   100,  250,
                                                    500, 750, 1000, 2500, 5000, 7500, 10000};
static const char *const class_names[STATUS_CLASSES] = {"none", "2xx", "3xx", "4xx", "5xx"};
static const char *const request_names[2] = {"read", "write"};

/* Metrics with labels; those of the engine without labels stand in engine/counters.h. */
#define LABELLED(X)                                                                                          \
    X(FINISHED, "ifmatch_events_finished_total", "counter", "events whose records are acknowledged, by outcome") \
    X(ANSWERS, "ifmatch_answers_total", "counter", "answers of the service, by what they mean")              \
    X(DURATION, "ifmatch_request_duration_seconds", "histogram", "time from request to answer")              \
    X(LAG, "ifmatch_kafka_lag", "gauge", "records between the committed offset and the end of the partition") \
    X(OLDEST, "ifmatch_oldest_unfinished_age_seconds", "gauge", "age of the oldest unfinished event, 0: none") \
    X(UNFINISHED, "ifmatch_unfinished_events", "gauge", "events received and not finished")                  \
    X(COMMITTED, "ifmatch_committed_offset", "gauge", "the committed offset")                                \
    X(STOPPED, "ifmatch_partition_stopped", "gauge", "1: its next record is not there (retention, or the topic made again), see the log") \
    X(HELD_UP, "ifmatch_partition_held_up", "gauge", "1: no more events of the partition are taken, because of this document") \
    X(INTAKE, "ifmatch_intake", "gauge", "1: intake is in this state (running: events are taken from Kafka)")  \
    X(BUILD, "ifmatch_build_info", "gauge", "1, with the version as label")

enum labelled {
#define X(identifier, name, kind, help) METRIC_##identifier,
    LABELLED(X)
#undef X
    METRIC_COUNT
};

static const struct {
    const char *name, *kind, *help;
} labelled[] = {
#define X(identifier, name, kind, help) [METRIC_##identifier] = {name, kind, help},
    LABELLED(X)
#undef X
};

static enum status_class status_class(int status)
{
    return status >= 200 && status < 600 ? (enum status_class)(status / 100 - 1) : STATUS_NONE;
}

void durations_note(struct durations *durations, bool is_write, int status, int64_t took_ms)
{
    enum status_class class = status_class(status);
    size_t bucket = 0;

    while (bucket < DURATION_BUCKETS && took_ms > bounds_ms[bucket])
        bucket++;
    durations->buckets[is_write][class][bucket]++;
    durations->sum_ms[is_write][class] += (uint64_t)took_ms;
}

static void head(struct buffer *out, const char *name, const char *kind, const char *help)
{
    buffer_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind);
}

static void head_of(struct buffer *out, enum labelled metric)
{
    head(out, labelled[metric].name, labelled[metric].kind, labelled[metric].help);
}

static void render_counters(const struct counters *counters, struct buffer *out)
{
    for (size_t i = 0; i < COUNTER_COUNT; i++) {
        head(out, counter_name(i), counter_kind(i), counter_help(i));
        buffer_format(out, "%s %llu\n", counter_name(i), (unsigned long long)counters->value[i]);
    }
    head_of(out, METRIC_FINISHED);
    for (size_t i = 0; i < OUTCOME_COUNT; i++)
        buffer_format(out, "%s{outcome=\"%s\"} %llu\n", labelled[METRIC_FINISHED].name, outcome_name(i),
                      (unsigned long long)counters->finished[i]);
    head_of(out, METRIC_ANSWERS);
    for (size_t i = 0; i < 2 * MEANING_COUNT; i++)
        buffer_format(out, "%s{request=\"%s\",meaning=\"%s\"} %llu\n", labelled[METRIC_ANSWERS].name,
                      request_names[i / MEANING_COUNT], meaning_name(i % MEANING_COUNT),
                      (unsigned long long)counters->answers[i / MEANING_COUNT][i % MEANING_COUNT]);
}

static void render_duration(const struct durations *durations, size_t request, size_t class, struct buffer *out)
{
    const char *name = labelled[METRIC_DURATION].name;
    const uint64_t *buckets = durations->buckets[request][class];
    uint64_t sum = 0;

    for (size_t i = 0; i < DURATION_BUCKETS; i++) {
        sum += buckets[i];
        buffer_format(out, "%s_bucket{request=\"%s\",code=\"%s\",le=\"%g\"} %llu\n", name,
                      request_names[request], class_names[class], (double)bounds_ms[i] / 1000,
                      (unsigned long long)sum);
    }
    sum += buckets[DURATION_BUCKETS];
    buffer_format(out, "%s_bucket{request=\"%s\",code=\"%s\",le=\"+Inf\"} %llu\n", name, request_names[request],
                  class_names[class], (unsigned long long)sum);
    buffer_format(out, "%s_sum{request=\"%s\",code=\"%s\"} %g\n", name, request_names[request],
                  class_names[class], (double)durations->sum_ms[request][class] / 1000);
    buffer_format(out, "%s_count{request=\"%s\",code=\"%s\"} %llu\n", name, request_names[request],
                  class_names[class], (unsigned long long)sum);
}

static void render_durations(const struct durations *durations, struct buffer *out)
{
    head_of(out, METRIC_DURATION);
    for (size_t request = 0; request < 2; request++) {
        for (size_t class = 0; class < STATUS_CLASSES; class++)
            render_duration(durations, request, class, out);
    }
}

int64_t partition_lag(const struct admin_partition *partition)
{
    return partition->end > partition->state.committed ? partition->end - partition->state.committed : 0;
}

double partition_oldest_age(const struct admin_view *view, const struct partition_state *state)
{
    if (state->oldest_timestamp_ms >= 0 && view->wall_ms > state->oldest_timestamp_ms)
        return (double)(view->wall_ms - state->oldest_timestamp_ms) / 1000;
    if (state->oldest_received_ms >= 0)
        return (double)(view->now_ms - state->oldest_received_ms) / 1000;
    return 0;
}

static double partition_value(enum labelled metric, const struct admin_view *view,
                              const struct admin_partition *partition)
{
    const struct partition_state *state = &partition->state;

    switch (metric) {
    case METRIC_LAG:
        return (double)partition_lag(partition);
    case METRIC_OLDEST:
        return partition_oldest_age(view, state);
    case METRIC_UNFINISHED:
        return state->unfinished;
    case METRIC_COMMITTED:
        return (double)state->committed;
    case METRIC_STOPPED:
        return partition->is_stopped;
    default:
        never("a metric of a partition");
    }
}

static void render_partitions(const struct metrics_context *context, const struct admin_view *view,
                              struct buffer *out)
{
    static const enum labelled metrics[] = {METRIC_LAG, METRIC_OLDEST, METRIC_UNFINISHED, METRIC_COMMITTED,
                                            METRIC_STOPPED};

    for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++) {
        head_of(out, metrics[i]);
        for (size_t p = 0; p < view->partition_count; p++)
            buffer_format(out, "%s{topic=\"%s\",partition=\"%d\"} %.15g\n", labelled[metrics[i]].name,
                          context->topic, view->partitions[p].state.partition,
                          partition_value(metrics[i], view, &view->partitions[p]));
    }
}

static void add_label(struct buffer *out, struct bytes value)
{
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] == '"' || value.data[i] == '\\')
            buffer_add_char(out, '\\');
        buffer_add_char(out, value.data[i]);
    }
}

/* Only where it is so: at most one series for each partition. A document id has no control characters. */
static void render_held_up(const struct metrics_context *context, const struct admin_view *view, struct buffer *out)
{
    head_of(out, METRIC_HELD_UP);
    for (size_t p = 0; p < view->partition_count; p++) {
        const struct partition_state *state = &view->partitions[p].state;

        if (!bytes_present(state->held_up_by))
            continue;
        buffer_format(out, "%s{topic=\"%s\",partition=\"%d\",document=\"", labelled[METRIC_HELD_UP].name,
                      context->topic, state->partition);
        add_label(out, state->held_up_by);
        buffer_add_text(out, "\"} 1\n");
    }
}

static int64_t open_descriptors(void)
{
    DIR *directory = opendir("/proc/self/fd");
    int64_t count = -3; /* ".", ".." and the directory's own */

    if (directory == NULL)
        return 0;
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count;
}

static int64_t resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long long total = 0, resident = 0;

    if (file == NULL)
        return 0;
    if (fscanf(file, "%lld %lld", &total, &resident) != 2)
        resident = 0;
    fclose(file);
    return resident * sysconf(_SC_PAGESIZE);
}

/* The standard names of every Prometheus client. */
static void render_process(struct buffer *out)
{
    struct rusage usage;
    struct rlimit limit;

    getrusage(RUSAGE_SELF, &usage);
    getrlimit(RLIMIT_NOFILE, &limit);
    head(out, "process_cpu_seconds_total", "counter", "user and system time");
    buffer_format(out, "process_cpu_seconds_total %.6f\n",
                  (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                      (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
    head(out, "process_resident_memory_bytes", "gauge", "resident memory");
    buffer_format(out, "process_resident_memory_bytes %lld\n", (long long)resident_bytes());
    head(out, "process_open_fds", "gauge", "open descriptors");
    buffer_format(out, "process_open_fds %lld\n", (long long)open_descriptors());
    head(out, "process_max_fds", "gauge", "limit of open descriptors");
    buffer_format(out, "process_max_fds %llu\n", (unsigned long long)limit.rlim_cur);
}

void metrics_render(const struct metrics_context *context, const struct admin_view *view,
                    const struct durations *durations, struct buffer *out)
{
    head_of(out, METRIC_BUILD);
    buffer_format(out, "%s{version=\"%s\"} 1\n", labelled[METRIC_BUILD].name, context->version);
    render_counters(view->counters, out);
    render_durations(durations, out);
    render_partitions(context, view, out);
    render_held_up(context, view, out);
    head_of(out, METRIC_INTAKE);
    for (size_t i = 0; i < INTAKE_COUNT; i++)
        buffer_format(out, "%s{state=\"%s\"} %d\n", labelled[METRIC_INTAKE].name, intake_name(i), view->intake == i);
    render_process(out);
}

static void document_row(struct buffer *out, const char *name, const char *kind, const char *labels,
                         const char *help)
{
    buffer_format(out, "| `%s` | %s | %s | %s |\n", name, kind, labels, help);
}

void admin_document(struct buffer *out)
{
    static const char *const labels[] = {
        [METRIC_FINISHED] = "outcome",           [METRIC_ANSWERS] = "request, meaning",
        [METRIC_DURATION] = "request, code, le", [METRIC_LAG] = "topic, partition",
        [METRIC_OLDEST] = "topic, partition",    [METRIC_UNFINISHED] = "topic, partition",
        [METRIC_COMMITTED] = "topic, partition", [METRIC_STOPPED] = "topic, partition",
        [METRIC_INTAKE] = "state",               [METRIC_BUILD] = "version",
    };

    buffer_add_text(out, "# Metrics\n\nGenerated from the tables in the code. "
                         "`GET /metrics` on `admin.listen`, Prometheus text.\n\n"
                         "| name | kind | labels | meaning |\n|---|---|---|---|\n");
    for (size_t i = 0; i < COUNTER_COUNT; i++)
        document_row(out, counter_name(i), counter_kind(i), "", counter_help(i));
    for (size_t i = 0; i < METRIC_COUNT; i++)
        document_row(out, labelled[i].name, labelled[i].kind, labels[i], labelled[i].help);
    buffer_add_text(out, "\nBeside them the standard `process_*` metrics. A document id is never a label.\n");
}
