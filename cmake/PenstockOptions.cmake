# The one place for compiler options. Every target of the tree links two interface targets:
#   penstock::options   language level, optimisation, hardening, sanitizers
#   penstock::warnings  what the compiler reports, and whether that stops the build
# Nothing else sets flags; the presets choose by these cache variables.
set(PENSTOCK_FLAVOUR "dev" CACHE STRING "dev (assertions, line tables) or release (optimised, hardened)")
set_property(CACHE PENSTOCK_FLAVOUR PROPERTY STRINGS dev release)
set(PENSTOCK_SANITIZE "" CACHE STRING "sanitizers: address,undefined or thread; empty for none")
option(PENSTOCK_WERROR "warnings stop the build" OFF)
option(PENSTOCK_CCACHE "compile through ccache if it is installed" OFF)

set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
# What one folder finds, those that link its library find too.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")
# The build folder looks like an installed Penstock, whatever the distribution calls its library folder.
set(CMAKE_INSTALL_LIBDIR lib)
set(PENSTOCK_PLUGIN_DIR "${PROJECT_BINARY_DIR}/lib/penstock")
set(PENSTOCK_CMAKE_DIR "${PROJECT_SOURCE_DIR}/cmake")

include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)

# Two checkouts of one commit share their compiled objects: paths below the tree are hashed and written relative to the build
# folder. "env" keeps the settings with the build itself, so that a plain `ninja` has them too.
find_program(PENSTOCK_CCACHE_PROGRAM ccache)
if(PENSTOCK_CCACHE AND PENSTOCK_CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      env "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros "${PENSTOCK_CCACHE_PROGRAM}")
endif()

add_library(penstock_options INTERFACE)
add_library(penstock::options ALIAS penstock_options)
target_compile_features(penstock_options INTERFACE cxx_std_23)
target_compile_definitions(penstock_options INTERFACE BOOST_DLL_USE_STD_FS)
# A fused multiply-add changes the last bit of a scaled value; engine, archive and screen must agree to the bit.
target_compile_options(penstock_options INTERFACE -ffp-contract=off)
target_link_options(penstock_options INTERFACE -Wl,--as-needed)

if(PENSTOCK_FLAVOUR STREQUAL "release")
  target_compile_definitions(penstock_options INTERFACE NDEBUG)
  target_compile_options(penstock_options INTERFACE
    -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -fcf-protection)
  target_link_options(penstock_options INTERFACE -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,-s)
else()
  target_compile_definitions(penstock_options INTERFACE _GLIBCXX_ASSERTIONS)
  target_compile_options(penstock_options INTERFACE -O1 -g1 -fno-omit-frame-pointer)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # The debugger looks sources up from the build folder; an absolute folder here would keep two checkouts from sharing objects.
  target_compile_options(penstock_options INTERFACE -ffile-compilation-dir=.)
  # Programs too are compiled as libraries are (and linked as PIE), so that all share one precompiled header.
  target_compile_options(penstock_options INTERFACE -fPIC)
  target_link_options(penstock_options INTERFACE -fuse-ld=lld)
endif()

set(PENSTOCK_FUZZER OFF)
if(PENSTOCK_SANITIZE)
  target_compile_options(penstock_options INTERFACE
    -fsanitize=${PENSTOCK_SANITIZE} -fno-sanitize-recover=all -fno-optimize-sibling-calls)
  target_link_options(penstock_options INTERFACE -fsanitize=${PENSTOCK_SANITIZE})
  if(PENSTOCK_SANITIZE MATCHES "address" AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # Coverage counters in every object, or a fuzz target would see only its own entry function.
    set(PENSTOCK_FUZZER ON)
    target_compile_options(penstock_options INTERFACE -fsanitize=fuzzer-no-link)
  endif()
endif()

add_library(penstock_warnings INTERFACE)
add_library(penstock::warnings ALIAS penstock_warnings)
target_compile_options(penstock_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wcast-align -Wold-style-cast -Woverloaded-virtual
  -Wnull-dereference -Wformat=2 -Wimplicit-fallthrough -Wextra-semi -Wundef
  $<$<BOOL:${PENSTOCK_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(penstock_warnings INTERFACE
    -Wshadow -Wnon-virtual-dtor -Wdocumentation -Wunreachable-code -Wthread-safety -Wno-missing-designated-field-initializers)
else()
  # g++ 12's own -Wshadow and -Wnon-virtual-dtor report idioms that clang's rightly let pass (a constructor's argument named like the
  # member it sets; a protected destructor). The others here it reports on correct code: those about lifetimes through inlined standard
  # containers and coroutine frames, tsan for Asio's fences, dangling-else for GoogleTest's EXPECT_ under an if.
  target_compile_options(penstock_warnings INTERFACE
    -Wno-maybe-uninitialized -Wno-dangling-pointer -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread
    -Wno-restrict -Wno-null-dereference -Wno-missing-field-initializers -Wno-tsan -Wno-dangling-else)
endif()
