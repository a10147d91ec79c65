# What `cmake --install` leaves behind beside programs, plugins and SDK (which install themselves where they are declared):
# the package that find_package(Penstock) finds, so that a plugin outside of the tree is declared with the same call as ours. The component "sdk" is what a plugin author
# needs, without the programs.
include(CMakePackageConfigHelpers)

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/Penstock")
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/PenstockConfig.cmake.in" "${PROJECT_BINARY_DIR}/PenstockConfig.cmake"
  INSTALL_DESTINATION "${package_folder}")
# Before 1.0 a minor version may change interfaces. What a finished plugin was built against is judged by its manifest, not by this.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/PenstockConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(EXPORT PenstockTargets NAMESPACE penstock:: DESTINATION "${package_folder}" COMPONENT sdk)
install(FILES "${PROJECT_BINARY_DIR}/PenstockConfig.cmake" "${PROJECT_BINARY_DIR}/PenstockConfigVersion.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/PenstockPlugin.cmake" "${PROJECT_SOURCE_DIR}/cmake/plugin.map"
  DESTINATION "${package_folder}" COMPONENT sdk)
