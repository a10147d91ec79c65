# penstock_add_tree(FOLDER)
#
# Adds every folder below FOLDER that has a CMakeLists.txt, nearest first. A folder that has one speaks for what is below it.
# New folders are found at the next build; there is no list to edit.
function(penstock_add_tree folder)
  file(GLOB_RECURSE lists CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/${folder}/CMakeLists.txt")
  list(REMOVE_ITEM lists "${folder}/CMakeLists.txt")
  list(SORT lists)
  set(added)
  foreach(list IN LISTS lists)
    cmake_path(GET list PARENT_PATH dir)
    penstock_below_any(below "${dir}" "${added}")
    if(NOT below)
      add_subdirectory("${PROJECT_SOURCE_DIR}/${dir}" "${PROJECT_BINARY_DIR}/${dir}")
      list(APPEND added "${dir}")
    endif()
  endforeach()
endfunction()

# penstock_below_any(RESULT DIR FOLDERS): is DIR below one of FOLDERS?
function(penstock_below_any result dir folders)
  set(${result} OFF PARENT_SCOPE)
  foreach(folder IN LISTS folders)
    cmake_path(IS_PREFIX folder "${dir}" NORMALIZE is_below)
    if(is_below)
      set(${result} ON PARENT_SCOPE)
    endif()
  endforeach()
endfunction()
