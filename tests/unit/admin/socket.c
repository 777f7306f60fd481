#include "../../support/unit.h"

#include "admin/socket.h"
#include "common/memory.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/ifmatch-socket-XXXXXX";
static char path[64];

static void begin(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/made/ctl.sock", folder);
}

static void end(void)
{
    unlink(path);
    *strrchr(path, '/') = '\0';
    rmdir(path);
    rmdir(folder);
}

static int listen_well(struct socket_file *file)
{
    struct error error = {0};
    int descriptor = socket_listen(path, file, &error);

    ck_assert_msg(descriptor >= 0, "%s", error.text);
    return descriptor;
}

static void refused(const char *where, const char *why)
{
    struct socket_file file = {0};
    struct error error = {0};

    ck_assert_int_eq(socket_listen(where, &file, &error), -1);
    ck_assert_int_eq(error.kind, ERROR_USAGE);
    ck_assert_msg(strstr(error.text, why) != NULL, "%s", error.text);
    ck_assert_ptr_null(file.path);
}

START_TEST(the_owner_alone_may_use_it_whatever_the_mask_was)
{
    struct socket_file file;
    struct stat status;
    int descriptor;

    begin();
    umask(0);
    descriptor = listen_well(&file);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode, S_IFSOCK | 0600);
    ck_assert_uint_eq(umask(022), 0);
    socket_remove(&file);
    ck_assert_int_ne(stat(path, &status), 0);
    close(descriptor);
    end();
}
END_TEST

START_TEST(a_living_one_is_an_error_and_a_dead_one_is_replaced)
{
    struct socket_file first, second;
    struct error error = {0};
    int descriptor, client;

    begin();
    descriptor = listen_well(&first);
    refused(path, "a living process (pid");
    close(descriptor);
    ck_assert_int_eq(socket_connect(path, 1000, &error), -1);
    ck_assert_msg(strstr(error.text, path) != NULL && strstr(error.text, "was killed") != NULL, "%s", error.text);
    descriptor = listen_well(&second);
    client = socket_connect(path, 1000, &error);
    ck_assert_int_ge(client, 0);
    close(client);
    socket_remove(&first); /* it is the other's now */
    client = socket_connect(path, 1000, &error);
    ck_assert_int_ge(client, 0);
    close(client);
    socket_remove(&second);
    close(descriptor);
    end();
}
END_TEST

#define CONTENDERS 8

/* Says '1' if it has the socket, and keeps it until the other end of `stay` is closed. */
static void contend(int go, int say, int stay)
{
    struct socket_file file = {0};
    struct error error = {0};
    char byte;

    if (read(go, &byte, 1) != 1)
        _exit(1);
    byte = socket_listen(path, &file, &error) >= 0 ? '1' : '0';
    if (write(say, &byte, 1) != 1 || read(stay, &byte, 1) != 0)
        _exit(1);
    _exit(0);
}

/* How many of them have it. */
static int contest(void)
{
    struct socket_file dead;
    int go[2], say[2], stay[2], winners = 0;
    char byte;

    close(listen_well(&dead));
    ck_assert(pipe(go) == 0 && pipe(say) == 0 && pipe(stay) == 0);
    for (int i = 0; i < CONTENDERS; i++) {
        if (fork() == 0) {
            close(stay[1]);
            contend(go[0], say[1], stay[0]);
        }
    }
    ck_assert_int_eq(write(go[1], "12345678", CONTENDERS), CONTENDERS);
    for (int i = 0; i < CONTENDERS; i++) {
        ck_assert_int_eq(read(say[0], &byte, 1), 1);
        winners += byte == '1';
    }
    for (int i = 0; i < 2; i++) {
        close(go[i]);
        close(say[i]);
        close(stay[i]);
    }
    for (int i = 0; i < CONTENDERS; i++)
        ck_assert_int_gt(wait(NULL), 0);
    socket_remove(&dead);
    return winners;
}

START_TEST(of_several_that_find_a_dead_one_at_once_one_wins)
{
    begin();
    for (int round = 0; round < 40; round++)
        ck_assert_int_eq(contest(), 1);
    end();
}
END_TEST

START_TEST(what_is_no_socket_stays_as_it_is)
{
    struct stat status;
    char *slash;

    begin();
    slash = strrchr(path, '/');
    *slash = '\0';
    ck_assert_int_eq(mkdir(path, 0700), 0);
    *slash = '/';
    ck_assert_int_eq(close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0644)), 0);
    refused(path, "no socket");
    ck_assert_int_eq(lstat(path, &status), 0);
    ck_assert(S_ISREG(status.st_mode));
    end();
}
END_TEST

START_TEST(a_path_that_cannot_be_used_is_said)
{
    char longer[200];

    refused("ctl.sock", "from the root");
    snprintf(longer, sizeof(longer), "/tmp/%0150d", 1);
    refused(longer, "at most 107 bytes");
    refused("/tmp/ifmatch-none/of/these", "cannot make the directory");
    refused("/dev/null/ctl.sock", "/dev/null");
}
END_TEST

UNIT_TESTS("admin/socket", the_owner_alone_may_use_it_whatever_the_mask_was,
           a_living_one_is_an_error_and_a_dead_one_is_replaced,
           of_several_that_find_a_dead_one_at_once_one_wins, what_is_no_socket_stays_as_it_is,
           a_path_that_cannot_be_used_is_said)
