# penstock_add_plugin(NAME KIND kind SOURCES... [OWNER owner] [LIBRARIES...] [TESTS...])
#
# One plugin: the shared library lib/penstock/<kind>.<NAME>.so, whose id is <kind>.<NAME>. The same call works in the tree and, after
# find_package(Penstock), outside of it.
#
#   KIND       driver, historian, alarm_policy, authenticator, transport, gateway, widget or report
#   SOURCES    one of them has PENSTOCK_PLUGIN(...); all see the SDK's headers and nothing else of Penstock
#   OWNER      reverse domain of a stranger's plugin: OWNER com.example makes com.example.<kind>.<NAME>
#   LIBRARIES  what the plugin needs beside penstock::sdk. A widget gets penstock::imgui by itself
#   TESTS      GoogleTest sources, linked with the plugin's objects and the conformance kit (penstock::sdk_testing).
#              PENSTOCK_PLUGIN_FILE is the path of the finished .so
#
# Example:
#   penstock_add_plugin(echo KIND driver SOURCES echo.cpp TESTS echo_test.cpp)
function(penstock_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "KIND;OWNER" "SOURCES;LIBRARIES;TESTS")
  set(kinds driver historian alarm_policy authenticator transport gateway widget report)
  if(NOT arg_KIND IN_LIST kinds)
    message(FATAL_ERROR "penstock_add_plugin(${name}): KIND is \"${arg_KIND}\", wanted one of: ${kinds}")
  endif()
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
    message(FATAL_ERROR "penstock_add_plugin(${name}): wanted KIND, SOURCES, [OWNER], [LIBRARIES], [TESTS]; "
                        "found also \"${arg_UNPARSED_ARGUMENTS}\"")
  endif()
  if(arg_KIND STREQUAL "widget")
    if(NOT TARGET penstock::imgui)
      message(STATUS "Penstock: no ImGui: leaving out widget ${name}")
      return()
    endif()
    list(APPEND arg_LIBRARIES penstock::imgui)
  endif()
  set(target ${arg_KIND}_${name})
  set(id ${arg_KIND}.${name})
  if(arg_OWNER)
    set(id ${arg_OWNER}.${id})
  endif()

  # The objects are compiled once, for the library and for its tests.
  add_library(${target}_objects OBJECT ${arg_SOURCES})
  target_link_libraries(${target}_objects PUBLIC penstock::sdk ${arg_LIBRARIES})
  set_target_properties(${target}_objects PROPERTIES
    POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)

  add_library(${target} MODULE)
  target_link_libraries(${target} PRIVATE ${target}_objects)
  set(map "${PENSTOCK_CMAKE_DIR}/plugin.map")
  target_link_options(${target} PRIVATE "-Wl,--version-script=${map}")
  set_target_properties(${target} PROPERTIES
    PREFIX "" SUFFIX ".so" OUTPUT_NAME "${id}" LINKER_LANGUAGE CXX LINK_DEPENDS "${map}"
    LIBRARY_OUTPUT_DIRECTORY "${PENSTOCK_PLUGIN_DIR}")
  # No run path: the host loads a private copy, beside which nothing lies. A widget's ImGui is the one that the client has loaded.
  set_target_properties(${target} PROPERTIES SKIP_BUILD_RPATH ON INSTALL_RPATH "")
  install(TARGETS ${target} LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}/penstock")

  if(COMMAND penstock_use_precompiled)  # in the tree: its warnings, sanitizers and aggregates
    target_link_libraries(${target}_objects PRIVATE penstock::options penstock::warnings)
    target_link_libraries(${target} PRIVATE penstock::options)
    penstock_use_precompiled(${target}_objects core)
    add_dependencies(programs ${target})
  endif()
  if(arg_TESTS)
    penstock_add_plugin_test(${target}_test PLUGIN ${target} SOURCES ${arg_TESTS})
  endif()
endfunction()

# penstock_add_plugin_test(NAME PLUGIN target SOURCES... [LINKS...] [LABELS...] [TIMEOUT s] [TSAN])
#
# What TESTS above does, for a plugin whose tests live in another folder. PLUGIN is <kind>_<name>.
function(penstock_add_plugin_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "TSAN" "PLUGIN;TIMEOUT" "SOURCES;LINKS;LABELS")
  if(NOT BUILD_TESTING OR NOT TARGET penstock::sdk_testing OR NOT TARGET ${arg_PLUGIN})
    return()
  endif()
  set(links ${arg_PLUGIN}_objects penstock::sdk_testing ${arg_LINKS})
  if(COMMAND penstock_add_test)
    set(rest)
    if(arg_TSAN)
      list(APPEND rest TSAN)
    endif()
    if(arg_TIMEOUT)
      list(APPEND rest TIMEOUT ${arg_TIMEOUT})
    endif()
    penstock_add_test(${name} SOURCES ${arg_SOURCES} LINKS ${links} LABELS ${arg_LABELS} ${rest})
  else()
    include(GoogleTest)
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE ${links} GTest::gmock GTest::gtest_main)
    gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST)
  endif()
  if(TARGET ${name})
    target_compile_definitions(${name} PRIVATE PENSTOCK_PLUGIN_FILE="$<TARGET_FILE:${arg_PLUGIN}>")
    add_dependencies(${name} ${arg_PLUGIN})
  endif()
endfunction()
