#include "core/guests/plugin_registry.hpp"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/guests/no_io.hpp"
#include "tests/core/guests/support/guests.hpp"
#include "tests/support/fault_row.hpp"

namespace penstock::guests {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::guest_file;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::ManifestFields;
using testing::scan_in;
using testing::TemporaryFolder;

namespace fs = std::filesystem;

class PluginRegistryTest : public ::testing::Test {
protected:
    // A bent copy of the good plugin in the search folder.
    fs::path put(const std::string& name, const ManifestFields& fields) {
        return put(name, testing::with_manifest(testing::read_file(guest_file("good")), fields));
    }
    fs::path put(const std::string& name, const testing::Bytes& bytes) {
        testing::write_file(plugins_ / name, bytes);
        return plugins_ / name;
    }
    [[nodiscard]] PluginRegistry scan() const { return scan_in(folder_, {plugins_.path()}); }

    std::string only_refusal() {
        const auto registry = scan();
        EXPECT_THAT(registry.list(), IsEmpty());
        return registry.refusals().size() == 1 ? registry.refusals().front().sentence
                                               : std::to_string(registry.refusals().size()) + " refusals";
    }

    TemporaryFolder folder_;
    TemporaryFolder plugins_;
    NoIo io_;
    base::SettingsDocument settings_;
};

TEST_F(PluginRegistryTest, ListsWhatItFindsInTheOrderOfPathsAndNames) {
    put("b.so", ManifestFields{.id = "driver.bee"});
    put("a.so", ManifestFields{.id = "driver.ant", .version = "2.0.1"});
    put("notes.txt", testing::Bytes(10));
    const TemporaryFolder more;
    fs::copy_file(guest_file("good"), more / "good.so");
    const auto registry = scan_in(folder_, {plugins_.path(), more.path(), more / "no_such_folder"});
    std::vector<std::string> ids;
    for (const auto& plugin : registry.list()) ids.push_back(plugin.id);
    EXPECT_THAT(ids, ElementsAre("driver.ant", "driver.bee", "driver.good"));
    EXPECT_THAT(registry.refusals(), IsEmpty());
    EXPECT_EQ(registry.list()[0].version, "2.0.1");
    EXPECT_EQ(registry.list()[2].path, more / "good.so");
}

TEST_F(PluginRegistryTest, TakesAFileAsASearchPath) {
    const auto registry = scan_in(folder_, {guest_file("good"), guest_file("no_manifest")});
    ASSERT_EQ(registry.list().size(), 1U);
    ASSERT_EQ(registry.refusals().size(), 1U);
    EXPECT_EQ(registry.refusals()[0].path, guest_file("no_manifest"));
}

TEST_F(PluginRegistryTest, FindsByIdAndByKindAndShortName) {
    put("a.so", ManifestFields{.id = "com.example.driver.foo"});
    put("b.so", ManifestFields{.id = "driver.modbus"});
    const auto registry = scan();
    EXPECT_EQ(registry.find("driver.modbus"), registry.find(PluginKind::driver, "modbus"));
    ASSERT_NE(registry.find(PluginKind::driver, "com.example.foo"), nullptr);
    EXPECT_EQ(registry.find(PluginKind::driver, "com.example.foo")->id, "com.example.driver.foo");
    EXPECT_EQ(registry.find(PluginKind::transport, "modbus"), nullptr);
    EXPECT_EQ(registry.find("modbus"), nullptr);
}

TEST_F(PluginRegistryTest, NamesTheNearestPluginForAnUnknownOne) {
    put("a.so", ManifestFields{.id = "driver.modbus"});
    const auto registry = scan();
    const auto library = registry.load(PluginKind::driver, "modbas");
    ASSERT_FALSE(library);
    EXPECT_EQ(library.error().code(), ErrorCode::not_found);
    EXPECT_THAT(library.error().sentence(),
                AllOf(HasSubstr("\"driver.modbas\""), HasSubstr("driver.modbus"), HasSubstr(plugins_.path().string())));
}

TEST_F(PluginRegistryTest, SaysThatAPluginWasRefusedWhenItIsAskedFor) {
    const auto path = put("a.so", ManifestFields{.interface_version = 2, .id = "driver.modbus"});
    const auto registry = scan();
    const auto library = registry.load("driver.modbus");
    ASSERT_FALSE(library);
    EXPECT_EQ(library.error().where(), path.string());
    EXPECT_THAT(library.error().sentence(), HasSubstr("version 2"));
}

TEST_F(PluginRegistryTest, KnowsAFileWithoutIdByItsName) {
    put("driver.modbus.so", testing::Bytes());
    EXPECT_THAT(scan().load("driver.modbus").error().sentence(), HasSubstr("empty"));
}

TEST_F(PluginRegistryTest, LoadsALibraryOnceAndMakesInstances) {
    const auto registry = scan_in(folder_, {guest_file("good")});
    const auto library = registry.load("driver.good");
    ASSERT_TRUE(library) << library.error().text();
    EXPECT_EQ(registry.load(PluginKind::driver, "good")->get(), library->get());
    const auto driver = create_driver(**library, settings_, io_, "plc1");
    ASSERT_TRUE(driver) << driver.error().text();
    EXPECT_NE((*driver)->polling(), nullptr);
}

TEST_F(PluginRegistryTest, LoadsAPrivateCopyThatGoesWithTheRegistry) {
    fs::path copy;
    {
        const auto registry = scan_in(folder_, {guest_file("good")});
        EXPECT_FALSE(fs::exists(folder_ / "runtime")) << "a folder for copies although nothing was loaded";
        copy = (*registry.load("driver.good"))->loaded_copy();
        EXPECT_EQ(testing::read_file(copy), testing::read_file(guest_file("good")));
        struct stat status = {};
        ASSERT_EQ(::stat(copy.c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777U, 0600U);
        ASSERT_EQ(::stat(copy.parent_path().c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777U, 0700U);
    }
    EXPECT_FALSE(fs::exists(copy.parent_path()));
}

TEST_F(PluginRegistryTest, GoesOnWhenAFileIsReplacedWhileItsLibraryIsLoaded) {
    const auto path = put("good.so", testing::read_file(guest_file("good")));
    const auto registry = scan();
    const auto library = registry.load("driver.good");
    ASSERT_TRUE(library) << library.error().text();
    testing::write_file(path, testing::Bytes(100));  // the same file, cut off in place
    const auto driver = create_driver(**library, settings_, io_, "plc1");
    ASSERT_TRUE(driver) << driver.error().text();
    abi::ItemInfo info;
    abi::Fault fault;
    EXPECT_TRUE((*driver)->parse(abi::text("7"), info, fault));
    EXPECT_EQ(registry.load("driver.good")->get(), library->get());
}

// Control: without the private copy the same replacement ends the process.
TEST_F(PluginRegistryTest, ControlALibraryLoadedInPlaceDiesWithItsFile) {
    const auto path = put("good.so", testing::read_file(guest_file("good")));
    EXPECT_DEATH(
        {
            void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
            auto* const factory = reinterpret_cast<abi::Factory*>(::dlsym(library, "penstock_plugin_factory"));
            fs::resize_file(path, 0);
            abi::Birth birth{};
            abi::Fault fault;
            factory(birth, fault);
        },
        "");
}

TEST_F(PluginRegistryTest, JudgesAFileAnewThatWasReplacedBetweenScanAndLoad) {
    put("good.so", testing::read_file(guest_file("good")));
    const auto registry = scan();
    put("good.so", ManifestFields{.id = "driver.good", .build_tag = "another build"});
    EXPECT_THAT(registry.load("driver.good").error().sentence(), HasSubstr("\"another build\""));
    put("good.so", ManifestFields{.id = "driver.other"});
    EXPECT_THAT(registry.load("driver.good").error().sentence(), HasSubstr("is now \"driver.other\""));
    fs::remove(plugins_ / "good.so");
    EXPECT_THAT(registry.load("driver.good").error().text(), AllOf(HasSubstr("good.so"), HasSubstr("No such file")));
}

TEST_F(PluginRegistryTest, P3_RefusesTheSecondOfTwoWithOneId) {
    const auto first = put("a.so", ManifestFields{.id = "driver.twin"});
    const auto second = put("b.so", ManifestFields{.id = "driver.twin"});
    const auto registry = scan();
    ASSERT_EQ(registry.list().size(), 1U);
    EXPECT_EQ(registry.list()[0].path, first);
    ASSERT_EQ(registry.refusals().size(), 1U);
    EXPECT_EQ(registry.refusals()[0].path, second);
    EXPECT_THAT(registry.refusals()[0].sentence, AllOf(HasSubstr("\"driver.twin\" is taken"), HasSubstr(first.string())));
}

TEST_F(PluginRegistryTest, P3_RefusesInterfaceVersionsBesideItsOwn) {
    put("a.so", ManifestFields{.interface_version = abi::kDriverInterface + 1});
    EXPECT_THAT(only_refusal(), AllOf(HasSubstr("version 2"), HasSubstr("wanted version 1")));
    put("a.so", ManifestFields{.interface_version = abi::kDriverInterface - 1});
    EXPECT_THAT(only_refusal(), AllOf(HasSubstr("version 0"), HasSubstr("wanted version 1")));
}

TEST_F(PluginRegistryTest, P3_RefusesManifestsThatItCannotRead) {
    put("a.so", ManifestFields{.magic = "PENGUINS"});
    EXPECT_THAT(only_refusal(), HasSubstr("does not begin with PENSTOCK"));
    put("a.so", ManifestFields{.format = 7});
    EXPECT_THAT(only_refusal(), HasSubstr("format 7; wanted 1"));
    put("a.so", ManifestFields{.crc_error = 0xFF});
    EXPECT_THAT(only_refusal(), HasSubstr("checksum"));
}

TEST_F(PluginRegistryTest, P3_RefusesFilesThatAreNoPlugins) {
    put("a.so", testing::Bytes());
    EXPECT_THAT(only_refusal(), HasSubstr("empty"));
    put("a.so", testing::Bytes(5'000, std::byte{'t'}));
    EXPECT_THAT(only_refusal(), HasSubstr("ELF"));
    auto narrow = testing::read_file(guest_file("good"));
    narrow[4] = std::byte{1};  // EI_CLASS
    put("a.so", narrow);
    EXPECT_THAT(only_refusal(), HasSubstr("32-bit"));
    fs::remove(plugins_ / "a.so");
    fs::create_directory(plugins_ / "folder.so");
    EXPECT_THAT(only_refusal(), HasSubstr("no regular file"));
    fs::remove(plugins_ / "folder.so");
    ASSERT_EQ(::mkfifo((plugins_ / "pipe.so").c_str(), 0600), 0);
    EXPECT_THAT(only_refusal(), HasSubstr("no regular file"));
    fs::remove(plugins_ / "pipe.so");
    fs::create_symlink("/nowhere", plugins_ / "dangling.so");
    EXPECT_THAT(only_refusal(), HasSubstr("No such file"));
}

TEST_F(PluginRegistryTest, P3_RefusesAPluginCutOffAtEveryKibibyte) {
    const auto path = put("a.so", testing::read_file(guest_file("good")));
    ASSERT_EQ(scan().list().size(), 1U);
    std::uint64_t cuts = 0;
    for (auto size = (fs::file_size(path) - 1) / 1024 * 1024;; size -= 1024, ++cuts) {
        fs::resize_file(path, size);
        EXPECT_FALSE(only_refusal().empty()) << "cut off at " << size << " bytes";
        if (size == 0) break;
    }
    penstock::testing::report_row("P3", cuts + 1, "files cut off, each refused");
}

TEST_F(PluginRegistryTest, P3_RefusesALibraryWithoutManifest) {
    put("a.so", testing::read_file(guest_file("no_manifest")));
    EXPECT_THAT(only_refusal(), HasSubstr("no section .penstock"));
}

TEST_F(PluginRegistryTest, RefusesALibraryWithoutFactoryBeforeItIsLoaded) {
    put("a.so", testing::read_file(guest_file("no_factory")));
    EXPECT_THAT(only_refusal(), HasSubstr("does not export penstock_plugin_factory"));
}

TEST_F(PluginRegistryTest, RunsNothingOfALibraryOfAnotherBuild) {
    put("a.so", testing::with_manifest(testing::read_file(guest_file("aborts_when_loaded")),
                                       {.id = "driver.a", .build_tag = "x86_64 elf libstdc++ cxx98", .compiler = ""}));
    const auto registry = scan();
    ASSERT_EQ(registry.refusals().size(), 1U);
    EXPECT_THAT(registry.refusals()[0].sentence, AllOf(HasSubstr("cxx98"), HasSubstr("rebuild")));
    EXPECT_FALSE(registry.load("driver.a"));
}

// Control: if it is not turned away, its static constructor does end the process.
TEST_F(PluginRegistryTest, ControlALibraryThatAbortsEndsTheProcessOnceLoaded) {
    const auto registry = scan_in(folder_, {guest_file("aborts_when_loaded")});
    ASSERT_EQ(registry.list().size(), 1U);
    EXPECT_DEATH((void)registry.load("driver.aborts_when_loaded"), "");
}

TEST_F(PluginRegistryTest, RepeatsWhatTheDynamicLinkerSaid) {
    const auto registry = scan_in(folder_, {guest_file("undefined_symbol")});
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto library = registry.load("driver.undefined_symbol");
        ASSERT_FALSE(library);
        EXPECT_THAT(library.error().text(),
                    AllOf(HasSubstr("undefined_symbol.so"), HasSubstr("penstock_test_function_that_nobody_has")));
    }
}

TEST_F(PluginRegistryTest, SearchesBesideTheProgramAndWhereTheVariableSays) {
    ASSERT_EQ(::setenv("PENSTOCK_PLUGIN_PATH", "/one:/two::", 1), 0);
    const auto paths = default_search_paths();
    ::unsetenv("PENSTOCK_PLUGIN_PATH");
    ASSERT_EQ(paths.size(), 3U);
    EXPECT_THAT(paths[0].string(), ::testing::EndsWith("/lib/penstock"));
    EXPECT_EQ(paths[1], "/one");
    EXPECT_EQ(paths[2], "/two");
    EXPECT_EQ(default_search_paths().size(), 1U);
}

}  // namespace
}  // namespace penstock::guests
