/* Random documents and random edits: the splice against a slow truth on plain trees. */
#include "common/buffer.h"
#include "common/json_compare.h"
#include "common/json_splice.h"
#include "common/json_write.h"
#include "common/memory.h"
#include "common/pointer.h"
#include "common/random.h"
#include "tests/support/unit.h"

#define ROUNDS    4000
#define EDITS_MAX 24

/* A member; values that are no objects are kept as the text that they were drawn as. */
struct tree {
    const char *name;      /* plain */
    struct bytes text;     /* absent: an object */
    bool is_object;
    struct tree *members[32];
    size_t count;
};

static const char *const names[] = {"a", "b", "c", "ab", "a/b", "m~n", "\"q\"", "\xc3\xa9", "", "0", "-", "long name of a member",
                                    "d", "e", "f", "g", "h", "i"};
static const char *const scalars[] = {"1", "1.0", "-0", "12.50", "1e400", "\"x\"", "\"\\u00e9\\n\"", "null", "true", "false",
                                      "[1, 2]", "[]", "[ {\"a\" : 1} ]", "9007199254740993"};
#define DRAW(random, list) (list)[random_below(random, sizeof(list) / sizeof((list)[0]))]

static struct tree *tree_new(struct arena *arena, const char *name)
{
    struct tree *tree = arena_zero(arena, sizeof(*tree));

    tree->name = name;
    return tree;
}

static struct tree **tree_find(struct tree *tree, struct bytes name)
{
    for (size_t i = 0; i < tree->count; i++)
        if (bytes_equal(bytes_of(tree->members[i]->name), name))
            return &tree->members[i];
    return NULL;
}

static struct tree *tree_draw(struct random *random, struct arena *arena, const char *name, int depth)
{
    struct tree *tree = tree_new(arena, name);

    if (depth > 0 && (depth == 4 || random_below(random, 3) == 0)) {
        size_t wanted = random_below(random, depth == 4 ? 16 : 6);

        tree->is_object = true;
        for (size_t i = 0; i < wanted; i++) {
            const char *member = DRAW(random, names);

            if (tree_find(tree, bytes_of(member)) == NULL)
                tree->members[tree->count++] = tree_draw(random, arena, member, depth - 1);
        }
        return tree;
    }
    tree->text = bytes_of(DRAW(random, scalars));
    return tree;
}

static void space(struct random *random, struct buffer *out)
{
    if (random != NULL && random_below(random, 4) == 0)
        buffer_add_char(out, " \n\t\r"[random_below(random, 4)]);
}

/* With a source of randomness: with white space and escapes wherever they may stand. */
static void tree_print(const struct tree *tree, struct random *random, struct buffer *out)
{
    if (!tree->is_object) {
        buffer_add(out, tree->text);
        return;
    }
    buffer_add_char(out, '{');
    space(random, out);
    for (size_t i = 0; i < tree->count; i++) {
        const char *name = tree->members[i]->name;

        if (i > 0) {
            buffer_add_char(out, ',');
            space(random, out);
        }
        if (random != NULL && name[0] >= 'a' && random_below(random, 5) == 0) {
            buffer_format(out, "\"\\u%04x", (unsigned)name[0]);
            buffer_add_text(out, name + 1);
            buffer_add_char(out, '"');
        } else {
            json_write_quoted(out, bytes_of(name));
        }
        space(random, out);
        buffer_add_char(out, ':');
        space(random, out);
        tree_print(tree->members[i], random, out);
        space(random, out);
    }
    buffer_add_char(out, '}');
}

/* A pointer along the tree for some way, then perhaps away from it; never through a scalar. */
static struct bytes pointer_draw(struct random *random, const struct tree *tree, struct arena *arena)
{
    auto_buffer out;

    buffer_init(&out, 1000);
    for (int depth = 0; depth < 4; depth++) {
        const char *name = DRAW(random, names);
        struct tree **member = tree != NULL ? tree_find((struct tree *)tree, bytes_of(name)) : NULL;

        pointer_add(&out, bytes_of(name));
        tree = member != NULL ? *member : NULL;
        if ((tree != NULL && !tree->is_object) || random_below(random, 3) == 0)
            break;
    }
    return (struct bytes){arena_copy(arena, out.data, out.size), out.size};
}

static void tree_edit(struct tree *tree, const struct json_edit *edit, struct arena *arena)
{
    struct pointer_walk walk;
    struct bytes segment;

    pointer_walk_init(&walk, edit->pointer);
    while (pointer_walk_next(&walk, &segment)) {
        struct bytes name = pointer_unescape(segment, arena);
        struct tree **member = tree_find(tree, name);

        if (!bytes_present(edit->value)) {
            if (member == NULL)
                return;
            if (walk.rest.size == 0) {
                size_t place = (size_t)(member - tree->members);

                memmove(member, member + 1, (--tree->count - place) * sizeof(*member));
                return;
            }
        } else if (member == NULL) {
            member = &tree->members[tree->count++];
            *member = tree_new(arena, arena_copy(arena, name.data, name.size));
            (*member)->is_object = true;
        }
        tree = *member;
    }
    tree->is_object = false;
    tree->text = edit->value;
}

static size_t edits_draw(struct random *random, const struct tree *tree, struct arena *arena, struct json_edit *edits)
{
    size_t tries = random_below(random, EDITS_MAX + 1), count = 0;

    while (tries-- > 0) {
        struct json_edit edit = {pointer_draw(random, tree, arena), BYTES_NONE};
        bool is_apart = true;

        if (random_below(random, 3) > 0)
            edit.value = bytes_of(DRAW(random, scalars));
        for (size_t i = 0; i < count; i++)
            is_apart = is_apart && !pointer_covers(edits[i].pointer, edit.pointer) &&
                       !pointer_covers(edit.pointer, edits[i].pointer);
        if (is_apart)
            edits[count++] = edit;
    }
    return count;
}

static struct json scan(struct bytes text, struct arena *arena)
{
    const struct json_limits limits = JSON_LIMITS_DEFAULT;
    struct json_fault fault;
    struct json json;

    ck_assert_msg(json_scan(text, &limits, arena, &json, &fault), "%.*s: %s at %zu", BYTES_ARG(text), fault.what,
                  fault.offset);
    return json;
}

static bool is_touched(struct bytes pointer, const struct json_edit *edits, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (pointer_covers(pointer, edits[i].pointer) || pointer_covers(edits[i].pointer, pointer))
            return true;
    return false;
}

/* What no edit touches is there afterwards, key and value with every byte between them. */
static void expect_untouched(const struct json *before, uint32_t object, struct buffer *pointer,
                             const struct json *after, const struct json_edit *edits, size_t count,
                             struct arena *arena)
{
    size_t size = pointer->size;

    for (uint32_t i = object + 1; i < before->values[object].after; i = before->values[i].after) {
        const struct json_value *value = &before->values[i];
        uint32_t index;

        pointer_add(pointer, json_key(before, i, arena));
        if (!is_touched(buffer_bytes(pointer), edits, count)) {
            ck_assert_int_eq(pointer_find(after, buffer_bytes(pointer), &index), POINTER_FOUND);
            ck_assert(bytes_equal(
                (struct bytes){before->text.data + value->key_start, value->end - value->key_start},
                (struct bytes){after->text.data + after->values[index].key_start,
                               after->values[index].end - after->values[index].key_start}));
        } else if (value->kind == JSON_OBJECT && pointer_find(after, buffer_bytes(pointer), &index) == POINTER_FOUND &&
                   after->values[index].kind == JSON_OBJECT) {
            expect_untouched(before, i, pointer, after, edits, count, arena);
        }
        pointer->size = size;
    }
}

/* The members of both come in the same order: added ones at the end, in the order of the edits. */
static void expect_same_order(const struct json *a, const struct json *b, struct arena *arena)
{
    ck_assert_uint_eq(a->count, b->count);
    for (uint32_t i = 1; i < a->count; i++)
        if (a->values[i].key_end > 0)
            ck_assert(bytes_equal(json_key(a, i, arena), json_key(b, i, arena)));
}

static void round_of(uint64_t seed, struct arena *arena)
{
    struct json_edit edits[EDITS_MAX];
    struct json before, after, wanted;
    struct buffer text, out, truth, pointer;
    struct random random;
    struct tree *tree;
    size_t count, failed;

    random_init(&random, seed);
    buffer_init(&text, 1 << 20);
    buffer_init(&out, 1 << 20);
    buffer_init(&truth, 1 << 20);
    buffer_init(&pointer, 1 << 20);
    tree = tree_draw(&random, arena, "", 4);
    space(&random, &text);
    tree_print(tree, &random, &text);
    space(&random, &text);
    count = edits_draw(&random, tree, arena, edits);
    before = scan(buffer_bytes(&text), arena);
    ck_assert_int_eq(json_splice(&before, edits, count, &out, &failed), JSON_SPLICED);
    for (size_t i = 0; i < count; i++)
        tree_edit(tree, &edits[i], arena);
    tree_print(tree, NULL, &truth);
    after = scan(buffer_bytes(&out), arena);
    wanted = scan(buffer_bytes(&truth), arena);
    ck_assert_msg(json_equal(&after, 0, &wanted, 0), "seed %lu\n%.*s\n%.*s\n%.*s", (unsigned long)seed,
                  BYTES_ARG(before.text), BYTES_ARG(after.text), BYTES_ARG(wanted.text));
    expect_same_order(&after, &wanted, arena);
    expect_untouched(&before, 0, &pointer, &after, edits, count, arena);
    buffer_release(&text);
    buffer_release(&out);
    buffer_release(&truth);
    buffer_release(&pointer);
}

START_TEST(a_splice_is_what_editing_a_tree_gives_and_touches_nothing_else)
{
    struct arena *arena = arena_new(1 << 16);

    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        round_of(seed, arena);
        arena_reset(arena);
    }
    arena_free(arena);
}
END_TEST

/* The scan never reads outside of its text and never accepts what it cannot take apart again. */
START_TEST(damaged_documents_are_refused_or_whole)
{
    const struct json_limits limits = JSON_LIMITS_DEFAULT;
    struct arena *arena = arena_new(1 << 16);
    size_t accepted = 0;

    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        struct random random;
        struct json_fault fault;
        struct json json;
        char *exact;
        auto_buffer text;

        random_init(&random, seed);
        buffer_init(&text, 1 << 20);
        tree_print(tree_draw(&random, arena, "", 4), &random, &text);
        for (uint64_t i = random_below(&random, 3) + 1; i > 0; i--)
            text.data[random_below(&random, text.size)] = "{}[],:\"\\0e\xc3\0 n"[random_below(&random, 14)];
        exact = memory_text_n(text.data, text.size);
        exact = memory_resize(exact, text.size);
        if (json_scan((struct bytes){exact, text.size}, &limits, arena, &json, &fault)) {
            accepted++;
            ck_assert(json_equal(&json, 0, &json, 0));
            ck_assert_uint_eq(json.values[0].after, json.count);
        } else {
            ck_assert_uint_le(fault.offset, text.size);
        }
        free(exact);
        arena_reset(arena);
    }
    ck_assert_uint_gt(accepted, ROUNDS / 100);
    ck_assert_uint_lt(accepted, ROUNDS / 2);
    arena_free(arena);
}
END_TEST

UNIT_TESTS("common/json_property", a_splice_is_what_editing_a_tree_gives_and_touches_nothing_else,
           damaged_documents_are_refused_or_whole)
