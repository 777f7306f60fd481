#include "common/json_keys.h"

#include "common/check.h"
#include "common/json_text.h"
#include <stdlib.h>
#include <sys/auxv.h>

#define KEY_ON_STACK 256

static inline struct bytes key_content(const struct json *json, const struct json_value *value)
{
    return (struct bytes){json->text.data + value->key_start + 1, value->key_end - value->key_start - 2};
}

static uint64_t key_mix(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Keys come from outside: with a known hash somebody could choose 10,000 that meet in one slot. The seed is the
 * kernel's gift to each process; nothing but the time of a look-up depends on it. */
static uint64_t key_seed(void)
{
    static uint64_t seed;

    if (__builtin_expect(seed == 0, 0)) {
        const void *gift = (const void *)getauxval(AT_RANDOM); /* NOLINT(performance-no-int-to-ptr) */

        if (gift != NULL)
            memcpy(&seed, gift, sizeof(seed));
        seed |= 1;
    }
    return seed;
}

static inline uint64_t load(const char *p, size_t size)
{
    uint64_t word = 0;

    memcpy(&word, p, size);
    return word;
}

/* The last 1 to 8 bytes as one word, without a loop: loads may overlap, as the size is hashed too. */
static inline uint64_t load_rest(const char *p, size_t size)
{
    if (size >= 4)
        return load(p, 4) << 32 | load(p + size - 4, 4);
    return (uint64_t)(unsigned char)p[0] << 16 | (uint64_t)(unsigned char)p[size / 2] << 8 | (unsigned char)p[size - 1];
}

static inline uint64_t hash_of(struct bytes key)
{
    const uint64_t k1 = 0xa0761d6478bd642fu, k2 = 0xe7037ed1a0b428dbu;
    uint64_t seed = key_seed(), hash = seed ^ key.size * k1;
    const char *p = key.data;
    size_t rest = key.size;

    for (; rest > 8; rest -= 8, p += 8)
        hash = key_mix(hash ^ load(p, 8), k1 ^ seed);
    return key_mix(hash ^ (rest > 0 ? load_rest(p, rest) : 0), k2 ^ seed);
}

uint64_t json_key_hash(struct bytes key)
{
    return hash_of(key);
}

/* The hash of the unescaped key. */
static uint64_t hash_of_escaped(struct bytes content)
{
    char few[KEY_ON_STACK];
    char *plain = few;
    uint64_t hash;

    if (content.size > sizeof(few))
        plain = memory_new(content.size);
    hash = hash_of((struct bytes){plain, json_content_decode(content, plain)});
    if (plain != few)
        free(plain);
    return hash;
}

static inline uint64_t hash_of_content(struct bytes content, bool has_escape)
{
    return has_escape ? hash_of_escaped(content) : hash_of(content);
}

/* Most keys differ in size or in their first byte, which costs no call. */
static inline bool keys_equal(struct bytes a, bool a_has_escape, struct bytes b, bool b_has_escape)
{
    if (a_has_escape || b_has_escape)
        return json_content_equal(a, a_has_escape, b, b_has_escape);
    return a.size == b.size && (a.size == 0 || (a.data[0] == b.data[0] && memcmp(a.data, b.data, a.size) == 0));
}

static bool pairwise_build(const struct json *json, uint32_t object, size_t *ret_offset)
{
    const struct json_value *values = json->values;
    const struct json_value *seen[JSON_PAIRWISE_MAX];
    uint32_t count = 0;

    for (uint32_t i = object + 1; i < values[object].after; i = values[i].after) {
        const struct json_value *member = &values[i];

        for (uint32_t j = 0; j < count; j++) {
            if (keys_equal(key_content(json, member), member->key_has_escape, key_content(json, seen[j]),
                           seen[j]->key_has_escape)) {
                *ret_offset = member->key_start;
                return false;
            }
        }
        seen[count++] = member;
    }
    return true;
}

/* The slot of the member with this key, or the free one where it belongs. */
static struct json_slot *table_slot(const struct json *json, struct json_slot *table, uint32_t slots,
                                    uint64_t hash, struct bytes content, bool has_escape)
{
    uint32_t at = (uint32_t)hash & (slots - 1);

    for (; table[at].index != 0; at = (at + 1) & (slots - 1)) {
        const struct json_value *other = &json->values[table[at].index];

        if (table[at].tag == (uint32_t)(hash >> 32) &&
            keys_equal(key_content(json, other), other->key_has_escape, content, has_escape))
            break;
    }
    return &table[at];
}

static bool table_build(const struct json *json, uint32_t object, struct json_slot *table, uint32_t slots,
                        size_t *ret_offset)
{
    const struct json_value *values = json->values;

    for (uint32_t i = object + 1; i < values[object].after; i = values[i].after) {
        struct bytes content = key_content(json, &values[i]);
        uint64_t hash = hash_of_content(content, values[i].key_has_escape);
        struct json_slot *slot = table_slot(json, table, slots, hash, content, values[i].key_has_escape);

        if (slot->index != 0) {
            *ret_offset = values[i].key_start;
            return false;
        }
        *slot = (struct json_slot){.index = i, .tag = (uint32_t)(hash >> 32)};
    }
    return true;
}

bool json_keys_build(struct json *json, struct json_value *values, size_t slots, struct arena *arena,
                     size_t *ret_offset)
{
    struct json_slot *tables = slots > 0 ? arena_zero(arena, slots * sizeof(*tables)) : NULL;
    uint32_t used = 0, size;

    json->tables = tables;
    for (uint32_t i = 0; i < json->count; i++) {
        if (values[i].kind != JSON_OBJECT || values[i].count < 2)
            continue;
        size = json_keys_slots(values[i].count);
        if (size == 0) {
            if (!pairwise_build(json, i, ret_offset))
                return false;
            continue;
        }
        values[i].table = used;
        used += size;
        ensure(used <= slots);
        if (!table_build(json, i, tables + values[i].table, size, ret_offset))
            return false;
    }
    return true;
}

static uint32_t member_find(const struct json *json, uint32_t object, struct bytes content, bool has_escape)
{
    const struct json_value *values = json->values;
    uint32_t slots = json_keys_slots(values[object].count);

    ensure(values[object].kind == JSON_OBJECT);
    if (slots > 0) {
        uint32_t index = table_slot(json, json->tables + values[object].table, slots,
                                    hash_of_content(content, has_escape), content, has_escape)
                             ->index;

        return index != 0 ? index : JSON_NOT_FOUND;
    }
    for (uint32_t i = object + 1; i < values[object].after; i = values[i].after)
        if (keys_equal(key_content(json, &values[i]), values[i].key_has_escape, content, has_escape))
            return i;
    return JSON_NOT_FOUND;
}

uint32_t json_member(const struct json *json, uint32_t object, struct bytes key)
{
    return member_find(json, object, key, false);
}

uint32_t json_member_like(const struct json *json, uint32_t object, const struct json *of, uint32_t of_index)
{
    const struct json_value *member = &of->values[of_index];

    return member_find(json, object, key_content(of, member), member->key_has_escape);
}

uint32_t json_element(const struct json *json, uint32_t array, size_t position)
{
    const struct json_value *values = json->values;
    uint32_t index = array + 1;

    ensure(values[array].kind == JSON_ARRAY);
    if (position >= values[array].count)
        return JSON_NOT_FOUND;
    while (position-- > 0)
        index = values[index].after;
    return index;
}
