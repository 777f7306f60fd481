#include "common/json_additions.h"

#include "common/check.h"
#include "common/json_keys.h"
#include "common/json_text.h"
#include "common/pointer.h"

static uint32_t additions_slots(uint32_t count_max)
{
    return 1u << (33 - __builtin_clz(count_max + 1));
}

size_t additions_bytes(uint32_t count_max)
{
    return ((size_t)count_max + 1) * sizeof(struct addition) + additions_slots(count_max) * sizeof(uint32_t);
}

void additions_init(struct additions *additions, void *memory, uint32_t count_max)
{
    additions->nodes = memory;
    additions->table = (uint32_t *)(void *)(additions->nodes + count_max + 1);
    additions->slots = additions_slots(count_max);
    additions_reset(additions);
}

void additions_reset(struct additions *additions)
{
    memset(additions->table, 0, additions->slots * sizeof(*additions->table));
    additions->nodes[0] = (struct addition){.segment = BYTES_NONE};
    additions->count = 1;
}

/* The child of `parent` with this segment, made if it is not there. '~' and '/' have one spelling in a pointer,
 * so equal bytes are equal names. */
static uint32_t addition_child(struct additions *additions, uint32_t parent, struct bytes segment)
{
    struct addition *nodes = additions->nodes;
    uint64_t hash = json_key_hash(segment) + parent * UINT64_C(0x9e3779b97f4a7c15);
    uint32_t at = (uint32_t)(hash ^ hash >> 32) & (additions->slots - 1);
    uint32_t node;

    for (; (node = additions->table[at]) != 0; at = (at + 1) & (additions->slots - 1))
        if (nodes[node].parent == parent && bytes_equal(nodes[node].segment, segment))
            return node;
    node = additions->count++;
    nodes[node] = (struct addition){.segment = segment, .parent = parent};
    additions->table[at] = node;
    if (nodes[parent].first_child == 0)
        nodes[parent].first_child = node;
    else
        nodes[nodes[parent].last_child].next = node;
    nodes[parent].last_child = node;
    return node;
}

void additions_add(struct additions *additions, struct bytes rest, struct bytes value)
{
    struct pointer_walk walk;
    struct bytes segment;
    uint32_t node = 0;

    pointer_walk_init(&walk, rest);
    while (pointer_walk_next(&walk, &segment)) {
        ensure(!bytes_present(additions->nodes[node].value));
        node = addition_child(additions, node, segment);
    }
    ensure(node != 0);
    ensure(!bytes_present(additions->nodes[node].value));
    ensure(additions->nodes[node].first_child == 0);
    additions->nodes[node].value = value;
}

static void key_write(struct bytes segment, struct buffer *out)
{
    size_t plain;

    buffer_add_char(out, '"');
    while (bytes_find(segment, '~', &plain)) {
        json_content_add(out, (struct bytes){segment.data, plain});
        buffer_add_char(out, segment.data[plain + 1] == '0' ? '~' : '/');
        segment = bytes_from(segment, plain + 2);
    }
    json_content_add(out, segment);
    buffer_add(out, BYTES("\":"));
}

/* Without recursion: a pointer may have more segments than the stack has frames. */
void additions_write(const struct additions *additions, struct buffer *out)
{
    const struct addition *nodes = additions->nodes;
    uint32_t node = nodes[0].first_child;

    while (node != 0) {
        key_write(nodes[node].segment, out);
        if (nodes[node].first_child != 0) {
            buffer_add_char(out, '{');
            node = nodes[node].first_child;
            continue;
        }
        buffer_add(out, nodes[node].value);
        while (node != 0 && nodes[node].next == 0) {
            node = nodes[node].parent;
            if (node != 0)
                buffer_add_char(out, '}');
        }
        if (node != 0) {
            node = nodes[node].next;
            buffer_add_char(out, ',');
        }
    }
}
