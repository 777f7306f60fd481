#include "loop/overlay.h"

#include "common/buffer.h"
#include "common/check.h"
#include "common/json_compare.h"
#include "common/list.h"
#include "common/pointer.h"

#include <inttypes.h>
#include <stdio.h>
#include <uthash.h>

/* One field that would have been set, or removed. No edit's pointer is a prefix of another's. */
struct edit {
    struct list in_document;
    char *pointer;
    char *value;    /* NULL: removed */
    char *original; /* what the service had there; NULL: nothing */
};

struct overlaid {
    UT_hash_handle hh;
    char *id;
    uint64_t writes;
    struct list edits;
};

struct overlay {
    struct overlaid *by_id;
    struct arena *arena; /* of the answer that is being made */
    struct buffer text;
    struct buffer version;
    size_t bytes;
};

struct overlay *overlay_new(void)
{
    struct overlay *overlay = memory_new(sizeof(*overlay));

    overlay->arena = arena_new(1 << 16);
    buffer_init(&overlay->text, SIZE_MAX / 2);
    buffer_init(&overlay->version, 4096);
    return overlay;
}

/* --- edits --- */

static size_t size_of(const struct edit *edit)
{
    return sizeof(*edit) + strlen(edit->pointer) + (edit->value != NULL ? strlen(edit->value) : 0) +
           (edit->original != NULL ? strlen(edit->original) : 0);
}

static void edit_free(struct overlay *overlay, struct edit *edit)
{
    overlay->bytes -= size_of(edit);
    list_remove(&edit->in_document);
    free(edit->pointer);
    free(edit->value);
    free(edit->original);
    free(edit);
}

void overlay_free(struct overlay *overlay)
{
    struct overlaid *document, *next;

    if (overlay == NULL)
        return;
    HASH_ITER(hh, overlay->by_id, document, next)
    {
        list_each_safe(node, &document->edits)
            edit_free(overlay, list_item(node, struct edit, in_document));
        HASH_DEL(overlay->by_id, document);
        free(document->id);
        free(document);
    }
    arena_free(overlay->arena);
    buffer_release(&overlay->text);
    buffer_release(&overlay->version);
    free(overlay);
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

static const struct json_limits limits = {.size_max = UINT32_MAX - 1, .depth_max = 1024, .members_max = UINT32_MAX - 1};

static struct json scan(struct overlay *overlay, struct bytes text)
{
    struct json json;
    struct json_fault fault;

    if (!json_scan(text, &limits, overlay->arena, &json, &fault))
        never("what is kept was scanned before");
    return json;
}

static bool is_same(struct overlay *overlay, struct bytes a, struct bytes b)
{
    struct json first, second;

    if (!bytes_present(a) || !bytes_present(b))
        return bytes_present(a) == bytes_present(b);
    if (bytes_equal(a, b))
        return true;
    first = scan(overlay, a);
    second = scan(overlay, b);
    return json_equal(&first, 0, &second, 0);
}

/* The part of a kept value that is at or below it changes. */
static void change_inside(struct overlay *overlay, struct edit *kept, const struct json_edit *edit)
{
    const struct json_edit inside = {bytes_from(edit->pointer, strlen(kept->pointer)), edit->value};
    struct json json = scan(overlay, kept->value != NULL ? bytes_of(kept->value) : BYTES("{}"));
    struct buffer out;
    size_t failed;

    buffer_init(&out, SIZE_MAX / 2);
    if (json_splice(&json, &inside, 1, &out, &failed) != JSON_SPLICED) { /* changed since, and no version told */
        buffer_release(&out);
        return;
    }
    overlay->bytes -= size_of(kept);
    free(kept->value);
    kept->value = buffer_detach(&out);
    overlay->bytes += size_of(kept);
}

/* With a parent that the service does not have, the edit is one of the outermost such parent: it stays where the field is
 * removed again. */
static struct json_edit lift(struct overlay *overlay, const struct json_edit *edit, const struct json *real)
{
    struct json empty = scan(overlay, BYTES("{}"));
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
    lifted.value = arena_keep(overlay->arena, buffer_bytes(&out));
    buffer_release(&out);
    return lifted;
}

static void add_edit(struct overlay *overlay, struct overlaid *document, const struct json_edit *edit,
                     const struct json *real)
{
    struct json_edit lifted = lift(overlay, edit, real);
    struct edit *kept = memory_new(sizeof(*kept));

    kept->pointer = text_or_null(lifted.pointer);
    kept->value = text_or_null(lifted.value);
    kept->original = text_or_null(value_at(real, lifted.pointer));
    overlay->bytes += size_of(kept);
    list_push_back(&document->edits, &kept->in_document);
}

static void keep_edit(struct overlay *overlay, struct overlaid *document, const struct json_edit *edit,
                      const struct json *real)
{
    list_each_safe(node, &document->edits)
    {
        struct edit *kept = list_item(node, struct edit, in_document);
        struct bytes pointer = bytes_of(kept->pointer);

        if (pointer_covers(edit->pointer, pointer)) {
            edit_free(overlay, kept);
        } else if (pointer_covers(pointer, edit->pointer)) {
            change_inside(overlay, kept, edit);
            return;
        }
    }
    add_edit(overlay, document, edit, real);
}

/* --- documents --- */

static struct overlaid *find(const struct overlay *overlay, struct bytes id)
{
    struct overlaid *document;

    HASH_FIND(hh, overlay->by_id, id.data, id.size, document);
    return document;
}

bool overlay_has(const struct overlay *overlay, struct bytes document)
{
    return find(overlay, document) != NULL;
}

static struct overlaid *document_of(struct overlay *overlay, struct bytes id)
{
    struct overlaid *document = find(overlay, id);

    if (document != NULL)
        return document;
    document = memory_new(sizeof(*document));
    document->id = memory_text_n(id.data, id.size);
    list_init(&document->edits);
    HASH_ADD_KEYPTR(hh, overlay->by_id, document->id, id.size, document);
    overlay->bytes += sizeof(*document) + id.size;
    return document;
}

/* Forgets what somebody has really changed since. */
static void settle(struct overlay *overlay, struct overlaid *document, const struct json *real)
{
    list_each_safe(node, &document->edits)
    {
        struct edit *edit = list_item(node, struct edit, in_document);

        if (!is_same(overlay, value_at(real, bytes_of(edit->pointer)), bytes_of(edit->original)))
            edit_free(overlay, edit);
    }
}

/* A parent of a kept edit may be an array or a scalar by now: then it stands no more either. */
static void apply(struct overlay *overlay, struct overlaid *document, const struct json *real)
{
    size_t count = 0, failed;
    struct json_edit *edits;

    list_each(node, &document->edits)
        count++;
    edits = arena_take(overlay->arena, (count + 1) * sizeof(*edits));
    count = 0;
    list_each_safe(node, &document->edits)
    {
        struct edit *edit = list_item(node, struct edit, in_document);
        enum pointer_found found;
        uint32_t index;

        found = pointer_find(real, bytes_of(edit->pointer), &index);
        if (found == POINTER_PARENT_SCALAR || found == POINTER_PARENT_ARRAY)
            edit_free(overlay, edit);
        else
            edits[count++] = (struct json_edit){bytes_of(edit->pointer), bytes_of(edit->value)};
    }
    buffer_reset(&overlay->text);
    if (json_splice(real, edits, count, &overlay->text, &failed) != JSON_SPLICED)
        never("every edit has its parent");
}

/* The version that a read would give. */
static struct bytes made_up(struct overlay *overlay, const struct overlaid *document, struct bytes version)
{
    if (version.size == 0 || document == NULL || document->writes == 0)
        return version;
    buffer_reset(&overlay->version);
    buffer_format(&overlay->version, "%.*s dry-run %" PRIu64, BYTES_ARG(version), document->writes);
    return buffer_bytes(&overlay->version);
}

/* What is no document is the engine's to say. */
static bool scan_real(struct overlay *overlay, const struct answer *answer, struct json *ret_json)
{
    struct json_fault fault;

    arena_reset(overlay->arena);
    return answer->meaning == MEANING_OK && bytes_present(answer->document) &&
           json_scan(answer->document, &limits, overlay->arena, ret_json, &fault);
}

void overlay_read(struct overlay *overlay, struct bytes id, struct answer *answer)
{
    struct overlaid *document = find(overlay, id);
    struct json real;

    if (document == NULL || !scan_real(overlay, answer, &real))
        return;
    settle(overlay, document, &real);
    apply(overlay, document, &real);
    answer->document = buffer_bytes(&overlay->text);
    answer->version = made_up(overlay, document, answer->version);
    answer->last_modified = BYTES_NONE;
}

static void become_stale(struct answer *answer)
{
    *answer = (struct answer){.meaning = MEANING_STALE, .sent = SENT_ONCE, .status = 412, .retry_after_ms = -1};
}

void overlay_write(struct overlay *overlay, const struct write_action *write, struct answer *answer)
{
    struct bytes real_version = answer->version;
    struct overlaid *document;
    struct json real;

    if (!scan_real(overlay, answer, &real)) {
        if (answer->meaning == MEANING_OK) /* and no document: the read that follows tells */
            become_stale(answer);
        else
            answer->sent = SENT_NOT; /* no write was, so none is in doubt */
        return;
    }
    document = find(overlay, write->document);
    if (bytes_present(write->version) && !bytes_equal(made_up(overlay, document, real_version), write->version)) {
        become_stale(answer);
        return;
    }
    document = document_of(overlay, write->document);
    settle(overlay, document, &real);
    for (size_t i = 0; i < write->edit_count; i++)
        keep_edit(overlay, document, &write->edits[i], &real);
    document->writes++;
    answer->document = BYTES_NONE;
    answer->version = made_up(overlay, document, real_version);
    answer->last_modified = BYTES_NONE;
}

size_t overlay_documents(const struct overlay *overlay)
{
    return HASH_COUNT(overlay->by_id);
}

size_t overlay_bytes(const struct overlay *overlay)
{
    return overlay->bytes;
}
