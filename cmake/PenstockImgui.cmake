# penstock::imgui: one shared library made from chosen objects of Debian's static libimgui.a.
#
# ImGui keeps its context in a global. If the client and each widget plugin linked the archive, each would have a context of its own and
# the plugins' would be null. The archive as a whole cannot be used: it also holds Vulkan, Allegro, SDL and GLUT backends.
# Without ImGui or GLFW the client and the widgets are left out: PENSTOCK_HAVE_IMGUI is then OFF.
set(PENSTOCK_HAVE_IMGUI OFF)
find_package(PkgConfig QUIET)
find_package(glfw3 3.3 QUIET)
find_library(PENSTOCK_IMGUI_ARCHIVE NAMES libimgui.a)
if(PKG_CONFIG_FOUND)
  pkg_check_modules(PENSTOCK_IMGUI_PC QUIET imgui)
  pkg_check_modules(PENSTOCK_FREETYPE QUIET freetype2)
endif()
if(NOT (PENSTOCK_IMGUI_PC_FOUND AND PENSTOCK_FREETYPE_FOUND AND glfw3_FOUND AND PENSTOCK_IMGUI_ARCHIVE))
  message(STATUS "Penstock: no ImGui, GLFW or FreeType (libimgui-dev libglfw3-dev libfreetype-dev): leaving out client and widgets")
  return()
endif()
set(PENSTOCK_HAVE_IMGUI ON)

set(imgui_folder "${PROJECT_BINARY_DIR}/imgui-objects")
set(imgui_objects imgui.o imgui_draw.o imgui_tables.o imgui_widgets.o imgui_demo.o imgui_stdlib.o imgui_freetype.o
    imgui_impl_glfw.o imgui_impl_opengl3.o)
list(TRANSFORM imgui_objects PREPEND "${imgui_folder}/" OUTPUT_VARIABLE imgui_paths)
file(MAKE_DIRECTORY "${imgui_folder}")
add_custom_command(OUTPUT ${imgui_paths}
  COMMAND "${CMAKE_AR}" x "${PENSTOCK_IMGUI_ARCHIVE}" ${imgui_objects}
  WORKING_DIRECTORY "${imgui_folder}" DEPENDS "${PENSTOCK_IMGUI_ARCHIVE}"
  COMMENT "Taking ImGui's objects out of libimgui.a" VERBATIM)
set_source_files_properties(${imgui_paths} PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)

add_library(penstock_imgui SHARED ${imgui_paths})
add_library(penstock::imgui ALIAS penstock_imgui)
set_target_properties(penstock_imgui PROPERTIES OUTPUT_NAME penstock-imgui LINKER_LANGUAGE CXX EXPORT_NAME imgui)
target_include_directories(penstock_imgui SYSTEM INTERFACE ${PENSTOCK_IMGUI_PC_INCLUDE_DIRS})
target_link_libraries(penstock_imgui PUBLIC glfw PRIVATE stb ${PENSTOCK_FREETYPE_LIBRARIES} ${CMAKE_DL_LIBS})
install(TARGETS penstock_imgui EXPORT PenstockTargets LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT sdk)
