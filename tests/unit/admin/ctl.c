#include "../../support/unit.h"

#include "admin/ctl.h"
#include "common/memory.h"

#include <string.h>
#include <unistd.h>

static const struct ctl_identity identity = {.worker = "ifmatch-0", .topic = "updates", .started_ms = 1000};

static char *answer_of(const struct admin_view *view, enum ctl_order order, bool changed)
{
    struct buffer out;

    buffer_init(&out, 1 << 20);
    ctl_answer(&identity, view, order, changed, &out);
    return buffer_detach(&out);
}

START_TEST(the_answer_tells_state_and_partitions)
{
    const struct counters counters = {
        .value = {[COUNTER_REQUESTS_IN_FLIGHT] = 3, [COUNTER_EVENTS_HELD] = 12},
        .finished = {[OUTCOME_MERGED] = 7},
    };
    const struct admin_partition partitions[] = {
        {.state = {.partition = 7, .watermark = 42, .committed = 40, .unfinished = 2, .oldest_timestamp_ms = 97500},
         .end = 50},
        {.state = {.partition = 8, .committed = -1, .oldest_timestamp_ms = -1, .oldest_received_ms = -1}, .end = -1},
    };
    const struct admin_view view = {.counters = &counters,
                                    .partitions = partitions,
                                    .partition_count = 2,
                                    .intake = INTAKE_UNAUTHORIZED,
                                    .now_ms = 3500,
                                    .wall_ms = 100000};
    auto_text text = answer_of(&view, CTL_ORDER_STATE, false);
    auto_text wanted = memory_format(
        "{\"state\":\"unauthorized\",\"why\":\"no credentials that the service takes: refused (401), or none are to be had\",\"stopping\":false,"
        "\"worker\":\"ifmatch-0\",\"version\":\"%s\",\"pid\":%d,\"uptime_seconds\":2.5,"
        "\"requests_in_flight\":3,\"events_held\":12,",
        IFMATCH_VERSION, (int)getpid());

    ck_assert_msg(strncmp(text, wanted, strlen(wanted)) == 0, "%s", text);
    ck_assert_msg(strstr(text, "\"merged\":7") != NULL, "%s", text);
    ck_assert_msg(strstr(text, ",\"topic\":\"updates\",\"partitions\":["
                               "{\"partition\":7,\"watermark\":42,\"committed\":40,\"end\":50,\"lag\":10,"
                               "\"unfinished\":2,\"oldest_age_seconds\":2.5},"
                               "{\"partition\":8,\"watermark\":0,\"committed\":null,\"end\":null,\"lag\":null,"
                               "\"unfinished\":0,\"oldest_age_seconds\":0}]}\n") != NULL,
                  "%s", text);
}
END_TEST

START_TEST(pause_and_resume_tell_whether_they_changed_anything)
{
    const struct counters counters = {0};
    const struct admin_view view = {.counters = &counters, .intake = INTAKE_PAUSED, .is_stopping = true};
    auto_text first = answer_of(&view, CTL_ORDER_PAUSE, true);
    auto_text second = answer_of(&view, CTL_ORDER_PAUSE, false);

    ck_assert_ptr_nonnull(strstr(first, "{\"state\":\"paused\","));
    ck_assert_ptr_nonnull(strstr(first, "\"changed\":true,\"stopping\":true,"));
    ck_assert_ptr_nonnull(strstr(second, "\"changed\":false,"));
}
END_TEST

START_TEST(an_order_is_found_by_its_exact_name)
{
    enum ctl_order order = CTL_ORDER_STATE;

    ck_assert(ctl_order_parse(BYTES("resume"), &order));
    ck_assert_int_eq(order, CTL_ORDER_RESUME);
    ck_assert(!ctl_order_parse(BYTES("Resume"), &order));
    ck_assert(!ctl_order_parse(BYTES("res"), &order));
    ck_assert(!ctl_order_parse(BYTES(""), &order));
}
END_TEST

UNIT_TESTS("admin/ctl", the_answer_tells_state_and_partitions, pause_and_resume_tell_whether_they_changed_anything,
           an_order_is_found_by_its_exact_name)
