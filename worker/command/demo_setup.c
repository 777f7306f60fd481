#include "command/demo_run.h"

#include "common/memory.h"
#include "kafka/topics.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TOPICS_TIMEOUT_MS 20000
#define SEED              20261124

static const struct model_pattern patterns[] = {
    {.pattern = BYTES("/status"), .rule = MODEL_EXTERNAL},
    {.pattern = BYTES("/owner"), .rule = MODEL_PREFER_DOCUMENT},
    {.pattern = BYTES("/name"), .rule = MODEL_PREFER_EXTERNAL},
    {.pattern = BYTES("/attributes/*"), .rule = MODEL_MERGE},
    {.pattern = BYTES("/number"), .rule = MODEL_DOCUMENT},
};
const struct model_rules demo_rules = {patterns, sizeof(patterns) / sizeof(patterns[0]), MODEL_MERGE};

static void compose_configuration(const struct demo *demo, struct buffer *out)
{
    buffer_format(out,
                  "version: 1\n"
                  "kafka:\n"
                  "  bootstrap.servers: %s\n"
                  "  group.id: ifmatch-demo\n"
                  "  consumer: { session.timeout.ms: 6000, partition.assignment.strategy: cooperative-sticky }\n"
                  "topics: { start: earliest, partitions: 12 }\n"
                  "service: { url: \"%s/documents/{id}\", profile: etag, timeout: 2s }\n"
                  "merge:\n"
                  "  rules:\n",
                  sandbox_brokers(demo->sandbox), sandbox_url(demo->sandbox));
    for (size_t i = 0; i < demo_rules.count; i++)
        buffer_format(out, "    %.*s: %s\n", BYTES_ARG(patterns[i].pattern), model_rule_name(patterns[i].rule));
    buffer_add_text(out, "retry: { conflicts: { attempts: 5, backoff: [50ms, 100ms, 200ms] } }\n"
                         "admin: { listen: off }\n"
                         "log: { format: text }\n");
}

static bool write_configuration(struct demo *demo, struct error *error)
{
    auto_buffer text;
    FILE *file = fopen(demo->config_path, "w");
    bool is_written;

    if (file == NULL)
        return error_set_errno(error, "%s", demo->config_path);
    buffer_init(&text, 1 << 16);
    compose_configuration(demo, &text);
    is_written = fwrite(text.data, 1, text.size, file) == text.size;
    if (fclose(file) != 0 || !is_written)
        return error_set_errno(error, "%s", demo->config_path);
    printf("The configuration of the workers (backoff is 50/100/200 ms here so that the demo is short; the default is "
           "1/2/4 s):\n\n%.*s\n",
           BYTES_ARG(buffer_bytes(&text)));
    return true;
}

static bool load_configuration(struct demo *demo, struct error *error)
{
    static const char *const swapped[] = {"topics.updates=document-audit", "topics.audit=document-updates"};
    const struct config_overrides none = {0}, exchanged = {.sets = swapped, .set_count = 2};

    return config_load(demo->config_path, &none, &demo->config, error) &&
           config_load(demo->config_path, &exchanged, &demo->swapped, error);
}

static bool make_directory(struct demo *demo, struct error *error)
{
    const char *parent = getenv("TMPDIR");

    snprintf(demo->directory, sizeof(demo->directory), "%s/ifmatch-demo-XXXXXX",
             parent != NULL && strlen(parent) < 32 ? parent : "/tmp");
    if (mkdtemp(demo->directory) == NULL) {
        demo->directory[0] = '\0';
        return error_set_errno(error, "a directory for the demo's files");
    }
    snprintf(demo->config_path, sizeof(demo->config_path), "%s/ifmatch.yaml", demo->directory);
    return true;
}

bool demo_start_worker(struct demo *demo, size_t place, struct error *error)
{
    static const char *const names[] = {"worker-1", "worker-2", "worker-3", "worker-4"};
    const char *name = names[demo->worker_number % 4];
    auto_text set = memory_format("worker.name=%s", name);
    auto_text log_path = memory_format("%s/%s.log", demo->directory, name);
    const char *arguments[] = {"run", "-c", demo->config_path, "--set", set, NULL};

    demo->worker_number++;
    return children_start(&demo->children, name, arguments, -1, log_path, &demo->workers[place], error);
}

static bool open_ledger(struct demo *demo, struct error *error)
{
    auto_text path = memory_format("%s/ledger", demo->directory);

    demo->ledger = fopen(path, "we");
    if (demo->ledger == NULL)
        return error_set_errno(error, "%s", path);
    demo_topics_keep(demo->topics, demo->ledger);
    demo_service_keep(demo->service, demo->ledger);
    return true;
}

/* Before anything has threads: it forks. */
static bool start_sandbox(struct demo *demo, struct error *error)
{
    const struct sandbox_options options = {
        .seed = SEED,
        .partitions = 12,
        .topics = {"document-updates", "document-audit", "document-dead-letters"},
    };

    return sandbox_start(&options, &demo->sandbox, error);
}

bool demo_setup(struct demo *demo, struct error *error)
{
    struct topic_state states[3];
    size_t lines;

    producer_init(&demo->producer, SEED);
    buffer_init(&demo->draft, 1 << 16);
    demo->check = check_new(&demo_rules);
    if (!make_directory(demo, error) || !start_sandbox(demo, error) || !write_configuration(demo, error) ||
        !load_configuration(demo, error) ||
        !topics_create(demo->config, TOPICS_TIMEOUT_MS, states, error))
        return false;
    demo->service = demo_service_new(sandbox_url(demo->sandbox), error);
    if (demo->service == NULL || !demo_service_create(demo->service, &demo->producer, demo->check, error))
        return false;
    demo->publisher = publisher_new(demo->config, error);
    if (demo->publisher == NULL)
        return false;
    demo->topics = demo_topics_new(demo->config, demo->swapped, demo->check, &demo->producer, error);
    return demo->topics != NULL && open_ledger(demo, error) &&
           demo_service_read_log(demo->service, demo->check, &demo->producer, &lines, error) &&
           demo_start_worker(demo, 0, error) && demo_start_worker(demo, 1, error);
}

static void remove_directory(const struct demo *demo)
{
    static const char *const names[] = {"ifmatch.yaml", "ledger", "worker-1.log", "worker-2.log", "worker-3.log",
                                        "worker-4.log"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        auto_text path = memory_format("%s/%s", demo->directory, names[i]);

        unlink(path);
    }
    rmdir(demo->directory);
}

void demo_end(struct demo *demo, bool keeps_files)
{
    children_stop(&demo->children, 10000);
    sandbox_stop(demo->sandbox);
    demo_topics_free(demo->topics);
    publisher_free(demo->publisher, 0);
    demo_service_free(demo->service);
    config_free(demo->config);
    config_free(demo->swapped);
    check_free(demo->check);
    producer_release(&demo->producer);
    buffer_release(&demo->draft);
    if (demo->ledger != NULL)
        fclose(demo->ledger);
    if (demo->directory[0] != '\0' && !keeps_files)
        remove_directory(demo);
}
