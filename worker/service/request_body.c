#include "service/request_body.h"

#include "common/buffer.h"
#include "common/check.h"
#include "common/json_splice.h"
#include "common/json_write.h"
#include "common/pointer.h"
#include "service/precondition.h"

static struct json scan(struct bytes text, struct arena *arena)
{
    static const struct json_limits limits = {
        .size_max = UINT32_MAX / 2, .depth_max = 1024, .members_max = UINT32_MAX / 2};
    struct json json;
    struct json_fault fault;

    if (!json_scan(text, &limits, arena, &json, &fault))
        never("what is written was scanned before");
    return json;
}

/* `text`, an object, with edits that it takes. */
static struct bytes splice(struct bytes text, const struct json_edit *edits, size_t count, struct arena *arena)
{
    struct json json = scan(text, arena);
    struct buffer buffer;
    size_t failed;

    buffer_init(&buffer, SIZE_MAX / 2);
    if (json_splice(&json, edits, count, &buffer, &failed) != JSON_SPLICED)
        never("an object takes any member");
    return buffer_take(&buffer, arena);
}

/* `value` at the document's place in an otherwise empty object. */
static struct bytes envelope(const struct profile *profile, struct bytes value, struct arena *arena)
{
    const struct json_edit edit = {.pointer = bytes_of(profile->document[true]), .value = value};

    return edit.pointer.size == 0 ? value : splice(BYTES("{}"), &edit, 1, arena);
}

/* --- PUT: the whole document without what is the service's own --- */

static struct bytes put_body(const struct profile *profile, const struct write_action *write, struct arena *arena)
{
    struct json_edit edits[PROFILE_READ_ONLY_MAX];
    struct json document;
    size_t count = 0;

    if (profile->read_only_count == 0)
        return envelope(profile, write->body, arena);
    document = scan(write->body, arena);
    for (size_t i = 0; i < profile->read_only_count; i++) {
        uint32_t index;

        if (pointer_find(&document, profile->read_only[i], &index) == POINTER_FOUND)
            edits[count++] = (struct json_edit){.pointer = profile->read_only[i]};
    }
    return envelope(profile, splice(write->body, edits, count, arena), arena);
}

/* --- merge patch (RFC 7396), and the patch of OData, where null is a value and nothing can be removed --- */

/* An object is merged into what is there, while an edit means to set exactly its value. Inside an array objects and
 * nulls are values like any other. */
static const char *not_mergeable(const struct json_edit *edit, bool null_removes, struct arena *arena)
{
    enum json_kind kind;

    if (!bytes_present(edit->value))
        return null_removes ? NULL : "a patch of OData cannot remove a property";
    kind = (enum json_kind)scan(edit->value, arena).values[0].kind;
    if (kind == JSON_NULL && null_removes)
        return "a merge patch cannot set null, which means remove (RFC 7396)";
    if (kind == JSON_OBJECT)
        return "a merge patch cannot replace an object, it merges into what is there (RFC 7396)";
    return NULL;
}

static bool merging_body(const struct profile *profile, const struct write_action *write, struct arena *arena,
                         struct bytes *ret_body, const char **ret_why)
{
    struct json_edit *edits = arena_take(arena, (write->edit_count + 1) * sizeof(*edits));

    for (size_t i = 0; i < write->edit_count; i++) {
        *ret_why = not_mergeable(&write->edits[i], profile->write == WRITE_MERGE_PATCH, arena);
        if (*ret_why != NULL)
            return false;
        edits[i] = write->edits[i];
        if (!bytes_present(edits[i].value))
            edits[i].value = BYTES("null");
    }
    *ret_body = envelope(profile, splice(BYTES("{}"), edits, write->edit_count, arena), arena);
    return true;
}

/* --- JSON Patch (RFC 6902) --- */

struct patch {
    const struct profile *profile;
    struct arena *arena;
    struct json before;
    struct json after;
    struct json_write write;
};

/* `path` in the body that the service keeps, envelope included; `value` absent: the operation has none. */
static void add_operation(struct patch *patch, const char *name, struct bytes path, struct bytes value)
{
    struct buffer whole;

    buffer_init(&whole, SIZE_MAX / 2);
    buffer_add_text(&whole, patch->profile->document[true]);
    buffer_add(&whole, path);
    json_write_object(&patch->write);
    json_write_key(&patch->write, "op");
    json_write_text(&patch->write, name);
    json_write_key(&patch->write, "path");
    json_write_string(&patch->write, buffer_bytes(&whole));
    if (bytes_present(value)) {
        json_write_key(&patch->write, "value");
        json_write_raw(&patch->write, value);
    }
    json_write_end(&patch->write);
    buffer_release(&whole);
}

/* Parents that are not there come with all that the edits put into them: `add` makes no parents. `rest` is what of the
 * pointer is missing. */
static struct bytes first_missing(struct bytes pointer, struct bytes rest)
{
    size_t end = rest.size - 1;

    bytes_find(bytes_from(rest, 1), '/', &end);
    return (struct bytes){pointer.data, pointer.size - rest.size + 1 + end};
}

static bool is_added(const struct write_action *write, size_t before, struct bytes missing)
{
    for (size_t i = 0; i < before; i++)
        if (pointer_covers(missing, write->edits[i].pointer))
            return true;
    return false;
}

/* Nothing tests for absence (RFC 6902 4.6): where the field is missing, the value that would hold it is tested whole. */
static void add_test(struct patch *patch, struct bytes field)
{
    struct bytes rest;
    uint32_t at;

    pointer_reach(&patch->before, field, &at, &rest);
    add_operation(patch, "test", (struct bytes){field.data, field.size - rest.size}, json_text(&patch->before, at));
}

static void add_edit(struct patch *patch, const struct write_action *write, size_t index)
{
    const struct json_edit *edit = &write->edits[index];
    struct bytes rest, missing;
    uint32_t at;

    if (pointer_reach(&patch->before, edit->pointer, &at, &rest) == POINTER_FOUND) {
        add_operation(patch, bytes_present(edit->value) ? "replace" : "remove", edit->pointer, edit->value);
        return;
    }
    missing = first_missing(edit->pointer, rest);
    if (bytes_present(edit->value) && !is_added(write, index, missing) &&
        pointer_find(&patch->after, missing, &at) == POINTER_FOUND)
        add_operation(patch, "add", missing, json_text(&patch->after, at));
}

static struct bytes json_patch_body(const struct profile *profile, const struct write_action *write,
                                    struct arena *arena)
{
    struct patch patch = {.profile = profile, .arena = arena, .before = scan(write->before, arena),
                          .after = scan(write->body, arena)};
    struct buffer buffer;

    buffer_init(&buffer, SIZE_MAX / 2);
    json_write_init(&patch.write, &buffer);
    json_write_array(&patch.write);
    for (size_t i = 0; profile->tests_fields && i < write->field_count; i++)
        add_test(&patch, write->fields[i]);
    for (size_t i = 0; i < write->edit_count; i++)
        add_edit(&patch, write, i);
    json_write_end(&patch.write);
    return buffer_take(&buffer, arena);
}

/* --- all of them --- */

/* In a document the version is a member like any other; in a JSON Patch it is a test before all operations. */
static struct bytes with_version(const struct profile *profile, struct bytes body, struct bytes version,
                                 struct arena *arena)
{
    struct json_edit edit = {.pointer = profile->send.names[0]};
    struct buffer buffer;

    if (profile->send.place != VERSION_IN_BODY || profile->tests_fields || version.size == 0)
        return body;
    edit.value = precondition_spell(profile, version, arena);
    if (profile->write != WRITE_JSON_PATCH)
        return splice(body, &edit, 1, arena);
    buffer_init(&buffer, SIZE_MAX / 2);
    buffer_add_text(&buffer, "[{\"op\":\"test\",\"path\":");
    json_write_quoted(&buffer, edit.pointer);
    buffer_format(&buffer, ",\"value\":%.*s}%s", BYTES_ARG(edit.value), body.size > 2 ? "," : "");
    buffer_add(&buffer, bytes_from(body, 1));
    return buffer_take(&buffer, arena);
}

static bool is_read_only(const struct profile *profile, const struct write_action *write)
{
    for (size_t i = 0; i < write->edit_count; i++)
        for (size_t k = 0; k < profile->read_only_count; k++)
            if (pointer_covers(profile->read_only[k], write->edits[i].pointer))
                return true;
    return false;
}

bool request_body(const struct profile *profile, const struct write_action *write, struct arena *arena,
                  struct bytes *ret_body, const char **ret_why)
{
    struct bytes body = BYTES_NONE;

    if (is_read_only(profile, write)) {
        *ret_why = "a field that the profile calls read-only is the service's own";
        return false;
    }
    switch (write->kind == WRITE_CREATE ? WRITE_PUT : profile->write) {
    case WRITE_PUT:
        body = put_body(profile, write, arena);
        break;
    case WRITE_MERGE_PATCH:
    case WRITE_ODATA_PATCH:
        if (!merging_body(profile, write, arena, &body, ret_why))
            return false;
        break;
    case WRITE_JSON_PATCH:
        body = json_patch_body(profile, write, arena);
        break;
    }
    *ret_body = with_version(profile, body, write->version, arena);
    return true;
}

const char *request_body_type(const struct profile *profile)
{
    switch (profile->write) {
    case WRITE_PUT:
    case WRITE_ODATA_PATCH:
        return "application/json";
    case WRITE_MERGE_PATCH:
        return "application/merge-patch+json";
    case WRITE_JSON_PATCH:
        return "application/json-patch+json";
    }
    never("every write form has a media type");
}
