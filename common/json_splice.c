#include "common/json_splice.h"

#include "common/check.h"
#include "common/json_additions.h"
#include "common/json_lex.h"
#include "common/memory.h"
#include "common/pointer.h"
#include <stdlib.h>

/* Edits become operations, sorted by their place in the text; one walk over the text does them all. */
enum op_kind { OP_REPLACE, OP_REMOVE, OP_ADD };

struct op {
    size_t at; /* where it stands in the text: the key of the member, or the end of the object that grows */
    enum op_kind kind;
    uint32_t index;       /* the value to replace or remove, or the object that grows */
    bool is_leading;      /* a removal with no member left before it */
    const struct json_edit *edit;
    struct bytes rest; /* of the pointer, below the object that grows */
};

#define OPS_ON_STACK       16
#define ADDITIONS_ON_STACK 24

struct splice {
    const struct json *json;
    struct op *ops;
    size_t count;
    struct buffer *out;
    size_t copied; /* the text before this place is written, or left out */
};

static uint32_t segments_of(struct bytes pointer)
{
    uint32_t count = 0;

    for (size_t i = 0; i < pointer.size; i++)
        count += pointer.data[i] == '/';
    return count;
}

/* False: nothing is to be done for this edit. */
static bool op_of(const struct json *json, const struct json_edit *edit, enum json_splice_result *ret_result,
                  struct op *op)
{
    const struct json_value *value;
    enum pointer_found found;

    *op = (struct op){.edit = edit};
    *ret_result = JSON_SPLICED;
    found = pointer_reach(json, edit->pointer, &op->index, &op->rest);
    value = &json->values[op->index];
    switch (found) {
    case POINTER_PARENT_SCALAR:
        *ret_result = JSON_SPLICE_PARENT;
        return false;
    case POINTER_PARENT_ARRAY:
        *ret_result = JSON_SPLICE_ELEMENT;
        return false;
    case POINTER_MISSING:
        op->kind = OP_ADD;
        op->at = value->end;
        return bytes_present(edit->value);
    case POINTER_FOUND:
        op->kind = bytes_present(edit->value) ? OP_REPLACE : OP_REMOVE;
        op->at = op->index == 0 ? value->start : value->key_start;
        ensure(op->index != 0 || op->kind == OP_REPLACE);
        return true;
    }
    never("every result of pointer_reach has its operation");
}

static int op_compare(const void *left, const void *right)
{
    const struct op *a = left, *b = right;

    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return (a->edit > b->edit) - (a->edit < b->edit); /* additions to one object: in the order of the edits */
}

/* Behind what stands before `at` if white space does not count. */
static size_t space_before(const struct json *json, size_t at)
{
    while (at > 0 && json_is_space(json->text.data[at - 1]))
        at--;
    return at;
}

static size_t space_behind(const struct json *json, size_t at)
{
    const char *end = json->text.data + json->text.size;

    return (size_t)(json_skip_space(json->text.data + at, end) - json->text.data);
}

static bool ends_at(const struct json *json, const struct op *op, size_t end)
{
    return json->values[op->index].end == end;
}

static void copy_until(struct splice *splice, size_t at)
{
    if (at > splice->copied) {
        buffer_add(splice->out,
                   (struct bytes){splice->json->text.data + splice->copied, at - splice->copied});
        splice->copied = at;
    }
}

static void do_replace(struct splice *splice, const struct op *op)
{
    copy_until(splice, splice->json->values[op->index].start);
    buffer_add(splice->out, op->edit->value);
    splice->copied = splice->json->values[op->index].end;
}

/* A member takes the comma before it along. Those with no member left before them take the one behind. */
static void do_remove(struct splice *splice, struct op *op, const struct op *before)
{
    const struct json *json = splice->json;
    const struct json_value *value = &json->values[op->index];
    size_t comma = space_before(json, value->key_start), previous_end, next;

    if (json->text.data[comma - 1] == ',') {
        previous_end = space_before(json, comma - 1);
        if (before == NULL || before->kind != OP_REMOVE || !before->is_leading ||
            !ends_at(json, before, previous_end)) {
            copy_until(splice, previous_end);
            splice->copied = value->end;
            return;
        }
    }
    op->is_leading = true;
    copy_until(splice, value->key_start);
    next = space_behind(json, value->end);
    splice->copied = json->text.data[next] == ',' ? space_behind(json, next + 1) : value->end;
}

/* All additions to one object; returns how many they are. */
static size_t do_add(struct splice *splice, size_t first, struct additions *additions)
{
    const struct json *json = splice->json;
    const struct op *op = &splice->ops[first], *before = first > 0 ? op - 1 : NULL;
    size_t members_end = space_before(json, op->at - 1), count = 0;
    bool is_empty = json->text.data[members_end - 1] == '{';

    if (before != NULL && before->kind == OP_REMOVE && before->is_leading && ends_at(json, before, members_end))
        is_empty = true;
    copy_until(splice, members_end);
    if (!is_empty)
        buffer_add_char(splice->out, ',');
    additions_reset(additions);
    for (; first + count < splice->count && op[count].at == op->at; count++) {
        ensure(op[count].kind == OP_ADD);
        additions_add(additions, op[count].rest, op[count].edit->value);
    }
    additions_write(additions, splice->out);
    return count;
}

static void do_all(struct splice *splice, struct additions *additions)
{
    struct op *op, *before;
    size_t i = 0;

    while (i < splice->count) {
        op = &splice->ops[i];
        before = i > 0 ? op - 1 : NULL;
        if (op->kind == OP_ADD) {
            i += do_add(splice, i, additions);
            continue;
        }
        /* No pointer is a prefix of another: nothing else happens inside of what is replaced or removed. */
        ensure(i + 1 == splice->count || op[1].at > splice->json->values[op->index].end);
        if (op->kind == OP_REPLACE)
            do_replace(splice, op);
        else
            do_remove(splice, op, before);
        i++;
    }
    copy_until(splice, splice->json->text.size);
}

static void splice_write(struct splice *splice)
{
    _Alignas(8) char few[ADDITIONS_ON_STACK * (sizeof(struct addition) + 4 * sizeof(uint32_t))];
    auto_bytes many = NULL;
    struct additions additions;
    uint32_t segments = 0;

    if (splice->count > 1)
        qsort(splice->ops, splice->count, sizeof(*splice->ops), op_compare);
    for (size_t i = 0; i < splice->count; i++)
        segments += splice->ops[i].kind == OP_ADD ? segments_of(splice->ops[i].rest) : 0;
    if (additions_bytes(segments) > sizeof(few))
        many = memory_new(additions_bytes(segments));
    additions_init(&additions, many != NULL ? many : few, segments);
    do_all(splice, &additions);
}

enum json_splice_result json_splice(const struct json *json, const struct json_edit *edits, size_t count,
                                    struct buffer *out, size_t *ret_failed)
{
    struct op few[OPS_ON_STACK];
    auto_bytes many = count > OPS_ON_STACK ? memory_new(count * sizeof(struct op)) : NULL;
    struct splice splice = {.json = json, .ops = many != NULL ? many : few, .out = out};
    enum json_splice_result result;

    for (size_t i = 0; i < count; i++) {
        splice.count += op_of(json, &edits[i], &result, &splice.ops[splice.count]);
        if (result != JSON_SPLICED) {
            *ret_failed = i;
            return result;
        }
    }
    splice_write(&splice);
    return JSON_SPLICED;
}
