#ifndef IFMATCH_COMMON_JSON_KEYS_H
#define IFMATCH_COMMON_JSON_KEYS_H

#include "common/json_scan.h"

/* For json_*.c alone: the keys of objects. An object of more than JSON_PAIRWISE_MAX members has a hash table of
 * them, which finds equal keys while it is filled and serves look-ups afterwards. */
#define JSON_PAIRWISE_MAX 8

struct json_slot {
    uint32_t index; /* of the member; 0, which is nobody's member, is free */
    uint32_t tag;   /* half of the key's hash, so that strangers in a slot are told apart at once */
};

/* The slots that an object of `count` members needs: a power of two, at most half full; 0 for a small one. */
static inline uint32_t json_keys_slots(uint32_t count)
{
    return count <= JSON_PAIRWISE_MAX ? 0 : 1u << (32 - __builtin_clz(2 * count - 1));
}

/* Looks at the keys of every object of a text that is good otherwise, and fills in `tables`. `slots` is the sum
 * of all objects'. False with the offset of a key that its object has already. */
bool json_keys_build(struct json *json, struct json_value *values, size_t slots, struct arena *arena,
                     size_t *ret_offset);

/* json_member for a key that is still JSON text: the member of `object` that has the key of the member at
 * `of_index` in `of`. */
uint32_t json_member_like(const struct json *json, uint32_t object, const struct json *of, uint32_t of_index);

/* A hash that outsiders cannot aim at; different in each process. */
uint64_t json_key_hash(struct bytes key);

#endif
