#include "command/demo_producer.h"

#include "common/json_write.h"
#include "common/memory.h"
#include "common/pointer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOT_DOCUMENTS 5

enum field { STATUS, OWNER, NAME, COLOR, SIZE, FINISH };
static const struct {
    const char *pointer;
    unsigned weight; /* of 100 */
} fields[PRODUCER_FIELDS] = {
    [STATUS] = {"/status", 32},          [OWNER] = {"/owner", 18},
    [NAME] = {"/name", 10},              [COLOR] = {"/attributes/color", 18},
    [SIZE] = {"/attributes/size", 12},   [FINISH] = {"/attributes/finish", 10},
};
static const char *const statuses[] = {"INWORK", "UNDERREVIEW", "RELEASED", "OBSOLETE"};
static const char *const owners[] = {"anna", "ben", "chris", "dora", "emil"};
static const char *const colors[] = {"red", "green", "blue", "grey"};
static const char *const finishes[] = {"raw", "milled", "painted"};

enum knowledge { BASE, BASE_VERSION, NOTHING };

void producer_init(struct producer *producer, uint64_t seed)
{
    memset(producer, 0, sizeof(*producer));
    random_init(&producer->random, seed);
    for (size_t i = 0; i < PRODUCER_DOCUMENTS; i++)
        snprintf(producer->documents[i].id, sizeof(producer->documents[i].id), "P-%04zu", i + 1);
}

void producer_release(struct producer *producer)
{
    for (size_t i = 0; i < PRODUCER_DOCUMENTS; i++) {
        free(producer->documents[i].text);
        free(producer->documents[i].version);
    }
}

void producer_initial(const struct producer *producer, size_t index, struct buffer *out)
{
    buffer_format(out,
                  "{\"number\":\"%s\",\"name\":\"Part %zu\",\"status\":\"%s\",\"owner\":\"%s\","
                  "\"attributes\":{\"color\":\"%s\",\"size\":%zu.50,\"finish\":\"raw\",\"mass\":{\"value\":1.20,"
                  "\"unit\":\"kg\"}},\"revision\":\"A.%zu\"}",
                  producer->documents[index].id, index + 1, statuses[0], owners[index % 5], colors[index % 4],
                  10 + index, index % 9 + 1);
}

static struct producer_document *document_of(struct producer *producer, struct bytes id)
{
    uint64_t number;

    if (!bytes_start_with(id, BYTES("P-")) || !bytes_to_uint64(bytes_from(id, 2), &number) || number < 1 ||
        number > PRODUCER_DOCUMENTS)
        return NULL;
    return &producer->documents[number - 1];
}

void producer_told(struct producer *producer, struct bytes id, struct bytes text, struct bytes version)
{
    struct producer_document *document = document_of(producer, id);

    if (document == NULL)
        return;
    free(document->text);
    free(document->version);
    document->text = memory_text_n(text.data, text.size);
    document->version = bytes_present(version) ? memory_text_n(version.data, version.size) : NULL;
}

void producer_recorded(struct producer *producer, struct bytes id)
{
    struct producer_document *document = document_of(producer, id);

    if (document != NULL && document->recorded < document->sent)
        document->recorded++;
}

static const char *one_of(struct producer *producer, const char *const *words, size_t count)
{
    return words[random_below(&producer->random, count)];
}

static void invent(struct producer *producer, enum field field, char *ret_value, size_t size)
{
    switch (field) {
    case STATUS:
        snprintf(ret_value, size, "\"%s\"", one_of(producer, statuses, 4));
        break;
    case OWNER:
        snprintf(ret_value, size, "\"%s\"", one_of(producer, owners, 5));
        break;
    case NAME:
        snprintf(ret_value, size, "\"Part, issue %llu\"", (unsigned long long)random_below(&producer->random, 1000));
        break;
    case COLOR:
        snprintf(ret_value, size, "\"%s\"", one_of(producer, colors, 4));
        break;
    case SIZE:
        snprintf(ret_value, size, "%llu.%02llu", (unsigned long long)random_below(&producer->random, 900),
                 (unsigned long long)random_below(&producer->random, 100));
        break;
    case FINISH:
        snprintf(ret_value, size, "\"%s\"", one_of(producer, finishes, 3));
        break;
    }
}

static enum field field_of(struct producer *producer)
{
    uint64_t place = random_below(&producer->random, 100);
    unsigned field = 0;

    while (place >= fields[field].weight)
        place -= fields[field++].weight;
    return (enum field)field;
}

/* What the producer last saw there; false: nothing is there as far as it knows. */
static bool seen(const struct producer_document *document, enum field field, struct arena *arena,
                 struct bytes *ret_value)
{
    struct json_limits limits = JSON_LIMITS_DEFAULT;
    struct json_fault fault;
    struct json json;
    uint32_t index;

    if (document->asked_at[field] > document->recorded) {
        *ret_value = bytes_of(document->asked[field]);
        return true;
    }
    if (document->text == NULL || !json_scan(bytes_of(document->text), &limits, arena, &json, &fault) ||
        pointer_find(&json, bytes_of(fields[field].pointer), &index) != POINTER_FOUND)
        return false;
    *ret_value = json_text(&json, index);
    return true;
}

struct draft {
    struct producer *producer;
    struct producer_document *document;
    enum field fields[2];
    char values[2][48];
    size_t count;
    enum knowledge knowledge;
};

static void write_base(struct json_write *write, const struct draft *draft)
{
    struct arena *arena = arena_new(4096);
    struct bytes value;
    const char *missing[2];
    size_t missing_count = 0;

    json_write_key(write, "base");
    json_write_object(write);
    for (size_t i = 0; i < draft->count; i++) {
        if (!seen(draft->document, draft->fields[i], arena, &value)) {
            missing[missing_count++] = fields[draft->fields[i]].pointer;
            continue;
        }
        json_write_key(write, fields[draft->fields[i]].pointer);
        json_write_raw(write, value);
    }
    json_write_end(write);
    if (missing_count > 0) {
        json_write_key(write, "base_missing");
        json_write_array(write);
        for (size_t i = 0; i < missing_count; i++)
            json_write_text(write, missing[i]);
        json_write_end(write);
    }
    arena_free(arena);
}

static void write_draft(const struct draft *draft, struct buffer *out)
{
    struct json_write write;
    char id[32];

    snprintf(id, sizeof(id), "e%zu", draft->producer->made);
    json_write_init(&write, out);
    json_write_object(&write);
    json_write_key(&write, "id");
    json_write_text(&write, id);
    json_write_key(&write, "source");
    json_write_text(&write, "demo");
    json_write_key(&write, "document");
    json_write_text(&write, draft->document->id);
    json_write_key(&write, "changes");
    json_write_object(&write);
    for (size_t i = 0; i < draft->count; i++) {
        json_write_key(&write, fields[draft->fields[i]].pointer);
        json_write_raw(&write, bytes_of(draft->values[i]));
    }
    json_write_end(&write);
    if (draft->knowledge == BASE)
        write_base(&write, draft);
    if (draft->knowledge == BASE_VERSION && draft->document->version != NULL) {
        json_write_key(&write, "base_version");
        json_write_text(&write, draft->document->version);
    }
    json_write_end(&write);
}

/* Half of the events carry a base, an eighth a version, the others nothing. */
static void make_draft(struct producer *producer, struct draft *draft)
{
    uint64_t dice = random_below(&producer->random, 1000);

    draft->producer = producer;
    draft->document = &producer->documents[random_below(
        &producer->random, random_below(&producer->random, 10) == 0 ? HOT_DOCUMENTS : PRODUCER_DOCUMENTS)];
    draft->knowledge = dice < 520 ? BASE : dice < 650 ? BASE_VERSION : NOTHING;
    draft->count = random_below(&producer->random, 4) == 0 ? 2 : 1;
    draft->fields[0] = field_of(producer);
    do
        draft->fields[1] = field_of(producer);
    while (draft->fields[1] == draft->fields[0]);
    for (size_t i = 0; i < draft->count; i++)
        invent(producer, draft->fields[i], draft->values[i], sizeof(draft->values[i]));
}

/* One event in a thousand is not what the format asks for. */
static bool write_bad(struct producer *producer, const struct draft *draft, struct buffer *out)
{
    if (producer->made % 1000 != 500)
        return false;
    buffer_format(out, "{\"id\":\"e%zu\",\"document\":\"%s\",\"changes\":{\"/attributes\":{},\"/attributes/color\":1}}",
                  producer->made, draft->document->id);
    return true;
}

struct bytes producer_next(struct producer *producer, struct buffer *out)
{
    struct draft draft;
    struct producer_document *document;

    make_draft(producer, &draft);
    document = draft.document;
    producer->made++;
    document->sent++;
    buffer_reset(out);
    if (write_bad(producer, &draft, out))
        return bytes_of(document->id);
    write_draft(&draft, out);
    for (size_t i = 0; i < draft.count; i++) {
        document->asked_at[draft.fields[i]] = document->sent;
        memcpy(document->asked[draft.fields[i]], draft.values[i], sizeof(draft.values[i]));
    }
    return bytes_of(document->id);
}
