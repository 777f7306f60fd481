#include "admin/ctl.h"

#include "admin/metrics.h"
#include "common/check.h"
#include "common/memory.h"
#include "compose/compose.h"

#include <unistd.h>

static const struct {
    const char *name;
    const char *purpose;
} orders[] = {
#define X(identifier, name, purpose) [CTL_ORDER_##identifier] = {name, purpose},
    CTL_ORDERS(X)
#undef X
};

const char *ctl_order_name(enum ctl_order order)
{
    ensure(order < CTL_ORDER_COUNT);
    return orders[order].name;
}

const char *ctl_order_purpose(enum ctl_order order)
{
    ensure(order < CTL_ORDER_COUNT);
    return orders[order].purpose;
}

bool ctl_order_parse(struct bytes name, enum ctl_order *ret_order)
{
    for (enum ctl_order order = 0; order < CTL_ORDER_COUNT; order++) {
        if (bytes_equal(name, bytes_of(orders[order].name))) {
            *ret_order = order;
            return true;
        }
    }
    return false;
}

void ctl_order_list(struct buffer *out)
{
    for (enum ctl_order order = 0; order < CTL_ORDER_COUNT; order++)
        buffer_format(out, "%s%s", order > 0 ? ", " : "", orders[order].name);
}

static void add_offset(struct cJSON *object, const char *name, int64_t offset)
{
    if (offset >= 0)
        compose_int(object, name, offset);
    else
        compose_null(object, name);
}

static void add_partition(struct cJSON *array, const struct admin_view *view, const struct admin_partition *partition)
{
    const struct partition_state *state = &partition->state;
    struct cJSON *object = compose_element_object(array);

    compose_int(object, "partition", state->partition);
    compose_int(object, "watermark", state->watermark);
    add_offset(object, "committed", state->committed);
    add_offset(object, "end", partition->end);
    add_offset(object, "lag", partition->end < 0 ? -1 : partition_lag(partition));
    compose_int(object, "unfinished", state->unfinished);
    compose_number(object, "oldest_age_seconds", partition_oldest_age(view, state));
}

static void add_events(struct cJSON *root, const struct counters *counters)
{
    struct cJSON *outcomes;

    compose_int(root, "requests_in_flight", (int64_t)counters->value[COUNTER_REQUESTS_IN_FLIGHT]);
    compose_int(root, "events_held", (int64_t)counters->value[COUNTER_EVENTS_HELD]);
    outcomes = compose_member_object(root, "outcomes");
    for (size_t i = 0; i < OUTCOME_COUNT; i++)
        compose_int(outcomes, outcome_name(i), (int64_t)counters->finished[i]);
}

void ctl_answer(const struct ctl_identity *identity, const struct admin_view *view, enum ctl_order order, bool changed,
                struct buffer *out)
{
    struct cJSON *root = compose_object(), *partitions;
    auto_text text = NULL;

    compose_text(root, "state", intake_name(view->intake));
    compose_text(root, "why", intake_sentence(view->intake));
    if (order != CTL_ORDER_STATE)
        compose_bool(root, "changed", changed);
    compose_bool(root, "stopping", view->is_stopping);
    compose_text(root, "worker", identity->worker);
    compose_text(root, "version", IFMATCH_VERSION);
    compose_int(root, "pid", getpid());
    compose_number(root, "uptime_seconds", (double)(view->now_ms - identity->started_ms) / 1000);
    add_events(root, view->counters);
    compose_text(root, "topic", identity->topic);
    partitions = compose_member_array(root, "partitions");
    for (size_t i = 0; i < view->partition_count; i++)
        add_partition(partitions, view, &view->partitions[i]);
    text = compose_print(root);
    buffer_add_text(out, text);
    buffer_add_char(out, '\n');
    compose_free(root);
}
