#include "sandbox/change.h"

#include "common/json_compare.h"
#include "common/json_splice.h"
#include "common/pointer.h"

static const struct json_limits limits = {.size_max = 64 << 20, .depth_max = 256, .members_max = 10000000};
static const char *const states[] = {"\"DRAFT\"", "\"REVIEW\"", "\"RELEASED\"", "\"BLOCKED\"", "\"OBSOLETE\""};

#define STATES (sizeof(states) / sizeof(states[0]))

/* Walks the members of two objects; counts those that differ, and writes the pointer of the one numbered `wanted`. */
struct search {
    const struct json *before, *after;
    struct arena *arena;
    uint64_t found, wanted;
    struct buffer *out; /* NULL: only count */
};

static void search_object(struct search *search, const char *parent, uint32_t before, uint32_t after)
{
    const struct json *text = search->after;

    for (uint32_t i = after + 1; i < text->values[after].after; i = text->values[i].after) {
        struct bytes key = json_key(text, i, search->arena);
        uint32_t old = before == JSON_NOT_FOUND ? JSON_NOT_FOUND : json_member(search->before, before, key);

        if (parent[0] == '\0' && bytes_equal(key, BYTES("attributes")) && text->values[i].kind == JSON_OBJECT) {
            bool was_object = old != JSON_NOT_FOUND && search->before->values[old].kind == JSON_OBJECT;

            search_object(search, "/attributes", was_object ? old : JSON_NOT_FOUND, i);
            continue;
        }
        if (old != JSON_NOT_FOUND && json_equal(search->before, old, text, i))
            continue;
        if (search->out != NULL && search->found == search->wanted) {
            buffer_add_text(search->out, parent);
            pointer_add(search->out, key);
        }
        search->found++;
    }
}

static bool find_in(struct arena *arena, struct bytes before, struct bytes after, struct random *random,
                    struct buffer *out)
{
    struct json was = {0}, is;
    struct json_fault fault;
    struct search search = {.before = &was, .after = &is, .arena = arena};
    uint32_t root = JSON_NOT_FOUND;

    if (!json_scan(after, &limits, arena, &is, &fault) || is.values[0].kind != JSON_OBJECT)
        return false;
    if (bytes_present(before) && json_scan(before, &limits, arena, &was, &fault))
        root = 0;
    search_object(&search, "", root, 0);
    if (search.found == 0)
        return false;
    search.wanted = random_below(random, search.found);
    search.found = 0;
    search.out = out;
    search_object(&search, "", root, 0);
    return true;
}

bool change_find(struct bytes before, struct bytes after, struct random *random, struct buffer *out)
{
    struct arena *arena = arena_new(1 << 14);
    bool is_found = find_in(arena, before, after, random, out);

    arena_free(arena);
    return is_found;
}

/* One of the listed values that is not `now`; absent if there is none. */
static struct bytes listed_value(struct change *change, uint32_t list, struct bytes now)
{
    uint32_t count = change->values->values[list].count;
    uint64_t first = count > 0 ? random_below(change->random, count) : 0;

    for (uint32_t i = 0; i < count; i++) {
        struct bytes value = json_text(change->values, json_element(change->values, list, (first + i) % count));

        if (!bytes_equal(value, now))
            return value;
    }
    return BYTES_NONE;
}

static struct bytes new_value(struct change *change, struct bytes pointer, struct bytes now, struct arena *arena)
{
    uint32_t list = change->values != NULL ? json_member(change->values, 0, pointer) : JSON_NOT_FOUND;
    char text[48];

    change->number++;
    if (list != JSON_NOT_FOUND && change->values->values[list].kind == JSON_ARRAY)
        return listed_value(change, list, now);
    if (bytes_equal(pointer, BYTES("/status"))) {
        size_t next = random_below(change->random, STATES);

        return bytes_of(states[bytes_equal(bytes_of(states[next]), now) ? (next + 1) % STATES : next]);
    }
    snprintf(text, sizeof(text), "\"user-%06llu\"", (unsigned long long)change->number);
    return bytes_of(arena_copy(arena, text, strlen(text)));
}

static bool apply_in(struct change *change, struct arena *arena, struct bytes document, struct bytes pointer,
                     struct buffer *out)
{
    struct json_fault fault;
    struct json_edit edit = {.pointer = pointer};
    struct json json;
    uint32_t index;
    size_t failed;
    bool is_there;

    if (!json_scan(document, &limits, arena, &json, &fault))
        return false;
    is_there = pointer_find(&json, pointer, &index) == POINTER_FOUND;
    edit.value = new_value(change, pointer, is_there ? json_text(&json, index) : BYTES_NONE, arena);
    return bytes_present(edit.value) && json_splice(&json, &edit, 1, out, &failed) == JSON_SPLICED && !out->overflowed;
}

bool change_apply(struct change *change, struct bytes document, struct bytes pointer, struct buffer *out)
{
    struct arena *arena = arena_new(1 << 14);
    bool is_done = apply_in(change, arena, document, pointer, out);

    arena_free(arena);
    return is_done;
}
