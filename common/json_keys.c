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

uint64_t json_key_hash(struct bytes key)
{
    const uint64_t k1 = 0xa0761d6478bd642fu, k2 = 0xe7037ed1a0b428dbu;
    uint64_t seed = key_seed(), hash = seed ^ key.size * k1, word;
    const char *p = key.data;
    size_t rest = key.size;

    for (; rest >= 8; rest -= 8, p += 8) {
        memcpy(&word, p, 8);
        hash = key_mix(hash ^ word, k1 ^ seed);
    }
    word = 0;
    if (rest > 0)
        memcpy(&word, p, rest);
    return key_mix(hash ^ word, k2 ^ seed);
}

/* The hash of the unescaped key. */
static uint64_t key_hash_content(struct bytes content, bool has_escape)
{
    char few[KEY_ON_STACK];
    char *plain = few;
    uint64_t hash;

    if (!has_escape)
        return json_key_hash(content);
    if (content.size > sizeof(few))
        plain = memory_new(content.size);
    hash = json_key_hash((struct bytes){plain, json_content_decode(content, plain)});
    if (plain != few)
        free(plain);
    return hash;
}

static bool pairwise_build(const struct json *json, uint32_t object, size_t *ret_offset)
{
    const struct json_value *values = json->values;
    const struct json_value *seen[JSON_PAIRWISE_MAX];
    uint32_t count = 0;

    for (uint32_t i = object + 1; i < values[object].after; i = values[i].after) {
        const struct json_value *member = &values[i];

        for (uint32_t j = 0; j < count; j++) {
            bool escaped = member->key_has_escape || seen[j]->key_has_escape;

            if (!escaped && member->key_end - member->key_start != seen[j]->key_end - seen[j]->key_start)
                continue;
            if (json_content_equal(key_content(json, member), member->key_has_escape,
                                   key_content(json, seen[j]), seen[j]->key_has_escape)) {
                *ret_offset = member->key_start;
                return false;
            }
        }
        seen[count++] = member;
    }
    return true;
}

/* The slot of the member with this key, or the free one where it belongs. A slot holds index + 1, 0 is free. */
static uint32_t *table_slot(const struct json *json, uint32_t *table, uint32_t slots, uint64_t hash,
                            struct bytes content, bool has_escape)
{
    uint32_t at = (uint32_t)hash & (slots - 1);

    while (table[at] != 0) {
        const struct json_value *other = &json->values[table[at] - 1];

        if (json_content_equal(key_content(json, other), other->key_has_escape, content, has_escape))
            break;
        at = (at + 1) & (slots - 1);
    }
    return &table[at];
}

static bool table_build(const struct json *json, uint32_t object, uint32_t *table, uint32_t slots,
                        size_t *ret_offset)
{
    const struct json_value *values = json->values;

    for (uint32_t i = object + 1; i < values[object].after; i = values[i].after) {
        struct bytes content = key_content(json, &values[i]);
        uint64_t hash = key_hash_content(content, values[i].key_has_escape);
        uint32_t *slot = table_slot(json, table, slots, hash, content, values[i].key_has_escape);

        if (*slot != 0) {
            *ret_offset = values[i].key_start;
            return false;
        }
        *slot = i + 1;
    }
    return true;
}

bool json_keys_build(struct json *json, struct json_value *values, size_t slots, struct arena *arena,
                     size_t *ret_offset)
{
    uint32_t *tables = slots > 0 ? arena_zero(arena, slots * sizeof(*tables)) : NULL;
    uint32_t used = 0;

    json->tables = tables;
    for (uint32_t i = 0; i < json->count; i++) {
        uint32_t size = values[i].kind == JSON_OBJECT ? json_keys_slots(values[i].count) : 0;

        if (values[i].kind != JSON_OBJECT || values[i].count < 2)
            continue;
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
        uint32_t *table = (uint32_t *)json->tables + values[object].table; /* only read */
        uint32_t *slot =
            table_slot(json, table, slots, key_hash_content(content, has_escape), content, has_escape);

        return *slot != 0 ? *slot - 1 : JSON_NOT_FOUND;
    }
    for (uint32_t i = object + 1; i < values[object].after; i = values[i].after)
        if (json_content_equal(key_content(json, &values[i]), values[i].key_has_escape, content, has_escape))
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
