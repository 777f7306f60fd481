#include "command/arguments.h"
#include "command/command.h"
#include "command/options.h"
#include "kafka/consumer.h"
#include "kafka/topics.h"
#include "service/service.h"

#include "common/memory.h"

#include <stdio.h>

static const char help[] =
    "Usage: ifmatch check -c FILE [--document ID | --key TEXT]\n"
    "Is all of it right? One line for each: configuration, rules, topics and partitions, service and credentials.\n"
    "Nothing is written anywhere.\n\n"
    "      --document ID     the document to read from the service (default: one that need not exist)\n"
    "      --key TEXT        only this: which document a Kafka key means, and where that is\n" ARGUMENTS_HELP
    "\nExit codes: 0 all is right, 1 something is not, 2 wrong use or configuration.\n";

#define TIMEOUT_MS 10000

static bool say(bool is_good, const char *what, const char *text)
{
    printf("%-4s %-14s %s\n", is_good ? "ok" : "FAIL", what, text);
    return is_good;
}

static bool check_topic(const struct topic_state *state, const char *role)
{
    char text[512];

    if (state->partitions == 0)
        snprintf(text, sizeof(text), "%s topic '%s' does not exist: `ifmatch topics create` makes it", role,
                 state->name);
    else
        snprintf(text, sizeof(text), "%s topic '%s', %d partitions", role, state->name, state->partitions);
    return say(state->partitions > 0, "topic", text);
}

static bool check_kafka(const struct config *config)
{
    static const char *const roles[3] = {"updates", "audit", "dead-letter"};
    struct topic_state states[3];
    struct error error = {0};
    bool is_good = true;

    if (!consumer_check(config, &error) || !topics_look(config, TIMEOUT_MS, states, &error))
        return say(false, "kafka", error.text);
    for (size_t i = 0; i < 3; i++)
        is_good = check_topic(&states[i], roles[i]) && is_good;
    return is_good;
}

static bool check_service(const struct config *config, const char *document)
{
    struct error error = {0};
    struct service *service = service_new(config, &error);
    auto_text text = NULL;
    bool is_good;

    if (service == NULL)
        return say(false, "service", error.text);
    is_good = service_check(service, document, &text);
    say(is_good, "service", text);
    service_free(service);
    return is_good;
}

static bool check_rules(const struct config *config)
{
    char text[128];

    snprintf(text, sizeof(text), "%zu patterns, default %s", rules_count(config->rules),
             rule_name(rules_defaults(config->rules)->rule));
    return say(true, "rules", text);
}

/* Prints the id and the URL; nothing is asked of anybody. */
static int check_key(const struct arguments *arguments, const char *key)
{
    struct config *config = arguments_load(arguments);
    struct arena *arena;
    struct event_topic topic;
    struct event_fault fault;
    struct bytes document;
    bool is_good = false;

    if (config == NULL)
        return EXIT_USAGE;
    arena = arena_new(4096);
    topic = options_topic(config);
    if (config->address == NULL)
        fputs("ifmatch check: service.url is needed to say where a document is\n", stderr);
    else if (topic.identity.from != IDENTITY_FROM_KEY)
        fprintf(stderr, "ifmatch check: the Kafka key says nothing: document.from is %s\n", config->document.from_text);
    else if (!event_identify(bytes_of(key), &topic, arena, &document, &fault))
        fprintf(stderr, "ifmatch check: rejected %s: %s\n", reason_name(reason_of_defect(fault.defect)), fault.detail);
    else
        is_good = printf("%.*s %s\n", BYTES_ARG(document), address_url(config->address, document, arena)) > 0;
    arena_free(arena);
    config_free(config);
    return is_good ? EXIT_GOOD : EXIT_FAILED;
}

static int check(const struct arguments *arguments, const char *document)
{
    struct config *config = arguments_load(arguments);
    bool is_good;

    if (config == NULL)
        return EXIT_USAGE;
    is_good = say(true, "configuration", config->path != NULL ? config->path : "(defaults)");
    is_good = check_rules(config) && is_good;
    is_good = check_kafka(config) && is_good;
    is_good = check_service(config, document) && is_good;
    config_free(config);
    return is_good ? EXIT_GOOD : EXIT_FAILED;
}

int command_check(int argc, char **argv)
{
    static const struct option options[] = {
        ARGUMENTS_LONG, {"document", required_argument, NULL, 'd'}, {"key", required_argument, NULL, 'k'}, {0}};
    struct arguments arguments = {0};
    const char *document = "ifmatch-check", *key = NULL;
    int option, code = -1;

    while (code < 0 && (option = getopt_long(argc, argv, ARGUMENTS_SHORT, options, NULL)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            code = EXIT_GOOD;
        } else if (option == 'd') {
            document = optarg;
        } else if (option == 'k') {
            key = optarg;
        } else if (!arguments_take(&arguments, option, optarg)) {
            code = arguments_wrong_option("check");
        }
    }
    if (code < 0)
        code = optind < argc ? arguments_wrong("check", "unexpected '%s'", argv[optind])
               : key != NULL ? check_key(&arguments, key)
                             : check(&arguments, document);
    arguments_release(&arguments);
    return code;
}
