/* common/json_splice.h: the spliced text is JSON, is what jansson's tree becomes by the same edits, and has every member
 * that no edit touches byte for byte and in its order. A single edit leaves all bytes outside of its member and of the
 * comma and white space beside it. A refused splice writes nothing and names the first guilty edit.
 *
 * Input: a document, "--", edits, one a line: a pointer, and a tab and a value to set or nothing to remove. */
#include "agree.h"
#include "common/buffer.h"
#include "common/json_splice.h"
#include "common/pointer.h"

#define EDITS_MAX 16

static const struct json_limits wide = {.size_max = UINT32_MAX / 2, .depth_max = UINT32_MAX, .members_max = UINT32_MAX / 2};

static bool is_apart(const struct json_edit *edits, size_t count, struct bytes pointer)
{
    for (size_t i = 0; i < count; i++)
        if (pointer_covers(edits[i].pointer, pointer) || pointer_covers(pointer, edits[i].pointer))
            return false;
    return true;
}

/* The lines that keep what json_splice demands of its caller. */
static size_t read_edits(struct bytes lines, struct json_edit edits[EDITS_MAX], struct arena *arena)
{
    size_t count = 0;

    while (lines.size > 0 && count < EDITS_MAX) {
        struct bytes line = fuzz_line(&lines);
        struct json_edit edit = {.value = BYTES_NONE};
        size_t tab;
        const char *what;

        edit.pointer = line;
        if (bytes_find(line, '\t', &tab)) {
            edit.pointer.size = tab;
            edit.value = bytes_trim(bytes_from(line, tab + 1));
        }
        if (pointer_is_valid(edit.pointer, &what) && is_apart(edits, count, edit.pointer) &&
            (bytes_present(edit.value) ? fuzz_is_json(edit.value, arena) : edit.pointer.size > 0))
            edits[count++] = edit;
    }
    return count;
}

/* --- the tree of the second parser --- */

static struct second *parse(struct bytes text)
{
    enum second_verdict verdict;

    return second_parse(text.data, text.size, &verdict);
}

/* False: a value cannot be said by the second parser. */
static bool edit_tree(struct second **root, const struct json_edit *edit, struct arena *arena)
{
    struct second *value = bytes_present(edit->value) ? parse(edit->value) : NULL, *object = *root;
    struct pointer_walk walk;
    struct bytes segment;

    if (bytes_present(edit->value) && value == NULL)
        return false;
    if (edit->pointer.size == 0) {
        second_free(*root);
        *root = value;
        return true;
    }
    pointer_walk_init(&walk, edit->pointer);
    while (pointer_walk_next(&walk, &segment)) {
        struct bytes key = pointer_unescape(segment, arena);
        struct second *member = second_member(object, key.data, key.size);

        if (walk.rest.size == 0)
            second_set(object, key.data, key.size, value);
        else if (member == NULL && value == NULL)
            return true;
        else if (member == NULL)
            second_set(object, key.data, key.size, second_object());
        object = second_member(object, key.data, key.size);
    }
    return true;
}

static void expect_same_tree(struct bytes document, const struct json_edit *edits, size_t count,
                             const struct json *after, struct arena *arena)
{
    struct second *root = parse(document);
    bool is_said = root != NULL;

    for (size_t i = 0; i < count && is_said; i++)
        is_said = edit_tree(&root, &edits[i], arena);
    ensure(!is_said || agree(after, 0, root, arena));
    second_free(root);
}

/* --- bytes --- */

static struct bytes member_text(const struct json *json, uint32_t index)
{
    const struct json_value *value = &json->values[index];

    return (struct bytes){json->text.data + value->key_start, value->end - value->key_start};
}

static bool is_replaced(const struct json_edit *edits, size_t count, struct bytes pointer)
{
    for (size_t i = 0; i < count; i++)
        if (pointer_covers(edits[i].pointer, pointer))
            return true;
    return false;
}

static void expect_untouched(const struct json *before, uint32_t object, struct buffer *pointer,
                             const struct json *after, const struct json_edit *edits, size_t count,
                             struct arena *arena)
{
    const struct json_value *values = before->values;
    size_t size = pointer->size;
    uint32_t last = 0;

    for (uint32_t i = object + 1; i < values[object].after; i = values[i].after) {
        uint32_t index;
        bool is_there;

        pointer_add(pointer, json_key(before, i, arena));
        is_there = pointer_find(after, buffer_bytes(pointer), &index) == POINTER_FOUND;
        if (is_apart(edits, count, buffer_bytes(pointer))) {
            ensure(is_there);
            ensure(bytes_equal(member_text(before, i), member_text(after, index)));
        } else if (!is_replaced(edits, count, buffer_bytes(pointer))) {
            ensure(is_there);
            expect_untouched(before, i, pointer, after, edits, count, arena);
        }
        ensure(!is_there || index > last);
        last = is_there ? index : last;
        pointer->size = size;
    }
}

static size_t common_prefix(struct bytes a, struct bytes b)
{
    size_t i = 0;

    while (i < a.size && i < b.size && a.data[i] == b.data[i])
        i++;
    return i;
}

static size_t common_suffix(struct bytes a, struct bytes b)
{
    size_t i = 0;

    while (i < a.size && i < b.size && a.data[a.size - 1 - i] == b.data[b.size - 1 - i])
        i++;
    return i;
}

/* White space and at most one comma. */
static bool is_glue(struct bytes left, struct bytes right)
{
    size_t commas = 0;

    for (size_t i = 0; i < left.size + right.size; i++) {
        char c = i < left.size ? left.data[i] : right.data[i - left.size];

        commas += c == ',';
        if (strchr(" \t\r\n,", c) == NULL || c == '\0')
            return false;
    }
    return commas <= 1;
}

static void expect_only(struct bytes before, struct bytes after, const struct json *json, const struct json_edit *edit)
{
    uint32_t index = 0;
    bool is_there = pointer_find(json, edit->pointer, &index) == POINTER_FOUND;
    const struct json_value *value = &json->values[index];
    size_t prefix = common_prefix(before, after), suffix = common_suffix(before, after), end;

    if (bytes_present(edit->value) && is_there) {
        ensure(prefix >= value->start);
        ensure(suffix >= before.size - value->end);
        ensure(after.size == before.size - (value->end - value->start) + edit->value.size);
    } else if (!is_there) {
        ensure(prefix + suffix >= before.size);
        ensure(bytes_present(edit->value) || after.size == before.size);
    } else {
        prefix = prefix < value->key_start ? prefix : value->key_start;
        end = prefix + before.size - after.size;
        ensure(end >= value->end);
        ensure(suffix >= before.size - end);
        ensure(is_glue((struct bytes){before.data + prefix, value->key_start - prefix},
                       (struct bytes){before.data + value->end, end - value->end}));
    }
}

/* --- the splice --- */

static void expect_refused(const struct json *json, const struct json_edit *edits, size_t count, size_t failed,
                           enum json_splice_result result)
{
    uint32_t index;

    ensure(failed < count);
    for (size_t i = 0; i < failed; i++)
        ensure(pointer_find(json, edits[i].pointer, &index) <= POINTER_MISSING);
    ensure(pointer_find(json, edits[failed].pointer, &index) ==
           (result == JSON_SPLICE_PARENT ? POINTER_PARENT_SCALAR : POINTER_PARENT_ARRAY));
}

static void expect_spliced(const struct json *before, const struct json_edit *edits, size_t count, struct bytes text,
                           struct arena *arena)
{
    struct json_fault fault;
    struct buffer pointer;
    struct json after;

    ensure(json_scan(text, &wide, arena, &after, &fault));
    expect_same_tree(before->text, edits, count, &after, arena);
    buffer_init(&pointer, SIZE_MAX / 2);
    if (before->values[0].kind == JSON_OBJECT)
        expect_untouched(before, 0, &pointer, &after, edits, count, arena);
    buffer_release(&pointer);
    if (count == 1)
        expect_only(before->text, text, before, &edits[0]);
}

static void try(struct bytes text, struct bytes lines, struct arena *arena)
{
    struct json_edit edits[EDITS_MAX];
    size_t count = read_edits(lines, edits, arena), failed = 0;
    enum json_splice_result result;
    struct json_fault fault;
    struct json json;
    struct buffer out;

    if (!json_scan(text, &JSON_LIMITS_DEFAULT, arena, &json, &fault))
        return;
    buffer_init(&out, SIZE_MAX / 2);
    result = json_splice(&json, edits, count, &out, &failed);
    if (result == JSON_SPLICED) {
        expect_spliced(&json, edits, count, buffer_bytes(&out), arena);
    } else {
        ensure(out.size == 0);
        expect_refused(&json, edits, count, failed, result);
    }
    buffer_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes rest = {(const char *)data, size};
    struct bytes document = fuzz_part(&rest);
    struct arena *arena = arena_new(1 << 14);
    auto_text exact = fuzz_exact(document);

    try((struct bytes){exact, document.size}, rest, arena);
    arena_free(arena);
    return 0;
}
