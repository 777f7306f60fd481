"""The walls of the house, as tables: what each room may include, and what is said in which room only."""

# Room -> what its sources may include: a room ("common"), or single headers of one ("engine/words.h").
# A room may always include itself. The link lines of CMakeLists.txt say the same in rooms.
PURE = ("address", "event", "merge", "engine", "record")
EVERYTHING = ("common", "address", "compose", "config", "event", "merge", "engine", "record", "kafka", "service", "admin",
              "loop", "sandbox", "demo", "command")
MAY_INCLUDE = {
    "common": (),
    "compose": ("common",),
    "address": ("common",),
    "config": ("common", "address", "merge", "event/map.h"),
    "event": ("common", "address"),
    "merge": ("common", "event"),
    "engine": ("common", "event", "merge"),
    "record": ("common", "event", "merge", "engine/words.h", "engine/action.h"),
    "kafka": ("common", "config/config.h", "engine/words.h", "engine/input.h", "engine/action.h"),
    # options.h: the profile fills in what the engine has to know about the service
    "service": ("common", "address", "compose", "config/config.h", "config/yaml.h", "engine/words.h", "engine/input.h", "engine/action.h",
                "engine/options.h"),
    "admin": ("common", "compose", "config/config.h", "engine/words.h", "engine/counters.h"),
    "sandbox": ("common", "compose"),
    # an independent check of what the worker did: must not see the worker's own idea of a merge
    "demo": ("common",),
    "loop": ("common", "config", "event", "merge", "engine", "record", "kafka", "service", "admin"),
    "command": EVERYTHING,
    "main": EVERYTHING,
}

# Third-party headers, by the start of their name -> the rooms where they are at home; None: in all.
THIRD_PARTY = {
    "librdkafka/": ("kafka", "sandbox"),
    "curl/": ("service",),
    "event2/": ("loop", "admin", "sandbox"),
    "libfyaml": ("config",),
    "pcre2": ("address",),
    "cjson/": ("compose",),
    "cJSON": ("compose",),
    "uthash.h": None,
}

# Everything else between angle brackets is libc, POSIX or Linux.
SYSTEM_FOLDERS = ("arpa/", "linux/", "net/", "netinet/", "sanitizer/", "sys/")
SYSTEM_HEADERS = """assert ctype dirent dlfcn elf endian errno execinfo fcntl fenv fnmatch getopt glob grp inttypes
    libgen limits link locale malloc math netdb poll pthread pwd sched semaphore setjmp signal spawn stdalign
    stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string strings syslog termios threads time
    ucontext unistd wchar""".split()

# The one file that makes a thread; its header says why.
THREADS = "worker/kafka/committed.c"
THREAD_HEADERS = ("pthread.h", "threads.h", "stdatomic.h", "semaphore.h")

# Calls that a pure room has no use for. common/pure.h poisons most; these are also good names of members, so
# only calls count: `time(` but neither `x->time(` nor `.read = `.
NOT_IN_PURE_ROOMS = """abort accept access alarm bind clock clock_gettime close connect creat drand48 execve exit
    fclose fdopen fflush fgets fopen fork fputs fread freopen fscanf fseek fsync fwrite getaddrinfo getenv
    gettimeofday ioctl kill listen lseek mmap nanosleep open openat perror pipe poll popen pread printf
    pthread_create pthread_mutex_lock putchar puts pwrite raise rand random read recv rename scanf select send
    setenv signal sleep socket srand srandom stat system time timer_create unlink usleep vprintf wait waitpid
    write""".split()

# cJSON finds members without regard to case unless the call's name says CaseSensitive.
CASELESS_CJSON = ("cJSON_GetObjectItem", "cJSON_HasObjectItem", "cJSON_DetachItemFromObject",
                  "cJSON_DeleteItemFromObject", "cJSON_ReplaceItemInObject")

# What must not stand in a tracked file; in two pieces, so that this file does not name them either.
MACHINE_PATHS = ("/wo" "rk/", "/ro" "ot/")
REGISTRY_HOSTS = ("deb.de" "bian.org", "snapshot.de" "bian.org", "archive.ub" "untu.com", "pypi" ".org",
                  "files.python" "hosted.org", "repo1.ma" "ven.org", "repo.ma" "ven.apache.org",
                  "registry.np" "mjs.org", "static.cra" "tes.io", "proxy.go" "lang.org")
