#include "common/buffer.h"
#include "common/memory.h"
#include "common/sha256.h"
#include "config/load.h"

#define TEXT_SIZE_MAX (64 << 20)

static char *rule_line(const struct rules *rules, const struct rule_entry *entry)
{
    const struct rules_defaults *defaults = rules_defaults(rules);

    return memory_format(
        "%.*s\t%s\t%s\t%s\t%s\t%s\t%.*s\t%.*s\n%.*s", BYTES_ARG(entry->pattern), rule_name(entry->rule),
        on_conflict_name(entry->has_on_conflict ? entry->on_conflict : defaults->on_conflict),
        entry->has_on_delete_conflict ? on_conflict_name(entry->on_delete_conflict) : "-",
        compare_name(entry->compare),
        entry->has_no_base ? no_base_name(entry->no_base) : "-", BYTES_ARG(entry->compare_member), BYTES_ARG(entry->group),
        BYTES_ARG(entry->values));
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In the order of their texts: where a rule stands in the file changes nothing. */
static void add_rules(struct buffer *text, const struct rules *rules)
{
    size_t count = rules_count(rules);
    char **lines = memory_new((count + 1) * sizeof(*lines));

    for (size_t i = 0; i < count; i++)
        lines[i] = rule_line(rules, rules_at(rules, i));
    qsort(lines, count, sizeof(*lines), compare_lines);
    for (size_t i = 0; i < count; i++) {
        buffer_add_text(text, lines[i]);
        free(lines[i]);
    }
    free(lines);
}

static void add_number(struct buffer *text, const char *name, int64_t value)
{
    buffer_format(text, "%s\t%lld\n", name, (long long)value);
}

/* In the order of the file: no field is in two entries. */
static void add_map(struct buffer *text, const struct event_map *map)
{
    for (size_t i = 0; i < map->count; i++) {
        const struct map_entry *entry = &map->entries[i];

        buffer_format(text, "map\t%.*s\t%.*s\t%d\t%d\t%d\n", BYTES_ARG(entry->from), BYTES_ARG(entry->to),
                      (int)entry->as, (int)entry->unit, entry->scale);
        for (size_t k = 0; k < entry->value_count; k++)
            buffer_format(text, "%.*s\t%.*s\n", BYTES_ARG(entry->values[k].from), BYTES_ARG(entry->values[k].to));
    }
    add_number(text, "map_rest", (int64_t)map->rest);
}

static void add_limits(struct buffer *text, const struct config *config)
{
    add_number(text, "attempts", config->retry.attempts);
    add_number(text, "document.give_up", config->retry.document_give_up_ms);
    add_number(text, "locked.give_up", config->retry.locked_give_up_ms);
    add_number(text, "event", config->event_bytes_max);
    add_number(text, "document", config->service.document_bytes_max);
    for (size_t i = 0; i < config->skip_count; i++)
        buffer_format(text, "skip\t%s/%d/%lld\n", config->skips[i].topic, (int)config->skips[i].partition,
                      (long long)config->skips[i].offset);
}

void fingerprint_set(struct config *config)
{
    const struct rules_defaults *defaults = rules_defaults(config->rules);
    char hex[SHA256_HEX_SIZE];
    auto_buffer text = {0};

    buffer_init(&text, TEXT_SIZE_MAX);
    buffer_format(&text, "1\n%s\t%s\t%s\t%d\t%d\t%d\n", rule_name(defaults->rule),
                  on_conflict_name(defaults->on_conflict), no_base_name(defaults->no_base),
                  (int)defaults->base_version, defaults->memory_is_base, defaults->partial);
    add_rules(&text, config->rules);
    buffer_format(&text, "%s\t%d\t%d\t%d\n", config->service.profile, (int)config->service.write,
                  (int)config->service.precondition, (int)config->service.unprotected);
    buffer_format(&text, "%d\t%d\t%d\t%s\n", (int)config->topics.format, (int)config->debezium.snapshot,
                  (int)config->debezium.without_before, config->debezium.unavailable_value);
    buffer_format(&text, "%d\t%d\n", (int)config->document.missing, (int)config->document.gone);
    buffer_format(&text, "%s\t%s\t%s\n", config->document.from_text,
                  config->document.key_text != NULL ? config->document.key_text : "-",
                  config->document.pattern_text != NULL ? config->document.pattern_text : "-");
    add_map(&text, &config->map);
    add_limits(&text, config);
    sha256_hex(buffer_bytes(&text), hex);
    memcpy(config->fingerprint, hex, sizeof(config->fingerprint) - 1);
    config->fingerprint[sizeof(config->fingerprint) - 1] = '\0';
}
