#include "command/dry_run.h"

#include "command/arguments.h"
#include "common/memory.h"
#include "common/timestamp.h"

bool dry_run_take(struct dry_run_arguments *arguments, int option, const char *value)
{
    switch (option) {
    case 'n':
        arguments->is_asked = true;
        return true;
    case 'f':
        arguments->from = value;
        return true;
    case 't':
        arguments->to = value;
        return true;
    case 'F':
        arguments->follows = true;
        return true;
    case 'p':
        arguments->publish = value;
        return true;
    default:
        return false;
    }
}

/* "3:1042" */
static bool read_offset(struct bytes text, struct range_offset *ret_offset)
{
    size_t colon;
    uint64_t partition, offset;

    if (!bytes_find(text, ':', &colon) || !bytes_to_uint64((struct bytes){text.data, colon}, &partition) ||
        !bytes_to_uint64(bytes_from(text, colon + 1), &offset) || partition > INT32_MAX || offset > INT64_MAX)
        return false;
    *ret_offset = (struct range_offset){(int32_t)partition, (int64_t)offset};
    return true;
}

static bool read_offsets(const char *text, struct range_place *ret_place)
{
    struct range_offset *offsets = memory_new((strlen(text) + 1) * sizeof(*offsets));
    struct bytes rest = bytes_of(text);
    size_t count = 0, size;
    bool has_more;

    do {
        has_more = bytes_find(rest, ',', &size);
        if (!has_more)
            size = rest.size;
        if (!read_offset((struct bytes){rest.data, size}, &offsets[count++])) {
            free(offsets);
            return false;
        }
        rest = bytes_from(rest, has_more ? size + 1 : size);
    } while (has_more);
    *ret_place = (struct range_place){.kind = RANGE_OFFSETS, .offsets = offsets, .offset_count = count};
    return true;
}

static bool read_place(const char *option, const char *text, struct range_place *ret_place)
{
    int64_t time_ms;

    if (strcmp(text, "earliest") == 0)
        *ret_place = (struct range_place){.kind = RANGE_EARLIEST};
    else if (strcmp(text, "latest") == 0)
        *ret_place = (struct range_place){.kind = RANGE_LATEST};
    else if (timestamp_parse(bytes_of(text), &time_ms))
        *ret_place = (struct range_place){.kind = RANGE_TIME, .time_ms = time_ms};
    else if (!read_offsets(text, ret_place)) {
        arguments_wrong("run", "%s '%s': earliest, latest, a time like 2026-01-31T12:00:00Z, or PARTITION:OFFSET,...",
                        option, text);
        return false;
    }
    return true;
}

bool dry_run_check(struct dry_run_arguments *arguments)
{
    if (!arguments->is_asked) {
        if (arguments->from == NULL && arguments->to == NULL && !arguments->follows && arguments->publish == NULL)
            return true;
        arguments_wrong("run", "--from, --to, --follow and --publish go with --dry-run");
        return false;
    }
    if (arguments->follows && arguments->to != NULL) {
        arguments_wrong("run", "--follow has no end: it goes without --to");
        return false;
    }
    arguments->range = (struct range){.to = {.kind = RANGE_LATEST}, .follows = arguments->follows};
    return (arguments->from == NULL || read_place("--from", arguments->from, &arguments->range.from)) &&
           (arguments->to == NULL || read_place("--to", arguments->to, &arguments->range.to));
}

void dry_run_release(struct dry_run_arguments *arguments)
{
    free((void *)(uintptr_t)arguments->range.from.offsets);
    free((void *)(uintptr_t)arguments->range.to.offsets);
}

bool dry_run_may_publish(const struct dry_run_arguments *arguments, const struct config *config)
{
    const char *const topics[] = {config->topics.updates, config->topics.audit, config->topics.dead_letters};

    for (size_t i = 0; i < 3 && arguments->publish != NULL; i++) {
        if (strcmp(arguments->publish, topics[i]) == 0) {
            arguments_wrong("run", "--publish '%s': that is a topic of the workers; take one of its own", topics[i]);
            return false;
        }
    }
    return true;
}

static void replace(char **text, char *by)
{
    free(*text);
    *text = by;
}

void dry_run_change_config(const struct dry_run_arguments *arguments, struct config *config)
{
    replace(&config->admin_listen, NULL);
    replace(&config->admin_socket, NULL);
    replace(&config->worker_name, memory_format("%s (dry run)", config->worker_name));
    if (arguments->publish != NULL) {
        replace(&config->topics.audit, memory_text(arguments->publish));
        replace(&config->topics.dead_letters, memory_text(arguments->publish));
    }
}

void dry_run_change_options(struct engine_options *options)
{
    options->flood_dead_letters.is_off = true;
    options->flood_conflicts.is_off = true;
    options->after_write = options->writes_patch ? AFTER_WRITE_VERSION : AFTER_WRITE_EXACT;
}
