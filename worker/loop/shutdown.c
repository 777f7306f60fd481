#include "loop/state.h"

/* Stop intake, finish or abandon what is in flight within shutdown.timeout, flush, commit, leave. */
void shutdown_begin(struct loop *loop, const char *why, int exit_code)
{
    if (loop->is_stopping)
        return;
    loop->is_stopping = true;
    loop->exit_code = exit_code;
    loop->stop_until_ms = clock_now_ms() + loop->parts.config->shutdown_timeout_ms;
    log_info("loop", "%s: finishing what is in flight (at most %lld s); a second signal leaves at once", why,
             (long long)(loop->parts.config->shutdown_timeout_ms / 1000));
    engine_stop(loop->parts.engine, loop->stop_until_ms);
}
