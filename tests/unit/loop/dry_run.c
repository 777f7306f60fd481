#include "../../support/unit.h"

#include "common/check.h"
#include "common/json_compare.h"
#include "common/random.h"
#include "engine/engine.h"
#include "loop/overlay.h"

#include <inttypes.h>
#include <stdio.h>

/* A dry run decides as the real run would. The same events go to two engines: one whose service takes its writes, one whose
 * service stays as it is, with the overlay in between. Both must tell the same of every event, and see the same in the end. */

#define SEEDS  300
#define EVENTS 40

struct world {
    struct engine *engine;
    struct overlay *overlay; /* NULL: this is the real one */
    char *document; /* NULL: there is none */
    unsigned writes;
    unsigned deletions;
    char version[32];
    struct buffer told;
};

static struct rules *rules;

static void set_document(struct world *world, struct bytes text)
{
    char *document = bytes_present(text) ? memory_text_n(text.data, text.size) : NULL;

    free(world->document);
    world->document = document;
    world->deletions += document == NULL;
    snprintf(world->version, sizeof(world->version), "v%u", ++world->writes);
}

static struct world *world_new(bool is_dry)
{
    struct world *world = memory_new(sizeof(*world));
    struct engine_options options;

    engine_options_init(&options);
    options.rules = rules;
    options.flood_conflicts.is_off = true;
    options.flood_dead_letters.is_off = true;
    options.after_write = AFTER_WRITE_EXACT;
    world->engine = engine_new(&options);
    world->overlay = is_dry ? overlay_new() : NULL;
    buffer_init(&world->told, 1 << 20);
    set_document(world, BYTES("{\"a\": {\"x\": 1, \"y\": 2}, \"b\": \"t\"}"));
    engine_advance(world->engine, 1, 1);
    engine_assigned(world->engine, &(struct assigned){.partition = 0, .epoch = 1});
    return world;
}

static void world_free(struct world *world)
{
    engine_free(world->engine);
    overlay_free(world->overlay);
    buffer_release(&world->told);
    free(world->document);
    free(world);
}

static struct answer answer_of(const struct world *world)
{
    if (world->document == NULL)
        return (struct answer){.meaning = MEANING_MISSING, .sent = SENT_ONCE, .status = 404, .retry_after_ms = -1};
    return (struct answer){.meaning = MEANING_OK,
                           .sent = SENT_ONCE,
                           .status = 200,
                           .version = bytes_of(world->version),
                           .version_is_exact = true,
                           .document = bytes_of(world->document),
                           .retry_after_ms = -1};
}

static void request(struct world *world, const struct action *action)
{
    struct answer answer = answer_of(world);

    if (world->overlay != NULL && action->kind == ACTION_READ) {
        overlay_read(world->overlay, action->read.document, &answer);
    } else if (world->overlay != NULL) {
        overlay_write(world->overlay, &action->write, &answer);
    } else if (action->kind == ACTION_WRITE) {
        set_document(world, action->write.body);
        answer = (struct answer){.meaning = MEANING_OK,
                                 .sent = SENT_ONCE,
                                 .status = 200,
                                 .version = bytes_of(world->version),
                                 .version_is_exact = true,
                                 .retry_after_ms = -1};
    }
    engine_answer(world->engine, action->id, &answer);
}

static void tell(struct world *world, const struct finished *finished)
{
    const char *reason = reason_name(finished->reason);

    buffer_format(&world->told, "%" PRId64 " %s %s", finished->offset, outcome_name(finished->outcome),
                  reason != NULL ? reason : "-");
    for (size_t i = 0; i < finished->decision_count; i++)
        buffer_format(&world->told, " %.*s %s %d", BYTES_ARG(finished->decisions[i].field),
                      merge_case_name(finished->decisions[i].merge_case), (int)finished->decisions[i].result);
    buffer_add_char(&world->told, '\n');
}

static void settle(struct world *world)
{
    struct action action;

    while (engine_next(world->engine, &action)) {
        switch (action.kind) {
        case ACTION_READ:
        case ACTION_WRITE:
            request(world, &action);
            break;
        case ACTION_PUBLISH:
            tell(world, action.publish.finished);
            engine_delivered(world->engine, action.id, &(struct delivered){.is_acknowledged = true});
            break;
        case ACTION_COMMIT:
            engine_committed(world->engine, action.id, COMMIT_ACKNOWLEDGED);
            break;
        default:
            never("nobody revokes or stops");
        }
    }
}

static void receive(struct world *world, int64_t offset, struct bytes value)
{
    engine_receive(world->engine, &(struct received){.partition = 0,
                                                     .epoch = 1,
                                                     .offset = offset,
                                                     .end = offset + 1,
                                                     .timestamp_ms = -1,
                                                     .key = BYTES("4711"),
                                                     .value = value});
}

/* One field: set or removed, with a base, without one, or with the knowledge that it was not there. */
static void draw_event(struct random *random, struct buffer *out)
{
    static const char *const fields[] = {"/a", "/b", "/a/x", "/a/y", "/a/x/p", "/c", "/c/d"};
    static const char *const values[] = {"1", "2", "\"t\"", "{\"x\":1}", "{\"x\":{\"p\":2},\"y\":3}", "null", "[1]", "{}"};
    const char *field = fields[random_below(random, 7)];
    uint64_t base = random_below(random, 3), operation = random_below(random, 12);

    buffer_reset(out);
    if (operation == 0)
        buffer_format(out, "{\"operation\":\"delete\"");
    else if (operation < 3)
        buffer_format(out, "{\"operation\":\"%s\",\"changes\":{\"%s\":%s}", operation == 1 ? "create" : "upsert", field,
                      values[random_below(random, 8)]);
    else if (random_below(random, 4) == 0)
        buffer_format(out, "{\"remove\":[\"%s\"]", field);
    else
        buffer_format(out, "{\"changes\":{\"%s\":%s}", field, values[random_below(random, 8)]);
    if (operation == 1)
        base = 0;
    if (base == 1)
        buffer_format(out, ",\"base\":{\"%s\":%s}", field, values[random_below(random, 8)]);
    else if (base == 2)
        buffer_format(out, ",\"base_missing\":[\"%s\"]", field);
    buffer_add_char(out, '}');
}

static void check_same_document(uint64_t seed, struct world *real, struct world *dry)
{
    struct arena *arena = arena_new(1 << 12);
    struct answer answer = answer_of(dry);
    struct json_fault fault;
    struct json expected, seen;

    overlay_read(dry->overlay, BYTES("4711"), &answer);
    ck_assert_int_eq(answer.meaning, answer_of(real).meaning);
    if (real->document == NULL) {
        arena_free(arena);
        return;
    }
    ck_assert(json_scan(bytes_of(real->document), &JSON_LIMITS_DEFAULT, arena, &expected, &fault));
    ck_assert(json_scan(answer.document, &JSON_LIMITS_DEFAULT, arena, &seen, &fault));
    ck_assert_msg(json_equal(&expected, 0, &seen, 0), "seed %" PRIu64 ": %s, and %.*s", seed, real->document,
                  BYTES_ARG(answer.document));
    arena_free(arena);
}

struct tally {
    unsigned writes;
    unsigned deletions;
};

static void check_seed(uint64_t seed, struct tally *tally)
{
    struct world *real = world_new(false), *dry = world_new(true);
    struct random random;
    struct buffer event;

    random_init(&random, seed);
    buffer_init(&event, 4096);
    for (int64_t offset = 0; offset < EVENTS; offset++) {
        draw_event(&random, &event);
        receive(real, offset, buffer_bytes(&event));
        receive(dry, offset, buffer_bytes(&event));
        if (random_below(&random, 3) == 0 || offset + 1 == EVENTS) {
            settle(real);
            settle(dry);
        }
    }
    ck_assert_msg(bytes_equal(buffer_bytes(&real->told), buffer_bytes(&dry->told)),
                  "seed %" PRIu64 ":\n%.*s, and dry:\n%.*s", seed, BYTES_ARG(buffer_bytes(&real->told)),
                  BYTES_ARG(buffer_bytes(&dry->told)));
    check_same_document(seed, real, dry);
    tally->writes += real->writes;
    tally->deletions += real->deletions;
    buffer_release(&event);
    world_free(real);
    world_free(dry);
}

/* Where the default rule is `external` an event may delete the document unseen. */
static void check_seeds(enum rule rule, struct tally *ret_tally)
{
    struct rules_defaults defaults = RULES_DEFAULTS;

    defaults.rule = rule;
    rules = rules_new(&defaults);
    ck_assert(rules_finish(rules, NULL));
    *ret_tally = (struct tally){0};
    for (uint64_t seed = 0; seed < SEEDS; seed++)
        check_seed(seed, ret_tally);
    rules_free(rules);
}

START_TEST(a_dry_run_decides_as_the_real_run_would)
{
    struct tally tally;

    check_seeds(RULE_MERGE, &tally);
    ck_assert_uint_gt(tally.writes, 5 * SEEDS);
    check_seeds(RULE_EXTERNAL, &tally);
    ck_assert_uint_gt(tally.deletions, SEEDS);
}
END_TEST

UNIT_TESTS("loop/dry_run", a_dry_run_decides_as_the_real_run_would)
