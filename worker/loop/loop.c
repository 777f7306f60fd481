#include "loop/state.h"

#include <signal.h>
#include <unistd.h>

/* A descriptor is readable, or the timer is over: the turn that follows looks at everything. */
static void on_wake(evutil_socket_t descriptor, short what, void *context)
{
    (void)descriptor;
    (void)what;
    (void)context;
}

static void on_signal(evutil_socket_t number, short what, void *context)
{
    struct loop *loop = context;

    (void)what;
    if (loop->is_stopping)
        loop->is_leaving_at_once = true;
    else
        shutdown_begin(loop, number == SIGTERM ? "SIGTERM" : "SIGINT", 0);
}

static bool add_events(struct loop *loop)
{
    const int descriptors[3] = {
        consumer_descriptor(loop->parts.consumer), service_descriptor(loop->parts.service),
        loop->parts.publisher != NULL ? publisher_descriptor(loop->parts.publisher) : -1};
    static const int signals[2] = {SIGTERM, SIGINT};

    for (size_t i = 0; i < 3 && descriptors[i] >= 0; i++) {
        loop->wake[i] = event_new(loop->base, descriptors[i], EV_READ | EV_PERSIST, on_wake, loop);
        if (loop->wake[i] == NULL || event_add(loop->wake[i], NULL) != 0)
            return false;
    }
    for (size_t i = 0; i < 2; i++) {
        loop->signals[i] = evsignal_new(loop->base, signals[i], on_signal, loop);
        if (loop->signals[i] == NULL || event_add(loop->signals[i], NULL) != 0)
            return false;
    }
    loop->timer = evtimer_new(loop->base, on_wake, loop);
    return loop->timer != NULL;
}

static struct record_context record_context(const struct loop_parts *parts)
{
    return (struct record_context){
        .topic = parts->config->topics.updates,
        .worker = parts->config->worker_name,
        .config = parts->config->fingerprint,
        .read_method = service_method(parts->service, false),
        .write_method = service_method(parts->service, true),
    };
}

static bool add_admin(struct loop *loop, struct error *error)
{
    const struct config *config = loop->parts.config;

    if (config->admin_listen != NULL) {
        loop->admin = admin_new(loop->base, config, watch_look, loop, error);
        if (loop->admin == NULL)
            return false;
    }
    if (config->admin_socket != NULL) {
        const struct ctl_parts parts = {
            .base = loop->base, .config = config, .look = watch_look, .obey = obey, .context = loop};

        loop->ctl = ctl_new(&parts, error);
        return loop->ctl != NULL;
    }
    return true;
}

struct loop *loop_new(const struct loop_parts *parts, struct error *error)
{
    struct loop *loop = memory_new(sizeof(*loop));

    loop->parts = *parts;
    loop->record = record_context(parts);
    loop->base = event_base_new();
    loop->letter_arena = arena_new(4096);
    buffer_init(&loop->audit, SIZE_MAX / 2);
    loop->summary_at_ms = clock_now_ms();
    if (loop->base == NULL || !add_events(loop)) {
        loop_free(loop);
        error_set(error, ERROR_SYSTEM, "the event loop cannot be set up");
        return NULL;
    }
    if (!add_admin(loop, error)) {
        loop_free(loop);
        return NULL;
    }
    watch_install(loop);
    return loop;
}

void loop_free(struct loop *loop)
{
    if (loop == NULL)
        return;
    watch_install(NULL);
    admin_free(loop->admin);
    ctl_free(loop->ctl);
    for (size_t i = 0; i < 3; i++) {
        if (loop->wake[i] != NULL)
            event_free(loop->wake[i]);
        if (loop->signals[i] != NULL)
            event_free(loop->signals[i]);
    }
    if (loop->timer != NULL)
        event_free(loop->timer);
    if (loop->base != NULL)
        event_base_free(loop->base);
    arena_free(loop->letter_arena);
    buffer_release(&loop->audit);
    free(loop->later);
    free(loop->blocked);
    free(loop);
}

static void sleep_until_something(struct loop *loop, bool has_more)
{
    int64_t deadline_ms = engine_deadline(loop->parts.engine);
    int64_t service_ms = service_deadline(loop->parts.service);
    int64_t now_ms = clock_now_ms(), wait_ms;
    struct timeval timeout;

    if (service_ms < deadline_ms)
        deadline_ms = service_ms;
    if (deadline_ms > now_ms + 1000)
        deadline_ms = now_ms + 1000; /* /livez sees a turn every second */
    wait_ms = has_more || loop->later_count > 0 || deadline_ms <= now_ms ? 0 : deadline_ms - now_ms;
    if (wait_ms == 0) {
        /* ONCE too: the descriptors stay readable until the next turn reads them */
        event_base_loop(loop->base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
        return;
    }
    timeout = (struct timeval){.tv_sec = wait_ms / 1000, .tv_usec = wait_ms % 1000 * 1000};
    evtimer_add(loop->timer, &timeout);
    event_base_loop(loop->base, EVLOOP_ONCE);
}

static bool turn(struct loop *loop)
{
    struct action action;
    bool has_more;

    loop->turn_at_ms = clock_now_ms();
    engine_advance(loop->parts.engine, loop->turn_at_ms, clock_wall_ms());
    if (loop->parts.publisher != NULL)
        engine_outside_bytes(loop->parts.engine, publisher_bytes_pending(loop->parts.publisher));
    engine_group_partitions(loop->parts.engine, consumer_topic_partitions(loop->parts.consumer));
    has_more = feed(loop);
    while (engine_next(loop->parts.engine, &action))
        perform(loop, &action);
    if (loop->parts.dry_run != NULL) {
        watch_dry_run(loop);
        has_more |= dry_run_has_more(loop->parts.dry_run);
    }
    watch_trace(loop);
    watch_engine(loop);
    watch_partitions(loop);
    watch_summary(loop);
    return has_more;
}

int loop_run(struct loop *loop)
{
    while (!loop->is_stopped && !loop->is_leaving_at_once) {
        bool has_more = turn(loop);

        if (!loop->is_stopped)
            sleep_until_something(loop, has_more);
    }
    if (loop->is_leaving_at_once)
        log_warn("loop", "leaving at once: what is in flight is done again by the next owner");
    return loop->exit_code;
}
