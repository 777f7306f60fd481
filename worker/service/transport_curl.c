#include "service/transport_curl.h"

#include "common/clock.h"
#include "common/list.h"
#include "common/memory.h"
#include "service/transfer.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS_EACH_RUN 64

struct transport_curl {
    struct transport transport;
    CURLM *multi;
    int descriptor; /* epoll */
    int64_t timer_ms;
    char *ca_file;
    char *certificate_file;
    char *key_file;
    char *key_password;
    char *proxy;
    struct transfer_options options;
    struct list under_way;
    struct list done;
    struct list spare;
    struct transfer *current; /* handed out */
};

static struct transport_curl *curl_of(const struct transport *transport)
{
    return (struct transport_curl *)transport; /* its first member */
}

/* --- what libcurl tells --- */

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *context, void *socket_context)
{
    struct transport_curl *curl = context;
    struct epoll_event event = {.data.fd = socket};

    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(curl->descriptor, EPOLL_CTL_DEL, socket, NULL);
        curl_multi_assign(curl->multi, socket, NULL);
        return 0;
    }
    event.events = (what & CURL_POLL_IN ? EPOLLIN : 0U) | (what & CURL_POLL_OUT ? EPOLLOUT : 0U);
    epoll_ctl(curl->descriptor, socket_context != NULL ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
    curl_multi_assign(curl->multi, socket, curl);
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *context)
{
    struct transport_curl *curl = context;

    (void)multi;
    curl->timer_ms = timeout_ms < 0 ? INT64_MAX : clock_now_ms() + timeout_ms;
    return 0;
}

/* --- transfers --- */

static struct transfer *transfer_take(struct transport_curl *curl)
{
    struct transfer *transfer;

    if (list_is_empty(&curl->spare))
        return transfer_new();
    transfer = list_item(curl->spare.next, struct transfer, node);
    list_remove(&transfer->node);
    return transfer;
}

static void transfer_give_back(struct transport_curl *curl, struct transfer *transfer)
{
    transfer_clear(transfer);
    list_remove(&transfer->node);
    list_push_front(&curl->spare, &transfer->node);
}

static bool transport_send(struct transport *transport, const struct http_request *request, struct error *error)
{
    struct transport_curl *curl = curl_of(transport);
    struct transfer *transfer = transfer_take(curl);
    CURLMcode code;

    transfer_begin(transfer, &curl->options, request);
    code = curl_multi_add_handle(curl->multi, transfer->easy);
    if (code != CURLM_OK) {
        transfer_give_back(curl, transfer);
        return error_set(error, ERROR_SYSTEM, "%s", curl_multi_strerror(code));
    }
    list_push_back(&curl->under_way, &transfer->node);
    return true;
}

static bool drop(struct transport_curl *curl, struct list *transfers, uint64_t id)
{
    list_each_safe(node, transfers)
    {
        struct transfer *transfer = list_item(node, struct transfer, node);

        if (transfer->id != id)
            continue;
        curl_multi_remove_handle(curl->multi, transfer->easy);
        transfer_give_back(curl, transfer);
        return true;
    }
    return false;
}

static void transport_cancel(struct transport *transport, uint64_t id)
{
    struct transport_curl *curl = curl_of(transport);

    if (!drop(curl, &curl->under_way, id))
        drop(curl, &curl->done, id);
}

static void collect(struct transport_curl *curl)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(curl->multi, &left)) != NULL) {
        struct transfer *transfer;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        transfer->code = message->data.result;
        curl_multi_remove_handle(curl->multi, transfer->easy);
        list_remove(&transfer->node);
        list_push_back(&curl->done, &transfer->node);
    }
}

static void transport_run(struct transport *transport, int64_t now_ms)
{
    struct transport_curl *curl = curl_of(transport);
    struct epoll_event events[EVENTS_EACH_RUN];
    int running, count;

    do {
        count = epoll_wait(curl->descriptor, events, EVENTS_EACH_RUN, 0);
        for (int i = 0; i < count; i++) {
            int what = (events[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) |
                       (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                       (events[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);

            curl_multi_socket_action(curl->multi, events[i].data.fd, what, &running);
        }
    } while (count == EVENTS_EACH_RUN);
    if (curl->timer_ms <= now_ms) {
        curl->timer_ms = INT64_MAX;
        curl_multi_socket_action(curl->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    collect(curl);
}

static bool transport_next(struct transport *transport, struct http_answer *ret_answer)
{
    struct transport_curl *curl = curl_of(transport);

    if (curl->current != NULL)
        transfer_give_back(curl, take(curl->current));
    if (list_is_empty(&curl->done))
        return false;
    curl->current = list_item(curl->done.next, struct transfer, node);
    list_remove(&curl->current->node);
    transfer_answer(curl->current, ret_answer);
    return true;
}

static int transport_descriptor(const struct transport *transport)
{
    return curl_of(transport)->descriptor;
}

static int64_t transport_deadline(const struct transport *transport)
{
    const struct transport_curl *curl = curl_of(transport);

    return list_is_empty(&curl->done) ? curl->timer_ms : 0;
}

static void free_all(struct transport_curl *curl, struct list *transfers)
{
    list_each_safe(node, transfers)
    {
        struct transfer *transfer = list_item(node, struct transfer, node);

        curl_multi_remove_handle(curl->multi, transfer->easy);
        transfer_free(transfer);
    }
}

static void transport_free(struct transport *transport)
{
    struct transport_curl *curl = curl_of(transport);

    if (curl->current != NULL)
        transfer_free(curl->current);
    free_all(curl, &curl->under_way);
    free_all(curl, &curl->done);
    free_all(curl, &curl->spare);
    curl_multi_cleanup(curl->multi);
    if (curl->descriptor >= 0)
        close(curl->descriptor);
    free(curl->ca_file);
    free(curl->certificate_file);
    free(curl->key_file);
    free(curl->key_password);
    free(curl->proxy);
    free(curl);
}

static const struct transport_operations operations = {
    .send = transport_send,
    .cancel = transport_cancel,
    .run = transport_run,
    .next = transport_next,
    .descriptor = transport_descriptor,
    .deadline = transport_deadline,
    .free = transport_free,
};

static void set_up_multi(struct transport_curl *curl, size_t connections_max)
{
    curl_multi_setopt(curl->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(curl->multi, CURLMOPT_SOCKETDATA, curl);
    curl_multi_setopt(curl->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(curl->multi, CURLMOPT_TIMERDATA, curl);
    curl_multi_setopt(curl->multi, CURLMOPT_MAXCONNECTS, (long)connections_max);
}

static void keep_options(struct transport_curl *curl, const struct transport_options *options)
{
    curl->ca_file = memory_text(options->ca_file);
    curl->certificate_file = memory_text(options->certificate_file);
    curl->key_file = memory_text(options->key_file);
    curl->key_password = memory_text(options->key_password);
    curl->proxy = memory_text(options->proxy);
    curl->options = (struct transfer_options){
        .ca_file = curl->ca_file,
        .certificate_file = curl->certificate_file,
        .key_file = curl->key_file,
        .key_password = curl->key_password,
        .proxy = curl->proxy,
        .connect_timeout_ms = options->connect_timeout_ms,
    };
}

struct transport *transport_curl_new(const struct transport_options *options, struct error *error)
{
    struct transport_curl *curl;

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        error_set(error, ERROR_SYSTEM, "libcurl cannot begin");
        return NULL;
    }
    curl = memory_new(sizeof(*curl));
    curl->transport.operations = &operations;
    curl->timer_ms = INT64_MAX;
    keep_options(curl, options);
    list_init(&curl->under_way);
    list_init(&curl->done);
    list_init(&curl->spare);
    curl->multi = curl_multi_init();
    curl->descriptor = epoll_create1(EPOLL_CLOEXEC);
    if (curl->multi == NULL || curl->descriptor < 0) {
        error_set_errno(error, "the HTTP client cannot be set up");
        transport_free(&curl->transport);
        return NULL;
    }
    set_up_multi(curl, options->connections_max);
    return &curl->transport;
}
