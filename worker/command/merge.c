#include "command/arguments.h"
#include "command/command.h"
#include "command/example_event.h"
#include "command/examples.h"
#include "command/options.h"
#include "common/check.h"
#include "common/file.h"
#include "common/memory.h"
#include "engine/words.h"
#include "merge/merge.h"
#include "record/explain.h"

#include <stdio.h>

static const char help[] =
    "Usage: ifmatch merge --document FILE --event FILE [--base FILE] [-c FILE] [OPTION]...\n"
    "       ifmatch merge --examples PATH [-c FILE] [OPTION]...\n"
    "What would happen: merges an event into a document by the rules of the configuration. The resulting document\n"
    "goes to standard output, byte exact; a sentence for each decision, with the place of its rule, to standard error.\n\n"
    "      --document FILE   the document as the service has it now; - is standard input\n"
    "      --event FILE      the event, in the format of topics.format\n"
    "      --base FILE       the document as the producer last saw it, for fields of which the event has no base\n"
    "      --version TEXT    the version of the document, for events with a base_version\n"
    "      --examples PATH   instead of all these: runs the cases in the YAML files of a folder, or of one file, and\n"
    "                        prints what is not as expected (docs/rules.md shows a case)\n" ARGUMENTS_HELP
    "\nExit codes: 0 a result, 2 wrong use, configuration or input, 3 a conflict: nothing is written.\n"
    "With --examples: 0 all passed, 1 some did not, 2 a file cannot be read.\n";

#define FILE_SIZE_MAX (64 << 20)

struct trial {
    struct arguments arguments;
    const char *document_path;
    const char *event_path;
    const char *base_path;
    const char *version;
    const char *examples_path;
    struct config *config;
    struct arena *arena;
    struct json document;
    struct event event;
};

static bool read_json(struct trial *trial, const char *path, struct json *ret_json, struct error *error)
{
    const struct json_limits limits = {.size_max = FILE_SIZE_MAX, .depth_max = 64, .members_max = 1000000};
    struct json_fault fault;
    size_t size;
    auto_text text = file_read(path, FILE_SIZE_MAX, &size, error);

    if (text == NULL)
        return false;
    if (!json_scan((struct bytes){arena_copy(trial->arena, text, size), size}, &limits, trial->arena, ret_json, &fault))
        return error_set(error, ERROR_INPUT, "%s: byte %zu: %s", path, fault.offset, fault.what);
    return true;
}

static bool read_document(struct trial *trial, const char *path, struct json *ret_json, struct error *error)
{
    if (!read_json(trial, path, ret_json, error))
        return false;
    if (ret_json->values[0].kind != JSON_OBJECT)
        return error_set(error, ERROR_INPUT, "%s: a document is a JSON object", path);
    return true;
}

static bool read_event(struct trial *trial, struct error *error)
{
    struct event_limits limits = EVENT_LIMITS_DEFAULT;
    struct event_input input = {.topic = options_topic(trial->config)};
    struct event_fault fault;
    struct json json;

    if (!read_json(trial, trial->event_path, &json, error))
        return false;
    input.topic.identity = (struct event_identity){0}; /* whose document it is does not matter here */
    input.key = example_event_key(trial->config, json.text, trial->arena);
    input.value = json.text;
    limits.json.size_max = (size_t)trial->config->event_bytes_max;
    if (!event_parse(&input, &limits, trial->arena, &trial->event, &fault))
        return error_set(error, ERROR_INPUT, "%s: %s %s: %s", trial->event_path,
                         fault.defect == EVENT_DEFECT_NOT_AN_UPDATE ? "unchanged" : "rejected",
                         reason_name(reason_of_defect(fault.defect)), fault.detail);
    if (trial->event.operation == OPERATION_CREATE || trial->event.operation == OPERATION_DELETE)
        return error_set(error, ERROR_INPUT, "%s: a %s is of the whole document: there is nothing to merge",
                         trial->event_path, event_operation_name(trial->event.operation));
    return true;
}

static void say_decisions(const struct merge_output *output)
{
    auto_buffer lines;

    buffer_init(&lines, SIZE_MAX / 2);
    for (size_t i = 0; i < output->decision_count; i++) {
        explain_decision(&output->decisions[i], &lines);
        buffer_add_char(&lines, '\n');
    }
    fwrite(lines.data, 1, lines.size, stderr);
}

static int say_outcome(const struct trial *trial, const struct merge_output *output)
{
    struct buffer result;
    size_t failed;

    say_decisions(output);
    if (output->verdict == MERGE_REJECT) {
        fprintf(stderr, "rejected %s: %.*s\n", reason_name(REASON_ARRAY_INDEX), BYTES_ARG(output->reject_field));
        return EXIT_USAGE;
    }
    buffer_init(&result, SIZE_MAX / 2);
    if (json_splice(&trial->document, output->edits, output->edit_count, &result, &failed) != JSON_SPLICED)
        never("the merge has judged every edit against the document");
    fwrite(result.data, 1, result.size, stdout);
    buffer_release(&result);
    fprintf(stderr, "%s\n",
            output->verdict == MERGE_CONFLICT  ? "conflict: a person must decide"
            : output->verdict == MERGE_NOTHING ? "unchanged"
                                               : "written");
    return output->verdict == MERGE_CONFLICT ? EXIT_CONFLICT : EXIT_GOOD;
}

static int merge_files(struct trial *trial)
{
    struct merge_output output;
    struct error error = {0};
    struct json base;

    if (!read_document(trial, trial->document_path, &trial->document, &error) || !read_event(trial, &error) ||
        (trial->base_path != NULL && !read_document(trial, trial->base_path, &base, &error))) {
        arguments_failed("merge", &error);
        return EXIT_USAGE;
    }
    if (trial->base_path != NULL)
        example_event_add_base(&trial->event, &base, trial->arena);
    merge(&(struct merge_input){.rules = trial->config->rules,
                                .theirs = &trial->document,
                                .event = &trial->event,
                                .version = bytes_of(trial->version)},
          trial->arena, &output);
    return say_outcome(trial, &output);
}

static int merge_trial(struct trial *trial)
{
    int code;
    bool has_files = trial->document_path != NULL || trial->event_path != NULL || trial->base_path != NULL;

    if (trial->examples_path != NULL && (has_files || trial->version != NULL))
        return arguments_wrong("merge", "--examples goes without --document, --event, --base and --version");
    if (trial->examples_path == NULL && (trial->document_path == NULL || trial->event_path == NULL))
        return arguments_wrong("merge", "--document and --event are needed, or --examples");
    trial->config = arguments_load(&trial->arguments);
    if (trial->config == NULL)
        return EXIT_USAGE;
    trial->arena = arena_new(1 << 16);
    code = trial->examples_path != NULL ? examples_run(trial->config, trial->examples_path) : merge_files(trial);
    arena_free(trial->arena);
    config_free(trial->config);
    return code;
}

int command_merge(int argc, char **argv)
{
    static const struct option options[] = {ARGUMENTS_LONG,
                                            {"document", required_argument, NULL, 'd'},
                                            {"event", required_argument, NULL, 'e'},
                                            {"base", required_argument, NULL, 'b'},
                                            {"version", required_argument, NULL, 'v'},
                                            {"examples", required_argument, NULL, 'x'},
                                            {0}};
    struct trial trial = {0};
    int option, code = -1;

    while (code < 0 && (option = getopt_long(argc, argv, ARGUMENTS_SHORT, options, NULL)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            code = EXIT_GOOD;
        } else if (option == 'd') {
            trial.document_path = optarg;
        } else if (option == 'e') {
            trial.event_path = optarg;
        } else if (option == 'b') {
            trial.base_path = optarg;
        } else if (option == 'v') {
            trial.version = optarg;
        } else if (option == 'x') {
            trial.examples_path = optarg;
        } else if (!arguments_take(&trial.arguments, option, optarg)) {
            code = arguments_wrong_option("merge");
        }
    }
    if (code < 0)
        code = optind < argc ? arguments_wrong("merge", "unexpected '%s'", argv[optind]) : merge_trial(&trial);
    arguments_release(&trial.arguments);
    return code;
}
