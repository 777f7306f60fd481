#include "sandbox/merge_patch.h"

#include "common/check.h"
#include "common/json_splice.h"
#include "common/pointer.h"

struct patching {
    const struct json *document, *patch;
    struct arena *arena;
    struct json_edit *edits;
    size_t count;
};

/* The value that a patch makes where no object was: itself without its nulls, at any depth of objects. */
static void add_without_nulls(const struct json *patch, uint32_t index, struct buffer *out)
{
    const struct json_value *value = &patch->values[index];
    bool has_items = false;

    if (value->kind != JSON_OBJECT) {
        buffer_add(out, json_text(patch, index));
        return;
    }
    buffer_add_char(out, '{');
    for (uint32_t i = index + 1; i < value->after; i = patch->values[i].after) {
        const struct json_value *member = &patch->values[i];

        if (member->kind == JSON_NULL)
            continue;
        if (has_items)
            buffer_add_char(out, ',');
        has_items = true;
        buffer_add(out, (struct bytes){patch->text.data + member->key_start, member->key_end - member->key_start});
        buffer_add_char(out, ':');
        add_without_nulls(patch, i, out);
    }
    buffer_add_char(out, '}');
}

static struct bytes made_value(struct patching *patching, uint32_t index)
{
    auto_buffer text;

    buffer_init(&text, patching->patch->text.size);
    add_without_nulls(patching->patch, index, &text);
    return (struct bytes){arena_copy(patching->arena, text.data, text.size), text.size};
}

static struct bytes pointer_below(struct patching *patching, struct bytes parent, struct bytes key)
{
    auto_buffer pointer;

    buffer_init(&pointer, parent.size + 2 * key.size + 1);
    buffer_add(&pointer, parent);
    pointer_add(&pointer, key);
    return (struct bytes){arena_copy(patching->arena, pointer.data, pointer.size), pointer.size};
}

/* Both indices are objects. */
static void collect(struct patching *patching, uint32_t object, uint32_t index, struct bytes parent)
{
    const struct json *document = patching->document, *patch = patching->patch;

    for (uint32_t i = index + 1; i < patch->values[index].after; i = patch->values[i].after) {
        struct bytes key = json_key(patch, i, patching->arena);
        struct bytes pointer = pointer_below(patching, parent, key);
        uint32_t there = json_member(document, object, key);

        if (patch->values[i].kind == JSON_OBJECT && there != JSON_NOT_FOUND &&
            document->values[there].kind == JSON_OBJECT)
            collect(patching, there, i, pointer);
        else
            patching->edits[patching->count++] = (struct json_edit){
                pointer, patch->values[i].kind == JSON_NULL ? BYTES_NONE : made_value(patching, i)};
    }
}

void merge_patch_apply(const struct json *document, const struct json *patch, struct arena *arena, struct buffer *out)
{
    struct patching patching = {.document = document, .patch = patch, .arena = arena};
    size_t failed;

    patching.edits = arena_take(arena, patch->count * sizeof(*patching.edits));
    collect(&patching, 0, 0, BYTES(""));
    /* Every parent of an edit is an object of the document, so nothing can be in the way. */
    ensure(json_splice(document, patching.edits, patching.count, out, &failed) == JSON_SPLICED);
}
