# The shipped profiles, deploy/profiles/*.yaml, as one C source: the program needs no files beside it.
function(profiles_source output)
  file(GLOB profiles CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/deploy/profiles/*.yaml)
  set_property(DIRECTORY ${CMAKE_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${profiles})
  set(rows "")
  foreach(profile ${profiles})
    get_filename_component(name ${profile} NAME_WE)
    file(READ ${profile} hex HEX)
    string(REGEX REPLACE "(..)" "\\\\x\\1" text "${hex}")
    string(APPEND rows "    {\"${name}\", \"${text}\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${output} CONTENT
    "#include \"service/shipped.h\"\n\nconst struct shipped_profile shipped_profiles[] = {\n${rows}    {0, 0},\n};\n" @ONLY)
endfunction()
