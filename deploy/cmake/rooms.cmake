# room(NAME FOLDER [PURE] [ROOMS room...] [LIBRARIES library...]): all *.c of a folder as one static library.
# PURE rooms see no clock, stdio, getenv or rand: common/pure.h is included before every source.
function(room name folder)
  cmake_parse_arguments(ARG "PURE" "" "ROOMS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.c)
  if(NOT sources)
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ifmatch_options ${ARG_ROOMS} ${ARG_LIBRARIES})
    return()
  endif()
  add_library(${name} STATIC ${sources})
  set_target_properties(${name} PROPERTIES OUTPUT_NAME ifmatch-${name}) # the room `event` is not libevent
  set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ${IFMATCH_FUZZ}) # the fuzzers take what they link
  target_link_libraries(${name} PUBLIC ifmatch_options ${ARG_ROOMS} ${ARG_LIBRARIES})
  target_compile_options(${name} PRIVATE "SHELL:-include ${CMAKE_SOURCE_DIR}/common/banned.h")
  if(ARG_PURE)
    target_compile_options(${name} PRIVATE "SHELL:-include ${CMAKE_SOURCE_DIR}/common/pure.h")
  endif()
endfunction()
