#include "command/examples.h"

#include "command/arguments.h"
#include "command/command.h"
#include "command/example_diff.h"
#include "command/example_event.h"
#include "command/example_world.h"
#include "command/options.h"
#include "common/check.h"
#include "common/memory.h"
#include "config/examples.h"
#include "record/explain.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

struct run {
    const struct config *config;
    struct arena *arena; /* of the case that runs */
    struct buffer said;  /* what differs in it */
    const struct example *example;
    struct example_world *world;
    size_t passed;
    size_t failed;
    bool is_broken; /* a file cannot be read */
};

/* --- what is expected, and what there is --- */

/* "merged no_base" */
static void add_outcome(struct buffer *out, enum outcome outcome, enum reason reason)
{
    const char *name = reason_name(reason);

    buffer_format(out, "%s%s%s", outcome_name(outcome), name != NULL ? " " : "", name != NULL ? name : "");
}

/* The outcome alone, or with its reason. */
static bool is_expected(const char *words, enum outcome outcome, enum reason reason)
{
    struct buffer text;
    bool fits;

    buffer_init(&text, 256);
    add_outcome(&text, outcome, reason);
    fits = strcmp(words, outcome_name(outcome)) == 0 || bytes_equal(bytes_of(words), buffer_bytes(&text));
    buffer_release(&text);
    return fits;
}

static bool judge_outcome(struct run *run, size_t number, enum outcome outcome, enum reason reason)
{
    const struct yaml_node *const *outcomes = run->example->outcomes;

    if (outcomes == NULL || is_expected(yaml_text(outcomes[number]), outcome, reason))
        return true;
    buffer_format(&run->said, "  - %s\n  + ", yaml_text(outcomes[number]));
    add_outcome(&run->said, outcome, reason);
    buffer_add_text(&run->said, run->example->event_count > 1 ? "" : "\n");
    if (run->example->event_count > 1)
        buffer_format(&run->said, "  (event %zu)\n", number + 1);
    return false;
}

static bool judge_decision(struct run *run, const struct example_decision *expected, const struct finished *finished)
{
    static const char *const results[] = {
        [RESULT_THEIRS] = "theirs", [RESULT_OURS] = "ours", [RESULT_MERGED] = "merged", [RESULT_CONFLICT] = "conflict"};
    const char *seen = "(not decided)";

    for (size_t i = 0; i < finished->decision_count; i++)
        if (bytes_equal(finished->decisions[i].field, expected->field))
            seen = results[finished->decisions[i].result];
    if (strcmp(yaml_text(expected->node), seen) == 0)
        return true;
    buffer_format(&run->said, "  - decision %.*s: %s\n  + decision %.*s: %s\n", BYTES_ARG(expected->field),
                  yaml_text(expected->node), BYTES_ARG(expected->field), seen);
    return false;
}

static bool judge_document(struct run *run)
{
    const struct json_limits limits = {.size_max = 64 << 20, .depth_max = 64, .members_max = 1000000};
    const struct json *expected = &run->example->expected;
    struct bytes text = example_world_document(run->world);
    struct json seen;
    struct json_fault fault;

    if (!run->example->expects_document || (expected->values == NULL && !bytes_present(text)))
        return true;
    if (expected->values == NULL || !bytes_present(text)) {
        buffer_format(&run->said, "  - %.*s\n  + %.*s\n",
                      BYTES_ARG(expected->values != NULL ? expected->text : BYTES("(no document)")),
                      BYTES_ARG(bytes_present(text) ? text : BYTES("(no document)")));
        return false;
    }
    if (!json_scan(text, &limits, run->arena, &seen, &fault))
        never("what the engine writes can be read");
    return !example_diff(expected, &seen, run->arena, &run->said);
}

/* The words are known ones, or nobody would ever see why a case fails. */
static bool check_words(const struct example *example, struct error *error)
{
    enum outcome outcome;

    for (size_t i = 0; example->outcomes != NULL && i < example->event_count; i++) {
        const char *words = yaml_text(example->outcomes[i]);

        if (!outcome_parse((struct bytes){words, strcspn(words, " ")}, &outcome))
            return yaml_fail(example->outcomes[i], error, "'%s' is no outcome (docs/outcomes.md)", words);
    }
    for (size_t i = 0; i < example->decision_count; i++) {
        const char *word = yaml_text(example->decisions[i].node);

        if (strcmp(word, "ours") != 0 && strcmp(word, "theirs") != 0 && strcmp(word, "merged") != 0 &&
            strcmp(word, "conflict") != 0)
            return yaml_fail(example->decisions[i].node, error, "'%s' is none of ours, theirs, merged, conflict", word);
    }
    return true;
}

/* --- running a case --- */

static const struct header *headers_of(const struct run *run)
{
    const struct example *example = run->example;
    struct header *headers = arena_take(run->arena, (example->header_count + 1) * sizeof(*headers));

    for (size_t i = 0; i < example->header_count; i++)
        headers[i] = (struct header){example->headers[i].name, example->headers[i].value};
    return headers;
}

static struct event_input input_of(const struct run *run, struct bytes value)
{
    struct event_input input = {.value = value,
                                .headers = headers_of(run),
                                .header_count = run->example->header_count,
                                .topic = options_topic(run->config)};

    if (!bytes_present(run->example->key))
        input.topic.identity = (struct event_identity){0}; /* whose document it is does not matter then */
    input.key = bytes_present(run->example->key) ? run->example->key : example_event_key(run->config, value, run->arena);
    return input;
}

/* In the native format, with the base filled in. False: it is no event, `ret_defect` says why. */
static bool with_base(struct run *run, struct event_input *input, enum event_defect *ret_defect)
{
    struct event_limits limits = EVENT_LIMITS_DEFAULT;
    struct event event;
    struct event_fault fault;
    struct buffer out;

    limits.json.size_max = (size_t)run->config->event_bytes_max;
    if (!event_parse(input, &limits, run->arena, &event, &fault)) {
        *ret_defect = fault.defect;
        return false;
    }
    example_event_add_base(&event, &run->example->base, run->arena);
    buffer_init(&out, SIZE_MAX / 2);
    example_event_print(&event, &out);
    *input = (struct event_input){.key = event.document, .value = arena_keep(run->arena, buffer_bytes(&out))};
    buffer_release(&out);
    return true;
}

static bool run_event(struct run *run, size_t number)
{
    struct event_input input = input_of(run, run->example->events[number]);
    const struct finished *finished;
    enum event_defect defect;
    bool is_good;

    if (run->example->base.values != NULL && !with_base(run, &input, &defect))
        return judge_outcome(run, number,
                             defect == EVENT_DEFECT_NOT_AN_UPDATE ? OUTCOME_UNCHANGED : OUTCOME_REJECTED,
                             reason_of_defect(defect));
    finished = example_world_receive(run->world, input.key, input.value, input.headers, input.header_count);
    is_good = judge_outcome(run, number, finished->outcome, finished->reason);
    for (size_t i = 0; i < run->example->decision_count && number + 1 == run->example->event_count; i++)
        is_good &= judge_decision(run, &run->example->decisions[i], finished);
    if (number + 1 == run->example->event_count)
        is_good &= judge_document(run);
    if (!is_good && finished->decision_count == 0 && bytes_present(finished->detail))
        buffer_format(&run->said, "    %.*s\n", BYTES_ARG(finished->detail));
    for (size_t i = 0; !is_good && i < finished->decision_count; i++) {
        buffer_add_text(&run->said, "    ");
        explain_decision(&finished->decisions[i], &run->said);
        buffer_add_char(&run->said, '\n');
    }
    return is_good;
}

static void run_case(struct run *run, const struct example *example)
{
    bool is_good = true;

    run->example = example;
    arena_reset(run->arena);
    buffer_reset(&run->said);
    run->world = example_world_new(run->config, example->base.values != NULL, example->document.text);
    for (size_t i = 0; i < example->event_count; i++)
        is_good &= run_event(run, i);
    example_world_free(run->world);
    if (is_good) {
        run->passed++;
        return;
    }
    run->failed++;
    printf("%s:%d:%d: FAILED %s\n%.*s", yaml_name(example->node), yaml_line(example->node), yaml_column(example->node),
           example->name, BYTES_ARG(buffer_bytes(&run->said)));
}

static void run_file(struct run *run, const char *path)
{
    struct error error = {0};
    struct examples *examples = examples_read(path, &error);

    for (size_t i = 0; examples != NULL && i < examples_count(examples) && error.kind == ERROR_NONE; i++)
        check_words(examples_at(examples, i), &error);
    if (error.kind != ERROR_NONE) {
        arguments_failed("merge", &error);
        run->is_broken = true;
    }
    for (size_t i = 0; error.kind == ERROR_NONE && i < examples_count(examples); i++)
        run_case(run, examples_at(examples, i));
    examples_free(examples);
}

/* --- the folder --- */

static int is_yaml(const struct dirent *entry)
{
    const char *end = strrchr(entry->d_name, '.');

    return entry->d_name[0] != '.' && end != NULL && (strcmp(end, ".yaml") == 0 || strcmp(end, ".yml") == 0);
}

static bool is_configuration(const struct run *run, const char *path)
{
    struct stat file, configuration;

    return run->config->path != NULL && stat(path, &file) == 0 && stat(run->config->path, &configuration) == 0 &&
           file.st_dev == configuration.st_dev && file.st_ino == configuration.st_ino;
}

static bool run_folder(struct run *run, const char *folder, struct error *error)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_yaml, alphasort);

    if (count < 0)
        return error_set_errno(error, "%s", folder);
    for (int i = 0; i < count; i++) {
        auto_text path = memory_format("%s/%s", folder, entries[i]->d_name);

        if (!is_configuration(run, path))
            run_file(run, path);
        free(entries[i]);
    }
    free(entries);
    return true;
}

int examples_run(const struct config *config, const char *path)
{
    struct run run = {.config = config, .arena = arena_new(1 << 16)};
    struct error error = {0};
    struct stat what;

    buffer_init(&run.said, SIZE_MAX / 2);
    if (stat(path, &what) == 0 && !S_ISDIR(what.st_mode))
        run_file(&run, path);
    else
        run_folder(&run, path, &error);
    if (error.kind == ERROR_NONE && !run.is_broken && run.passed + run.failed == 0)
        error_set(&error, ERROR_USAGE, "%s: no case in it; a folder's own *.yaml files are read, not those of folders in it",
                  path);
    buffer_release(&run.said);
    arena_free(run.arena);
    if (error.kind != ERROR_NONE) {
        arguments_failed("merge", &error);
        return EXIT_USAGE;
    }
    printf("%zu passed, %zu failed\n", run.passed, run.failed);
    if (run.is_broken)
        return EXIT_USAGE;
    return run.failed == 0 ? EXIT_GOOD : EXIT_FAILED;
}
