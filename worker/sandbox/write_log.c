#include "sandbox/write_log.h"

#include "common/json_write.h"
#include "common/list.h"
#include "common/memory.h"

#include <stdlib.h>

struct line {
    struct list node;
    uint64_t seq;
    size_t size;
    char text[];
};

struct write_log {
    struct list lines;
    uint64_t seq; /* of the last line */
    size_t count;
    size_t lines_max;
    struct buffer scratch;
};

struct write_log *write_log_new(size_t lines_max)
{
    struct write_log *log = memory_new(sizeof(*log));

    list_init(&log->lines);
    log->lines_max = lines_max;
    buffer_init(&log->scratch, (size_t)4 * STORE_DOCUMENT_BYTES_MAX);
    return log;
}

static void drop_first(struct write_log *log)
{
    struct line *line = list_item(log->lines.next, struct line, node);

    list_remove(&line->node);
    log->count--;
    free(line);
}

void write_log_free(struct write_log *log)
{
    if (log == NULL)
        return;
    while (log->count > 0)
        drop_first(log);
    buffer_release(&log->scratch);
    free(log);
}

static void add_version(struct json_write *json, const char *key, uint64_t version)
{
    char etag[STORE_ETAG_SIZE];

    json_write_key(json, key);
    json_write_string(json, version == 0 ? BYTES_NONE : bytes_of(store_etag(version, etag)));
}

/* A line feed between two tokens of JSON may be a space; inside strings it cannot stand. */
static void add_document(struct json_write *json, struct buffer *out, const char *key, struct bytes text)
{
    size_t start;

    json_write_key(json, key);
    start = out->size;
    json_write_raw(json, text);
    for (size_t i = start; i < out->size; i++) {
        if (out->data[i] == '\n' || out->data[i] == '\r')
            out->data[i] = ' ';
    }
}

static void compose(struct buffer *out, uint64_t seq, const struct write_log_entry *entry)
{
    static const char *const methods[] = {"PUT", "PATCH", "DELETE"};
    struct json_write json;

    json_write_init(&json, out);
    json_write_object(&json);
    json_write_key(&json, "seq");
    json_write_int(&json, (int64_t)seq);
    json_write_key(&json, "at_ms");
    json_write_int(&json, entry->write->at_ms);
    json_write_key(&json, "document");
    json_write_string(&json, entry->write->document);
    json_write_key(&json, "method");
    json_write_text(&json, methods[entry->write->method]);
    json_write_key(&json, "writer");
    json_write_string(&json, entry->write->writer);
    json_write_key(&json, "if_match");
    json_write_string(&json, entry->write->if_match);
    add_version(&json, "version_before", entry->version_before);
    add_version(&json, "version_after", entry->is_lost ? 0 : entry->version_after);
    json_write_key(&json, "fault");
    json_write_string(&json, entry->write->fault);
    add_document(&json, out, "before", entry->before);
    add_document(&json, out, "after", entry->is_lost ? BYTES_NONE : entry->after);
    json_write_end(&json);
    buffer_add_char(out, '\n');
}

void write_log_add(struct write_log *log, const struct write_log_entry *entry)
{
    struct line *line;

    buffer_reset(&log->scratch);
    compose(&log->scratch, ++log->seq, entry);
    line = memory_new(sizeof(*line) + log->scratch.size);
    line->seq = log->seq;
    line->size = log->scratch.size;
    memcpy(line->text, log->scratch.data, line->size);
    list_push_back(&log->lines, &line->node);
    log->count++;
    if (log->lines_max > 0 && log->count > log->lines_max)
        drop_first(log);
}

void write_log_read(const struct write_log *log, uint64_t after, size_t limit, struct buffer *out)
{
    list_each(node, &log->lines) {
        const struct line *line = list_item(node, struct line, node);

        if (line->seq <= after)
            continue;
        if (limit-- == 0 || out->size + line->size > out->limit)
            return;
        buffer_add(out, (struct bytes){line->text, line->size});
    }
}

void write_log_trim(struct write_log *log, uint64_t seq)
{
    while (log->count > 0 && list_item(log->lines.next, struct line, node)->seq <= seq)
        drop_first(log);
}
