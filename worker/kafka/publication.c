#include "common/memory.h"
#include "kafka/publisher_state.h"

size_t publication_record_bytes(const struct publication_record *record)
{
    size_t bytes = record->key.size + record->value.size;

    for (size_t i = 0; i < record->header_count; i++)
        bytes += record->headers[i].name.size + record->headers[i].value.size + 10;
    return bytes;
}

/* Of all that a record points to, with the NUL behind each text. */
static size_t bytes_behind(const struct publication_record *record)
{
    size_t bytes = strlen(record->topic) + 1 + record->key.size + 1 + record->value.size + 1;

    for (size_t i = 0; i < record->header_count; i++)
        bytes += record->headers[i].name.size + 1 + record->headers[i].value.size + 1;
    return bytes;
}

static struct bytes keep(char **place, struct bytes bytes)
{
    struct bytes kept = {bytes_present(bytes) ? *place : NULL, bytes.size};

    if (bytes.size > 0)
        memcpy(*place, bytes.data, bytes.size);
    *place += bytes.size + 1;
    return kept;
}

static void keep_record(const struct publication_record *record, struct header **headers, char **place,
                        struct publication_record *ret_kept)
{
    struct header *kept = *headers;

    for (size_t i = 0; i < record->header_count; i++)
        kept[i] = (struct header){keep(place, record->headers[i].name), keep(place, record->headers[i].value)};
    *headers += record->header_count;
    *ret_kept = (struct publication_record){
        .topic = keep(place, bytes_of(record->topic)).data,
        .key = keep(place, record->key),
        .value = keep(place, record->value),
        .headers = kept,
        .header_count = record->header_count,
    };
}

/* One block: the publication, its records, their headers, their bytes. */
struct publication *publication_new(uint64_t action_id, const struct publication_record *records, size_t count)
{
    size_t header_count = 0, behind = 0;
    struct publication *publication;
    struct header *headers;
    char *place;

    for (size_t i = 0; i < count; i++) {
        header_count += records[i].header_count;
        behind += bytes_behind(&records[i]);
    }
    publication = memory_new(sizeof(*publication) + count * sizeof(struct kept_record) +
                             header_count * sizeof(struct header) + behind);
    headers = (struct header *)(void *)&publication->records[count];
    place = (char *)&headers[header_count];
    publication->action_id = action_id;
    publication->count = count;
    for (size_t i = 0; i < count; i++) {
        publication->bytes += publication_record_bytes(&records[i]);
        publication->records[i].publication = publication;
        keep_record(&records[i], &headers, &place, &publication->records[i].record);
    }
    return publication;
}

static bool is_any(const struct publication *publication, enum record_place place)
{
    for (size_t i = 0; i < publication->count; i++)
        if (publication->records[i].place == place)
            return true;
    return false;
}

bool publication_is_under_way(const struct publication *publication)
{
    return is_any(publication, RECORD_UNDER_WAY);
}

bool publication_is_acknowledged(const struct publication *publication)
{
    return !is_any(publication, RECORD_UNDER_WAY) && !is_any(publication, RECORD_WAITING);
}
