# How targets of the tree are declared. All functions take the name first; paths are relative to the caller's folder.
# Includes start at the top of the tree (#include "core/engine/engine.hpp") except the SDK's (#include <penstock/...>).
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(nlohmann_json QUIET)
find_package(GTest QUIET)
find_package(benchmark QUIET)

# Aggregates, so that a script can ask for a kind of target without naming any.
add_custom_target(unit_tests)    # every gtest and replayed fuzz corpus that is no system test
add_custom_target(system_tests)  # tests of whole programs, with the programs and plugins they start
add_custom_target(tsan_tests)    # tests marked TSAN
add_custom_target(fuzz_targets)
add_custom_target(benches)
add_custom_target(programs)      # apps and plugins: what a user runs

add_library(penstock_core INTERFACE)
add_library(penstock::core ALIAS penstock_core)

# penstock_add_core(FOLDER SOURCES... [LINKS...] [PRIVATE_LINKS...])
#
# One folder of core/: the static library penstock_core_<FOLDER>, alias penstock::core_<FOLDER>, part of penstock::core.
#   LINKS          targets whose headers this folder's public headers include
#   PRIVATE_LINKS  targets that only the sources use
# penstock::sdk comes by itself. A folder without sources (headers only) is allowed.
function(penstock_add_core folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS;PRIVATE_LINKS")
  penstock_check_arguments(penstock_add_core "${arg_UNPARSED_ARGUMENTS}")
  set(target penstock_core_${folder})
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE penstock::options penstock::warnings ${arg_PRIVATE_LINKS})
    penstock_use_precompiled(${target} core)
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${target} ${scope} penstock::sdk ${arg_LINKS})
  add_library(penstock::core_${folder} ALIAS ${target})
  target_link_libraries(penstock_core INTERFACE ${target})
endfunction()

# penstock_add_app(TARGET SOURCES... [LINKS...])
#
# A program in build/<preset>/bin, named as TARGET (penstock-server, penstock, plantsim ...), installed.
function(penstock_add_app target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  penstock_check_arguments(penstock_add_app "${arg_UNPARSED_ARGUMENTS}")
  add_executable(${target} ${arg_SOURCES})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${target} PRIVATE penstock::options penstock::warnings ${arg_LINKS})
  # bin/ and lib/ lie side by side in the build folder and where it is installed: one run path serves both.
  set_target_properties(${target} PROPERTIES BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
  penstock_use_precompiled(${target} core)
  add_dependencies(programs ${target})
  install(TARGETS ${target} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endfunction()

# penstock_add_test(NAME SOURCES... [LINKS...] [LABELS...] [TIMEOUT SECONDS] [TSAN] [PROGRAMS])
#
# One GoogleTest executable; each of its tests is a ctest of its own. GoogleTest's main is linked in.
#   LABELS    ctest labels; "unit" if none is given. "system" for tests of whole programs
#   TIMEOUT   seconds per test; 60 if not given (sanitizers get four times as much)
#   TSAN      also run under the thread sanitizer: anything with threads
#   PROGRAMS  the test starts our programs: they and the plugins are built first
# A test finds what it may start and read by the definitions PENSTOCK_BIN_DIR, PENSTOCK_PLUGIN_DIR and PENSTOCK_SOURCE_DIR.
function(penstock_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "TSAN;PROGRAMS" "TIMEOUT" "SOURCES;LINKS;LABELS")
  penstock_check_arguments(penstock_add_test "${arg_UNPARSED_ARGUMENTS}")
  if(NOT BUILD_TESTING OR NOT TARGET GTest::gtest)
    return()
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_compile_definitions(${name} PRIVATE
    PENSTOCK_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}" PENSTOCK_PLUGIN_DIR="${PENSTOCK_PLUGIN_DIR}"
    PENSTOCK_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE
    penstock::options penstock::warnings ${arg_LINKS} GTest::gmock GTest::gtest_main Threads::Threads)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  penstock_use_precompiled(${name} test)
  penstock_register_test(${name} "${arg_LABELS}" "${arg_TIMEOUT}" ${arg_TSAN} ${arg_PROGRAMS})
endfunction()

# Registers an executable's tests and hangs it under the aggregate targets. Under the thread sanitizer, tests without TSAN can be
# built by name but are neither in "all" nor in ctest.
function(penstock_register_test name labels timeout is_tsan needs_programs)
  if(NOT labels)
    set(labels unit)
  endif()
  if("system" IN_LIST labels)
    add_dependencies(system_tests ${name})
    if(needs_programs)
      add_dependencies(system_tests programs)
    endif()
  else()
    add_dependencies(unit_tests ${name})
  endif()
  if(needs_programs)
    add_dependencies(${name} programs)
  endif()
  if(is_tsan)
    add_dependencies(tsan_tests ${name})
    list(APPEND labels tsan)
  elseif(PENSTOCK_SANITIZE MATCHES "thread")
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
    return()
  endif()
  if(NOT timeout)
    set(timeout 60)
  endif()
  if(PENSTOCK_SANITIZE)
    math(EXPR timeout "${timeout} * 4")
  endif()
  include(GoogleTest)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT ${timeout})
  # gtest_discover_tests of CMake 3.25 loses all but the first of several labels, so they are set after it. The executable's name is
  # one: `ctest -L core_engine_test` runs the tests of one executable.
  set(labels_file "${CMAKE_CURRENT_BINARY_DIR}/${name}_labels.cmake")
  file(WRITE "${labels_file}"
    "foreach(test IN LISTS ${name}_TESTS)\n  set_tests_properties(\${test} PROPERTIES LABELS \"${labels};${name}\")\nendforeach()\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${labels_file}")
endfunction()

# penstock_add_script_test(NAME COMMAND... [TIMEOUT SECONDS])
#
# A system test that is a script: run with the preset's programs, plugins, SDK and test kits built; exit code 77 says that it was
# skipped. In its environment: PENSTOCK_BIN_DIR, PENSTOCK_PLUGIN_DIR, PENSTOCK_SOURCE_DIR, PENSTOCK_BUILD_DIR.
function(penstock_add_script_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "COMMAND")
  penstock_check_arguments(penstock_add_script_test "${arg_UNPARSED_ARGUMENTS}")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_test(NAME ${name} COMMAND ${arg_COMMAND} WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
  set_tests_properties(${name} PROPERTIES LABELS "system" TIMEOUT ${arg_TIMEOUT} SKIP_RETURN_CODE 77 ENVIRONMENT
    "PENSTOCK_BIN_DIR=${CMAKE_RUNTIME_OUTPUT_DIRECTORY};PENSTOCK_PLUGIN_DIR=${PENSTOCK_PLUGIN_DIR};PENSTOCK_SOURCE_DIR=${PROJECT_SOURCE_DIR};PENSTOCK_BUILD_DIR=${PROJECT_BINARY_DIR}")
  add_dependencies(system_tests programs penstock_sdk)
  foreach(optional IN ITEMS penstock_sdk_testing penstock_imgui)
    if(TARGET ${optional})
      add_dependencies(system_tests ${optional})
    endif()
  endforeach()
endfunction()

# penstock_add_fuzz_target(NAME SOURCES... [LINKS...])
#
# fuzz_<NAME>, with LLVMFuzzerTestOneInput in SOURCES. Under asan it is a libFuzzer program; elsewhere a small main replays files.
# Either way ctest runs the committed corpus, the caller's folder corpus/<NAME>/ (each finding becomes a file there).
function(penstock_add_fuzz_target name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  penstock_check_arguments(penstock_add_fuzz_target "${arg_UNPARSED_ARGUMENTS}")
  set(target fuzz_${name})
  set(corpus "${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name}")
  add_executable(${target} ${arg_SOURCES})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${target} PRIVATE penstock::options penstock::warnings ${arg_LINKS})
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/fuzz")
  if(PENSTOCK_FUZZER)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${target} PRIVATE "${PROJECT_SOURCE_DIR}/cmake/replay_corpus.cpp")
  endif()
  penstock_use_precompiled(${target} core)
  add_dependencies(fuzz_targets ${target})
  add_dependencies(unit_tests ${target})
  if(PENSTOCK_SANITIZE MATCHES "thread")
    set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL ON)
    return()
  endif()
  add_test(NAME ${target}.corpus COMMAND ${target} -runs=0 "${corpus}")
  set_tests_properties(${target}.corpus PROPERTIES LABELS "unit;fuzz" TIMEOUT 120)
endfunction()

# penstock_add_bench(NAME SOURCES... [LINKS...] [PROGRAMS])
#
# bench_<NAME> in build/<preset>/bin, run by scripts/bench.sh NAME: JSON lines on standard output, all else on standard error, --smoke
# for a small single run. Not built under sanitizers, where figures mean nothing.
#   PROGRAMS  the bench starts our programs: they and the plugins are built first
function(penstock_add_bench name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "PROGRAMS" "" "SOURCES;LINKS")
  penstock_check_arguments(penstock_add_bench "${arg_UNPARSED_ARGUMENTS}")
  set(target bench_${name})
  add_executable(${target} ${arg_SOURCES})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_compile_definitions(${target} PRIVATE
    PENSTOCK_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}" PENSTOCK_PLUGIN_DIR="${PENSTOCK_PLUGIN_DIR}"
    PENSTOCK_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${target} PRIVATE penstock::options penstock::warnings ${arg_LINKS} Threads::Threads)
  penstock_use_precompiled(${target} core)
  if(PENSTOCK_SANITIZE)
    set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
  if(arg_PROGRAMS)
    add_dependencies(${target} programs)
  endif()
  add_dependencies(benches ${target})
endfunction()

# Stops the configuration at a word that no keyword took: a misspelt SOURCES would otherwise vanish silently.
function(penstock_check_arguments caller rest)
  if(rest)
    message(FATAL_ERROR "${caller}: \"${rest}\" belongs to no keyword (known ones are listed above the function)")
  endif()
endfunction()
