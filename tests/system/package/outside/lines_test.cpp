#include <dlfcn.h>

#include <gtest/gtest.h>

#include "lines.hpp"

TEST(LinesDriver, LoadsWithEverythingItNeeds) {
    void* library = dlopen(PENSTOCK_PLUGIN_FILE, RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(library, nullptr) << dlerror();
    EXPECT_NE(dlsym(library, "penstock_plugin_factory"), nullptr);
}
