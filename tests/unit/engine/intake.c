#include "../../support/unit.h"

#include "engine/engine.h"

static struct rules *rules;
static struct engine *engine;

static void begin(void)
{
    struct engine_options options;

    rules = rules_new(&RULES_DEFAULTS);
    ck_assert(rules_finish(rules, NULL));
    engine_options_init(&options);
    options.rules = rules;
    engine = engine_new(&options);
    engine_advance(engine, 1000, 1000);
    engine_assigned(engine, &(struct assigned){.partition = 0, .epoch = 1, .offset_next = 0});
}

static void end(void)
{
    engine_free(engine);
    rules_free(rules);
}

/* An event at offset 0 of a partition that is known to go on to `end`. */
static void receive(int64_t end)
{
    engine_receive(engine, &(struct received){.partition = 0,
                                              .epoch = 1,
                                              .offset = 0,
                                              .end = end,
                                              .timestamp_ms = -1,
                                              .key = BYTES("4711"),
                                              .value = BYTES("{\"changes\":{\"/a\":1}}")});
}

/* Pulls what there is; commits are acknowledged. How many of it are reads. */
static size_t reads(void)
{
    struct action action;
    size_t count = 0;

    while (engine_next(engine, &action)) {
        if (action.kind == ACTION_COMMIT)
            engine_committed(engine, action.id, COMMIT_ACKNOWLEDGED);
        count += action.kind == ACTION_READ;
    }
    return count;
}

START_TEST(twice_is_fine_and_said)
{
    begin();
    ck_assert_int_eq(engine_intake(engine), INTAKE_RUNNING);
    ck_assert(!engine_resume(engine));
    ck_assert(engine_pause(engine));
    ck_assert(!engine_pause(engine));
    ck_assert_int_eq(engine_intake(engine), INTAKE_PAUSED);
    ck_assert(engine_resume(engine));
    ck_assert(!engine_resume(engine));
    ck_assert_int_eq(engine_intake(engine), INTAKE_RUNNING);
    end();
}
END_TEST

START_TEST(nothing_is_taken_and_nothing_begins)
{
    begin();
    ck_assert_uint_gt(engine_room(engine, 0), 0);
    receive(1);
    engine_pause(engine);
    ck_assert_uint_eq(engine_room(engine, 0), 0);
    ck_assert_uint_eq(reads(), 0);
    engine_resume(engine);
    ck_assert_uint_gt(engine_room(engine, 0), 0);
    ck_assert_uint_eq(reads(), 1);
    end();
}
END_TEST

START_TEST(what_was_there_at_the_assignment_is_waited_for_after_the_pause_too)
{
    begin();
    receive(2);
    ck_assert_uint_eq(reads(), 0); /* offset 1 is to come */
    engine_advance(engine, 1400, 1400);
    engine_pause(engine);
    ck_assert_int_gt(engine_deadline(engine), 60000);
    engine_advance(engine, 60000, 60000);
    engine_resume(engine);
    engine_advance(engine, 69599, 69599);
    ck_assert_uint_eq(reads(), 0);
    engine_advance(engine, 69600, 69600);
    ck_assert_uint_eq(reads(), 1); /* nothing is heard of the end for 10 s, the pause left out */
    end();
}
END_TEST

START_TEST(word_of_the_end_begins_what_was_received)
{
    begin();
    receive(2);
    engine_at_end(engine, 0, 2); /* of an epoch that is not this one */
    ck_assert_uint_eq(reads(), 0);
    engine_at_end(engine, 0, 1);
    ck_assert_uint_eq(reads(), 1);
    end();
}
END_TEST

START_TEST(each_state_has_its_name_and_its_sentence)
{
    for (enum intake intake = 0; intake < INTAKE_COUNT; intake++) {
        ck_assert_uint_gt(strlen(intake_sentence(intake)), strlen(intake_name(intake)));
        for (enum intake other = 0; other < intake; other++)
            ck_assert_str_ne(intake_name(intake), intake_name(other));
    }
}
END_TEST

UNIT_TESTS("engine/intake", twice_is_fine_and_said, nothing_is_taken_and_nothing_begins,
           what_was_there_at_the_assignment_is_waited_for_after_the_pause_too,
           word_of_the_end_begins_what_was_received,
           each_state_has_its_name_and_its_sentence)
