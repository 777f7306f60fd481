#include "config/rule_values.h"

#include "common/buffer.h"
#include "common/check.h"
#include "common/memory.h"
#include "common/pointer.h"
#include "config/expand.h"

#define VALUES_SIZE_MAX (1 << 20)

static bool has_line(const struct buffer *lines, struct bytes wanted)
{
    struct bytes rest = buffer_bytes(lines), line;

    while (bytes_line(&rest, &line))
        if (bytes_equal(line, wanted))
            return true;
    return false;
}

/* A word that can stand in a line of its own, or NULL. The caller frees. */
static char *read_word(const struct yaml_node *node, const char *rule, struct error *error)
{
    auto_text word = NULL;

    if (yaml_kind(node) != YAML_SCALAR || yaml_is_null(node)) {
        yaml_fail(node, error, "each value of '%s' is a word or a number", rule);
        return NULL;
    }
    word = expand_scalar(node, error);
    if (word == NULL)
        return NULL;
    if (*word == '\0' || strpbrk(word, "\t\n") != NULL) {
        yaml_fail(node, error, "a value of '%s' must not be empty, nor have tabs or line ends", rule);
        return NULL;
    }
    return take(word);
}

/* Adds a line for each word of the sequence, behind `prefix`. */
static bool read_words(const struct yaml_node *node, const char *rule, const char *prefix, struct buffer *lines,
                       struct error *error)
{
    for (size_t i = 0; i < yaml_count(node); i++) {
        auto_text word = read_word(yaml_item(node, i), rule, error);
        auto_text line = word != NULL ? memory_format("%s%s", prefix, word) : NULL;

        if (line == NULL)
            return false;
        if (has_line(lines, bytes_of(line)))
            return yaml_fail(yaml_item(node, i), error, "'%s' is there already", word);
        buffer_format(lines, "%s\n", line);
    }
    return true;
}

static bool read_rank(const struct yaml_node *node, struct buffer *lines, struct error *error)
{
    if (yaml_kind(node) != YAML_SEQUENCE || yaml_count(node) == 0)
        return yaml_fail(node, error, "'rank' needs its values from first to last: [FIRST, ..., LAST]");
    return read_words(node, "rank", "", lines, error);
}

static bool read_transition(const struct yaml_node *node, struct buffer *lines, struct error *error)
{
    static const char wanted[] = "'transition' needs what may follow each value: { FROM: [TO, ...] }";

    if (yaml_kind(node) != YAML_MAPPING || yaml_count(node) == 0)
        return yaml_fail(node, error, "%s", wanted);
    for (size_t i = 0; i < yaml_count(node); i++) {
        const struct yaml_node *to = yaml_item(node, i);
        auto_text from = read_word(yaml_key(node, i), "transition", error);
        auto_text prefix = from != NULL ? memory_format("%s\t", from) : NULL;

        if (prefix == NULL)
            return false;
        if (yaml_kind(to) != YAML_SEQUENCE || yaml_count(to) == 0)
            return yaml_fail(to, error, "%s", wanted);
        if (!read_words(to, "transition", prefix, lines, error))
            return false;
    }
    return true;
}

const char *rule_values_form(enum rule rule)
{
    switch (rule) {
    case RULE_RANK:
        return "rank: [FIRST, ..., LAST]";
    case RULE_TRANSITION:
        return "transition: { FROM: [TO, ...] }";
    case RULE_LATEST:
        return "latest: /POINTER";
    case RULE_KEYED:
        return "keyed: MEMBER";
    default:
        never("the other rules have no values");
    }
}

/* Where the document says when it was changed last. */
static char *read_pointer(const struct yaml_node *node, struct error *error)
{
    auto_text word = read_word(node, "latest", error);
    const char *what = NULL;

    if (word == NULL)
        return NULL;
    if (!pointer_is_valid(bytes_of(word), &what)) {
        yaml_fail(node, error, "'%s' is no JSON Pointer: %s", word, what);
        return NULL;
    }
    return take(word);
}

char *rule_values_read(enum rule rule, const struct yaml_node *node, struct error *error)
{
    auto_buffer lines = {0};

    if (rule == RULE_LATEST)
        return read_pointer(node, error);
    if (rule == RULE_KEYED)
        return read_word(node, "keyed", error);
    buffer_init(&lines, VALUES_SIZE_MAX);
    if (!(rule == RULE_RANK ? read_rank(node, &lines, error) : read_transition(node, &lines, error)))
        return NULL;
    return buffer_detach(&lines);
}
