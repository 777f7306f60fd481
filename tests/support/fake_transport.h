#ifndef IFMATCH_TESTS_SUPPORT_FAKE_TRANSPORT_H
#define IFMATCH_TESTS_SUPPORT_FAKE_TRANSPORT_H

/* A transport that sends nothing: what it was given is looked at, and answered by the test. One at a time. */
#include "common/memory.h"
#include "service/transport.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#define FAKE_SENT_MAX 32

/* A request as "POST https://i/t\nName: value\n...\n\nbody". */
struct fake_sent {
    uint64_t id;
    char text[2048];
    bool is_answered;
};

struct fake_transport {
    struct transport transport;
    struct fake_sent sent[FAKE_SENT_MAX];
    size_t sent_count;
    struct http_answer answers[FAKE_SENT_MAX];
    size_t answer_count, answers_taken;
    bool refuses; /* cannot even begin */
};

static inline bool fake_send(struct transport *transport, const struct http_request *request, struct error *error)
{
    struct fake_transport *fake = (struct fake_transport *)transport;
    struct fake_sent *sent = &fake->sent[fake->sent_count];
    size_t used;

    if (fake->refuses)
        return error_set(error, ERROR_SYSTEM, "out of handles");
    ck_assert_uint_lt(fake->sent_count++, FAKE_SENT_MAX);
    sent->id = request->id;
    used = (size_t)snprintf(sent->text, sizeof(sent->text), "%s %s\n", request->method, request->url);
    for (size_t i = 0; i < request->header_count; i++)
        used += (size_t)snprintf(sent->text + used, sizeof(sent->text) - used, "%.*s: %.*s\n",
                                 BYTES_ARG(request->headers[i].name), BYTES_ARG(request->headers[i].value));
    snprintf(sent->text + used, sizeof(sent->text) - used, "\n%.*s", BYTES_ARG(request->body));
    return true;
}

static inline void fake_cancel(struct transport *transport, uint64_t id)
{
    struct fake_transport *fake = (struct fake_transport *)transport;

    for (size_t i = 0; i < fake->sent_count; i++)
        if (fake->sent[i].id == id)
            fake->sent[i].is_answered = true;
}

static inline void fake_run(struct transport *transport, int64_t now_ms)
{
    (void)transport;
    (void)now_ms;
}

static inline bool fake_next(struct transport *transport, struct http_answer *ret_answer)
{
    struct fake_transport *fake = (struct fake_transport *)transport;

    if (fake->answers_taken == fake->answer_count)
        return false;
    *ret_answer = fake->answers[fake->answers_taken++];
    return true;
}

static inline int fake_descriptor(const struct transport *transport)
{
    (void)transport;
    return -1;
}

static inline int64_t fake_deadline(const struct transport *transport)
{
    (void)transport;
    return INT64_MAX;
}

static inline void fake_free(struct transport *transport)
{
    free(transport);
}

static const struct transport_operations fake_operations = {
    .send = fake_send,
    .cancel = fake_cancel,
    .run = fake_run,
    .next = fake_next,
    .descriptor = fake_descriptor,
    .deadline = fake_deadline,
    .free = fake_free,
};

static inline struct fake_transport *fake_transport_new(void)
{
    struct fake_transport *fake = memory_new(sizeof(*fake));

    fake->transport.operations = &fake_operations;
    return fake;
}

/* Answers the first request not answered yet whose text has `in`. What `answer` points to must live on. */
static inline void fake_answer(struct fake_transport *fake, const char *in, struct http_answer answer)
{
    for (size_t i = 0; i < fake->sent_count; i++) {
        struct fake_sent *sent = &fake->sent[i];

        if (sent->is_answered || strstr(sent->text, in) == NULL)
            continue;
        sent->is_answered = true;
        answer.id = sent->id;
        fake->answers[fake->answer_count++] = answer;
        return;
    }
    ck_abort_msg("nothing like '%s' was sent", in);
}

static inline size_t fake_count(const struct fake_transport *fake, const char *in)
{
    size_t count = 0;

    for (size_t i = 0; i < fake->sent_count; i++)
        count += strstr(fake->sent[i].text, in) != NULL;
    return count;
}

#endif
