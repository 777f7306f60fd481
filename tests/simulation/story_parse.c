#include "story_state.h"

#include "common/check.h"

#include <stdio.h>
#include <stdlib.h>

char *words_next(struct words *words)
{
    char *begin = words->rest + strspn(words->rest, " \t");
    char *end = begin + strcspn(begin, " \t");

    if (*begin == '\0')
        return NULL;
    words->rest = *end == '\0' ? end : end + 1;
    *end = '\0';
    return begin;
}

bool story_broken(struct story *story, const char *what, const char *word)
{
    printf("%s:%d: %s%s%s\n", story->path, story->line, what, word != NULL ? ": " : "", word != NULL ? word : "");
    return false;
}

/* --- options of the world --- */

static bool choose(const char *const *names, size_t count, const char *name, unsigned *ret_position)
{
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            *ret_position = i;
            return true;
        }
    }
    return false;
}

static bool set_number(struct options *options, const char *name, const char *value)
{
    long number = strtol(value, NULL, 10);

    if (strcmp(name, "workers") == 0 && number >= 1 && number <= WORKERS_MAX)
        options->workers = (uint32_t)number;
    else if (strcmp(name, "partitions") == 0 && number >= 1 && number <= PARTITIONS_MAX)
        options->partitions = (uint32_t)number;
    else if (strcmp(name, "attempts") == 0)
        options->conflict_attempts = (uint32_t)number;
    else if (strcmp(name, "session_ms") == 0)
        options->session_ms = number;
    else if (strcmp(name, "skip") == 0)
        options->skip_offset = number;
    else if (strcmp(name, "give_up_ms") == 0)
        options->give_up_ms = number;
    else if (strcmp(name, "commit_interval_ms") == 0)
        options->commit_interval_ms = number;
    else
        return false;
    return true;
}

static bool set_option(struct story *story, struct options *options, struct words *words)
{
    static const char *const profiles[] = {"strong", "weak", "silent_write", "inexact", "none"};
    static const char *const formats[] = {"native", "cloudevents", "merge-patch", "json-patch", "debezium"};
    static const char *const after[] = {"exact", "body", "version", "none"};
    const char *name = words_next(words), *value = words_next(words);
    unsigned position;

    if (name == NULL)
        return story_broken(story, "an option has a name", NULL);
    if (strcmp(name, "patch") == 0)
        options->writes_patch = true;
    else if (strcmp(name, "partial") == 0)
        options->partial = true;
    else if (strcmp(name, "no_memory") == 0)
        options->memory_is_base = false;
    else if (strcmp(name, "refuses_weak") == 0)
        options->refuses_weak = true;
    else if (strcmp(name, "strips_weak") == 0)
        options->strips_weak = true;
    else if (strcmp(name, "409") == 0)
        options->stale_is_409 = true;
    else if (value != NULL && strcmp(name, "profile") == 0 && choose(profiles, 5, value, &position))
        options->profile = position;
    else if (value != NULL && strcmp(name, "format") == 0 && choose(formats, 5, value, &position))
        options->format = position;
    else if (value != NULL && strcmp(name, "after_write") == 0 && choose(after, 4, value, &position))
        options->after_write = position;
    else if (value == NULL || !set_number(options, name, value))
        return story_broken(story, "unknown option", name);
    return true;
}

/* --- lines --- */

struct fact {
    struct story *story;
    char *text;
    int line;
};

static void fact_is_due(struct world *world, struct item *item)
{
    const struct fact *fact = item->subject;

    fact->story->line = fact->line;
    if (!fact_happens(fact->story, fact->text))
        world_fail(world, "story", "line %d cannot be read", fact->line);
}

/* Partitions begin where their first event is. */
static void begin_partition(struct story *story, const char *text)
{
    int partition;
    long long offset;

    if (sscanf(text, "receive p%d/%lld", &partition, &offset) == 2 && partition >= 0 &&
        partition < (int)story->world.options.partitions && story->world.kafka.partitions[partition].end == 0)
        story->world.kafka.partitions[partition].end = story->world.kafka.partitions[partition].committed = offset;
}

static bool parse_at(struct story *story, int64_t at_ms, char *text)
{
    struct fact *fact = arena_zero(story->arena, sizeof(*fact));

    text += strspn(text, " \t");
    *fact = (struct fact){story, text, story->line};
    begin_partition(story, text);
    world_at(&story->world, at_ms, fact_is_due, NULL, fact);
    return true;
}

static struct script *add_script(struct story *story, struct list *list, char *actions)
{
    struct script *script = arena_zero(story->arena, sizeof(*script));

    script->actions = actions + strspn(actions, " \t");
    list_push_back(list, &script->in_story);
    return script;
}

/* during write 4711: ACTION; ACTION */
static bool parse_during(struct story *story, struct words *words)
{
    const char *kind = words_next(words);
    char *document = words_next(words);
    struct script *script;

    if (document == NULL || document[strlen(document) - 1] != ':' ||
        (strcmp(kind, "write") != 0 && strcmp(kind, "read") != 0))
        return story_broken(story, "during (read | write) DOCUMENT: what happens", NULL);
    document[strlen(document) - 1] = '\0';
    script = add_script(story, &story->requests, words->rest);
    script->is_write = strcmp(kind, "write") == 0;
    script->document = bytes_of(document);
    return true;
}

static bool parse_publish(struct story *story, struct words *words)
{
    const char *place = words_next(words);
    struct script script = {0};
    long long offset;

    if (place == NULL || sscanf(place, "p%d/%lld:", &script.partition, &offset) != 2)
        return story_broken(story, "publish pN/OFFSET: what happens", place);
    script.offset = offset;
    script.actions = add_script(story, &story->publications, words->rest)->actions;
    list_item(story->publications.previous, struct script, in_story)->partition = script.partition;
    list_item(story->publications.previous, struct script, in_story)->offset = script.offset;
    return true;
}

/* FROM -> TO TO, FROM -> TO */
static bool add_ways(struct story *story, struct words *words, struct buffer *lines)
{
    const char *from = NULL;

    for (char *word = words_next(words); word != NULL; word = words_next(words)) {
        size_t size = strlen(word);
        bool is_last = word[size - 1] == ',';
        const char *arrow = from == NULL ? words_next(words) : "->";

        if (arrow == NULL || strcmp(arrow, "->") != 0)
            return story_broken(story, "transition FROM -> TO TO, FROM -> TO", word);
        if (from == NULL)
            from = word;
        else
            buffer_format(lines, "%s\t%.*s\n", from, (int)(size - is_last), word);
        from = is_last ? NULL : from;
    }
    return true;
}

/* What stands behind the rule's name, as rule_entry.values has it. */
static bool add_values(struct story *story, enum rule rule, struct words *words, struct buffer *lines)
{
    if (rule == RULE_TRANSITION)
        return add_ways(story, words, lines);
    for (const char *word = words_next(words); word != NULL; word = words_next(words))
        buffer_format(lines, rule == RULE_RANK ? "%s\n" : "%s", word);
    return true;
}

static bool parse_rule(struct story *story, struct words *words)
{
    struct error error = {0};
    const char *pattern = words_next(words), *name = words_next(words);
    auto_buffer values;
    auto_text text = NULL;
    enum rule rule;

    buffer_init(&values, 4096);
    if (name == NULL)
        return story_broken(story, "rule PATTERN RULE [VALUE...]", NULL);
    if (rule_parse(bytes_of(name), &rule) && rule_takes_values(rule)) {
        if (!add_values(story, rule, words, &values))
            return false;
        if (values.size == 0)
            return story_broken(story, "the rule needs its values", name);
        text = buffer_detach(&values);
    }
    world_add_rule(&story->world, pattern, name, text, &error);
    return error.kind == ERROR_NONE || story_broken(story, error.text, NULL);
}

static bool parse_service(struct story *story, struct words *words)
{
    const char *document = words_next(words);

    if (document == NULL)
        return story_broken(story, "service DOCUMENT JSON", NULL);
    if (strcmp(document, "refuses") == 0)
        story->world.service.refuses_always = true;
    else
        service_add(&story->world, bytes_of(document), bytes_of(words->rest + strspn(words->rest, " ")));
    return true;
}

static bool parse_line(struct story *story, char *line)
{
    struct words words = {arena_copy(story->arena, line, strlen(line))};
    const char *word = words_next(&words);

    if (word == NULL || word[0] == '#' || strcmp(word, "option") == 0)
        return true;
    if (strcmp(word, "rule") == 0)
        return parse_rule(story, &words);
    if (strcmp(word, "service") == 0)
        return parse_service(story, &words);
    if (strcmp(word, "during") == 0)
        return parse_during(story, &words);
    if (strcmp(word, "publish") == 0)
        return parse_publish(story, &words);
    if (strcmp(word, "commit") == 0)
        return add_script(story, &story->commits, words.rest) != NULL;
    if (strcmp(word, "at") == 0) {
        const char *at = words_next(&words);

        return at != NULL ? parse_at(story, strtoll(at, NULL, 10), words.rest) : story_broken(story, "at MS ...", NULL);
    }
    return parse_at(story, 0, arena_copy(story->arena, line, strlen(line)));
}

/* --- the file --- */

static bool read_file(struct story *story, struct list *ret_lines, struct options *options)
{
    FILE *file = fopen(story->path, "r");
    char line[4096];

    if (file == NULL)
        return story_broken(story, "cannot be read", NULL);
    while (fgets(line, sizeof(line), file) != NULL) {
        struct script *kept;

        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "expect ", 7) == 0) {
            buffer_format(&story->expected, "%s\n", line + 7 + strspn(line + 7, " "));
            continue;
        }
        buffer_format(&story->facts, "%s\n", line);
        kept = add_script(story, ret_lines, arena_copy(story->arena, line, strlen(line)));
        if (strncmp(line, "option ", 7) == 0) {
            struct words words = {kept->actions + 7};

            if (!set_option(story, options, &words)) {
                fclose(file);
                return false;
            }
        }
    }
    fclose(file);
    return true;
}

bool story_parse(struct story *story, struct tape *tape)
{
    struct options options;
    struct list lines;
    bool is_good = true;

    options_init(&options);
    list_init(&lines);
    is_good = read_file(story, &lines, &options);
    world_init(&story->world, tape, &options, &story->seen);
    story->world.story = story;
    list_each(node, &lines) {
        story->line++;
        is_good = is_good && parse_line(story, list_item(node, struct script, in_story)->actions);
    }
    return is_good;
}
