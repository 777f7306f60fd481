#include "loop/state.h"

bool obey(void *context, enum ctl_order order)
{
    struct loop *loop = context;

    engine_advance(loop->parts.engine, clock_now_ms(), clock_wall_ms());
    switch (order) {
    case CTL_ORDER_PAUSE:
        return engine_pause(loop->parts.engine);
    case CTL_ORDER_RESUME:
        return engine_resume(loop->parts.engine);
    case CTL_ORDER_STATE:
    case CTL_ORDER_COUNT:
        break;
    }
    never("nothing to do for this order");
}
