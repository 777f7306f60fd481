#include "../../support/unit.h"

#include "engine/engine.h"

#include <stdio.h>

/* Who may send a request when: the engine alone, its actions pulled and answered by hand. */

static struct rules *rules;
static struct engine *engine;
static struct engine_options options;
static int64_t now_ms;

static void begin_options(void)
{
    rules = rules_new(&RULES_DEFAULTS);
    ck_assert(rules_finish(rules, NULL));
    engine_options_init(&options);
    options.rules = rules;
    now_ms = 1000;
}

static void assign(int32_t partition)
{
    engine_assigned(engine, &(struct assigned){.partition = partition, .epoch = 1, .offset_next = 0});
}

static void begin(void)
{
    engine = engine_new(&options);
    engine_advance(engine, now_ms, now_ms);
    assign(0);
}

static void end(void)
{
    engine_free(engine);
    rules_free(rules);
}

/* Events of documents of their own; the partition ends behind them. */
static void receive(int32_t partition, int64_t first, int64_t count)
{
    char key[32];

    for (int64_t offset = first; offset < first + count; offset++) {
        snprintf(key, sizeof(key), "p%d-%lld", (int)partition, (long long)offset);
        engine_receive(engine, &(struct received){.partition = partition,
                                                  .epoch = 1,
                                                  .offset = offset,
                                                  .end = first + count,
                                                  .timestamp_ms = -1,
                                                  .key = bytes_of(key),
                                                  .value = BYTES("{\"changes\":{\"/a\":1}}")});
    }
}

struct pulled {
    uint64_t ids[256];
    int32_t partitions[256];
    size_t count;
    size_t records; /* published meanwhile */
};

/* The requests that go now; commits are acknowledged, records too. */
static struct pulled pull(void)
{
    struct pulled pulled = {0};
    struct action action;

    engine_advance(engine, now_ms, now_ms);
    while (engine_next(engine, &action)) {
        if (action.kind == ACTION_COMMIT)
            engine_committed(engine, action.id, COMMIT_ACKNOWLEDGED);
        else if (action.kind == ACTION_PUBLISH) {
            engine_delivered(engine, action.id, &(struct delivered){.is_acknowledged = true});
            pulled.records++;
        } else if (action.kind == ACTION_READ || action.kind == ACTION_WRITE) {
            ck_assert_uint_lt(pulled.count, 256);
            pulled.ids[pulled.count] = action.id;
            pulled.partitions[pulled.count++] = action.partition;
        }
    }
    return pulled;
}

static void answer_all(const struct pulled *pulled, enum meaning meaning, int status, int64_t retry_after_ms)
{
    for (size_t i = 0; i < pulled->count; i++)
        engine_answer(engine, pulled->ids[i],
                      &(struct answer){.meaning = meaning,
                                       .sent = SENT_ONCE,
                                       .status = status,
                                       .retry_after_ms = retry_after_ms,
                                       .document = meaning == MEANING_OK ? BYTES("{\"a\":1}") : BYTES_NONE,
                                       .version = meaning == MEANING_OK ? BYTES("\"v1\"") : BYTES_NONE,
                                       .version_is_exact = true});
}

START_TEST(no_more_requests_than_the_limit_are_in_flight)
{
    struct pulled pulled;

    begin_options();
    options.max_in_flight = 3;
    options.max_in_flight_is_fixed = true;
    begin();
    receive(0, 0, 10);
    pulled = pull();
    ck_assert_uint_eq(pulled.count, 3);
    answer_all(&pulled, MEANING_OK, 200, -1);
    ck_assert_uint_eq(pull().count, 3);
    end();
}
END_TEST

START_TEST(a_rate_lets_so_many_go_in_a_second)
{
    size_t sent = 0;

    begin_options();
    options.rate_limit_milli = 5000;
    begin();
    receive(0, 0, 200);
    for (int i = 0; i < 1000; i++, now_ms += 10) {
        struct pulled pulled = pull();

        sent += pulled.count;
        answer_all(&pulled, MEANING_OK, 200, -1);
        ck_assert_int_gt(engine_deadline(engine), now_ms);
    }
    ck_assert_uint_ge(sent, 49);
    ck_assert_uint_le(sent, 56);
    end();
}
END_TEST

START_TEST(of_a_rate_for_the_group_a_worker_has_the_share_of_its_partitions)
{
    size_t sent = 0;

    begin_options();
    options.rate_limit_milli = 20 * 1000;
    options.rate_is_for_group = true;
    begin();
    engine_group_partitions(engine, 4);
    receive(0, 0, 200);
    for (int i = 0; i < 1000; i++, now_ms += 10) {
        struct pulled pulled = pull();

        sent += pulled.count;
        answer_all(&pulled, MEANING_OK, 200, -1);
    }
    ck_assert_uint_ge(sent, 49);
    ck_assert_uint_le(sent, 60);
    end();
}
END_TEST

START_TEST(partitions_take_turns_however_long_their_queues_are)
{
    struct pulled pulled;
    size_t of_the_short_one = 0;

    begin_options();
    options.max_in_flight = 4;
    options.max_in_flight_is_fixed = true;
    begin();
    assign(1);
    receive(0, 0, 200);
    receive(1, 0, 2);
    pulled = pull();
    for (size_t i = 0; i < pulled.count; i++)
        of_the_short_one += pulled.partitions[i] == 1;
    ck_assert_uint_eq(pulled.count, 4);
    ck_assert_uint_eq(of_the_short_one, 2);
    end();
}
END_TEST

START_TEST(in_an_outage_one_request_at_a_time_asks_and_nothing_is_taken)
{
    size_t asked = 0;
    struct pulled pulled;

    begin_options();
    begin();
    receive(0, 0, 50);
    pulled = pull();
    answer_all(&pulled, MEANING_OUTAGE, 0, -1);
    ck_assert_int_eq(engine_intake(engine), INTAKE_OUTAGE);
    ck_assert_uint_eq(engine_room(engine, 0), 0);
    for (int i = 0; i < 6000; i++, now_ms += 100) { /* ten minutes */
        pulled = pull();
        ck_assert_uint_le(pulled.count, 1);
        asked += pulled.count;
        answer_all(&pulled, MEANING_OUTAGE, 0, -1);
    }
    ck_assert_uint_ge(asked, 10);
    ck_assert_uint_le(asked, 40);
    do {
        now_ms += 100;
        pulled = pull();
    } while (pulled.count == 0);
    answer_all(&pulled, MEANING_OK, 200, -1);
    ck_assert_int_eq(engine_intake(engine), INTAKE_RUNNING);
    ck_assert_uint_gt(engine_room(engine, 0), 0);
    end();
}
END_TEST

START_TEST(a_retry_after_holds_every_document)
{
    struct pulled pulled;

    begin_options();
    options.max_in_flight = 1;
    options.max_in_flight_is_fixed = true;
    begin();
    receive(0, 0, 3);
    pulled = pull();
    answer_all(&pulled, MEANING_OVERLOAD, 429, 7000);
    now_ms += 6999;
    ck_assert_uint_eq(pull().count, 0);
    now_ms += 1;
    ck_assert_uint_eq(pull().count, 1);
    end();
}
END_TEST

START_TEST(memory_near_its_limit_stops_intake)
{
    begin_options();
    options.memory_max = 1 << 20;
    begin();
    ck_assert_uint_gt(engine_room(engine, 0), 0);
    engine_outside_bytes(engine, 1 << 20);
    receive(0, 0, 1);
    ck_assert_int_eq(engine_intake(engine), INTAKE_MEMORY);
    ck_assert_uint_eq(engine_room(engine, 0), 0);
    engine_outside_bytes(engine, 0);
    ck_assert_int_eq(engine_intake(engine), INTAKE_RUNNING);
    end();
}
END_TEST

START_TEST(the_flood_guard_stops_everything_until_somebody_resumes)
{
    struct pulled pulled;
    size_t records = 0;

    begin_options();
    begin();
    receive(0, 0, 200);
    while (engine_intake(engine) != INTAKE_FLOOD) {
        now_ms++;
        pulled = pull();
        records += pulled.records;
        answer_all(&pulled, MEANING_MISSING, 404, -1);
    }
    ck_assert_uint_le(records, 50);
    pulled = pull();
    ck_assert_uint_eq(pulled.count, 0);
    ck_assert_uint_gt(engine_counters(engine)->value[COUNTER_DEAD_LETTERS_HELD], 0);
    ck_assert(engine_resume(engine));
    ck_assert_int_eq(engine_intake(engine), INTAKE_RUNNING);
    pulled = pull();
    ck_assert_uint_gt(pulled.count, 0);
    ck_assert_uint_eq(engine_counters(engine)->value[COUNTER_DEAD_LETTERS_HELD], 0);
    end();
}
END_TEST

/* One event of "stuck", which is never answered, between every two of others, which are. */
static void receive_between(int64_t offset)
{
    char key[32];

    snprintf(key, sizeof(key), "free-%lld", (long long)offset % 7);
    engine_receive(engine, &(struct received){.partition = 0,
                                              .epoch = 1,
                                              .offset = offset,
                                              .end = offset + 1,
                                              .timestamp_ms = -1,
                                              .key = offset % 2 == 0 ? BYTES("stuck") : bytes_of(key),
                                              .value = BYTES("{\"changes\":{\"/a\":1}}")});
}

/* Answers every read of the others; how much metadata the last commit carried. */
static size_t serve_the_others(void)
{
    size_t metadata_bytes = 0;
    struct action action;

    engine_advance(engine, ++now_ms, 0);
    while (engine_next(engine, &action)) {
        if (action.kind == ACTION_READ && !bytes_equal(action.read.document, BYTES("stuck")))
            answer_all(&(struct pulled){.ids = {action.id}, .count = 1}, MEANING_OK, 200, -1);
        else if (action.kind == ACTION_PUBLISH)
            engine_delivered(engine, action.id, &(struct delivered){.is_acknowledged = true});
        else if (action.kind == ACTION_COMMIT) {
            metadata_bytes = action.commit.entries[0].metadata.size;
            engine_committed(engine, action.id, COMMIT_ACKNOWLEDGED);
        }
    }
    return metadata_bytes;
}

START_TEST(a_partition_pauses_before_the_metadata_of_its_commit_is_full_and_names_the_document)
{
    struct partition_state state;
    size_t metadata_bytes = 0, last;
    int64_t offset = 0;

    begin_options();
    begin();
    while (engine_room(engine, 0) > 0) {
        receive_between(offset++);
        last = serve_the_others();
        metadata_bytes = last > 0 ? last : metadata_bytes;
        ck_assert_int_lt(offset, 8000);
    }
    ck_assert_int_gt(offset, 1000);
    ck_assert_uint_le(metadata_bytes, 3072);
    ck_assert_uint_eq(engine_partitions(engine, &state, 1), 1);
    ck_assert(bytes_equal(state.held_up_by, BYTES("stuck")));
    ck_assert_int_eq(engine_intake(engine), INTAKE_RUNNING);
    end();
}
END_TEST

UNIT_TESTS("engine/admission", no_more_requests_than_the_limit_are_in_flight, a_rate_lets_so_many_go_in_a_second,
           of_a_rate_for_the_group_a_worker_has_the_share_of_its_partitions,
           partitions_take_turns_however_long_their_queues_are,
           in_an_outage_one_request_at_a_time_asks_and_nothing_is_taken, a_retry_after_holds_every_document,
           memory_near_its_limit_stops_intake, the_flood_guard_stops_everything_until_somebody_resumes,
           a_partition_pauses_before_the_metadata_of_its_commit_is_full_and_names_the_document)
