#include "engine/repeats_store.h"

#include "common/check.h"
#include "common/memory.h"

#define SPARE_MAX          64
#define SPARE_SEQUENCE_MAX 64 /* bytes */
/* What the allocator and the table add to each. */
#define OVERHEAD_BYTES 32

struct repeats *repeats_new(size_t bytes_max)
{
    struct repeats *repeats = memory_new(sizeof(*repeats));

    repeats->bytes_max = bytes_max;
    list_init(&repeats->noted);
    list_init(&repeats->spare);
    return repeats;
}

/* --- texts, keys --- */

static void text_reserve(struct repeats *repeats, struct text *text, size_t size)
{
    if (size <= text->capacity)
        return;
    text->data = memory_resize(text->data, size);
    repeats->bytes += size - text->capacity;
    text->capacity = size;
}

void text_set(struct repeats *repeats, struct text *text, struct bytes bytes)
{
    text_reserve(repeats, text, bytes.size);
    if (bytes.size > 0)
        memcpy(text->data, bytes.data, bytes.size);
    text->size = bytes.size;
}

static void text_release(struct repeats *repeats, struct text *text)
{
    repeats->bytes -= text->capacity;
    free(text->data);
    *text = (struct text){0};
}

#define KEY_HEAD (1 + sizeof(size_t))

static struct bytes key_make(struct repeats *repeats, enum kind kind, struct bytes source, struct bytes rest)
{
    struct text *key = &repeats->key;

    key->size = KEY_HEAD + source.size + rest.size;
    if (key->size > key->capacity) {
        key->capacity = 2 * key->size;
        key->data = memory_resize(key->data, key->capacity);
    }
    key->data[0] = (char)kind;
    memcpy(key->data + 1, &source.size, sizeof(source.size));
    if (source.size > 0)
        memcpy(key->data + KEY_HEAD, source.data, source.size);
    if (rest.size > 0)
        memcpy(key->data + KEY_HEAD + source.size, rest.data, rest.size);
    return (struct bytes){key->data, key->size};
}

struct bytes stream_source(const struct stream *stream)
{
    size_t size;

    memcpy(&size, stream->known.key + 1, sizeof(size));
    return (struct bytes){stream->known.key + KEY_HEAD, size};
}

/* --- what is known --- */

void *repeats_store_find(struct repeats *repeats, enum kind kind, struct bytes source, struct bytes rest)
{
    struct bytes key = key_make(repeats, kind, source, rest);
    struct known *known;

    HASH_FIND(hh, repeats->known, key.data, key.size, known);
    return known;
}

void *repeats_store_add(struct repeats *repeats, size_t size)
{
    struct known *known = memory_new(size + repeats->key.size);

    known->bytes = size + repeats->key.size + OVERHEAD_BYTES;
    known->key = (char *)known + size;
    memcpy(known->key, repeats->key.data, repeats->key.size);
    list_init(&known->noted);
    HASH_ADD_KEYPTR(hh, repeats->known, known->key, repeats->key.size, known);
    repeats->bytes += known->bytes;
    return known;
}

void repeats_store_drop(struct repeats *repeats, struct known *known)
{
    if (known->key[0] == KIND_STREAM)
        text_release(repeats, &((struct stream *)known)->last);
    HASH_DEL(repeats->known, known);
    list_remove(&known->noted);
    repeats->bytes -= known->bytes;
    free(known);
}

void repeats_store_make_newest(struct repeats *repeats, struct known *known)
{
    list_remove(&known->noted);
    list_push_back(&repeats->noted, &known->noted);
}

/* --- pending events --- */

static struct pending *pending_new(struct repeats *repeats)
{
    struct pending *pending;

    if (list_is_empty(&repeats->spare)) {
        pending = memory_new(sizeof(*pending));
        repeats->bytes += sizeof(*pending) + OVERHEAD_BYTES;
        list_init(&pending->in_stream);
        return pending;
    }
    pending = list_item(repeats->spare.next, struct pending, in_stream);
    list_remove(&pending->in_stream);
    repeats->spare_count--;
    return pending;
}

static void pending_free(struct repeats *repeats, struct pending *pending)
{
    text_release(repeats, &pending->sequence);
    repeats->bytes -= sizeof(*pending) + OVERHEAD_BYTES;
    free(pending);
}

struct pending *pending_find(const struct repeats *repeats, int64_t offset)
{
    struct pending *pending;

    HASH_FIND(hh, repeats->pending, &offset, sizeof(offset), pending);
    return pending;
}

struct pending *pending_add(struct repeats *repeats, int64_t offset)
{
    struct pending *pending;

    ensure(pending_find(repeats, offset) == NULL);
    pending = pending_new(repeats);
    pending->offset = offset;
    HASH_ADD(hh, repeats->pending, offset, sizeof(pending->offset), pending);
    return pending;
}

void pending_end(struct repeats *repeats, struct pending *pending)
{
    HASH_DEL(repeats->pending, pending);
    list_remove(&pending->in_stream);
    if (repeats->spare_count == SPARE_MAX || pending->sequence.capacity > SPARE_SEQUENCE_MAX) {
        pending_free(repeats, pending);
        return;
    }
    pending->id = NULL;
    pending->stream = NULL;
    list_push_front(&repeats->spare, &pending->in_stream);
    repeats->spare_count++;
}

void repeats_store_evict(struct repeats *repeats)
{
    while (repeats->bytes > repeats->bytes_max && !list_is_empty(&repeats->noted))
        repeats_store_drop(repeats, list_item(repeats->noted.next, struct known, noted));
    while (repeats->bytes > repeats->bytes_max && !list_is_empty(&repeats->spare)) {
        struct pending *spare = list_item(repeats->spare.next, struct pending, in_stream);

        list_remove(&spare->in_stream);
        repeats->spare_count--;
        pending_free(repeats, spare);
    }
}

void repeats_free(struct repeats *repeats)
{
    struct pending *pending, *next_pending;
    struct known *known, *next;

    if (repeats == NULL)
        return;
    HASH_ITER(hh, repeats->pending, pending, next_pending)
        pending_end(repeats, pending);
    list_each_safe(node, &repeats->spare)
        pending_free(repeats, list_item(node, struct pending, in_stream));
    HASH_ITER(hh, repeats->known, known, next)
        repeats_store_drop(repeats, known);
    ensure(repeats->bytes == 0);
    free(repeats->key.data);
    free(repeats);
}

size_t repeats_bytes(const struct repeats *repeats)
{
    return repeats->bytes;
}
