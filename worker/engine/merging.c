#include "engine/update.h"

void copy_reset(struct engine *engine, struct copy *copy)
{
    struct arena *arena = copy->arena != NULL ? copy->arena : engine_arena(engine);

    arena_reset(arena);
    *copy = (struct copy){.arena = arena};
}

bool copy_read(struct engine *engine, struct copy *copy, struct bytes text, struct json_fault *ret_fault)
{
    copy_reset(engine, copy);
    if (!bytes_present(text))
        text = BYTES("");
    if (text.size > engine->options.document_limits.size_max) {
        *ret_fault = (struct json_fault){.what = "larger than the limit", .is_limit = true};
        return false;
    }
    text.data = arena_copy(copy->arena, text.data, text.size);
    if (!json_scan(text, &engine->options.document_limits, copy->arena, &copy->json, ret_fault))
        return false;
    copy->text = text;
    return true;
}

#define SPLICE_KEPT_BYTES (1 << 20) /* a larger buffer is not worth keeping */

struct bytes copy_splice(struct engine *engine, const struct json *json, const struct json_edit *edits, size_t count,
                         struct arena *arena)
{
    struct bytes text;
    size_t failed;

    buffer_reset(&engine->splice);
    if (json_splice(json, edits, count, &engine->splice, &failed) != JSON_SPLICED)
        never("the merge has judged every edit against the document");
    text = arena_keep(arena, buffer_bytes(&engine->splice));
    if (engine->splice.capacity > SPLICE_KEPT_BYTES)
        buffer_release(&engine->splice);
    return text;
}

/* False: for sure not. Most edits set a scalar near the root, and then the result needs no second look. */
static bool may_pass_limits(const struct copy *copy, const struct json_limits *limits)
{
    size_t values = copy->json.count;

    for (size_t i = 0; i < copy->edit_count; i++) {
        const struct json_edit *edit = &copy->edits[i];
        size_t depth = 1;

        for (size_t at = 0; at < edit->pointer.size; at++)
            depth += edit->pointer.data[at] == '/';
        for (size_t at = 0; at < edit->value.size; at++)
            depth += edit->value.data[at] == '{' || edit->value.data[at] == '[';
        if (depth > limits->depth_max)
            return true;
        values += depth + edit->value.size;
    }
    return values > limits->members_max;
}

/* Could the document that is to be written be read again? */
static bool is_readable(const struct engine *engine, const struct copy *copy, struct json_fault *ret_fault)
{
    const struct json_limits *limits = &engine->options.document_limits;
    struct json json;

    if (copy->body.size <= limits->size_max && !may_pass_limits(copy, limits))
        return true;
    return json_scan(copy->body, limits, copy->arena, &json, ret_fault);
}

/* Only the guilty one of several members is to end, and nothing ends on a cached copy. */
static struct step too_large(struct update *update, const char *what)
{
    if (update->member_count > 1)
        update->goes_one_by_one = true;
    if (update->member_count > 1 || update->is_from_cache)
        return step_to(STATE_READ);
    return finish_all(update, OUTCOME_REJECTED, REASON_DOCUMENT_TOO_LARGE, bytes_of(what), update->current);
}

static bool is_known_edit(const struct update *update, const struct json_edit *edit)
{
    for (size_t i = 0; i < update->possible_edit_count; i++) {
        const struct json_edit *known = &update->possible_edits[i];

        if (bytes_equal(known->pointer, edit->pointer) &&
            bytes_present(known->value) == bytes_present(edit->value) && bytes_equal(known->value, edit->value))
            return true;
    }
    return false;
}

/* Nothing that only a write had which was refused for sure, and no event that was only in such a one. */
static bool are_known_edits(const struct update *update, const struct copy *built)
{
    for (size_t i = 0; i < built->part_count; i++) {
        const struct part *part = &built->parts[i];

        if (part->held != NULL && part->merged.edit_count > 0 && !part->held->is_possibly_written)
            return false;
    }
    for (size_t i = 0; i < built->edit_count; i++) {
        if (!is_known_edit(update, &built->edits[i]))
            return false;
    }
    return built->edit_count > 0;
}

/* The edits of a write that was possibly applied all stand: it was, and its decisions hold. */
static bool is_settled(const struct update *update)
{
    const struct copy *current = update->current, *built = update->built;

    return update->is_ambiguous && !current->is_absent && are_known_edits(update, built) &&
           merge_edits_stand(&current->json, built->edits, built->edit_count, current->arena);
}

static void note_version_before(const struct update *update)
{
    list_each(node, &update->members) {
        struct held *held = list_item(node, struct held, in_queue);

        held->finished.version_before = arena_keep(held->arena, update->current->version);
    }
}

void note_version_after(const struct update *update, struct bytes version)
{
    for (size_t i = 0; i < update->built->part_count; i++) {
        const struct part *part = &update->built->parts[i];

        if (part->held != NULL && part->merged.edit_count > 0)
            part->held->finished.version_after = arena_keep(part->held->arena, version);
    }
}

static struct step settled(struct engine *engine, struct update *update)
{
    probe("an ambiguous write was applied");
    trace_line(&engine->trace, engine->now_ms, "%.*s the write was applied",
               BYTES_ARG(lane_document(update->lane)));
    /* Others may have written since; the version after our write is known only if it is the one just read. */
    note_version_after(update, update->current->version);
    return finish_written(engine, update);
}

/* A conflict that only a cached copy has, or nothing to write there, is no answer yet. */
static bool may_write(const struct update *update)
{
    const struct copy *copy = update->current;

    if (copy->edit_count == 0)
        return false;
    for (size_t i = 0; i < copy->part_count; i++) {
        if (copy->parts[i].merged.verdict == MERGE_WRITE)
            return true;
    }
    return !update->is_from_cache;
}

static struct step write_copy(struct engine *engine, struct update *update)
{
    struct copy *copy = update->current;
    struct json_fault fault;

    copy->writes = copy->is_absent ? WRITE_CREATE : WRITE_CHANGE;
    copy->body = copy_splice(engine, &copy->json, copy->edits, copy->edit_count, copy->arena);
    return is_readable(engine, copy, &fault) ? step_to(STATE_WRITE) : too_large(update, fault.what);
}

struct step merge_current(struct engine *engine, struct update *update)
{
    struct copy *copy = update->current;

    if (is_settled(update))
        return settled(engine, update);
    if (update->is_ambiguous)
        probe("an ambiguous write was not applied, or changed since");
    fold_leave_exhausted(engine, update);
    if (update->member_count == 0)
        return step_to(STATE_DONE);
    if (update->goes_one_by_one)
        fold_take_apart(engine, update);
    if (!copy->is_absent)
        fold_join(engine, update);
    else if (whole_absent(engine, update).next == STATE_DONE)
        return step_to(STATE_DONE);
    fold_merge(engine, update);
    note_version_before(update);
    if (!copy->is_absent && whole_is_asked(&update_first(update)->finished.event))
        return whole_judge(engine, update);
    if (may_write(update))
        return write_copy(engine, update);
    if (update->is_from_cache) {
        probe("a cached copy ends nothing");
        return step_to(STATE_READ);
    }
    return finish_unwritten(engine, update);
}

void possible_edits_add(struct update *update)
{
    const struct copy *built = update->built;

    for (size_t i = 0; i < built->part_count; i++) {
        if (built->parts[i].held != NULL && (built->parts[i].merged.edit_count > 0 || built->writes == WRITE_DELETE))
            built->parts[i].held->is_possibly_written = true;
    }
    for (size_t i = 0; i < built->edit_count; i++) {
        const struct json_edit *edit = &built->edits[i];

        if (is_known_edit(update, edit))
            continue;
        update->possible_edits =
            arena_grow(update->arena, update->possible_edits, update->possible_edit_count * sizeof(*edit),
                       (update->possible_edit_count + 1) * sizeof(*edit));
        update->possible_edits[update->possible_edit_count++] = (struct json_edit){
            .pointer = arena_keep(update->arena, edit->pointer), .value = arena_keep(update->arena, edit->value)};
    }
}
