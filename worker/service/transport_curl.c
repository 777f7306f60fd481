#include "service/transport_curl.h"

#include "common/buffer.h"
#include "common/check.h"
#include "common/clock.h"
#include "common/list.h"
#include "common/memory.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <unistd.h>

#define HEADERS_MAX       64
#define HEADERS_BYTES_MAX 65536
#define EVENTS_EACH_RUN   64

struct transfer {
    struct list node; /* under way, done or spare */
    CURL *easy;
    struct curl_slist *header_list;
    uint64_t id;
    const struct http_request *request; /* only until it is set up */
    int64_t began_ms;
    size_t body_max;
    struct buffer head; /* name, value, name, value ... of the final answer */
    struct buffer body;
    size_t header_ends[2 * HEADERS_MAX];
    size_t header_count;
    unsigned times_sent;
    bool is_too_large;
    CURLcode code;
    char why[CURL_ERROR_SIZE];
    struct http_header headers[HEADERS_MAX];
};

struct transport_curl {
    struct transport transport;
    CURLM *multi;
    int descriptor; /* epoll */
    int64_t timer_ms;
    char *ca_file;
    char *proxy;
    int64_t connect_timeout_ms;
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

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;

    if (transfer->body.size + size * count > transfer->body_max) {
        transfer->is_too_large = true;
        return 0; /* ends the transfer */
    }
    buffer_add(&transfer->body, (struct bytes){data, size * count});
    return size * count;
}

/* A line of an answer's head. An interim answer (1xx) is followed by another head: a status line begins anew. */
static size_t on_header(char *data, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    struct bytes line = {data, size * count};
    size_t colon;

    if (bytes_start_with(line, BYTES("HTTP/"))) {
        buffer_reset(&transfer->head);
        transfer->header_count = 0;
    } else if (bytes_find(line, ':', &colon) && transfer->header_count < HEADERS_MAX) {
        buffer_add(&transfer->head, (struct bytes){data, colon});
        transfer->header_ends[2 * transfer->header_count] = transfer->head.size;
        buffer_add(&transfer->head, bytes_trim(bytes_from(line, colon + 1)));
        transfer->header_ends[2 * transfer->header_count + 1] = transfer->head.size;
        transfer->header_count++;
    }
    return size * count;
}

/* libcurl sends a request again by itself when a reused connection dies before the first byte of the answer; only its
 * trace of what goes out tells. */
static int on_trace(CURL *easy, curl_infotype type, char *data, size_t size, void *context)
{
    struct transfer *transfer = context;

    (void)easy;
    (void)data;
    (void)size;
    if (type == CURLINFO_HEADER_OUT)
        transfer->times_sent++;
    return 0;
}

/* --- transfers --- */

static struct transfer *transfer_take(struct transport_curl *curl)
{
    struct transfer *transfer;

    if (!list_is_empty(&curl->spare)) {
        transfer = list_item(curl->spare.next, struct transfer, node);
        list_remove(&transfer->node);
        return transfer;
    }
    transfer = memory_new(sizeof(*transfer));
    list_init(&transfer->node);
    transfer->easy = curl_easy_init();
    if (transfer->easy == NULL)
        never("libcurl has memory for a handle");
    buffer_init(&transfer->head, HEADERS_BYTES_MAX);
    buffer_init(&transfer->body, SIZE_MAX / 2);
    return transfer;
}

#define BODY_KEPT_BYTES (256 * 1024) /* a larger buffer is not worth keeping */

static void transfer_give_back(struct transport_curl *curl, struct transfer *transfer)
{
    curl_slist_free_all(transfer->header_list);
    transfer->header_list = NULL;
    curl_easy_reset(transfer->easy);
    if (transfer->body.capacity > BODY_KEPT_BYTES) {
        buffer_release(&transfer->body);
        buffer_init(&transfer->body, SIZE_MAX / 2);
    }
    list_remove(&transfer->node);
    list_push_front(&curl->spare, &transfer->node);
}

static void transfer_free(struct transport_curl *curl, struct transfer *transfer)
{
    curl_multi_remove_handle(curl->multi, transfer->easy);
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->header_list);
    buffer_release(&transfer->head);
    buffer_release(&transfer->body);
    list_remove(&transfer->node);
    free(transfer);
}

static void set_headers(struct transfer *transfer, const struct http_request *request)
{
    for (size_t i = 0; i < request->header_count; i++) {
        const struct http_header *header = &request->headers[i];
        /* "Name:" would remove the header, "Name;" sends it without a value */
        auto_text line = header->value.size > 0 ? memory_format("%.*s: %.*s", BYTES_ARG(header->name), BYTES_ARG(header->value))
                                                : memory_format("%.*s;", BYTES_ARG(header->name));

        transfer->header_list = curl_slist_append(transfer->header_list, line);
    }
    transfer->header_list = curl_slist_append(transfer->header_list, "Expect:");
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->header_list);
}

static void set_connection(struct transport_curl *curl, CURL *easy, const struct http_request *request)
{
    curl_easy_setopt(easy, CURLOPT_URL, request->url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, curl->proxy != NULL ? curl->proxy : "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)curl->connect_timeout_ms);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "ifmatch/" IFMATCH_VERSION);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, request->wants_fresh_connection ? 1L : 0L);
    if (curl->ca_file != NULL)
        curl_easy_setopt(easy, CURLOPT_CAINFO, curl->ca_file);
}

static void set_callbacks(struct transfer *transfer)
{
    CURL *easy = transfer->easy;

    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->why);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_trace);
    curl_easy_setopt(easy, CURLOPT_DEBUGDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
}

static void set_body(CURL *easy, const struct http_request *request)
{
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
    if (!bytes_present(request->body)) {
        curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
        return;
    }
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.size);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body.data);
}

static bool transport_send(struct transport *transport, const struct http_request *request, struct error *error)
{
    struct transport_curl *curl = curl_of(transport);
    struct transfer *transfer = transfer_take(curl);
    CURLMcode code;

    transfer->id = request->id;
    transfer->began_ms = clock_now_ms();
    transfer->body_max = request->answer_bytes_max;
    transfer->times_sent = 0;
    transfer->header_count = 0;
    transfer->is_too_large = false;
    transfer->why[0] = '\0';
    buffer_reset(&transfer->head);
    buffer_reset(&transfer->body);
    set_connection(curl, transfer->easy, request);
    set_callbacks(transfer);
    set_headers(transfer, request);
    set_body(transfer->easy, request);
    code = curl_multi_add_handle(curl->multi, transfer->easy);
    if (code != CURLM_OK) {
        transfer_give_back(curl, transfer);
        return error_set(error, ERROR_SYSTEM, "%s", curl_multi_strerror(code));
    }
    list_push_back(&curl->under_way, &transfer->node);
    return true;
}

static void transport_cancel(struct transport *transport, uint64_t id)
{
    struct transport_curl *curl = curl_of(transport);

    list_each_safe(node, &curl->under_way)
    {
        struct transfer *transfer = list_item(node, struct transfer, node);

        if (transfer->id != id)
            continue;
        curl_multi_remove_handle(curl->multi, transfer->easy);
        transfer_give_back(curl, transfer);
        return;
    }
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

static enum http_result result_of(const struct transfer *transfer)
{
    if (transfer->is_too_large)
        return HTTP_TOO_LARGE;
    if (transfer->code == CURLE_OK)
        return HTTP_ANSWERED;
    if (transfer->times_sent == 0)
        return HTTP_UNREACHABLE;
    return transfer->code == CURLE_OPERATION_TIMEDOUT ? HTTP_TIMEOUT : HTTP_BROKEN;
}

static const char *detail_of(const struct transfer *transfer)
{
    if (transfer->code == CURLE_OK)
        return NULL;
    return transfer->why[0] != '\0' ? transfer->why : curl_easy_strerror(transfer->code);
}

static void point_headers(struct transfer *transfer)
{
    size_t start = 0;

    for (size_t i = 0; i < transfer->header_count; i++) {
        size_t name_end = transfer->header_ends[2 * i], value_end = transfer->header_ends[2 * i + 1];

        transfer->headers[i] = (struct http_header){{transfer->head.data + start, name_end - start},
                                                    {transfer->head.data + name_end, value_end - name_end}};
        start = value_end;
    }
}

static bool transport_next(struct transport *transport, struct http_answer *ret_answer)
{
    struct transport_curl *curl = curl_of(transport);
    struct transfer *transfer;
    long status = 0;

    if (curl->current != NULL)
        transfer_give_back(curl, take(curl->current));
    if (list_is_empty(&curl->done))
        return false;
    transfer = curl->current = list_item(curl->done.next, struct transfer, node);
    list_remove(&transfer->node);
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    point_headers(transfer);
    *ret_answer = (struct http_answer){
        .id = transfer->id,
        .result = result_of(transfer),
        .sent = transfer->times_sent == 0 ? SENT_NOT : transfer->times_sent == 1 ? SENT_ONCE : SENT_PERHAPS_TWICE,
        .status = (int)status,
        .headers = transfer->headers,
        .header_count = transfer->header_count,
        .body = buffer_bytes(&transfer->body),
        .took_ms = clock_now_ms() - transfer->began_ms,
        .detail = detail_of(transfer),
    };
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
        transfer_free(curl, list_item(node, struct transfer, node));
}

static void transport_free(struct transport *transport)
{
    struct transport_curl *curl = curl_of(transport);

    if (curl->current != NULL)
        transfer_give_back(curl, take(curl->current));
    free_all(curl, &curl->under_way);
    free_all(curl, &curl->done);
    free_all(curl, &curl->spare);
    curl_multi_cleanup(curl->multi);
    close(curl->descriptor);
    free(curl->ca_file);
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

struct transport *transport_curl_new(const struct transport_options *options, struct error *error)
{
    struct transport_curl *curl;

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        error_set(error, ERROR_SYSTEM, "libcurl cannot begin");
        return NULL;
    }
    curl = memory_new(sizeof(*curl));
    curl->transport.operations = &operations;
    curl->multi = curl_multi_init();
    curl->descriptor = epoll_create1(EPOLL_CLOEXEC);
    curl->timer_ms = INT64_MAX;
    curl->ca_file = memory_text(options->ca_file);
    curl->proxy = memory_text(options->proxy);
    curl->connect_timeout_ms = options->connect_timeout_ms;
    list_init(&curl->under_way);
    list_init(&curl->done);
    list_init(&curl->spare);
    curl_multi_setopt(curl->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(curl->multi, CURLMOPT_SOCKETDATA, curl);
    curl_multi_setopt(curl->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(curl->multi, CURLMOPT_TIMERDATA, curl);
    curl_multi_setopt(curl->multi, CURLMOPT_MAXCONNECTS, (long)options->connections_max);
    return &curl->transport;
}
