# Compiler options for every room.
add_library(ifmatch_options INTERFACE)
target_compile_options(ifmatch_options INTERFACE
  -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wpointer-arith
  -Wwrite-strings -Wvla -Wundef -Wformat=2 -fno-common -fno-omit-frame-pointer)
target_compile_definitions(ifmatch_options INTERFACE _GNU_SOURCE IFMATCH_VERSION="${PROJECT_VERSION}")
target_include_directories(ifmatch_options INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/worker)

if(IFMATCH_WERROR)
  target_compile_options(ifmatch_options INTERFACE -Werror)
endif()
if(IFMATCH_SANITIZE)
  # -O1: the simulated worlds take a third of the time, and traces stay readable
  target_compile_options(ifmatch_options INTERFACE -O1 -fsanitize=address,undefined -fno-sanitize-recover=all)
  target_link_options(ifmatch_options INTERFACE -fsanitize=address,undefined)
endif()
# Every room is built for the fuzzers, which bring libFuzzer's main (tests/fuzz).
if(IFMATCH_FUZZ)
  target_compile_options(ifmatch_options INTERFACE
    -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  target_link_options(ifmatch_options INTERFACE -fsanitize=address,undefined)
endif()
if(IFMATCH_HARDEN)
  target_compile_options(ifmatch_options INTERFACE
    -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection)
  target_link_options(ifmatch_options INTERFACE -Wl,-z,relro,-z,now)
endif()
