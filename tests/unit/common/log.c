#include "common/json_scan.h"
#include "common/log.h"
#include "common/memory.h"
#include "common/timestamp.h"
#include "tests/support/unit.h"
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int ends[2];

static void open_pipe(enum log_format format, enum log_level level)
{
    ck_assert_int_eq(pipe2(ends, O_NONBLOCK), 0);
    log_open(ends[1], format, level);
}

static const char *lines(void)
{
    static char text[65536];
    ssize_t size = read(ends[0], text, sizeof(text) - 1);

    text[size > 0 ? size : 0] = '\0';
    return text;
}

START_TEST(a_line_of_text_for_people)
{
    const struct log_place place = {.topic = "updates", .partition = 3, .offset = 1042, .document = BYTES("47 11")};
    const char *text;
    int64_t wall_ms;

    open_pipe(LOG_TEXT, LOG_INFO);
    log_at(LOG_WARN, "service", &place, "status %d", 412);
    text = lines();
    ck_assert(timestamp_parse((struct bytes){text, 24}, &wall_ms));
    ck_assert_str_eq(text + 24, " warn  service: status 412 topic=updates partition=3 offset=1042 document=47 11\n");
    log_info("main", "ready");
    ck_assert_str_eq(lines() + 24, " info  main: ready\n");
}
END_TEST

START_TEST(what_is_not_known_is_left_out)
{
    const struct log_place only_topic = {.topic = "t", .partition = -1, .offset = -1};
    const struct log_place only_document = {.document = BYTES("d")};

    open_pipe(LOG_TEXT, LOG_INFO);
    log_at(LOG_INFO, "x", &only_topic, "m");
    ck_assert_str_eq(lines() + 24, " info  x: m topic=t\n");
    log_at(LOG_INFO, "x", &only_document, "m");
    ck_assert_str_eq(lines() + 24, " info  x: m document=d\n");
}
END_TEST

START_TEST(one_json_object_for_machines)
{
    const struct log_place place = {.topic = "up\"dates", .partition = 0, .offset = 0, .document = BYTES("a\nb\xff")};
    const struct json_limits limits = JSON_LIMITS_DEFAULT;
    struct arena *arena = arena_new(4096);
    struct json_fault fault;
    struct json json;
    const char *text;

    open_pipe(LOG_JSON, LOG_INFO);
    log_at(LOG_ERROR, "kafka", &place, "say \"%s\"", "no");
    text = lines();
    ck_assert(json_scan(bytes_of(text), &limits, arena, &json, &fault));
    ck_assert_ptr_nonnull(strstr(text, "{\"ts\":\"20"));
    ck_assert_ptr_nonnull(strstr(text, "\",\"level\":\"error\",\"component\":\"kafka\",\"msg\":\"say \\\"no\\\"\","
                                       "\"topic\":\"up\\\"dates\",\"partition\":0,\"offset\":0,"
                                       "\"document\":\"a\\nb\xEF\xBF\xBD\"}\n"));
    arena_free(arena);
}
END_TEST

START_TEST(nothing_from_outside_breaks_the_line_or_commands_the_terminal)
{
    const struct log_place place = {.document = BYTES("a\r\nb\x1b[31m\0\xff\xc2\x9b")};
    const char *text;

    open_pipe(LOG_TEXT, LOG_INFO);
    log_at(LOG_INFO, "x", &place, "m\n\xc3\xa9");
    text = lines();
    ck_assert_str_eq(text + 24,
                     " info  x: m\\x0a\xc3\xa9 document=a\\x0d\\x0ab\\x1b[31m\\x00\\xff\\xc2\\x9b\n");
}
END_TEST

START_TEST(a_long_message_is_cut_and_still_one_line)
{
    const struct json_limits limits = JSON_LIMITS_DEFAULT;
    struct arena *arena = arena_new(4096);
    char message[20000];
    struct log_place place = {.document = {message, sizeof(message)}};
    struct json_fault fault;
    struct json json;

    memset(message, '\x01', sizeof(message));
    message[sizeof(message) - 1] = '\0';
    open_pipe(LOG_JSON, LOG_INFO);
    log_at(LOG_INFO, "x", &place, "%s", message);
    ck_assert(json_scan(bytes_of(lines()), &limits, arena, &json, &fault));
    arena_free(arena);
}
END_TEST

START_TEST(levels_are_a_threshold)
{
    enum log_level level = LOG_ERROR;

    open_pipe(LOG_TEXT, LOG_WARN);
    ck_assert(!log_enabled(LOG_INFO));
    ck_assert(log_enabled(LOG_WARN));
    log_info("x", "not this");
    log_debug("x", "nor this");
    ck_assert_str_eq(lines(), "");
    log_set_level(LOG_TRACE);
    log_debug("x", "this");
    ck_assert_str_eq(lines() + 24, " debug x: this\n");
    for (int i = LOG_TRACE; i <= LOG_ERROR; i++) {
        ck_assert(log_level_parse(bytes_of(log_level_name((enum log_level)i)), &level));
        ck_assert_int_eq(level, i);
    }
    ck_assert(!log_level_parse(BYTES("Info"), &level));
    ck_assert(!log_level_parse(BYTES(""), &level));
    ck_assert_int_eq(level, LOG_ERROR);
}
END_TEST

START_TEST(repeats_of_one_place_are_limited)
{
    const char *text;
    int count = 0;

    open_pipe(LOG_TEXT, LOG_INFO);
    for (int i = 0; i < 50; i++)
        log_info("x", "number %d", i);
    log_info("x", "another place");
    text = lines();
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
        count++;
    ck_assert_int_eq(count, 11);
    ck_assert_ptr_nonnull(strstr(text, "number 9\n"));
    ck_assert_ptr_null(strstr(text, "number 10\n"));
    ck_assert_ptr_nonnull(strstr(text, "another place\n"));
}
END_TEST

UNIT_TESTS("common/log", a_line_of_text_for_people, what_is_not_known_is_left_out, one_json_object_for_machines,
           nothing_from_outside_breaks_the_line_or_commands_the_terminal, a_long_message_is_cut_and_still_one_line,
           levels_are_a_threshold, repeats_of_one_place_are_limited)
