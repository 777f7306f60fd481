#include "admin/socket.h"

#include "common/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG      16
#define LOCK_TRIES   200
#define LOCK_WAIT_MS 10

static bool set_address(const char *path, struct sockaddr_un *ret_address, struct error *error)
{
    size_t size = strlen(path);

    *ret_address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (size >= sizeof(ret_address->sun_path))
        return error_set(error, ERROR_USAGE, "the path of a socket has at most %zu bytes",
                         sizeof(ret_address->sun_path) - 1);
    memcpy(ret_address->sun_path, path, size);
    return true;
}

static int connect_now(const struct sockaddr_un *address)
{
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), failure;

    if (descriptor >= 0 && connect(descriptor, (const struct sockaddr *)address, sizeof(*address)) != 0) {
        failure = errno;
        close(descriptor);
        errno = failure;
        return -1;
    }
    return descriptor;
}

static bool refuse_living(int descriptor, struct error *error)
{
    struct ucred peer = {0};
    socklen_t size = sizeof(peer);

    getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size);
    close(descriptor);
    return error_set(error, ERROR_USAGE,
                     "a living process (pid %d) listens there; another worker on this machine needs a path of its own, "
                     "or admin.socket: off",
                     (int)peer.pid);
}

/* The path is free, or becomes free because nobody listens on what is there. */
static bool clear_path(const char *path, const struct sockaddr_un *address, struct error *error)
{
    struct stat status;
    int descriptor;

    if (lstat(path, &status) != 0)
        return errno == ENOENT || error_set_errno(error, "cannot look at it");
    if (!S_ISSOCK(status.st_mode))
        return error_set(error, ERROR_USAGE, "there is a file that is no socket; it is not replaced");
    descriptor = connect_now(address);
    if (descriptor >= 0)
        return refuse_living(descriptor, error);
    if (errno != ECONNREFUSED)
        return error_set_errno(error, "cannot find out whether somebody listens there");
    return unlink(path) == 0 || error_set_errno(error, "cannot remove what a dead process left there");
}

/* The mask and not a later chmod: there is no moment with wider rights. */
static bool bind_narrowly(int descriptor, const struct sockaddr_un *address)
{
    mode_t mask = umask(0177);
    bool is_bound = bind(descriptor, (const struct sockaddr *)address, sizeof(*address)) == 0;
    int failure = errno;

    umask(mask);
    errno = failure;
    return is_bound;
}

static int listen_there(const char *path, struct socket_file *ret_file, struct error *error)
{
    struct sockaddr_un address;
    int descriptor, self = -1;

    if (!set_address(path, &address, error) || !clear_path(path, &address, error))
        return -1;
    descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor >= 0 && bind_narrowly(descriptor, &address))
        self = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (self >= 0 && listen(descriptor, BACKLOG) == 0) {
        *ret_file = (struct socket_file){memory_text(path), self};
        return descriptor;
    }
    error_set_errno(error, "cannot listen there");
    if (self >= 0)
        close(self);
    if (descriptor >= 0)
        close(descriptor);
    return -1;
}

/* Held for an instant by each; a stranger who holds it for longer in a directory of all must not hang the start. */
static bool lock_soon(int descriptor)
{
    for (int i = 0; i < LOCK_TRIES; i++) {
        if (flock(descriptor, LOCK_EX | LOCK_NB) == 0)
            return true;
        if (errno != EWOULDBLOCK)
            return false;
        poll(NULL, 0, LOCK_WAIT_MS);
    }
    return false;
}

/* Opened and locked: two that begin at once must not both find the path free, the second would take the first one's
 * socket away. */
static int lock_directory(const char *path, struct error *error)
{
    auto_text directory = memory_text_n(path, (size_t)(strrchr(path, '/') - path) + 1);
    int descriptor;

    if (mkdir(directory, 0700) != 0 && errno != EEXIST) {
        error_set_errno(error, "cannot make the directory %s", directory);
        return -1;
    }
    descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0 && lock_soon(descriptor))
        return descriptor;
    error_set_errno(error, "cannot use the directory %s", directory);
    if (descriptor >= 0)
        close(descriptor);
    return -1;
}

static int lock_and_listen(const char *path, struct socket_file *ret_file, struct error *error)
{
    int directory, descriptor;

    if (path[0] != '/') {
        error_set(error, ERROR_USAGE, "expected a path from the root on");
        return -1;
    }
    directory = lock_directory(path, error);
    if (directory < 0)
        return -1;
    descriptor = listen_there(path, ret_file, error);
    close(directory);
    return descriptor;
}

int socket_listen(const char *path, struct socket_file *ret_file, struct error *error)
{
    int descriptor = lock_and_listen(path, ret_file, error);

    if (descriptor >= 0)
        return descriptor;
    error_wrap(error, "admin.socket '%s'", path);
    error->kind = ERROR_USAGE; /* whatever the system's reason: another path can help, a retry cannot */
    return -1;
}

void socket_remove(struct socket_file *file)
{
    struct stat there, own;

    if (file->path == NULL)
        return;
    if (lstat(file->path, &there) == 0 && fstat(file->self, &own) == 0 && there.st_dev == own.st_dev &&
        there.st_ino == own.st_ino)
        unlink(file->path);
    close(file->self);
    free(take(file->path));
}

static void explain(const char *path, int failure, struct error *error)
{
    switch (failure) {
    case ENOENT:
        error_set(error, ERROR_UNAVAILABLE,
                  "no worker listens on %s: there is no such socket. A worker makes it at its start where its "
                  "configuration has admin.socket; look on its machine, in its container",
                  path);
        return;
    case ECONNREFUSED:
        error_set(error, ERROR_UNAVAILABLE,
                  "no worker listens on %s: the one that made the socket was killed. Its successor takes it over", path);
        return;
    case EACCES:
        error_set(error, ERROR_UNAVAILABLE, "%s: not allowed; run this as the user of the worker", path);
        return;
    default:
        errno = failure;
        error_set_errno(error, "%s", path);
    }
}

int socket_connect(const char *path, int64_t timeout_ms, struct error *error)
{
    const struct timeval timeout = {.tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000};
    struct sockaddr_un address;
    int descriptor;

    if (!set_address(path, &address, error)) {
        error_wrap(error, "%s", path);
        return -1;
    }
    descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor >= 0 && setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) == 0 &&
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) == 0 &&
        connect(descriptor, (struct sockaddr *)&address, sizeof(address)) == 0)
        return descriptor;
    explain(path, errno, error);
    if (descriptor >= 0)
        close(descriptor);
    return -1;
}
