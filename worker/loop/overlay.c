#include "loop/overlay.h"

#include "common/check.h"
#include "loop/edits.h"

#include <inttypes.h>
#include <stdio.h>
#include <uthash.h>

/* A document that a dry run would have written: as edits over what the service has, or as a whole where it would have been
 * made or deleted. A whole stands as long as the service has what it had then. */
struct overlaid {
    UT_hash_handle hh;
    char *id;
    uint64_t writes;
    struct edits edits;
    bool is_whole;
    char *text;         /* of a whole; NULL: deleted */
    char *real_version; /* what the service had; NULL: no document */
};

struct overlay {
    struct overlaid *by_id;
    struct arena *arena; /* of the answer that is being made */
    struct buffer text;
    struct buffer version;
    size_t bytes;
};

struct overlay *overlay_new(void)
{
    struct overlay *overlay = memory_new(sizeof(*overlay));

    overlay->arena = arena_new(1 << 16);
    buffer_init(&overlay->text, SIZE_MAX / 2);
    buffer_init(&overlay->version, 4096);
    return overlay;
}

static size_t whole_size(const struct overlaid *document)
{
    return (document->text != NULL ? strlen(document->text) : 0) +
           (document->real_version != NULL ? strlen(document->real_version) : 0);
}

static void forget_whole(struct overlay *overlay, struct overlaid *document)
{
    overlay->bytes -= whole_size(document);
    free(document->text);
    free(document->real_version);
    document->is_whole = false;
    document->text = NULL;
    document->real_version = NULL;
}

void overlay_free(struct overlay *overlay)
{
    struct overlaid *document, *next;

    if (overlay == NULL)
        return;
    HASH_ITER(hh, overlay->by_id, document, next)
    {
        edits_clear(&document->edits);
        forget_whole(overlay, document);
        HASH_DEL(overlay->by_id, document);
        free(document->id);
        free(document);
    }
    arena_free(overlay->arena);
    buffer_release(&overlay->text);
    buffer_release(&overlay->version);
    free(overlay);
}

static struct overlaid *find(const struct overlay *overlay, struct bytes id)
{
    struct overlaid *document;

    HASH_FIND(hh, overlay->by_id, id.data, id.size, document);
    return document;
}

bool overlay_has(const struct overlay *overlay, struct bytes document)
{
    return find(overlay, document) != NULL;
}

static struct overlaid *document_of(struct overlay *overlay, struct bytes id)
{
    struct overlaid *document = find(overlay, id);

    if (document != NULL)
        return document;
    document = memory_new(sizeof(*document));
    document->id = memory_text_n(id.data, id.size);
    edits_init(&document->edits, &overlay->bytes);
    HASH_ADD_KEYPTR(hh, overlay->by_id, document->id, id.size, document);
    overlay->bytes += sizeof(*document) + id.size;
    return document;
}

/* --- what the service has --- */

/* An answer to a read that tells of the document, or that there is none. */
struct real {
    bool is_there;
    struct bytes version;
    struct json json;
};

static bool take_real(struct overlay *overlay, const struct answer *answer, struct real *ret_real)
{
    struct json_fault fault;

    arena_reset(overlay->arena);
    *ret_real = (struct real){.is_there = answer->meaning == MEANING_OK, .version = answer->version};
    if (answer->meaning == MEANING_MISSING || answer->meaning == MEANING_GONE)
        return true;
    return ret_real->is_there && bytes_present(answer->document) &&
           json_scan(answer->document, &edits_limits, overlay->arena, &ret_real->json, &fault);
}

/* A whole that does not stand any more is forgotten: what the service has is theirs again. */
static void settle(struct overlay *overlay, struct overlaid *document, const struct real *real)
{
    bool was_there = document->real_version != NULL;

    if (document->is_whole &&
        (was_there != real->is_there || (was_there && !bytes_equal(real->version, bytes_of(document->real_version)))))
        forget_whole(overlay, document);
    if (document->is_whole)
        return;
    if (real->is_there)
        edits_settle(&document->edits, &real->json, overlay->arena);
    else
        edits_clear(&document->edits);
}

static bool is_there(const struct overlaid *document, const struct real *real)
{
    return document != NULL && document->is_whole ? document->text != NULL : real->is_there;
}

/* The version that a read would give. */
static struct bytes version_of(struct overlay *overlay, const struct overlaid *document, const struct real *real)
{
    if (document == NULL || document->writes == 0 || (real->is_there && real->version.size == 0))
        return real->version;
    buffer_reset(&overlay->version);
    buffer_format(&overlay->version, "%.*s%sdry-run %" PRIu64, BYTES_ARG(real->version), real->is_there ? " " : "",
                  document->writes);
    return buffer_bytes(&overlay->version);
}

/* --- answers --- */

static void become(struct answer *answer, enum meaning meaning, int status)
{
    *answer = (struct answer){.meaning = meaning, .sent = SENT_ONCE, .status = status, .retry_after_ms = -1};
}

/* What the service says of its versions holds for those that are made up; a document that it does not have has exact ones. */
static void become_good(struct answer *answer, const struct real *real, struct bytes version)
{
    bool is_exact = !real->is_there || answer->version_is_exact, is_weak = answer->version_is_weak;

    become(answer, MEANING_OK, 200);
    answer->version = version;
    answer->version_is_exact = is_exact;
    answer->version_is_weak = is_weak;
}

void overlay_read(struct overlay *overlay, struct bytes id, struct answer *answer)
{
    struct overlaid *document = find(overlay, id);
    struct real real;

    if (document == NULL || !take_real(overlay, answer, &real))
        return;
    settle(overlay, document, &real);
    if (!is_there(document, &real)) {
        if (real.is_there)
            become(answer, MEANING_MISSING, 404);
        return;
    }
    buffer_reset(&overlay->text);
    if (document->is_whole)
        buffer_add_text(&overlay->text, document->text);
    else
        edits_apply(&document->edits, &real.json, overlay->arena, &overlay->text);
    become_good(answer, &real, version_of(overlay, document, &real));
    answer->document = buffer_bytes(&overlay->text);
}

static void keep_whole(struct overlay *overlay, struct overlaid *document, const struct real *real, struct bytes text)
{
    char *copy = bytes_present(text) ? memory_text_n(text.data, text.size) : NULL;

    edits_clear(&document->edits);
    forget_whole(overlay, document);
    document->is_whole = true;
    document->text = copy;
    if (real->is_there)
        document->real_version = memory_format("%.*s", BYTES_ARG(real->version));
    overlay->bytes += whole_size(document);
}

static void keep(struct overlay *overlay, const struct write_action *write, const struct real *real)
{
    struct overlaid *document = document_of(overlay, write->document);

    document->writes++;
    if (write->kind != WRITE_CHANGE || document->is_whole) {
        keep_whole(overlay, document, real, write->body);
        return;
    }
    for (size_t i = 0; i < write->edit_count; i++)
        edits_keep(&document->edits, &write->edits[i], &real->json, overlay->arena);
}

/* Nothing was written, so no write is in doubt. What is no document is told by the read that follows. */
static void refuse(struct answer *answer)
{
    if (answer->meaning == MEANING_OK)
        become(answer, MEANING_STALE, 412);
    else
        answer->sent = SENT_NOT;
}

static bool is_stale(struct overlay *overlay, const struct overlaid *document, const struct write_action *write,
                     const struct real *real)
{
    if (write->kind == WRITE_CREATE)
        return is_there(document, real);
    return bytes_present(write->version) && !bytes_equal(version_of(overlay, document, real), write->version);
}

void overlay_write(struct overlay *overlay, const struct write_action *write, struct answer *answer)
{
    struct overlaid *document = find(overlay, write->document);
    struct real real;

    if (!take_real(overlay, answer, &real)) {
        refuse(answer);
        return;
    }
    if (document != NULL)
        settle(overlay, document, &real);
    if (write->kind != WRITE_CREATE && !is_there(document, &real)) {
        if (real.is_there)
            become(answer, MEANING_MISSING, 404);
    } else if (is_stale(overlay, document, write, &real)) {
        become(answer, MEANING_STALE, 412);
    } else {
        keep(overlay, write, &real);
        become_good(answer, &real, version_of(overlay, find(overlay, write->document), &real));
    }
}

size_t overlay_documents(const struct overlay *overlay)
{
    return HASH_COUNT(overlay->by_id);
}

size_t overlay_bytes(const struct overlay *overlay)
{
    return overlay->bytes;
}
