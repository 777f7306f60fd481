#include "common/buffer.h"
#include "common/clock.h"
#include "common/timestamp.h"
#include "kafka/committed.h"
#include "kafka/state.h"

#include <stdio.h>

/* Where a new assignment begins: at the group's committed offset, asked for (committed.h) before the assignment is
 * taken. A partition without one begins at 0 if the group has finished events of the topic (it was added
 * since), else where topics.start says; without that nothing begins.
 *
 * Where a partition began by topics.start is committed at once, with a mark: else a partition in which no event is
 * finished before the next start would look like an added one, and all that `latest` left out would be applied. The
 * mark keeps a group that several workers begin together from looking like one that has worked before. */

#define MARK           "ifmatch-start"
#define ASK_AGAIN_MS   1000
#define ASK_TIMEOUT_MS 10000

static void lookup_reset(struct lookup *lookup)
{
    if (lookup->assigned != NULL)
        rd_kafka_topic_partition_list_destroy(lookup->assigned);
    free(lookup->earliest);
    free(lookup->latest);
    free(lookup->at_time);
    *lookup = (struct lookup){.number = lookup->number + 1};
}

void start_cancel(struct consumer *consumer)
{
    lookup_reset(&consumer->lookup);
}

static bool has_offset(const rd_kafka_topic_partition_t *partition)
{
    return partition->offset >= 0;
}

static size_t count_without_offset(const struct lookup *lookup)
{
    size_t count = 0;

    for (int i = 0; i < lookup->assigned->cnt; i++)
        count += !has_offset(&lookup->assigned->elems[i]);
    return count;
}

static bool take_assignment(struct consumer *consumer)
{
    rd_kafka_topic_partition_list_t *partitions = take(consumer->lookup.assigned);

    lookup_reset(&consumer->lookup);
    return rebalance_take(consumer, partitions);
}

void start_begin(struct consumer *consumer, rd_kafka_topic_partition_list_t *partitions)
{
    size_t count = (size_t)partitions->cnt + 1;

    lookup_reset(&consumer->lookup);
    for (int i = 0; i < partitions->cnt; i++)
        partitions->elems[i].offset = RD_KAFKA_OFFSET_INVALID;
    consumer->lookup.assigned = partitions;
    consumer->lookup.question = QUESTION_COMMITTED;
    consumer->lookup.earliest = memory_new(count * sizeof(int64_t));
    consumer->lookup.latest = memory_new(count * sizeof(int64_t));
    consumer->lookup.at_time = memory_new(count * sizeof(int64_t));
    if (partitions->cnt == 0)
        take_assignment(consumer);
}

/* --- asking --- */

/* The assigned partitions and all below them: a partition that was added has a higher number than the old ones.
 * Asked for by name, because librdkafka's mock broker has no answer for "all". */
static rd_kafka_topic_partition_list_t *partitions_to_ask(const struct consumer *consumer)
{
    const rd_kafka_topic_partition_list_t *assigned = consumer->lookup.assigned;
    rd_kafka_topic_partition_list_t *wanted;
    int32_t highest = 0;

    for (int i = 0; i < assigned->cnt; i++) {
        if (assigned->elems[i].partition > highest)
            highest = assigned->elems[i].partition;
    }
    wanted = rd_kafka_topic_partition_list_new(highest + 1);
    for (int32_t partition = 0; partition <= highest; partition++)
        rd_kafka_topic_partition_list_add(wanted, consumer->topic, partition);
    return wanted;
}

static bool failed(struct consumer *consumer, const char *what, const char *why)
{
    notice_say(consumer, NOTICE_WARNING, "%s of '%s' cannot be read: %s; trying again", what, consumer->topic, why);
    consumer->lookup.is_asked = false;
    consumer->lookup.ask_at_ms = clock_now_ms() + ASK_AGAIN_MS;
    return false;
}

static void ask_committed(struct consumer *consumer)
{
    consumer->committed_number = consumer->lookup.number;
    consumer->committed = committed_ask(consumer->client, partitions_to_ask(consumer), consumer->descriptor);
    if (consumer->committed == NULL)
        failed(consumer, "committed offsets", "no thread can be made");
}

static int64_t offset_spec(const struct consumer *consumer)
{
    switch (consumer->lookup.question) {
    case QUESTION_EARLIEST:
        return RD_KAFKA_OFFSET_SPEC_EARLIEST;
    case QUESTION_LATEST:
        return RD_KAFKA_OFFSET_SPEC_LATEST;
    case QUESTION_TIME:
        return consumer->start_time_ms;
    case QUESTION_NONE:
    case QUESTION_COMMITTED:
        break;
    }
    never("the question is one of offsets");
}

static void ask_offsets(struct consumer *consumer)
{
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(consumer->client, RD_KAFKA_ADMIN_OP_LISTOFFSETS);
    rd_kafka_topic_partition_list_t *wanted =
        rd_kafka_topic_partition_list_new(consumer->lookup.assigned->cnt);
    char why[256];

    rd_kafka_AdminOptions_set_request_timeout(options, ASK_TIMEOUT_MS, why, sizeof(why));
    rd_kafka_AdminOptions_set_opaque(options, (void *)(uintptr_t)consumer->lookup.number);
    for (int i = 0; i < consumer->lookup.assigned->cnt; i++)
        rd_kafka_topic_partition_list_add(wanted, consumer->topic, consumer->lookup.assigned->elems[i].partition)->offset =
            offset_spec(consumer);
    rd_kafka_ListOffsets(consumer->client, wanted, options, consumer->queue);
    rd_kafka_topic_partition_list_destroy(wanted);
    rd_kafka_AdminOptions_destroy(options);
}

void start_ask(struct consumer *consumer)
{
    struct lookup *lookup = &consumer->lookup;

    if (lookup->assigned == NULL || lookup->is_asked || clock_now_ms() < lookup->ask_at_ms)
        return;
    if (consumer->committed != NULL)
        return; /* an assignment before this one asked: its answer comes within seconds */
    lookup->is_asked = true;
    if (lookup->question == QUESTION_COMMITTED)
        ask_committed(consumer);
    else
        ask_offsets(consumer);
}

/* --- answers --- */

static void no_start(struct consumer *consumer)
{
    const struct lookup *lookup = &consumer->lookup;
    int64_t earliest = 0;

    for (int i = 0; i < lookup->assigned->cnt; i++)
        earliest += lookup->latest[i] - lookup->earliest[i];
    notice_say(consumer, NOTICE_NO_START,
               "the group '%s' has no committed offset of the topic '%s', and topics.start does not say where to "
               "begin. Choose one:\n"
               "  topics: { start: earliest }              # applies what is there: %lld records in the %d partitions "
               "of this worker\n"
               "  topics: { start: latest }                # leaves them: 0 records, only what comes from now on\n"
               "  topics: { start: 2026-01-31T12:00:00Z }  # from a time on",
               consumer->group, consumer->topic, (long long)earliest, lookup->assigned->cnt);
    start_cancel(consumer);
}

static int64_t first_offset(const struct consumer *consumer, int i)
{
    const struct lookup *lookup = &consumer->lookup;

    if (lookup->has_advanced)
        return 0; /* added since. If its first records are gone, it stands still rather than pass over them */
    switch (consumer->start) {
    case TOPICS_START_UNSET: /* others began, just now */
    case TOPICS_START_EARLIEST:
        return lookup->earliest[i];
    case TOPICS_START_LATEST:
        return lookup->latest[i];
    case TOPICS_START_TIME:
        return lookup->at_time[i] >= 0 ? lookup->at_time[i] : lookup->latest[i];
    }
    never("there is no other start");
}

void start_set_metadata(rd_kafka_topic_partition_t *partition, struct bytes metadata, bool is_mark)
{
    if (is_mark)
        metadata = BYTES(MARK);
    free(partition->metadata); /* librdkafka frees it as we do */
    partition->metadata = metadata.size > 0 ? memory_text_n(metadata.data, metadata.size) : NULL;
    partition->metadata_size = metadata.size;
}

static void add_mark(rd_kafka_topic_partition_list_t *marks, rd_kafka_topic_partition_t *partition)
{
    start_set_metadata(partition, BYTES_NONE, true);
    start_set_metadata(rd_kafka_topic_partition_list_add(marks, partition->topic, partition->partition), BYTES_NONE, true);
    marks->elems[marks->cnt - 1].offset = partition->offset;
}

static void say_added(struct consumer *consumer, const rd_kafka_topic_partition_list_t *added)
{
    char numbers[256] = "";
    size_t used = 0;

    for (int i = 0; i < added->cnt && used + 16 < sizeof(numbers); i++)
        used += (size_t)snprintf(numbers + used, sizeof(numbers) - used, "%s%d", i == 0 ? "" : ", ",
                                 added->elems[i].partition);
    notice_say(consumer, NOTICE_WARNING,
               "partitions were added to '%s' (here: %s); they begin at 0. Documents have moved between partitions: "
               "their events are in order across this only if the producers paused until the lag was 0",
               consumer->topic, numbers);
}

/* All questions are answered. */
static void decide(struct consumer *consumer)
{
    struct lookup *lookup = &consumer->lookup;
    rd_kafka_topic_partition_list_t *marks;

    if (!lookup->has_committed && consumer->start == TOPICS_START_UNSET) {
        no_start(consumer);
        return;
    }
    marks = rd_kafka_topic_partition_list_new(lookup->assigned->cnt);
    for (int i = 0; i < lookup->assigned->cnt; i++) {
        rd_kafka_topic_partition_t *partition = &lookup->assigned->elems[i];

        if (has_offset(partition))
            continue;
        partition->offset = first_offset(consumer, i);
        add_mark(marks, partition);
    }
    if (lookup->has_advanced && marks->cnt > 0)
        say_added(consumer, marks);
    if (take_assignment(consumer))
        rd_kafka_commit_queue(consumer->client, marks, consumer->queue, NULL, NULL);
    rd_kafka_topic_partition_list_destroy(marks);
}

static void next_question(struct consumer *consumer)
{
    struct lookup *lookup = &consumer->lookup;

    lookup->is_asked = false;
    switch (lookup->question) {
    case QUESTION_COMMITTED:
        lookup->question = QUESTION_EARLIEST;
        if (count_without_offset(lookup) == 0)
            take_assignment(consumer);
        return;
    case QUESTION_EARLIEST:
        lookup->question = QUESTION_LATEST;
        return;
    case QUESTION_LATEST:
        lookup->question = QUESTION_TIME;
        if (consumer->start != TOPICS_START_TIME)
            decide(consumer);
        return;
    case QUESTION_TIME:
        decide(consumer);
        return;
    case QUESTION_NONE:
        break;
    }
    never("an answer follows a question");
}

bool start_is_mark(const rd_kafka_topic_partition_t *partition)
{
    return bytes_equal((struct bytes){partition->metadata, partition->metadata_size}, BYTES(MARK));
}

static bool take_committed(struct consumer *consumer)
{
    const rd_kafka_topic_partition_list_t *committed = committed_offsets(consumer->committed);
    rd_kafka_resp_err_t code = committed_error(consumer->committed);

    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return failed(consumer, "committed offsets", rd_kafka_err2str(code));
    for (int i = 0; i < committed->cnt; i++) {
        const rd_kafka_topic_partition_t *entry = &committed->elems[i];
        rd_kafka_topic_partition_t *partition =
            rd_kafka_topic_partition_list_find(consumer->lookup.assigned, entry->topic, entry->partition);

        if (entry->err != RD_KAFKA_RESP_ERR_NO_ERROR) /* unknown is not the same as none */
            return failed(consumer, "committed offsets", rd_kafka_err2str(entry->err));
        if (!has_offset(entry))
            continue;
        consumer->lookup.has_committed = true;
        consumer->lookup.has_advanced |= !start_is_mark(entry);
        if (partition == NULL)
            continue;
        partition->offset = entry->offset;
        start_set_metadata(partition, (struct bytes){entry->metadata, entry->metadata_size}, false);
    }
    return true;
}

static bool take_offsets(struct consumer *consumer, rd_kafka_event_t *event, int64_t *ret_offsets)
{
    const rd_kafka_ListOffsets_result_t *result = rd_kafka_event_ListOffsets_result(event);
    size_t count = 0;
    const rd_kafka_ListOffsetsResultInfo_t **infos =
        result != NULL ? rd_kafka_ListOffsets_result_infos(result, &count) : NULL;

    if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return failed(consumer, "offsets", rd_kafka_event_error_string(event));
    for (int k = 0; k < consumer->lookup.assigned->cnt; k++)
        ret_offsets[k] = RD_KAFKA_OFFSET_INVALID;
    for (size_t i = 0; i < count; i++) {
        const rd_kafka_topic_partition_t *entry = rd_kafka_ListOffsetsResultInfo_topic_partition(infos[i]);

        if (entry->err != RD_KAFKA_RESP_ERR_NO_ERROR)
            return failed(consumer, "offsets", rd_kafka_err2str(entry->err));
        for (int k = 0; k < consumer->lookup.assigned->cnt; k++)
            if (consumer->lookup.assigned->elems[k].partition == entry->partition)
                ret_offsets[k] = entry->offset;
    }
    for (int k = 0; k < consumer->lookup.assigned->cnt; k++) {
        if (ret_offsets[k] == RD_KAFKA_OFFSET_INVALID) /* and no error: its leader was silent */
            return failed(consumer, "offsets", "a partition's leader did not answer");
    }
    return true;
}

/* Else the assignment is over that the question was for. */
static bool is_awaited(const struct consumer *consumer, uint64_t number)
{
    return number == consumer->lookup.number;
}

static void answered(struct consumer *consumer)
{
    connection_is_up(consumer);
    next_question(consumer);
}

void start_take_committed(struct consumer *consumer)
{
    if (consumer->committed == NULL || !committed_is_answered(consumer->committed))
        return;
    if (is_awaited(consumer, consumer->committed_number) && take_committed(consumer))
        answered(consumer);
    committed_free(take(consumer->committed));
}

static int64_t *offsets_asked_for(struct lookup *lookup)
{
    switch (lookup->question) {
    case QUESTION_EARLIEST:
        return lookup->earliest;
    case QUESTION_LATEST:
        return lookup->latest;
    case QUESTION_TIME:
        return lookup->at_time;
    case QUESTION_NONE:
    case QUESTION_COMMITTED:
        break;
    }
    never("the question is one of offsets");
}

void start_take_offsets(struct consumer *consumer, rd_kafka_event_t *event)
{
    uint64_t number = (uintptr_t)rd_kafka_event_opaque(event);

    if (is_awaited(consumer, number) && take_offsets(consumer, event, offsets_asked_for(&consumer->lookup)))
        answered(consumer);
}
