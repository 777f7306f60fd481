#include "config/value.h"

#include "common/buffer.h"
#include "common/memory.h"
#include "common/nearest.h"
#include "common/pointer.h"
#include "common/timestamp.h"
#include "config/expand.h"

/* One scalar on its way into the settings. */
struct input {
    struct settings *settings;
    const struct option_schema *option;
    const struct yaml_node *node;
    struct error *error;
};

static void *target(const struct input *input)
{
    return (char *)input->settings + input->option->offset;
}

static bool fail_type(const struct input *input)
{
    return yaml_fail(input->node, input->error, "%s needs %s", input->option->key,
                     value_type_text(input->option->type));
}

static void replace_text(char **place, char *text)
{
    free(*place);
    *place = text;
}

static bool set_text(const struct input *input, char **text)
{
    if (**text == '\0')
        return yaml_fail(input->node, input->error, "%s must not be empty", input->option->key);
    for (const char *c = *text; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return yaml_fail(input->node, input->error, "%s must not have control characters",
                             input->option->key);
    replace_text(target(input), take(*text));
    return true;
}

static bool in_range(const struct input *input, int64_t value)
{
    const struct option_schema *option = input->option;

    if (value >= option->min && value <= option->max)
        return true;
    if (option->type == OPTION_DURATION || option->type == OPTION_DURATIONS)
        return yaml_fail(input->node, input->error, "%s must be from %lld to %lld ms", option->key,
                         (long long)option->min, (long long)option->max);
    if (option->min == option->max)
        return yaml_fail(input->node, input->error, "%s must be %lld", option->key, (long long)option->min);
    return yaml_fail(input->node, input->error, "%s must be from %lld to %lld%s", option->key,
                     (long long)option->min, (long long)option->max,
                     option->type == OPTION_BYTES ? " bytes" : "");
}

static bool set_number(const struct input *input, const char *text)
{
    enum option_type type = input->option->type;
    uint64_t number;
    int64_t value = 0;
    bool good;

    if (type == OPTION_DURATION) {
        good = value_parse_duration(bytes_of(text), &value);
    } else if (type == OPTION_BYTES) {
        good = value_parse_size(bytes_of(text), &value);
    } else {
        good = bytes_to_uint64(bytes_of(text), &number) && number <= INT64_MAX;
        value = good ? (int64_t)number : 0;
    }
    if (!good)
        return fail_type(input);
    if (!in_range(input, value))
        return false;
    *(int64_t *)target(input) = value;
    return true;
}

static bool set_none(const struct input *input)
{
    if (input->option->type == OPTION_TEXT)
        replace_text(target(input), NULL);
    else
        *(int64_t *)target(input) = -1;
    return true;
}

static bool set_boolean(const struct input *input, const char *text)
{
    bool is_true = strcmp(text, "true") == 0;

    if (!is_true && strcmp(text, "false") != 0)
        return fail_type(input);
    *(bool *)target(input) = is_true;
    return true;
}

static bool set_enum(const struct input *input, const char *text)
{
    const char *const *names = input->option->names;
    struct nearest nearest;
    auto_buffer hint = {0};

    for (unsigned int i = 0; names[i] != NULL; i++)
        if (strcmp(names[i], text) == 0) {
            *(unsigned int *)target(input) = i;
            return true;
        }
    buffer_init(&hint, 512);
    nearest_init(&nearest, text);
    for (size_t i = 0; names[i] != NULL; i++) {
        buffer_format(&hint, "%s%s", i == 0 ? "" : names[i + 1] != NULL ? ", " : " or ", names[i]);
        nearest_try(&nearest, names[i]);
    }
    if (nearest.best != NULL)
        buffer_format(&hint, "; did you mean %s?", nearest.best);
    return yaml_fail(input->node, input->error, "%s must be %.*s", input->option->key,
                     BYTES_ARG(buffer_bytes(&hint)));
}

static bool set_start(const struct input *input, const char *text)
{
    struct config_topics *topics = &input->settings->config.topics;
    int64_t time_ms;

    if (strcmp(text, "earliest") == 0) {
        topics->start = TOPICS_START_EARLIEST;
    } else if (strcmp(text, "latest") == 0) {
        topics->start = TOPICS_START_LATEST;
    } else if (timestamp_parse(bytes_of(text), &time_ms)) {
        topics->start = TOPICS_START_TIME;
        topics->start_time_ms = time_ms;
    } else {
        return fail_type(input);
    }
    return true;
}

static bool set_scalar(const struct input *input)
{
    auto_text text = expand_scalar(input->node, input->error);

    if (text == NULL)
        return false;
    if (input->option->none != NULL && strcmp(text, input->option->none) == 0)
        return set_none(input);
    switch (input->option->type) {
    case OPTION_TEXT:
    case OPTION_SECRET:
        return set_text(input, &text);
    case OPTION_BOOLEAN:
        return set_boolean(input, text);
    case OPTION_ENUM:
        return set_enum(input, text);
    case OPTION_START:
        return set_start(input, text);
    default:
        return set_number(input, text);
    }
}

static bool add_backoff(const struct input *input, const char *text)
{
    struct config_retry *retry = &input->settings->config.retry;
    int64_t value;

    if (!value_parse_duration(bytes_of(text), &value))
        return fail_type(input);
    if (!in_range(input, value))
        return false;
    retry->backoff_ms =
        memory_resize(retry->backoff_ms, (retry->backoff_count + 1) * sizeof(*retry->backoff_ms));
    retry->backoff_ms[retry->backoff_count++] = value;
    return true;
}

static bool add_skip(const struct input *input, const char *text)
{
    struct config *config = &input->settings->config;
    const char *last = strrchr(text, '/');
    const char *first = last != NULL ? memrchr(text, '/', (size_t)(last - text)) : NULL;
    uint64_t partition, offset;

    if (first == NULL || first == text ||
        !bytes_to_uint64((struct bytes){first + 1, (size_t)(last - first) - 1}, &partition) ||
        partition > INT32_MAX || !bytes_to_uint64(bytes_of(last + 1), &offset) || offset > INT64_MAX)
        return fail_type(input);
    config->skips = memory_resize(config->skips, (config->skip_count + 1) * sizeof(*config->skips));
    config->skips[config->skip_count++] =
        (struct config_skip){.topic = memory_text_n(text, (size_t)(first - text)),
                             .partition = (int32_t)partition,
                             .offset = (int64_t)offset};
    return true;
}

static bool add_pattern(const struct input *input, const char *text)
{
    struct config_fold *fold = &input->settings->config.fold;
    const char *what;

    if (!pattern_is_valid(bytes_of(text), &what))
        return yaml_fail(input->node, input->error, "%s: '%s' is no pattern: %s", input->option->key, text, what);
    fold->never = memory_resize(fold->never, (fold->never_count + 1) * sizeof(*fold->never));
    fold->never[fold->never_count++] = bytes_of(memory_text(text));
    return true;
}

static void clear_backoff(struct config *config)
{
    config->retry.backoff_count = 0;
}

static void clear_skips(struct config *config)
{
    for (size_t i = 0; i < config->skip_count; i++)
        free(config->skips[i].topic);
    config->skip_count = 0;
}

static void clear_patterns(struct config *config)
{
    for (size_t i = 0; i < config->fold.never_count; i++)
        free((char *)(uintptr_t)config->fold.never[i].data);
    config->fold.never_count = 0;
}

/* Lists of scalars. */
static const struct list_type {
    void (*clear)(struct config *config);
    bool (*add)(const struct input *input, const char *text);
    bool may_be_empty;
} list_types[] = {
    [OPTION_DURATIONS] = {clear_backoff, add_backoff, false},
    [OPTION_SKIPS] = {clear_skips, add_skip, true},
    [OPTION_PATTERNS] = {clear_patterns, add_pattern, true},
};

static const struct list_type *list_type_of(enum option_type type)
{
    return type < sizeof(list_types) / sizeof(list_types[0]) && list_types[type].add != NULL ? &list_types[type] : NULL;
}

static bool set_list(const struct input *input, const struct list_type *type)
{
    if (yaml_kind(input->node) != YAML_SEQUENCE)
        return fail_type(input);
    if (!type->may_be_empty && yaml_count(input->node) == 0)
        return yaml_fail(input->node, input->error, "%s must not be empty", input->option->key);
    type->clear(&input->settings->config);
    for (size_t i = 0; i < yaml_count(input->node); i++) {
        struct input item = *input;

        item.node = yaml_item(input->node, i);
        if (yaml_kind(item.node) != YAML_SCALAR)
            return fail_type(&item);
        auto_text text = expand_scalar(item.node, input->error);
        if (text == NULL || !type->add(&item, text))
            return false;
    }
    return true;
}

bool value_set(struct settings *settings, const struct option_schema *option, const struct yaml_node *node,
               struct error *error)
{
    const struct input input = {settings, option, node, error};
    bool good;

    if (list_type_of(option->type) != NULL) {
        good = set_list(&input, list_type_of(option->type));
    } else if (option->type == OPTION_RULES || option->type == OPTION_MAP) {
        good = yaml_kind(node) == YAML_MAPPING || fail_type(&input);
        if (good)
            *(const struct yaml_node **)target(&input) = node;
    } else {
        good = yaml_kind(node) == YAML_SCALAR ? set_scalar(&input) : fail_type(&input);
    }
    if (good)
        settings->nodes[schema_index(option)] = node;
    return good;
}

void value_release(struct settings *settings)
{
    for (size_t i = 0; i < schema_count(); i++) {
        const struct option_schema *option = schema_at(i);

        if (option->type == OPTION_TEXT || option->type == OPTION_SECRET)
            replace_text((char **)(void *)((char *)settings + option->offset), NULL);
    }
    clear_skips(&settings->config);
    free(settings->config.skips);
    clear_patterns(&settings->config);
    free(settings->config.fold.never);
    free(settings->config.retry.backoff_ms);
}
