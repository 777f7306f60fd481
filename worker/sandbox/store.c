#include "sandbox/store.h"

#include "common/check.h"
#include "common/json_write.h"
#include "common/memory.h"
#include "sandbox/merge_patch.h"
#include "sandbox/write_log.h"

#include <stdlib.h>
#include <uthash.h>

#define SCRATCH_BYTES_MAX ((size_t)2 * STORE_DOCUMENT_BYTES_MAX)

struct stored {
    char *id; /* the key of the table */
    struct buffer text;
    uint64_t version;
    size_t place; /* in store.order */
    UT_hash_handle hh;
};

struct writer {
    char *name;
    uint64_t count;
    UT_hash_handle hh;
};

struct store {
    struct stored *documents;
    struct stored **order;
    size_t capacity;
    struct writer *writers;
    struct write_log *log;
    struct arena *arena;
    struct buffer before, made; /* what the last result points to */
    uint64_t version;
    uint64_t stale;
};

static const struct json_limits limits = {
    .size_max = STORE_DOCUMENT_BYTES_MAX, .depth_max = 256, .members_max = 10000000};

struct store *store_new(size_t log_lines_max)
{
    struct store *store = memory_new(sizeof(*store));

    store->log = write_log_new(log_lines_max);
    store->arena = arena_new(1 << 16);
    buffer_init(&store->before, SCRATCH_BYTES_MAX);
    buffer_init(&store->made, SCRATCH_BYTES_MAX);
    return store;
}

static void remove_document(struct store *store, struct stored *stored)
{
    struct stored *last = store->order[HASH_COUNT(store->documents) - 1];

    last->place = stored->place;
    store->order[stored->place] = last;
    HASH_DEL(store->documents, stored);
    buffer_release(&stored->text);
    free(stored->id);
    free(stored);
}

void store_free(struct store *store)
{
    struct writer *writer, *next;

    if (store == NULL)
        return;
    while (store->documents != NULL)
        remove_document(store, store->documents);
    HASH_ITER(hh, store->writers, writer, next) {
        HASH_DEL(store->writers, writer);
        free(writer->name);
        free(writer);
    }
    write_log_free(store->log);
    arena_free(store->arena);
    buffer_release(&store->before);
    buffer_release(&store->made);
    free(store->order);
    free(store);
}

static struct stored *find(const struct store *store, struct bytes id)
{
    struct stored *stored;

    HASH_FIND(hh, store->documents, id.data, id.size, stored);
    return stored;
}

static struct stored *add_document(struct store *store, struct bytes id)
{
    struct stored *stored = memory_new(sizeof(*stored));
    size_t count = HASH_COUNT(store->documents);

    stored->id = memory_text_n(id.data, id.size);
    buffer_init(&stored->text, SCRATCH_BYTES_MAX);
    if (count == store->capacity) {
        store->capacity = count == 0 ? 64 : 2 * count;
        store->order = memory_resize(store->order, store->capacity * sizeof(struct stored *));
    }
    stored->place = count;
    store->order[count] = stored;
    HASH_ADD_KEYPTR(hh, store->documents, stored->id, id.size, stored);
    return stored;
}

static void count_writer(struct store *store, struct bytes name)
{
    struct writer *writer;

    HASH_FIND(hh, store->writers, name.data, name.size, writer);
    if (writer == NULL) {
        writer = memory_new(sizeof(*writer));
        writer->name = memory_text_n(name.data, name.size);
        HASH_ADD_KEYPTR(hh, store->writers, writer->name, name.size, writer);
    }
    writer->count++;
}

static enum store_outcome judge(const struct stored *stored, const struct store_write *write)
{
    bool must_be_new = bytes_equal(bytes_trim(write->if_none_match), BYTES("*"));

    if (stored == NULL)
        return write->method == STORE_PUT && !bytes_present(write->if_match) ? STORE_CREATED : STORE_MISSING;
    if (must_be_new)
        return STORE_STALE;
    if (!bytes_present(write->if_match))
        return STORE_UNCONDITIONAL;
    return store_etag_matches(write->if_match, stored->version) ? STORE_WRITTEN : STORE_STALE;
}

bool store_accepts(const struct store *store, const struct store_write *write)
{
    enum store_outcome outcome = judge(find(store, write->document), write);

    return outcome == STORE_WRITTEN || outcome == STORE_CREATED;
}

/* Fills store->made with the document as it will be; NULL, or why not. */
static const char *make(struct store *store, const struct stored *stored, const struct store_write *write)
{
    struct json body, document;
    struct json_fault fault;

    arena_reset(store->arena);
    buffer_reset(&store->made);
    if (write->method == STORE_DELETE)
        return NULL;
    if (!json_scan(write->body, &limits, store->arena, &body, &fault))
        return fault.what;
    if (body.values[0].kind != JSON_OBJECT)
        return "a document is a JSON object";
    if (write->method == STORE_PATCH) {
        ensure(json_scan(buffer_bytes(&stored->text), &limits, store->arena, &document, &fault));
        merge_patch_apply(&document, &body, store->arena, &store->made);
        if (store->made.overflowed || !json_scan(buffer_bytes(&store->made), &limits, store->arena, &document, &fault))
            return "the document would become too large";
        return NULL;
    }
    buffer_add(&store->made, write->body);
    return NULL;
}

/* `stored` is NULL for a document that is new. */
static void accept(struct store *store, struct stored *stored, const struct store_write *write,
                   struct store_result *ret_result)
{
    struct write_log_entry entry = {.write = write, .version_before = stored != NULL ? stored->version : 0};

    buffer_reset(&store->before);
    if (stored != NULL)
        buffer_add(&store->before, buffer_bytes(&stored->text));
    entry.before = stored != NULL ? buffer_bytes(&store->before) : BYTES_NONE;
    store->version++;
    if (write->method == STORE_DELETE) {
        remove_document(store, stored);
    } else {
        stored = stored != NULL ? stored : add_document(store, write->document);
        stored->version = store->version;
        buffer_reset(&stored->text);
        buffer_add(&stored->text, buffer_bytes(&store->made));
        entry.version_after = store->version;
        entry.after = buffer_bytes(&stored->text);
    }
    write_log_add(store->log, &entry);
    count_writer(store, write->writer);
    ret_result->version = entry.version_after;
    ret_result->before = entry.before;
    ret_result->after = entry.after;
}

void store_write(struct store *store, const struct store_write *write, struct store_result *ret_result)
{
    struct stored *stored = find(store, write->document);

    *ret_result = (struct store_result){.outcome = judge(stored, write)};
    if (ret_result->outcome == STORE_STALE)
        store->stale++;
    if (ret_result->outcome != STORE_WRITTEN && ret_result->outcome != STORE_CREATED)
        return;
    ret_result->why = make(store, stored, write);
    if (ret_result->why != NULL)
        ret_result->outcome = STORE_BAD_BODY;
    else
        accept(store, stored, write, ret_result);
}

void store_lose(struct store *store, const struct store_write *write)
{
    const struct stored *stored = find(store, write->document);
    struct write_log_entry entry = {.write = write, .is_lost = true};

    if (stored != NULL) {
        entry.version_before = stored->version;
        entry.before = buffer_bytes(&stored->text);
    }
    write_log_add(store->log, &entry);
}

static void describe(const struct stored *stored, struct store_document *ret_document)
{
    *ret_document = (struct store_document){
        .id = bytes_of(stored->id), .text = buffer_bytes(&stored->text), .version = stored->version};
}

bool store_find(const struct store *store, struct bytes id, struct store_document *ret_document)
{
    const struct stored *stored = find(store, id);

    if (stored != NULL)
        describe(stored, ret_document);
    return stored != NULL;
}

size_t store_count(const struct store *store)
{
    return HASH_COUNT(store->documents);
}

void store_at(const struct store *store, size_t index, struct store_document *ret_document)
{
    ensure(index < store_count(store));
    describe(store->order[index], ret_document);
}

void store_log_read(const struct store *store, uint64_t after, size_t limit, struct buffer *out)
{
    write_log_read(store->log, after, limit, out);
}

void store_log_trim(struct store *store, uint64_t seq)
{
    write_log_trim(store->log, seq);
}

void store_counts(const struct store *store, struct buffer *out)
{
    for (const struct writer *writer = store->writers; writer != NULL; writer = writer->hh.next) {
        json_write_quoted(out, bytes_of(writer->name));
        buffer_format(out, ":%llu%s", (unsigned long long)writer->count, writer->hh.next != NULL ? "," : "");
    }
}

uint64_t store_stale(const struct store *store)
{
    return store->stale;
}

const char *store_etag(uint64_t version, char text[STORE_ETAG_SIZE])
{
    snprintf(text, STORE_ETAG_SIZE, "\"%llu\"", (unsigned long long)version);
    return text;
}

bool store_etag_matches(struct bytes header, uint64_t version)
{
    char etag[STORE_ETAG_SIZE];
    struct bytes wanted = bytes_of(store_etag(version, etag)), rest = bytes_trim(header);
    size_t comma;

    if (bytes_equal(rest, BYTES("*")))
        return true;
    for (;;) {
        bool has_comma = bytes_find(rest, ',', &comma);

        if (bytes_equal(bytes_trim(has_comma ? (struct bytes){rest.data, comma} : rest), wanted))
            return true;
        if (!has_comma)
            return false;
        rest = bytes_from(rest, comma + 1);
    }
}
