#include "../../support/unit.h"

#include "common/random.h"
#include "engine/concurrency.h"

/* A service of some servers with one queue, and a worker that has always more to send, up to `demand` at one time. */
#define SERVERS_MAX 256
#define FLIGHT_MAX  1024

struct request {
    int64_t sent_us;
    int64_t done_us;
    uint32_t in_flight;
    bool is_dropped;
};

struct world {
    struct concurrency concurrency;
    struct random random;
    int64_t now_us;
    int64_t free_us[SERVERS_MAX]; /* when each server is free */
    uint32_t servers;
    int64_t service_us;
    bool is_noisy;          /* service times are spread from a quarter to 7 quarters */
    bool is_in_ms;          /* latencies are differences of engine time */
    uint32_t refused_above; /* overload answers when so many are in flight; 0: never */
    uint32_t demand;
    struct request flight[FLIGHT_MAX];
    uint32_t in_flight;
    uint64_t done;
    uint32_t limit_low, limit_high; /* since the last look */
    uint64_t limit_sum, limit_count;
    uint32_t limit_mean;
    uint32_t done_percent; /* of what the servers can do */
};

static void world_init(struct world *fresh, uint32_t initial, uint32_t servers, int64_t service_us)
{
    *fresh = (struct world){.servers = servers, .service_us = service_us, .demand = FLIGHT_MAX, .now_us = 5000000};
    random_init(&fresh->random, 7);
    concurrency_init(&fresh->concurrency, initial, 500, fresh->now_us / 1000);
}

static int64_t drawn_service_us(struct world *world)
{
    if (!world->is_noisy)
        return world->service_us;
    return world->service_us / 4 + (int64_t)random_below(&world->random, (uint64_t)world->service_us * 3 / 2);
}

static void send(struct world *world)
{
    struct request *request = &world->flight[world->in_flight++];
    uint32_t server = 0;

    *request = (struct request){.sent_us = world->now_us, .in_flight = world->in_flight};
    if (world->refused_above > 0 && world->in_flight > world->refused_above) {
        request->is_dropped = true;
        request->done_us = world->now_us + 1000;
        return;
    }
    for (uint32_t i = 1; i < world->servers; i++)
        server = world->free_us[i] < world->free_us[server] ? i : server;
    if (world->free_us[server] < world->now_us)
        world->free_us[server] = world->now_us;
    world->free_us[server] += drawn_service_us(world);
    request->done_us = world->free_us[server];
}

static void answer(struct world *world, uint32_t number)
{
    struct request request = world->flight[number];
    int64_t now_ms = request.done_us / 1000;
    int64_t latency_us =
        world->is_in_ms ? (now_ms - request.sent_us / 1000) * 1000 : request.done_us - request.sent_us;

    world->flight[number] = world->flight[--world->in_flight];
    world->now_us = request.done_us;
    if (request.is_dropped) {
        concurrency_dropped(&world->concurrency, latency_us, now_ms);
        return;
    }
    world->done++;
    concurrency_sample(&world->concurrency, latency_us, request.in_flight, now_ms);
}

static void look(struct world *world)
{
    uint32_t limit = concurrency_limit(&world->concurrency);

    world->limit_low = limit < world->limit_low ? limit : world->limit_low;
    world->limit_high = limit > world->limit_high ? limit : world->limit_high;
    world->limit_sum += limit;
    world->limit_count++;
}

/* Runs for so long; the numbers are of this run. */
static void run(struct world *world, int64_t seconds)
{
    int64_t until_us = world->now_us + seconds * 1000000;

    world->limit_low = UINT32_MAX;
    world->limit_high = 0;
    world->limit_sum = world->limit_count = world->done = 0;
    while (world->now_us < until_us) {
        uint32_t first = 0;

        while (world->in_flight < concurrency_limit(&world->concurrency) && world->in_flight < world->demand)
            send(world);
        for (uint32_t i = 1; i < world->in_flight; i++)
            first = world->flight[i].done_us < world->flight[first].done_us ? i : first;
        answer(world, first);
        look(world);
    }
    ck_assert_uint_ge(world->limit_low, 1);
    ck_assert_uint_le(world->limit_high, 500);
    world->limit_mean = (uint32_t)(world->limit_sum / world->limit_count);
    world->done_percent = (uint32_t)(world->done * 100 * (uint64_t)world->service_us /
                                     ((uint64_t)seconds * 1000000 * world->servers));
}

/* What the header promises of a service of C servers, with room for a step beyond beta. */
static void check_settled(const struct world *world)
{
    ck_assert_uint_ge(world->limit_mean, world->servers);
    ck_assert_uint_le(world->limit_mean, world->servers + world->servers / 4 + 8);
    ck_assert_uint_le(world->limit_high, world->servers + world->servers / 4 + 12);
    ck_assert_uint_ge(world->limit_low, world->servers / 4); /* in a probe */
    ck_assert_uint_ge(world->done_percent, 95);
}

static struct world tried; /* too large for a stack */

START_TEST(it_settles_a_little_above_what_the_service_does_at_one_time)
{
    static const uint32_t servers[] = {1, 4, 32};

    for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++) {
        for (uint32_t initial = 1; initial <= 25; initial += 24) {
            world_init(&tried, initial, servers[i], 20000);
            run(&tried, 15);
            run(&tried, 40);
            check_settled(&tried);
        }
    }
}
END_TEST

START_TEST(service_times_may_be_spread_widely)
{
    static const uint32_t servers[] = {2, 24};

    for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++) {
        world_init(&tried, 8, servers[i], 20000);
        tried.is_noisy = true;
        run(&tried, 40);
        run(&tried, 60);
        ck_assert_uint_ge(tried.limit_mean, servers[i]);
        ck_assert_uint_le(tried.limit_mean, 2 * servers[i] + 4);
        ck_assert_uint_ge(tried.done_percent, 95);
    }
}
END_TEST

START_TEST(it_keeps_to_its_maximum)
{
    world_init(&tried, 8, 64, 20000);
    concurrency_init(&tried.concurrency, 8, 20, tried.now_us / 1000);
    run(&tried, 10);
    ck_assert_uint_eq(tried.limit_high, 20);
    ck_assert_uint_ge(tried.limit_mean, 17);
}
END_TEST

START_TEST(less_than_1_ms_is_no_queue)
{
    struct concurrency concurrency;

    concurrency_init(&concurrency, 64, 500, 0);
    for (int64_t i = 0; i < 4000; i++)
        concurrency_sample(&concurrency, i < 1000 ? 100 : 900, concurrency_limit(&concurrency), 1 + i);
    ck_assert_uint_ge(concurrency_limit(&concurrency), 64);
}
END_TEST

START_TEST(latencies_in_whole_ms_do)
{
    world_init(&tried, 8, 4, 700);
    tried.is_in_ms = true;
    run(&tried, 5);
    run(&tried, 10);
    ck_assert_uint_ge(tried.done_percent, 95);
    ck_assert_uint_le(tried.limit_mean, 20);
    world_init(&tried, 8, 16, 3300);
    tried.is_in_ms = true;
    run(&tried, 15);
    run(&tried, 20);
    check_settled(&tried);
}
END_TEST

START_TEST(it_follows_a_service_that_loses_half_of_its_servers_and_gets_them_back)
{
    world_init(&tried, 8, 32, 20000);
    run(&tried, 5);
    run(&tried, 10);
    check_settled(&tried);
    tried.servers = 16;
    run(&tried, 5);
    run(&tried, 40);
    check_settled(&tried);
    tried.servers = 32;
    run(&tried, 10);
    run(&tried, 40);
    check_settled(&tried);
}
END_TEST

START_TEST(it_learns_that_the_service_became_slower_and_faster_again)
{
    world_init(&tried, 8, 32, 20000);
    run(&tried, 5);
    run(&tried, 10);
    check_settled(&tried);
    tried.service_us = 80000;
    run(&tried, 45);
    run(&tried, 40);
    check_settled(&tried);
    tried.service_us = 20000;
    run(&tried, 10);
    run(&tried, 40);
    check_settled(&tried);
}
END_TEST

START_TEST(a_limit_that_is_not_reached_does_not_grow)
{
    world_init(&tried, 8, 64, 20000);
    tried.demand = 10;
    run(&tried, 60);
    ck_assert_uint_le(tried.limit_high, 16);
    ck_assert_uint_ge(tried.limit_mean, 10);
}
END_TEST

START_TEST(it_stays_below_where_the_service_refuses)
{
    world_init(&tried, 8, 32, 20000);
    tried.refused_above = 20;
    run(&tried, 20);
    run(&tried, 40);
    ck_assert_uint_le(tried.limit_high, 21);
    ck_assert_uint_ge(tried.limit_mean, 14);
    ck_assert_uint_ge(tried.limit_low, 7); /* in a probe */
    tried.refused_above = 0;
    run(&tried, 20);
    run(&tried, 40);
    check_settled(&tried);
}
END_TEST

START_TEST(overload_takes_three_tenths_once_for_all_that_was_under_way)
{
    struct concurrency concurrency;

    concurrency_init(&concurrency, 100, 500, 0);
    for (int64_t i = 0; i < 100; i++)
        concurrency_dropped(&concurrency, 50000, 1000 + i / 10);
    ck_assert_uint_eq(concurrency_limit(&concurrency), 70);
    concurrency_dropped(&concurrency, 50000, 1050); /* sent after the decrease */
    ck_assert_uint_eq(concurrency_limit(&concurrency), 49);
}
END_TEST

START_TEST(it_never_goes_below_one_and_comes_back)
{
    world_init(&tried, 100, 16, 20000);
    for (int64_t i = 0; i < 100; i++) {
        tried.now_us += 1000000;
        concurrency_dropped(&tried.concurrency, 1000, tried.now_us / 1000);
    }
    ck_assert_uint_eq(concurrency_limit(&tried.concurrency), 1);
    run(&tried, 30);
    run(&tried, 40);
    check_settled(&tried);
}
END_TEST

START_TEST(what_was_sent_under_another_limit_says_nothing)
{
    struct concurrency concurrency;

    concurrency_init(&concurrency, 16, 500, 1000);
    for (size_t i = 0; i < 1000; i++)
        concurrency_sample(&concurrency, 50000, 16, 1049);
    ck_assert_uint_eq(concurrency.window.count, 0);
    concurrency_sample(&concurrency, 50000, 16, 1050);
    ck_assert_uint_eq(concurrency.window.count, 1);
}
END_TEST

UNIT_TESTS("engine/concurrency", it_settles_a_little_above_what_the_service_does_at_one_time,
           service_times_may_be_spread_widely, it_keeps_to_its_maximum, less_than_1_ms_is_no_queue,
           latencies_in_whole_ms_do,
           it_follows_a_service_that_loses_half_of_its_servers_and_gets_them_back,
           it_learns_that_the_service_became_slower_and_faster_again, a_limit_that_is_not_reached_does_not_grow,
           it_stays_below_where_the_service_refuses, overload_takes_three_tenths_once_for_all_that_was_under_way,
           it_never_goes_below_one_and_comes_back, what_was_sent_under_another_limit_says_nothing)
