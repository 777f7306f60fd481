#include "loop/edits.h"

#include "common/check.h"
#include "common/json_compare.h"
#include "common/pointer.h"

const struct json_limits edits_limits = {
    .size_max = UINT32_MAX - 1, .depth_max = 1024, .members_max = UINT32_MAX - 1};

/* One field that would have been set, or removed. */
struct edit {
    struct list in_document;
    char *pointer;
    char *value;    /* NULL: removed */
    char *original; /* what the service had there; NULL: nothing */
};

void edits_init(struct edits *edits, size_t *total)
{
    list_init(&edits->list);
    edits->total = total;
}

static size_t size_of(const struct edit *edit)
{
    return sizeof(*edit) + strlen(edit->pointer) + (edit->value != NULL ? strlen(edit->value) : 0) +
           (edit->original != NULL ? strlen(edit->original) : 0);
}

static void forget(struct edits *edits, struct edit *edit)
{
    *edits->total -= size_of(edit);
    list_remove(&edit->in_document);
    free(edit->pointer);
    free(edit->value);
    free(edit->original);
    free(edit);
}

void edits_clear(struct edits *edits)
{
    list_each_safe(node, &edits->list)
        forget(edits, list_item(node, struct edit, in_document));
}

static char *text_or_null(struct bytes text)
{
    return bytes_present(text) ? memory_text_n(text.data, text.size) : NULL;
}

static struct bytes value_at(const struct json *json, struct bytes pointer)
{
    uint32_t index;

    return pointer_find(json, pointer, &index) == POINTER_FOUND ? json_text(json, index) : BYTES_NONE;
}

static struct json scan(struct bytes text, struct arena *arena)
{
    struct json json;
    struct json_fault fault;

    if (!json_scan(text, &edits_limits, arena, &json, &fault))
        never("what is kept was scanned before");
    return json;
}

static bool is_same(struct bytes a, struct bytes b, struct arena *arena)
{
    struct json first, second;

    if (!bytes_present(a) || !bytes_present(b))
        return bytes_present(a) == bytes_present(b);
    if (bytes_equal(a, b))
        return true;
    first = scan(a, arena);
    second = scan(b, arena);
    return json_equal(&first, 0, &second, 0);
}

/* The part of a kept value that is at or below it changes. */
static void change_inside(struct edits *edits, struct edit *kept, const struct json_edit *edit, struct arena *arena)
{
    const struct json_edit inside = {bytes_from(edit->pointer, strlen(kept->pointer)), edit->value};
    struct json json = scan(kept->value != NULL ? bytes_of(kept->value) : BYTES("{}"), arena);
    struct buffer out;
    size_t failed;

    buffer_init(&out, SIZE_MAX / 2);
    if (json_splice(&json, &inside, 1, &out, &failed) != JSON_SPLICED) { /* changed since, and no version told */
        buffer_release(&out);
        return;
    }
    *edits->total -= size_of(kept);
    free(kept->value);
    kept->value = buffer_detach(&out);
    *edits->total += size_of(kept);
}

/* With a parent that the service does not have, the edit is one of the outermost such parent: it stays where the field is
 * removed again. */
static struct json_edit lift(const struct json_edit *edit, const struct json *real, struct arena *arena)
{
    struct json empty = scan(BYTES("{}"), arena);
    struct bytes rest, segment;
    struct pointer_walk walk;
    struct buffer out;
    struct json_edit lifted = *edit;
    size_t failed;
    uint32_t index;

    pointer_reach(real, edit->pointer, &index, &rest);
    pointer_walk_init(&walk, rest);
    if (!bytes_present(edit->value) || !pointer_walk_next(&walk, &segment) || walk.rest.size == 0)
        return lifted;
    buffer_init(&out, SIZE_MAX / 2);
    if (json_splice(&empty, &(struct json_edit){walk.rest, edit->value}, 1, &out, &failed) != JSON_SPLICED)
        never("an empty object takes any member");
    lifted.pointer.size -= walk.rest.size;
    lifted.value = arena_keep(arena, buffer_bytes(&out));
    buffer_release(&out);
    return lifted;
}

static void add(struct edits *edits, const struct json_edit *edit, const struct json *real, struct arena *arena)
{
    struct json_edit lifted = lift(edit, real, arena);
    struct edit *kept = memory_new(sizeof(*kept));

    kept->pointer = text_or_null(lifted.pointer);
    kept->value = text_or_null(lifted.value);
    kept->original = text_or_null(value_at(real, lifted.pointer));
    *edits->total += size_of(kept);
    list_push_back(&edits->list, &kept->in_document);
}

void edits_keep(struct edits *edits, const struct json_edit *edit, const struct json *real, struct arena *arena)
{
    list_each_safe(node, &edits->list)
    {
        struct edit *kept = list_item(node, struct edit, in_document);
        struct bytes pointer = bytes_of(kept->pointer);

        if (pointer_covers(edit->pointer, pointer)) {
            forget(edits, kept);
        } else if (pointer_covers(pointer, edit->pointer)) {
            change_inside(edits, kept, edit, arena);
            return;
        }
    }
    add(edits, edit, real, arena);
}

void edits_settle(struct edits *edits, const struct json *real, struct arena *arena)
{
    list_each_safe(node, &edits->list)
    {
        struct edit *edit = list_item(node, struct edit, in_document);

        if (!is_same(value_at(real, bytes_of(edit->pointer)), bytes_of(edit->original), arena))
            forget(edits, edit);
    }
}

void edits_apply(struct edits *edits, const struct json *real, struct arena *arena, struct buffer *out)
{
    size_t count = 0, failed;
    struct json_edit *all;

    list_each(node, &edits->list)
        count++;
    all = arena_take(arena, (count + 1) * sizeof(*all));
    count = 0;
    list_each_safe(node, &edits->list)
    {
        struct edit *edit = list_item(node, struct edit, in_document);
        enum pointer_found found;
        uint32_t index;

        found = pointer_find(real, bytes_of(edit->pointer), &index);
        if (found == POINTER_PARENT_SCALAR || found == POINTER_PARENT_ARRAY)
            forget(edits, edit);
        else
            all[count++] = (struct json_edit){bytes_of(edit->pointer), bytes_of(edit->value)};
    }
    if (json_splice(real, all, count, out, &failed) != JSON_SPLICED)
        never("every edit has its parent");
}
