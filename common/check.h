#ifndef IFMATCH_COMMON_CHECK_H
#define IFMATCH_COMMON_CHECK_H

/* Three words for the impossible; always compiled in, release included. A crash is a tested path, a silent
 * overwrite is not. Bytes from outside are never ensured: they are rejected, with reason and place. */

#define ensure(condition)                                                                                    \
    do {                                                                                                     \
        if (__builtin_expect(!(condition), 0))                                                               \
            check_failed(__FILE__, __LINE__, __func__, #condition);                                          \
    } while (0)

#define never(why) check_failed(__FILE__, __LINE__, __func__, "never: " why)

/* A rare path that some simulated run has to pass. Costs one predictable branch when nobody listens. */
#define probe(name)                                                                                          \
    do {                                                                                                     \
        if (__builtin_expect(check_on_probe != 0, 0))                                                        \
            check_on_probe(name);                                                                            \
    } while (0)

/* Called by a failed ensure() before the process aborts: prints what was going on (flight recorder, document).
 * Must not return to the failed code by other means than returning. NULL: nothing. Set once at start. */
extern void (*check_on_failure)(const char *what);
extern void (*check_on_probe)(const char *name);

_Noreturn void check_failed(const char *file, int line, const char *function, const char *what);

#endif
