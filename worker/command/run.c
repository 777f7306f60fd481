#include "command/arguments.h"
#include "command/command.h"
#include "command/dry_run.h"
#include "command/options.h"
#include "common/clock.h"
#include "common/memory.h"
#include "loop/dry_run.h"
#include "loop/loop.h"

#include <stdio.h>
#include <unistd.h>

static const char help[] =
    "Usage: ifmatch run -c FILE [OPTION]...\n"
    "Applies events from the updates topic to the document service until SIGTERM or SIGINT. A second signal leaves\n"
    "at once. Start more of them in the same consumer group for more throughput.\n\n" ARGUMENTS_HELP
    "\n" DRY_RUN_HELP
    "\nExit codes: 0 stopped as asked, 1 failed, 2 wrong use or configuration, or nowhere to start from.\n";

struct worker {
    struct dry_run_arguments dry;
    struct config *config;
    struct service *service;
    struct publisher *publisher;
    struct consumer *consumer;
    struct engine *engine;
    struct dry_run *dry_run;
    struct loop *loop;
};

static void say_start(const struct worker *worker)
{
    const struct config *config = worker->config;
    const struct rules_defaults *defaults = rules_defaults(config->rules);

    log_info("run", "ifmatch %s: %s -> %s (profile %s), %zu rules, default %s", IFMATCH_VERSION,
             config->topics.updates, config->service.url, service_profile_name(worker->service),
             rules_count(config->rules), rule_name(defaults->rule));
    if (config->document.from != DOCUMENT_FROM_KEY)
        log_warn("run",
                 "the document id is not the Kafka key (document.from: %s): events of one document are in order only if "
                 "producers partition by it",
                 config->document.from_text);
    for (size_t i = 0; i < rules_count(config->rules); i++) {
        const struct rule_entry *entry = rules_at(config->rules, i);

        log_info("run", "rule %.*s: %s", BYTES_ARG(entry->pattern), rule_name(entry->rule));
    }
}

static bool kafka_start(struct worker *worker, struct error *error)
{
    if (!worker->dry.is_asked || worker->dry.publish != NULL) {
        worker->publisher = publisher_new(worker->config, error);
        if (worker->publisher == NULL)
            return false;
    }
    worker->consumer = worker->dry.is_asked ? consumer_new_apart(worker->config, &worker->dry.range, error)
                                            : consumer_new(worker->config, error);
    return worker->consumer != NULL;
}

static void engine_start(struct worker *worker)
{
    struct engine_options options;

    options_fill(&options, worker->config);
    service_set_options(worker->service, &options);
    options.ownership_ms = consumer_ownership_ms(worker->consumer);
    options.seed = (uint64_t)clock_now_us() ^ ((uint64_t)getpid() << 32);
    if (worker->dry.is_asked)
        dry_run_change_options(&options);
    worker->engine = engine_new(&options);
    options_release(&options);
}

static bool worker_start(struct worker *worker, struct error *error)
{
    worker->service = service_new(worker->config, error);
    if (worker->service == NULL || !kafka_start(worker, error))
        return false;
    engine_start(worker);
    if (worker->dry.is_asked)
        worker->dry_run = dry_run_new();
    worker->loop = loop_new(&(struct loop_parts){.config = worker->config,
                                                 .engine = worker->engine,
                                                 .consumer = worker->consumer,
                                                 .publisher = worker->publisher,
                                                 .service = worker->service,
                                                 .dry_run = worker->dry_run},
                            error);
    return worker->loop != NULL;
}

/* The publisher first: what it holds is recorded before the group is left. */
static void worker_stop(struct worker *worker)
{
    int64_t timeout_ms = worker->config != NULL ? worker->config->shutdown_timeout_ms : 0;

    loop_free(worker->loop);
    publisher_free(worker->publisher, timeout_ms < 5000 ? timeout_ms : 5000);
    consumer_free(worker->consumer, timeout_ms < 5000 ? timeout_ms : 5000);
    service_free(worker->service);
    engine_free(worker->engine);
    dry_run_free(worker->dry_run);
    dry_run_release(&worker->dry);
    config_free(worker->config);
}

static void print_table(const struct worker *worker)
{
    struct buffer table;

    buffer_init(&table, 1 << 16);
    dry_run_table(worker->dry_run, engine_counters(worker->engine)->value[COUNTER_EVENTS_RECEIVED], &table);
    fwrite(table.data, 1, table.size, stdout);
    buffer_release(&table);
}

static int run(struct worker *worker)
{
    struct error error = {0};
    int code;

    log_open(STDERR_FILENO, worker->config->log_format, worker->config->log_level);
    if (!worker_start(worker, &error)) {
        log_error("run", "%s", error.text);
        return error.kind == ERROR_USAGE ? EXIT_USAGE : EXIT_FAILED;
    }
    say_start(worker);
    code = loop_run(worker->loop);
    if (worker->dry_run != NULL)
        print_table(worker);
    log_info("run", "stopped");
    return code;
}

static int run_config(struct worker *worker, const struct arguments *arguments)
{
    if (!dry_run_check(&worker->dry))
        return EXIT_USAGE;
    worker->config = arguments_load(arguments);
    if (worker->config == NULL || !dry_run_may_publish(&worker->dry, worker->config))
        return EXIT_USAGE;
    if (worker->dry.is_asked)
        dry_run_change_config(&worker->dry, worker->config);
    return run(worker);
}

int command_run(int argc, char **argv)
{
    static const struct option options[] = {ARGUMENTS_LONG, DRY_RUN_LONG, {0}};
    struct arguments arguments = {0};
    struct worker worker = {0};
    int option, code = -1;

    while (code < 0 && (option = getopt_long(argc, argv, ARGUMENTS_SHORT, options, NULL)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            code = EXIT_GOOD;
        } else if (!arguments_take(&arguments, option, optarg) && !dry_run_take(&worker.dry, option, optarg)) {
            code = arguments_wrong_option("run");
        }
    }
    if (code < 0)
        code = optind < argc ? arguments_wrong("run", "unexpected '%s'", argv[optind]) : run_config(&worker, &arguments);
    worker_stop(&worker);
    arguments_release(&arguments);
    return code;
}
