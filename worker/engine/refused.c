#include "engine/update.h"

#include "common/json_compare.h"
#include "common/pointer.h"

/* What a member knows from its refused writes: the copy of the last one, and from those before it what stood in the
 * fields that were changed since. That a person has to decide about one is no answer yet while others are written. */

const struct json *refused_copy(const struct update *update, const struct held *held)
{
    bool has_tried = held->first_attempt < update->attempts_made;

    return has_tried && bytes_present(update->built->text) ? &update->built->json : NULL;
}

static bool is_noted(const struct held *held, struct bytes field)
{
    for (size_t i = 0; i < held->contested_count; i++) {
        if (bytes_equal(held->contested[i].pointer, field))
            return true;
    }
    return false;
}

static struct bytes text_at(const struct json *json, struct bytes field, uint32_t *ret_index)
{
    return pointer_find(json, field, ret_index) == POINTER_FOUND ? json_text(json, *ret_index) : BYTES_NONE;
}

static bool was_changed(const struct json *refused, const struct json *now, struct bytes field, struct bytes *ret_was)
{
    uint32_t before, after;
    struct bytes is = text_at(now, field, &after);

    *ret_was = text_at(refused, field, &before);
    if (!bytes_present(is) || !bytes_present(*ret_was))
        return bytes_present(is) != bytes_present(*ret_was);
    return !json_equal(refused, before, now, after);
}

static void note(struct held *held, struct bytes field, struct bytes was)
{
    size_t size = sizeof(*held->contested);

    held->contested =
        arena_grow(held->arena, held->contested, held->contested_count * size, (held->contested_count + 1) * size);
    held->contested[held->contested_count++] =
        (struct json_edit){.pointer = arena_keep(held->arena, field), .value = arena_keep(held->arena, was)};
}

void refused_note(const struct update *update, const struct part *part)
{
    const struct json *refused = refused_copy(update, part->held);

    if (update->current->is_absent) {
        part->held->contested_count = 0; /* what is there later is another document */
        return;
    }
    for (size_t i = 0; refused != NULL && i < part->merged.decision_count; i++) {
        struct bytes field = part->merged.decisions[i].field, was;

        if (was_changed(refused, &update->current->json, field, &was) && !is_noted(part->held, field))
            note(part->held, field, was);
    }
}
