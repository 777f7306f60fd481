#include "engine/repeats.h"

#include "common/check.h"
#include "engine/repeats_store.h"
#include "engine/sequence.h"

/* --- judging --- */

/* A document has its own place in the sum: the same bytes sent to two documents are two events. */
static uint64_t content_of(const struct repeats_event *event)
{
    return event->digest ^ (bytes_hash(event->document) * 0x9e3779b97f4a7c15u);
}

static enum repeat judge_id(struct repeats *repeats, const struct repeats_event *event)
{
    struct known_id *id;

    if (!bytes_present(event->source) || !bytes_present(event->id))
        return REPEAT_NONE;
    id = repeats_store_find(repeats, KIND_ID, event->source, event->id);
    if (id == NULL || id->offset == event->offset)
        return REPEAT_NONE;
    if (id->is_pending)
        return REPEAT_PENDING;
    return id->content == content_of(event) ? REPEAT_DUPLICATE : REPEAT_ID_REUSED;
}

/* The highest sequence that is pending and not the event's own. */
static const struct pending *highest_pending(const struct stream *stream, int64_t offset)
{
    for (struct list *node = stream->pending.previous; node != &stream->pending; node = node->previous) {
        const struct pending *pending = list_item(node, struct pending, in_stream);

        if (pending->offset != offset)
            return pending;
    }
    return NULL;
}

static bool same_shape(struct bytes a, struct bytes b)
{
    return sequence_is_number(a) == sequence_is_number(b);
}

static bool is_above(struct bytes sequence, struct bytes other)
{
    return same_shape(sequence, other) && sequence_compare(sequence, other) > 0;
}

static enum repeat judge_stream(const struct stream *stream, const struct repeats_event *event)
{
    const struct pending *highest = highest_pending(stream, event->offset);

    if (stream->last_offset >= 0 && stream->last_offset != event->offset) {
        if (!same_shape(event->sequence, text_bytes(&stream->last)))
            return REPEAT_SEQUENCE_SHAPE;
        if (!is_above(event->sequence, text_bytes(&stream->last)))
            return REPEAT_OUTDATED;
    }
    if (highest != NULL && !is_above(event->sequence, text_bytes(&highest->sequence)))
        return REPEAT_PENDING;
    return REPEAT_NONE;
}

static enum repeat judge_sequence(struct repeats *repeats, const struct repeats_event *event)
{
    const struct source *source;
    const struct stream *stream;

    if (!bytes_present(event->source) || !bytes_present(event->sequence))
        return REPEAT_NONE;
    source = repeats_store_find(repeats, KIND_SOURCE, event->source, BYTES_NONE);
    if (source != NULL && source->has_numbers != sequence_is_number(event->sequence))
        return REPEAT_SEQUENCE_SHAPE;
    stream = repeats_store_find(repeats, KIND_STREAM, event->source, event->document);
    return stream != NULL ? judge_stream(stream, event) : REPEAT_NONE;
}

enum repeat repeats_judge(struct repeats *repeats, const struct repeats_event *event)
{
    enum repeat repeat = judge_id(repeats, event);

    ensure(event->offset >= 0);
    return repeat != REPEAT_NONE ? repeat : judge_sequence(repeats, event);
}

/* --- pending, noted, forgotten --- */

/* Two events of one id may be under way in two lanes, for it was not yet pending when the second was judged: the id is
 * the first one's. */
static void hold_id(struct repeats *repeats, struct pending *pending, const struct repeats_event *event)
{
    struct known_id *id;

    if (!bytes_present(event->source) || !bytes_present(event->id) ||
        repeats_store_find(repeats, KIND_ID, event->source, event->id) != NULL)
        return;
    id = repeats_store_add(repeats, sizeof(*id));
    id->offset = event->offset;
    id->content = content_of(event);
    id->is_pending = true;
    pending->id = id;
}

static void hold_stream(struct repeats *repeats, struct pending *pending, const struct repeats_event *event)
{
    const struct pending *highest;
    struct stream *stream;

    if (!bytes_present(event->source) || !bytes_present(event->sequence))
        return;
    stream = repeats_store_find(repeats, KIND_STREAM, event->source, event->document);
    if (stream == NULL) {
        stream = repeats_store_add(repeats, sizeof(*stream));
        stream->last_offset = -1;
        list_init(&stream->pending);
    }
    highest = highest_pending(stream, event->offset);
    ensure(highest == NULL || is_above(event->sequence, text_bytes(&highest->sequence)));
    list_remove(&stream->known.noted);
    text_set(repeats, &pending->sequence, event->sequence);
    list_push_back(&stream->pending, &pending->in_stream);
    pending->stream = stream;
}

void repeats_pend(struct repeats *repeats, const struct repeats_event *event)
{
    struct pending *pending = pending_add(repeats, event->offset);

    ensure(event->offset >= 0);
    hold_id(repeats, pending, event);
    hold_stream(repeats, pending, event);
    if (pending->id == NULL && pending->stream == NULL)
        pending_end(repeats, pending);
    repeats_store_evict(repeats);
}

static void note_source(struct repeats *repeats, const struct stream *stream)
{
    struct source *source = repeats_store_find(repeats, KIND_SOURCE, stream_source(stream), BYTES_NONE);

    if (source == NULL) {
        source = repeats_store_add(repeats, sizeof(*source));
        source->has_numbers = sequence_is_number(text_bytes(&stream->last));
    }
    repeats_store_make_newest(repeats, &source->known);
}

static void note_sequence(struct repeats *repeats, struct stream *stream, const struct pending *pending)
{
    struct bytes sequence = text_bytes(&pending->sequence);

    if (stream->last_offset < 0 || is_above(sequence, text_bytes(&stream->last))) {
        text_set(repeats, &stream->last, sequence);
        stream->last_offset = pending->offset;
    }
    note_source(repeats, stream);
}

/* Its last pending event is gone: it may be evicted again, as the newest, for its age was not kept. */
static void stream_release(struct repeats *repeats, struct stream *stream)
{
    if (!list_is_empty(&stream->pending))
        return;
    if (stream->last_offset < 0)
        repeats_store_drop(repeats, &stream->known);
    else
        repeats_store_make_newest(repeats, &stream->known);
}

void repeats_note(struct repeats *repeats, int64_t offset)
{
    struct pending *pending = pending_find(repeats, offset);
    struct stream *stream;

    if (pending == NULL)
        return;
    if (pending->id != NULL) {
        ensure(pending->id->is_pending);
        pending->id->is_pending = false;
        repeats_store_make_newest(repeats, &pending->id->known);
    }
    stream = pending->stream;
    if (stream != NULL)
        note_sequence(repeats, stream, pending);
    pending_end(repeats, pending);
    if (stream != NULL)
        stream_release(repeats, stream);
    repeats_store_evict(repeats);
}

void repeats_forget(struct repeats *repeats, int64_t offset)
{
    struct pending *pending = pending_find(repeats, offset);
    struct stream *stream;

    if (pending == NULL)
        return;
    if (pending->id != NULL) {
        ensure(pending->id->is_pending);
        repeats_store_drop(repeats, &pending->id->known);
    }
    stream = pending->stream;
    pending_end(repeats, pending);
    if (stream != NULL)
        stream_release(repeats, stream);
    repeats_store_evict(repeats);
}
