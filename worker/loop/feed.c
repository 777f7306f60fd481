#include "loop/state.h"

#include <stdio.h>

#define RECORDS_EACH_TURN   512 /* so that answers are never late because of a long backlog */
#define RECORDS_EACH_VISIT  16  /* of one partition, before the next has its turn */
#define ANSWERS_EACH_TURN   512

static void add_partition(struct loop *loop, int32_t partition)
{
    for (size_t i = 0; i < loop->partition_count; i++) {
        if (loop->partitions[i] == partition)
            return;
    }
    ensure(loop->partition_count < PARTITIONS_MAX);
    loop->partitions[loop->partition_count++] = partition;
}

static void remove_partition(struct loop *loop, int32_t partition)
{
    for (size_t i = 0; i < loop->partition_count; i++) {
        if (loop->partitions[i] == partition) {
            loop->partitions[i] = loop->partitions[--loop->partition_count];
            return;
        }
    }
}

static void remove_partitions(struct loop *loop, const struct notice *notice)
{
    for (size_t i = 0; i < notice->partition_count; i++)
        remove_partition(loop, notice->partitions[i]);
}

static void say_assigned(const struct notice *notice)
{
    char text[512] = "";
    size_t used = 0;

    for (size_t i = 0; i < notice->assigned_count && used + 40 < sizeof(text); i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%d@%lld", i == 0 ? ": " : " ",
                                 notice->assigned[i].partition, (long long)notice->assigned[i].offset_next);
    log_info("kafka", "%zu partitions are assigned%s%s", notice->assigned_count, text,
             used + 40 < sizeof(text) ? "" : " ...");
}

static void assigned(struct loop *loop, const struct notice *notice)
{
    say_assigned(notice);
    for (size_t i = 0; i < notice->assigned_count; i++) {
        engine_assigned(loop->parts.engine, &notice->assigned[i]);
        add_partition(loop, notice->assigned[i].partition);
    }
}

static void revoked(struct loop *loop, const struct notice *notice)
{
    int64_t drain_ms = loop->parts.config->shutdown_timeout_ms;
    int64_t drain_ms_max = consumer_drain_ms_max(loop->parts.consumer);

    if (drain_ms > drain_ms_max)
        drain_ms = drain_ms_max;
    log_info("kafka", "%zu partitions are revoked: finishing what is in flight", notice->partition_count);
    remove_partitions(loop, notice);
    engine_revoke(loop->parts.engine, notice->partitions, notice->partition_count, clock_now_ms() + drain_ms);
}

static void take_notice(struct loop *loop, const struct notice *notice)
{
    switch (notice->kind) {
    case NOTICE_ASSIGNED:
        loop->met_brokers = true;
        assigned(loop, notice);
        return;
    case NOTICE_REVOKED:
        revoked(loop, notice);
        return;
    case NOTICE_LOST:
        log_warn("kafka", "%zu partitions are lost: what was in flight is dropped, the new owner does it again",
                 notice->partition_count);
        remove_partitions(loop, notice);
        engine_lost(loop->parts.engine, notice->partitions, notice->partition_count);
        return;
    case NOTICE_COMMITTED:
        engine_committed(loop->parts.engine, notice->action_id, notice->commit_result);
        return;
    case NOTICE_NO_START:
        log_error("kafka", "%s", notice->text);
        shutdown_begin(loop, "nowhere to start from", 2);
        return;
    case NOTICE_STOPPED:
        log_error("kafka", "%s", notice->text);
        return;
    case NOTICE_WARNING:
        log_warn("kafka", "%s", notice->text);
        return;
    case NOTICE_FATAL:
        log_error("kafka", "%s", notice->text);
        shutdown_begin(loop, "the consumer cannot go on", 1);
        return;
    }
    never("every notice is taken");
}

static bool feed_notices(struct loop *loop)
{
    struct notice notice;

    while (consumer_next(loop->parts.consumer, &notice))
        take_notice(loop, &notice);
    return false;
}

/* Round robin over the partitions: a diverse window keeps more documents in flight than one partition's backlog. */
static bool feed_records(struct loop *loop)
{
    size_t taken = 0, empty = 0;

    while (loop->partition_count > 0 && empty < loop->partition_count && taken < RECORDS_EACH_TURN) {
        int32_t partition = loop->partitions[loop->next_partition++ % loop->partition_count];
        size_t room = engine_room(loop->parts.engine, partition), visit = 0;
        struct received received;
        int32_t epoch;

        if (room > RECORDS_EACH_VISIT)
            room = RECORDS_EACH_VISIT;
        while (visit < room && consumer_read(loop->parts.consumer, partition, &received)) {
            engine_receive(loop->parts.engine, &received);
            consumer_done(loop->parts.consumer);
            visit++;
        }
        if (visit < room && consumer_met_end(loop->parts.consumer, partition, &epoch))
            engine_at_end(loop->parts.engine, partition, epoch);
        taken += visit;
        empty = visit == 0 ? empty + 1 : 0;
    }
    return taken >= RECORDS_EACH_TURN;
}

/* What keeps events waiting is said, and when it ends; what ends an event is said by its record. */
static void say_answer(struct loop *loop, const struct answer *answer, bool is_write)
{
    char status[32] = "no answer";

    if (answer->status > 0)
        snprintf(status, sizeof(status), "status %d", answer->status);
    switch (answer->meaning) {
    case MEANING_OUTAGE:
    case MEANING_OVERLOAD:
    case MEANING_UNAUTHORIZED:
    case MEANING_UNDESCRIBED:
        log_warn("service", "%s: %s, %s%s%.*s; the event waits and is tried again",
                 service_method(loop->parts.service, is_write), meaning_name(answer->meaning), status,
                 answer->detail.size > 0 ? ": " : "", BYTES_ARG(answer->detail));
        loop->service_failed = true;
        return;
    case MEANING_OK:
        if (loop->service_failed)
            log_info("service", "answers again");
        loop->service_failed = false;
        return;
    default:
        return;
    }
}

static bool feed_answers(struct loop *loop)
{
    const char *trouble;
    struct answer answer;
    uint64_t action_id;
    bool is_write;
    int64_t took_ms;
    size_t count = 0;

    service_run(loop->parts.service, clock_now_ms(), clock_wall_ms());
    while (count < ANSWERS_EACH_TURN && service_next(loop->parts.service, &action_id, &answer, &is_write, &took_ms)) {
        if (loop->parts.dry_run != NULL)
            dry_run_answer(loop->parts.dry_run, loop->parts.service, action_id, &answer, &is_write);
        admin_note_request(loop->admin, is_write, answer.status, took_ms);
        say_answer(loop, &answer, is_write);
        engine_answer(loop->parts.engine, action_id, &answer);
        count++;
    }
    trouble = service_trouble(loop->parts.service);
    if (trouble != NULL)
        log_warn("service", "%s; the credentials we have are used as long as they hold", trouble);
    return count == ANSWERS_EACH_TURN;
}

static bool feed_deliveries(struct loop *loop)
{
    struct publication_end end;
    const char *trouble;
    size_t count = 0;

    while (publisher_next(loop->parts.publisher, &end)) {
        if (!end.is_acknowledged)
            log_warn("kafka", "a record is published again, smaller: %s", end.detail);
        engine_delivered(loop->parts.engine, end.action_id,
                         &(struct delivered){.is_acknowledged = end.is_acknowledged,
                                             .detail = bytes_of(end.detail)});
        count++;
    }
    trouble = publisher_trouble(loop->parts.publisher);
    if (trouble != NULL)
        log_warn("kafka", "records were not acknowledged and are published again, in their order: %s", trouble);
    if (count > 0)
        perform_blocked(loop);
    return false;
}

bool feed(struct loop *loop)
{
    bool has_more = feed_notices(loop);

    feed_later(loop);
    if (loop->parts.dry_run != NULL)
        dry_run_feed(loop->parts.dry_run, loop->parts.engine);
    if (loop->parts.publisher != NULL)
        has_more |= feed_deliveries(loop);
    has_more |= feed_answers(loop);
    has_more |= feed_records(loop);
    return has_more;
}
