#include "merge/base_memory.h"

#include "common/check.h"
#include "common/memory.h"
#include "common/pointer.h"

#include <uthash.h>

struct remembered {
    UT_hash_handle hh;
    size_t field_size;
    size_t value_size;
    size_t value_capacity;
    bool is_missing;
    char bytes[]; /* field, then value */
};

struct base_memory {
    struct remembered *by_field;
    size_t bytes;
};

struct base_memory *base_memory_new(void)
{
    return memory_new(sizeof(struct base_memory));
}

static size_t remembered_bytes(const struct remembered *entry)
{
    return sizeof(*entry) + entry->field_size + entry->value_capacity;
}

static void forget(struct base_memory *memory, struct remembered *entry)
{
    HASH_DEL(memory->by_field, entry);
    memory->bytes -= remembered_bytes(entry);
    free(entry);
}

void base_memory_free(struct base_memory *memory)
{
    struct remembered *entry, *next;

    if (memory == NULL)
        return;
    HASH_ITER(hh, memory->by_field, entry, next)
        forget(memory, entry);
    free(memory);
}

static void put_value(struct remembered *entry, struct bytes ours)
{
    ensure(ours.size <= entry->value_capacity);
    entry->value_size = ours.size;
    entry->is_missing = !bytes_present(ours);
    if (ours.size > 0)
        memcpy(entry->bytes + entry->field_size, ours.data, ours.size);
}

void base_memory_set(struct base_memory *memory, struct bytes field, struct bytes ours)
{
    struct remembered *entry, *next;

    HASH_FIND(hh, memory->by_field, field.data, field.size, entry);
    if (entry != NULL && ours.size <= entry->value_capacity) {
        put_value(entry, ours); /* nothing above or below it is remembered beside it */
        return;
    }
    HASH_ITER(hh, memory->by_field, entry, next) {
        struct bytes known = {entry->bytes, entry->field_size};

        if (pointer_covers(known, field) || pointer_covers(field, known))
            forget(memory, entry);
    }
    entry = memory_new(sizeof(*entry) + field.size + ours.size);
    entry->field_size = field.size;
    entry->value_capacity = ours.size;
    memcpy(entry->bytes, field.data, field.size);
    put_value(entry, ours);
    HASH_ADD_KEYPTR(hh, memory->by_field, entry->bytes, entry->field_size, entry);
    memory->bytes += remembered_bytes(entry);
}

bool base_memory_get(const struct base_memory *memory, struct bytes field, struct bytes *ret_value)
{
    struct remembered *entry;

    HASH_FIND(hh, memory->by_field, field.data, field.size, entry);
    if (entry == NULL)
        return false;
    *ret_value = entry->is_missing ? BYTES_NONE
                                   : (struct bytes){entry->bytes + entry->field_size, entry->value_size};
    return true;
}

size_t base_memory_bytes(const struct base_memory *memory)
{
    return sizeof(*memory) + memory->bytes;
}
