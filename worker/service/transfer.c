#include "service/transfer.h"

#include "common/check.h"
#include "common/clock.h"
#include "common/memory.h"

#include <stdio.h>
#include <stdlib.h>

#define HEADERS_BYTES_MAX 65536

struct transfer *transfer_new(void)
{
    struct transfer *transfer = memory_new(sizeof(*transfer));

    list_init(&transfer->node);
    transfer->easy = curl_easy_init();
    if (transfer->easy == NULL)
        never("libcurl has memory for a handle");
    buffer_init(&transfer->head, HEADERS_BYTES_MAX);
    buffer_init(&transfer->body, SIZE_MAX / 2);
    return transfer;
}

void transfer_free(struct transfer *transfer)
{
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->header_list);
    buffer_release(&transfer->head);
    buffer_release(&transfer->body);
    free(transfer);
}

/* --- what libcurl tells --- */

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
        transfer->head_is_whole = false;
    } else if (bytes_trim(line).size == 0) {
        transfer->head_is_whole = true;
    } else if (bytes_find(line, ':', &colon) && transfer->header_count < TRANSFER_HEADERS_MAX) {
        buffer_add(&transfer->head, (struct bytes){data, colon});
        transfer->header_ends[2 * transfer->header_count] = transfer->head.size;
        buffer_add(&transfer->head, bytes_trim(bytes_from(line, colon + 1)));
        transfer->header_ends[2 * transfer->header_count + 1] = transfer->head.size;
        transfer->header_count++;
    }
    return size * count;
}

/* libcurl sends a request again by itself when a reused connection dies before the first byte of the answer; only its
 * trace of what goes out tells. What is said to a proxy first is no request of ours. */
static int on_trace(CURL *easy, curl_infotype type, char *data, size_t size, void *context)
{
    struct transfer *transfer = context;

    (void)easy;
    if (type == CURLINFO_HEADER_OUT && !bytes_start_with((struct bytes){data, size}, BYTES("CONNECT ")))
        transfer->times_sent++;
    return 0;
}

/* The process may have been stopped since the request was handed over: libcurl asks when it has a connection. */
static int on_connection(void *context, char *address, char *local_address, int port, int local_port)
{
    const struct transfer *transfer = context;

    (void)address, (void)local_address, (void)port, (void)local_port;
    return transfer->begin_by_ms == 0 || clock_now_ms() < transfer->begin_by_ms ? CURL_PREREQFUNC_OK
                                                                                : CURL_PREREQFUNC_ABORT;
}

/* --- the request --- */

static void set_headers(struct transfer *transfer, const struct http_request *request)
{
    for (size_t i = 0; i < request->header_count; i++) {
        const struct http_header *header = &request->headers[i];
        /* "Name:" would remove the header, "Name;" sends it without a value */
        auto_text line = header->value.size > 0
                             ? memory_format("%.*s: %.*s", BYTES_ARG(header->name), BYTES_ARG(header->value))
                             : memory_format("%.*s;", BYTES_ARG(header->name));

        transfer->header_list = curl_slist_append(transfer->header_list, line);
    }
    transfer->header_list = curl_slist_append(transfer->header_list, "Expect:");
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->header_list);
}

static void set_connection(const struct transfer_options *options, CURL *easy, const struct http_request *request)
{
    curl_easy_setopt(easy, CURLOPT_URL, request->url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, options->proxy != NULL ? options->proxy : "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_timeout_ms);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "ifmatch/" IFMATCH_VERSION);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, request->wants_fresh_connection ? 1L : 0L);
    if (options->ca_file != NULL) { /* instead of the system's, not besides them */
        curl_easy_setopt(easy, CURLOPT_CAINFO, options->ca_file);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    if (options->certificate_file != NULL) {
        curl_easy_setopt(easy, CURLOPT_SSLCERT, options->certificate_file);
        curl_easy_setopt(easy, CURLOPT_SSLKEY, options->key_file);
        curl_easy_setopt(easy, CURLOPT_KEYPASSWD, options->key_password);
    }
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
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_connection);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_trace);
    curl_easy_setopt(easy, CURLOPT_DEBUGDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
}

static void set_body(CURL *easy, const struct http_request *request)
{
    if (!bytes_present(request->body)) {
        curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
        return;
    }
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.size);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body.data);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
}

void transfer_begin(struct transfer *transfer, const struct transfer_options *options,
                    const struct http_request *request)
{
    transfer->id = request->id;
    transfer->began_ms = clock_now_ms();
    transfer->begin_by_ms = request->begin_by_ms;
    transfer->body_max = request->answer_bytes_max;
    set_connection(options, transfer->easy, request);
    set_callbacks(transfer);
    set_headers(transfer, request);
    set_body(transfer->easy, request);
}

#define BODY_KEPT_BYTES (256 * 1024) /* a larger buffer is not worth keeping */

void transfer_clear(struct transfer *transfer)
{
    curl_slist_free_all(transfer->header_list);
    transfer->header_list = NULL;
    curl_easy_reset(transfer->easy);
    if (transfer->body.capacity > BODY_KEPT_BYTES) {
        buffer_release(&transfer->body);
        buffer_init(&transfer->body, SIZE_MAX / 2);
    }
    buffer_reset(&transfer->head);
    buffer_reset(&transfer->body);
    transfer->header_count = 0;
    transfer->head_is_whole = false;
    transfer->times_sent = 0;
    transfer->is_too_large = false;
    transfer->code = CURLE_OK;
    transfer->why[0] = '\0';
}

/* --- the answer --- */

/* libcurl (7.88) takes a connection that is closed within the head for the end of an answer without a body. */
static bool is_cut_in_head(const struct transfer *transfer)
{
    return transfer->code == CURLE_OK && !transfer->head_is_whole;
}

static enum http_result result_of(const struct transfer *transfer)
{
    if (transfer->is_too_large)
        return HTTP_TOO_LARGE;
    if (transfer->code == CURLE_OK)
        return is_cut_in_head(transfer) ? HTTP_BROKEN : HTTP_ANSWERED;
    if (transfer->times_sent == 0)
        return HTTP_UNREACHABLE;
    return transfer->code == CURLE_OPERATION_TIMEDOUT ? HTTP_TIMEOUT : HTTP_BROKEN;
}

static const char *detail_of(const struct transfer *transfer)
{
    if (is_cut_in_head(transfer))
        return "the connection was closed in the middle of the answer's head";
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

static enum sent sent_of(const struct transfer *transfer)
{
    return transfer->times_sent == 0 ? SENT_NOT : transfer->times_sent == 1 ? SENT_ONCE : SENT_PERHAPS_TWICE;
}

void transfer_answer(struct transfer *transfer, struct http_answer *ret_answer)
{
    long status = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    point_headers(transfer);
    *ret_answer = (struct http_answer){
        .id = transfer->id,
        .result = result_of(transfer),
        .sent = sent_of(transfer),
        .status = (int)status,
        .headers = transfer->headers,
        .header_count = transfer->header_count,
        .body = buffer_bytes(&transfer->body),
        .took_ms = clock_now_ms() - transfer->began_ms,
        .detail = detail_of(transfer),
    };
}
