#include "config/examples.h"

#include "common/buffer.h"
#include "common/file.h"
#include "common/memory.h"
#include "common/nearest.h"

#define FILE_SIZE_MAX (64 << 20)

struct examples {
    char *path;
    struct arena *arena;
    struct yaml *yaml;
    struct example *items;
    size_t count;
};

static bool check_keys(const struct yaml_node *node, const char *const *keys, struct error *error)
{
    for (size_t i = 0; i < yaml_count(node); i++) {
        const char *key = yaml_text(yaml_key(node, i));
        struct nearest nearest;
        size_t k = 0;

        nearest_init(&nearest, key);
        while (keys[k] != NULL && strcmp(keys[k], key) != 0)
            nearest_try(&nearest, keys[k++]);
        if (keys[k] != NULL)
            continue;
        if (nearest.best != NULL)
            return yaml_fail(yaml_key(node, i), error, "unknown key '%s'; did you mean '%s'?", key, nearest.best);
        return yaml_fail(yaml_key(node, i), error, "unknown key '%s'", key);
    }
    return true;
}

/* A text as it is, all else as JSON. */
static struct bytes text_of(struct examples *examples, const struct yaml_node *node)
{
    struct buffer out;
    struct bytes text;

    if (yaml_kind(node) == YAML_SCALAR)
        return yaml_is_null(node) ? BYTES_NONE : bytes_of(yaml_text(node));
    buffer_init(&out, SIZE_MAX / 2);
    yaml_add_json(node, &out);
    text = (struct bytes){arena_copy(examples->arena, out.data, out.size), out.size};
    buffer_release(&out);
    return text;
}

/* Absent and null are fine. */
static bool read_document(struct examples *examples, const struct yaml_node *node, struct json *ret_json,
                          struct error *error)
{
    const struct json_limits limits = {.size_max = FILE_SIZE_MAX, .depth_max = 64, .members_max = 1000000};
    struct json_fault fault;
    struct json json;

    if (node == NULL || yaml_is_null(node))
        return true;
    if (!json_scan(text_of(examples, node), &limits, examples->arena, &json, &fault))
        return yaml_fail(node, error, "byte %zu of the JSON text: %s", fault.offset, fault.what);
    if (json.values[0].kind != JSON_OBJECT)
        return yaml_fail(node, error, "a document is a JSON object");
    *ret_json = json;
    return true;
}

static bool read_headers(struct examples *examples, const struct yaml_node *node, struct example *example,
                         struct error *error)
{
    struct example_header *headers;

    if (node == NULL)
        return true;
    if (yaml_kind(node) != YAML_MAPPING)
        return yaml_fail(node, error, "headers are { NAME: VALUE }");
    headers = arena_take(examples->arena, (yaml_count(node) + 1) * sizeof(*headers));
    for (size_t i = 0; i < yaml_count(node); i++)
        headers[i] = (struct example_header){bytes_of(yaml_text(yaml_key(node, i))), text_of(examples, yaml_item(node, i))};
    example->headers = headers;
    example->header_count = yaml_count(node);
    return true;
}

/* `event` is one, `events` a list. */
static bool read_events(struct examples *examples, const struct yaml_node *node, struct example *example,
                        struct error *error)
{
    const struct yaml_node *one = yaml_find(node, "event"), *many = yaml_find(node, "events");
    struct bytes *events;

    if ((one == NULL) == (many == NULL))
        return yaml_fail(node, error, "a case has an 'event', or several 'events'");
    if (many != NULL && (yaml_kind(many) != YAML_SEQUENCE || yaml_count(many) == 0))
        return yaml_fail(many, error, "'events' is a list; one event alone is 'event'");
    example->event_count = many != NULL ? yaml_count(many) : 1;
    events = arena_take(examples->arena, example->event_count * sizeof(*events));
    for (size_t i = 0; i < example->event_count; i++)
        events[i] = text_of(examples, many != NULL ? yaml_item(many, i) : one);
    example->events = events;
    return true;
}

static bool check_word(const struct yaml_node *node, struct error *error)
{
    return (yaml_kind(node) == YAML_SCALAR && !yaml_is_null(node)) || yaml_fail(node, error, "a word is needed here");
}

static bool read_outcomes(struct examples *examples, const struct yaml_node *expect, struct example *example,
                          struct error *error)
{
    const struct yaml_node *one = yaml_find(expect, "outcome"), *many = yaml_find(expect, "outcomes");
    const struct yaml_node **outcomes;

    if (one == NULL && many == NULL)
        return true;
    if (many == NULL ? example->event_count != 1
                     : one != NULL || yaml_kind(many) != YAML_SEQUENCE || yaml_count(many) != example->event_count)
        return yaml_fail(many != NULL ? many : one, error, "one event has an 'outcome', %zu events have %zu 'outcomes'",
                         example->event_count, example->event_count);
    outcomes = arena_take(examples->arena, example->event_count * sizeof(const struct yaml_node *));
    for (size_t i = 0; i < example->event_count; i++) {
        outcomes[i] = many != NULL ? yaml_item(many, i) : one;
        if (!check_word(outcomes[i], error))
            return false;
    }
    example->outcomes = outcomes;
    return true;
}

static bool read_decisions(struct examples *examples, const struct yaml_node *node, struct example *example,
                           struct error *error)
{
    struct example_decision *decisions;

    if (node == NULL)
        return true;
    if (yaml_kind(node) != YAML_MAPPING)
        return yaml_fail(node, error, "decisions are { /FIELD: ours | theirs | merged | conflict }");
    decisions = arena_take(examples->arena, (yaml_count(node) + 1) * sizeof(*decisions));
    for (size_t i = 0; i < yaml_count(node); i++) {
        decisions[i] = (struct example_decision){yaml_item(node, i), bytes_of(yaml_text(yaml_key(node, i)))};
        if (!check_word(decisions[i].node, error))
            return false;
    }
    example->decisions = decisions;
    example->decision_count = yaml_count(node);
    return true;
}

static bool read_expectations(struct examples *examples, const struct yaml_node *node, struct example *example,
                              struct error *error)
{
    static const char *const keys[] = {"outcome", "outcomes", "document", "decisions", NULL};
    const struct yaml_node *expect = yaml_find(node, "expect");

    if (expect == NULL || yaml_kind(expect) != YAML_MAPPING || yaml_count(expect) == 0)
        return yaml_fail(expect != NULL ? expect : node, error,
                         "a case says what to 'expect': { outcome, document, decisions }");
    example->expects_document = yaml_find(expect, "document") != NULL;
    return check_keys(expect, keys, error) && read_outcomes(examples, expect, example, error) &&
           read_document(examples, yaml_find(expect, "document"), &example->expected, error) &&
           read_decisions(examples, yaml_find(expect, "decisions"), example, error);
}

static bool read_case(struct examples *examples, const struct yaml_node *node, struct error *error)
{
    static const char *const keys[] = {"name", "document", "base", "event", "events", "key", "headers", "expect", NULL};
    struct example *example = &examples->items[examples->count];
    const struct yaml_node *name, *key;

    if (yaml_kind(node) != YAML_MAPPING)
        return yaml_fail(node, error, "a case is { name, document, event, expect }");
    if (!check_keys(node, keys, error))
        return false;
    name = yaml_find(node, "name");
    key = yaml_find(node, "key");
    *example = (struct example){.node = node, .name = ""};
    if (name != NULL && !check_word(name, error))
        return false;
    if (name != NULL)
        example->name = yaml_text(name);
    if (key != NULL)
        example->key = text_of(examples, key);
    if (yaml_find(node, "document") == NULL)
        return yaml_fail(node, error, "a case has a 'document'");
    examples->count++;
    return read_document(examples, yaml_find(node, "document"), &example->document, error) &&
           read_document(examples, yaml_find(node, "base"), &example->base, error) &&
           read_headers(examples, yaml_find(node, "headers"), example, error) &&
           read_events(examples, node, example, error) && read_expectations(examples, node, example, error);
}

static bool read_cases(struct examples *examples, struct error *error)
{
    static const char *const keys[] = {"cases", NULL};
    const struct yaml_node *root = yaml_root(examples->yaml);
    const struct yaml_node *cases = root != NULL ? yaml_find(root, "cases") : NULL;
    size_t count = cases != NULL ? yaml_count(cases) : 1;

    if (root == NULL)
        return error_set(error, ERROR_USAGE, "%s: there is no case in it", examples->path);
    if (cases != NULL && !check_keys(root, keys, error))
        return false;
    if (cases != NULL && (yaml_kind(cases) != YAML_SEQUENCE || count == 0))
        return yaml_fail(cases, error, "'cases' is a list of cases");
    examples->items = memory_new(count * sizeof(*examples->items));
    for (size_t i = 0; i < count; i++)
        if (!read_case(examples, cases != NULL ? yaml_item(cases, i) : root, error))
            return false;
    return true;
}

struct examples *examples_read(const char *path, struct error *error)
{
    struct examples *examples = memory_new(sizeof(*examples));
    size_t size;
    auto_text text = file_read(path, FILE_SIZE_MAX, &size, error);

    examples->path = memory_text(path);
    examples->arena = arena_new(1 << 16);
    if (text != NULL)
        examples->yaml = yaml_parse(examples->path, text, size, error);
    if (examples->yaml == NULL || !read_cases(examples, error)) {
        examples_free(examples);
        return NULL;
    }
    return examples;
}

void examples_free(struct examples *examples)
{
    if (examples == NULL)
        return;
    yaml_free(examples->yaml);
    arena_free(examples->arena);
    free(examples->items);
    free(examples->path);
    free(examples);
}

size_t examples_count(const struct examples *examples)
{
    return examples->count;
}

const struct example *examples_at(const struct examples *examples, size_t index)
{
    return &examples->items[index];
}
