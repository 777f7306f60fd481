#include "service/token_file.h"
#include "common/memory.h"
#include "tests/support/config.h"
#include "tests/support/unit.h"

#include <sys/time.h>

static struct token_file file;
static char *directory;

/* At a time of its own: two writes within one tick of the file system's clock would look the same. */
static void put(const char *text, int second)
{
    const struct timeval times[2] = {{.tv_sec = second}, {.tv_sec = second}};

    file_write("token", text);
    ck_assert_int_eq(utimes("token", times), 0);
}

static void begin(void)
{
    directory = enter_directory();
    token_file_init(&file, "token");
}

static void end(void)
{
    token_file_release(&file);
    unlink("token");
    unlink("a");
    unlink("b");
    ck_assert_int_eq(rmdir(directory), 0);
    free(directory);
}

START_TEST(a_token_is_read_again_when_its_file_changes)
{
    begin();
    put("first\n", 1);
    token_file_look(&file, 0);
    ck_assert_str_eq(file.token, "first");
    put("later\n", 2);
    token_file_look(&file, TOKEN_FILE_LOOK_MS - 1); /* not so often */
    ck_assert_str_eq(file.token, "first");
    token_file_look(&file, TOKEN_FILE_LOOK_MS);
    ck_assert_str_eq(file.token, "later");
    ck_assert_uint_eq(file.number, 2);
    end();
}
END_TEST

START_TEST(a_link_that_leads_elsewhere_is_a_change)
{
    begin();
    put("first", 1);
    ck_assert_int_eq(rename("token", "a"), 0);
    put("other", 1);
    ck_assert_int_eq(rename("token", "b"), 0);
    ck_assert_int_eq(symlink("a", "token"), 0);
    token_file_look(&file, 0);
    ck_assert_str_eq(file.token, "first");
    ck_assert_int_eq(symlink("b", "new"), 0);
    ck_assert_int_eq(rename("new", "token"), 0);
    token_file_look(&file, TOKEN_FILE_LOOK_MS);
    ck_assert_str_eq(file.token, "other");
    end();
}
END_TEST

START_TEST(a_file_that_is_gone_leaves_the_last_token)
{
    begin();
    token_file_look(&file, 0);
    ck_assert_ptr_null(file.token);
    ck_assert_str_eq(file.failure, "token file token: No such file or directory");
    put("first", 1);
    token_file_look(&file, 5000);
    ck_assert_ptr_null(file.failure);
    ck_assert_int_eq(unlink("token"), 0);
    token_file_look(&file, 10000);
    ck_assert_str_eq(file.token, "first");
    put("", 2); /* in the middle of being written */
    token_file_look(&file, 15000);
    ck_assert_str_eq(file.token, "first");
    put("later", 2);
    token_file_look(&file, 20000);
    ck_assert_str_eq(file.token, "later");
    end();
}
END_TEST

START_TEST(what_cannot_stand_in_a_header_is_no_token)
{
    begin();
    put("CANARY\nX-Forged: yes\n", 1);
    token_file_look(&file, 0);
    ck_assert_ptr_null(file.token);
    ck_assert_str_eq(file.failure, "token file token: it is not one line of visible characters");
    end();
}
END_TEST

START_TEST(after_a_refusal_the_file_is_looked_at_at_once)
{
    begin();
    put("first", 1);
    token_file_look(&file, 0);
    ck_assert(!token_file_refused(&file, 1, 1)); /* there is no other one */
    put("later", 2);
    ck_assert(token_file_refused(&file, 1, 2));
    ck_assert_str_eq(file.token, "later");
    end();
}
END_TEST

UNIT_TESTS("service/token_file", a_token_is_read_again_when_its_file_changes, a_link_that_leads_elsewhere_is_a_change,
           a_file_that_is_gone_leaves_the_last_token, what_cannot_stand_in_a_header_is_no_token,
           after_a_refusal_the_file_is_looked_at_at_once)
