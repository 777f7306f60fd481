#include "config/yaml.h"

#include "common/memory.h"
#include "config/yaml_node.h"

#include <libfyaml.h>

#define DEPTH_MAX 64

struct anchor {
    const char *name;
    const struct yaml_node *node;
    struct anchor *next;
};

struct builder {
    struct yaml *yaml;
    struct fy_parser *parser;
    struct fy_diag *diag;
    struct anchor *anchors; /* of finished nodes: no alias can lead into itself */
    struct yaml_node *last; /* the place for an end that comes too early */
    struct error *error;
    int depth;
};

static struct yaml_node *node_new(struct yaml *yaml, enum yaml_kind kind)
{
    struct yaml_node *node = arena_zero(yaml->arena, sizeof(*node));

    node->yaml = yaml;
    node->kind = kind;
    return node;
}

/* What libfyaml says; the first message is the cause. */
static bool fail_syntax(struct builder *builder)
{
    struct yaml_node place = {.yaml = builder->yaml, .line = 1, .column = 1};
    void *iterator = NULL;
    const struct fy_diag_error *found = fy_diag_errors_iterate(builder->diag, &iterator);

    if (found == NULL)
        return yaml_fail(&place, builder->error, "no YAML");
    place.line = found->line > 0 ? found->line : 1;
    place.column = found->column > 0 ? found->column : 1;
    return yaml_fail(&place, builder->error, "no YAML: %s", found->msg);
}

static struct fy_event *next_event(struct builder *builder)
{
    struct fy_event *event = fy_parser_parse(builder->parser);

    if (event == NULL)
        fail_syntax(builder);
    return event;
}

static void set_place(struct builder *builder, struct yaml_node *node, struct fy_event *event)
{
    const struct fy_mark *mark = fy_event_start_mark(event);

    if (mark != NULL) {
        node->line = mark->line + 1;
        node->column = mark->column + 1;
    } else if (builder->last != NULL) { /* a value that is not written */
        node->line = builder->last->line;
        node->column = builder->last->column;
    } else { /* and nothing stands before it */
        node->line = 1;
        node->column = 1;
    }
    builder->last = node;
}

static char *token_text(struct builder *builder, struct fy_token *token)
{
    size_t size = 0;
    const char *text = token != NULL ? fy_token_get_text(token, &size) : NULL;

    return text != NULL ? arena_copy(builder->yaml->arena, text, size) : NULL;
}

static void set_anchor(struct builder *builder, const char *name, const struct yaml_node *node)
{
    struct anchor *anchor;

    if (name == NULL)
        return;
    anchor = arena_zero(builder->yaml->arena, sizeof(*anchor));
    *anchor = (struct anchor){name, node, builder->anchors};
    builder->anchors = anchor;
}

static const struct yaml_node *follow_alias(struct builder *builder, struct fy_event *event)
{
    struct yaml_node place = {.yaml = builder->yaml};
    const char *name = token_text(builder, event->alias.anchor);

    for (const struct anchor *anchor = builder->anchors; anchor != NULL && name != NULL;
         anchor = anchor->next)
        if (strcmp(anchor->name, name) == 0)
            return anchor->node;
    set_place(builder, &place, event);
    builder->last = NULL;
    place.column -= place.column > 1; /* the '*' itself */
    yaml_fail(&place, builder->error, "no anchor '%s' stands before this alias", name != NULL ? name : "");
    return NULL;
}

static const struct yaml_node *scalar(struct builder *builder, struct fy_event *event)
{
    struct yaml_node *node = node_new(builder->yaml, YAML_SCALAR);
    struct fy_token *token = event->scalar.value;
    const char *text = token_text(builder, token);
    enum fy_scalar_style style = token != NULL ? fy_token_scalar_style(token) : FYSS_PLAIN;
    bool is_plain = style == FYSS_PLAIN;

    set_place(builder, node, event);
    if ((style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED) && node->column > 1)
        node->column--; /* the quote itself */
    node->text = text != NULL ? text : "";
    node->is_plain = is_plain;
    node->is_null =
        is_plain && (*node->text == '\0' || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
    if (memchr(node->text, '\0', text != NULL ? fy_token_get_text_length(token) : 0) != NULL) {
        yaml_fail(node, builder->error, "a NUL character is not possible here");
        return NULL;
    }
    if (event->scalar.tag != NULL) {
        yaml_fail(node, builder->error, "tags are not supported");
        return NULL;
    }
    set_anchor(builder, token_text(builder, event->scalar.anchor), node);
    return node;
}

static const struct yaml_node *build(struct builder *builder, struct fy_event *event);

static void node_grow(struct yaml_node *node)
{
    size_t capacity = node->capacity == 0 ? 4 : 2 * node->capacity;
    size_t size = node->count * sizeof(struct yaml_node *);
    size_t more = capacity * sizeof(struct yaml_node *);

    node->keys = arena_grow(node->yaml->arena, node->keys, size, more);
    node->items = arena_grow(node->yaml->arena, node->items, size, more);
    node->capacity = capacity;
}

static void node_add(struct yaml_node *node, const struct yaml_node *key, const struct yaml_node *item)
{
    if (node->count == node->capacity)
        node_grow(node);
    node->keys[node->count] = key;
    node->items[node->count++] = item;
}

static bool check_key(struct builder *builder, const struct yaml_node *mapping, const struct yaml_node *key)
{
    if (key->kind != YAML_SCALAR)
        return yaml_fail(key, builder->error, "a key must be a text");
    for (size_t i = 0; i < mapping->count; i++)
        if (strcmp(mapping->keys[i]->text, key->text) == 0)
            return yaml_fail(key, builder->error, "'%s' stands here for the second time, first in line %d",
                             key->text, mapping->keys[i]->line);
    return true;
}

/* The next item of a collection. False: failed. `ret_item` NULL: it has ended. */
static bool next_item(struct builder *builder, const struct yaml_node **ret_item)
{
    struct fy_event *event = next_event(builder);

    if (event == NULL)
        return false;
    if (event->type == FYET_MAPPING_END || event->type == FYET_SEQUENCE_END) {
        fy_parser_event_free(builder->parser, event);
        *ret_item = NULL;
        return true;
    }
    *ret_item = build(builder, event);
    return *ret_item != NULL;
}

static bool fill(struct builder *builder, struct yaml_node *node)
{
    const struct yaml_node *key, *item;

    while (next_item(builder, &item)) {
        if (item == NULL)
            return true;
        key = NULL;
        if (node->kind == YAML_MAPPING) {
            key = item;
            if (!check_key(builder, node, key) || !next_item(builder, &item))
                return false;
        }
        node_add(node, key, item);
    }
    return false;
}

static const struct yaml_node *collection(struct builder *builder, struct fy_event *event)
{
    bool is_mapping = event->type == FYET_MAPPING_START;
    struct yaml_node *node = node_new(builder->yaml, is_mapping ? YAML_MAPPING : YAML_SEQUENCE);
    const char *anchor =
        token_text(builder, is_mapping ? event->mapping_start.anchor : event->sequence_start.anchor);
    bool good;

    set_place(builder, node, event);
    if ((is_mapping ? event->mapping_start.tag : event->sequence_start.tag) != NULL) {
        yaml_fail(node, builder->error, "tags are not supported");
        return NULL;
    }
    if (builder->depth == DEPTH_MAX) {
        yaml_fail(node, builder->error, "more than %d levels", DEPTH_MAX);
        return NULL;
    }
    builder->depth++;
    good = fill(builder, node);
    builder->depth--;
    set_anchor(builder, anchor, node);
    return good ? node : NULL;
}

/* Takes the event. NULL: failed. */
static const struct yaml_node *build(struct builder *builder, struct fy_event *event)
{
    const struct yaml_node *node;

    if (event->type == FYET_SCALAR)
        node = scalar(builder, event);
    else if (event->type == FYET_ALIAS)
        node = follow_alias(builder, event);
    else
        node = collection(builder, event);
    fy_parser_event_free(builder->parser, event);
    return node;
}

static bool build_document(struct builder *builder)
{
    struct yaml_node place = {.yaml = builder->yaml};
    struct fy_event *event;
    enum fy_event_type type;

    while ((event = next_event(builder)) != NULL) {
        type = event->type;
        if (type == FYET_SCALAR || type == FYET_ALIAS || type == FYET_MAPPING_START ||
            type == FYET_SEQUENCE_START) {
            if (builder->yaml->root != NULL) {
                set_place(builder, &place, event);
                fy_parser_event_free(builder->parser, event);
                return yaml_fail(&place, builder->error,
                                 "a second document begins here; there can be only one");
            }
            builder->yaml->root = build(builder, event);
            if (builder->yaml->root == NULL)
                return false;
        } else {
            fy_parser_event_free(builder->parser, event);
        }
        if (type == FYET_STREAM_END)
            return true;
    }
    return false;
}

static bool check_text(struct yaml *yaml, struct error *error)
{
    struct yaml_node place = {.yaml = yaml, .line = 1, .column = 1};
    size_t bad;
    bool has_bad = !bytes_are_utf8(yaml->text, &bad) || bytes_find(yaml->text, '\0', &bad);

    if (!has_bad)
        return true;
    for (size_t i = 0; i < bad; i++) {
        place.column = yaml->text.data[i] == '\n'
                           ? 1
                           : place.column + (((unsigned char)yaml->text.data[i] & 0xc0) != 0x80);
        place.line += yaml->text.data[i] == '\n';
    }
    return yaml_fail(&place, error, "this byte is no UTF-8 text");
}

static bool parse(struct yaml *yaml, struct error *error)
{
    struct fy_parse_cfg settings = {.flags = FYPCF_DEFAULT_PARSE | FYPCF_ALLOW_DUPLICATE_KEYS};
    struct builder builder = {.yaml = yaml, .error = error};
    bool good = false;

    builder.diag = fy_diag_create(NULL);
    fy_diag_set_collect_errors(builder.diag, true);
    settings.diag = builder.diag;
    builder.parser = fy_parser_create(&settings);
    if (builder.parser == NULL || fy_parser_set_string(builder.parser, yaml->text.data, yaml->text.size) != 0)
        error_set(error, ERROR_SYSTEM, "the YAML parser does not start");
    else
        good = build_document(&builder);
    fy_parser_destroy(builder.parser);
    fy_diag_destroy(builder.diag);
    return good;
}

static struct yaml *yaml_new(const char *name, const char *text, size_t size)
{
    struct yaml *yaml = memory_new(sizeof(*yaml));

    yaml->name = name;
    yaml->arena = arena_new(4096);
    yaml->text = (struct bytes){arena_copy(yaml->arena, text, size), size};
    return yaml;
}

struct yaml *yaml_parse(const char *name, const char *text, size_t size, struct error *error)
{
    struct yaml *yaml = yaml_new(name, text, size);

    if (!check_text(yaml, error) || !parse(yaml, error)) {
        yaml_free(yaml);
        return NULL;
    }
    if (yaml->root != NULL && yaml->root->kind == YAML_SCALAR && yaml->root->is_null)
        yaml->root = NULL;
    return yaml;
}

struct yaml *yaml_of_text(const char *name, const char *text)
{
    struct yaml *yaml = yaml_new(name, text, strlen(text));
    struct yaml_node *node = node_new(yaml, YAML_SCALAR);

    node->text = yaml->text.data;
    yaml->root = node;
    return yaml;
}

void yaml_free(struct yaml *yaml)
{
    if (yaml == NULL)
        return;
    arena_free(yaml->arena);
    free(yaml);
}
