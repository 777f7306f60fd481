#include "engine/documents.h"

#include "common/check.h"
#include "common/memory.h"

void documents_init(struct documents *documents, size_t bytes_max)
{
    *documents = (struct documents){.bytes_max = bytes_max};
    list_init(&documents->used);
}

static size_t document_bytes(const struct document *document)
{
    return sizeof(*document) + document->id_size + document->text.capacity + document->version.capacity +
           document->last_modified.capacity + (document->memory != NULL ? base_memory_bytes(document->memory) : 0);
}

static void forget(struct document_bytes *kept)
{
    free(kept->data);
    *kept = (struct document_bytes){0};
}

/* Absent bytes leave nothing; memory that is much too large is given back. */
static void replace(struct document_bytes *kept, struct bytes bytes)
{
    if (!bytes_present(bytes) || kept->capacity < bytes.size || kept->capacity / 2 > bytes.size + 64)
        forget(kept);
    if (!bytes_present(bytes))
        return;
    if (kept->data == NULL) {
        kept->capacity = bytes.size + bytes.size / 8 + 16;
        kept->data = memory_resize(NULL, kept->capacity);
    }
    memcpy(kept->data, bytes.data, bytes.size);
    kept->size = bytes.size;
}

static void drop_copy(struct document *document)
{
    forget(&document->text);
    forget(&document->version);
    forget(&document->last_modified);
}

static void drop(struct documents *documents, struct document *document)
{
    HASH_DEL(documents->by_id, document);
    list_remove(&document->used);
    ensure(documents->bytes >= document->bytes);
    documents->bytes -= document->bytes;
    documents->count--;
    drop_copy(document);
    base_memory_free(document->memory);
    free(document->id);
    free(document);
}

void documents_release(struct documents *documents)
{
    while (!list_is_empty(&documents->used))
        drop(documents, list_item(documents->used.next, struct document, used));
    ensure(documents->bytes == 0);
}

/* Brings the sum up to date after a change of `document`, and makes room. */
static void account(struct documents *documents, struct document *document)
{
    documents->bytes -= document->bytes;
    document->bytes = document_bytes(document);
    documents->bytes += document->bytes;
    while (documents->bytes > documents->bytes_max && !list_is_empty(&documents->used))
        drop(documents, list_item(documents->used.next, struct document, used));
}

struct document *documents_find(struct documents *documents, struct bytes id)
{
    struct document *document;

    HASH_FIND(hh, documents->by_id, id.data, id.size, document);
    if (document != NULL) {
        list_remove(&document->used);
        list_push_back(&documents->used, &document->used);
    }
    return document;
}

static struct document *find_or_add(struct documents *documents, struct bytes id, int32_t partition)
{
    struct document *document = documents_find(documents, id);

    if (document == NULL) {
        document = memory_new(sizeof(*document));
        document->id = memory_text_n(id.data, id.size);
        document->id_size = id.size;
        list_push_back(&documents->used, &document->used);
        HASH_ADD_KEYPTR(hh, documents->by_id, document->id, document->id_size, document);
        documents->count++;
    }
    document->partition = partition;
    return document;
}

void documents_keep(struct documents *documents, struct bytes id, int32_t partition, struct bytes text,
                    struct bytes version, bool version_is_weak, struct bytes last_modified)
{
    struct document *document = find_or_add(documents, id, partition);

    ensure(bytes_present(text));
    ensure(version.size > 0);
    replace(&document->text, text);
    replace(&document->version, version);
    replace(&document->last_modified, last_modified);
    document->version_is_weak = version_is_weak;
    account(documents, document);
}

void documents_forget(struct documents *documents, struct bytes id)
{
    struct document *document = documents_find(documents, id);

    if (document == NULL)
        return;
    drop_copy(document);
    account(documents, document);
}

void documents_drop(struct documents *documents, struct bytes id)
{
    struct document *document = documents_find(documents, id);

    if (document != NULL)
        drop(documents, document);
}

void documents_remember(struct documents *documents, struct bytes id, int32_t partition, struct bytes field,
                        struct bytes ours)
{
    struct document *document = find_or_add(documents, id, partition);

    if (document->memory == NULL)
        document->memory = base_memory_new();
    base_memory_set(document->memory, field, ours);
    account(documents, document);
}

void documents_shrink(struct documents *documents, size_t bytes)
{
    size_t target = documents->bytes > bytes ? documents->bytes - bytes : 0;

    while (documents->bytes > target && !list_is_empty(&documents->used))
        drop(documents, list_item(documents->used.next, struct document, used));
}

void documents_drop_partition(struct documents *documents, int32_t partition)
{
    list_each_safe(node, &documents->used) {
        struct document *document = list_item(node, struct document, used);

        if (document->partition == partition)
            drop(documents, document);
    }
}
