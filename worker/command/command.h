#ifndef IFMATCH_COMMAND_COMMAND_H
#define IFMATCH_COMMAND_COMMAND_H

/* One function for each command; argv[0] is "ifmatch COMMAND". The result is the exit code of the process. */
enum exit_code {
    EXIT_GOOD = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,    /* wrong use or configuration */
    EXIT_CONFLICT = 3, /* `merge`: a person must decide */
};

int command_run(int argc, char **argv);
int command_check(int argc, char **argv);
int command_probe(int argc, char **argv);
int command_merge(int argc, char **argv);
int command_topics(int argc, char **argv);
int command_send(int argc, char **argv);
int command_tail(int argc, char **argv);
int command_ctl(int argc, char **argv);
int command_demo(int argc, char **argv);
int command_sandbox(int argc, char **argv);

#endif
