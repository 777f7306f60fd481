#include "common/log_repeats.h"

#include <stdio.h>

static bool slot_is_over(const struct log_repeats_slot *slot, int64_t now_ms)
{
    return now_ms - slot->since_ms >= LOG_REPEATS_SPAN_MS;
}

/* The slot of this place, else a free one, else NULL. */
static struct log_repeats_slot *slot_of(struct log_repeats *repeats, const char *file, int line, int64_t now_ms)
{
    struct log_repeats_slot *unused = NULL;

    for (size_t i = 0; i < LOG_REPEATS_SLOTS; i++) {
        struct log_repeats_slot *slot = &repeats->slots[i];

        if (slot->file == file && slot->line == line)
            return slot;
        if (slot->file == NULL || (slot_is_over(slot, now_ms) && slot->count <= LOG_REPEATS_MAX))
            unused = slot;
    }
    if (unused != NULL)
        unused->file = NULL;
    return unused;
}

bool log_repeats_admit(struct log_repeats *repeats, const struct log_repeats_slot *message, const char *text,
                       int64_t now_ms)
{
    struct log_repeats_slot *slot = slot_of(repeats, message->file, message->line, now_ms);

    if (slot == NULL)
        return true;
    if (slot->file == NULL || slot_is_over(slot, now_ms)) {
        *slot = *message;
        slot->since_ms = now_ms;
        slot->count = 0;
    }
    slot->count++;
    if (slot->count == LOG_REPEATS_MAX + 1)
        snprintf(slot->text, sizeof(slot->text), "%s", text);
    return slot->count <= LOG_REPEATS_MAX;
}

bool log_repeats_take_held(struct log_repeats *repeats, int64_t now_ms, struct log_repeats_slot *ret_slot,
                           uint64_t *ret_held)
{
    for (size_t i = 0; i < LOG_REPEATS_SLOTS; i++) {
        struct log_repeats_slot *slot = &repeats->slots[i];

        if (slot->file == NULL || slot->count <= LOG_REPEATS_MAX || !slot_is_over(slot, now_ms))
            continue;
        *ret_slot = *slot;
        *ret_held = slot->count - LOG_REPEATS_MAX;
        slot->file = NULL;
        return true;
    }
    return false;
}
