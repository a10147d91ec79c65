// Row P4: whatever a plugin throws, wherever it throws it, becomes an error that names the plugin.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "core/guests/address_checker.hpp"
#include "core/guests/no_io.hpp"
#include "tests/core/guests/support/guests.hpp"
#include "tests/support/fault_row.hpp"

namespace penstock::guests {
namespace {

using ::testing::AllOf;
using testing::guest_file;
using ::testing::HasSubstr;

struct Thrown {
    const char* word;
    const char* said;  // what the sentence has to say of it
};
constexpr Thrown kThrown[] = {
    {"int", "int"},
    {"text", "char const*"},
    {"object", "OddObject"},
    {"exception", "the guest's own words"},
    {"link", "no answer within 1 s"},
    {"foreign", "no C++ code"},
};

void PrintTo(const Thrown& thrown, std::ostream* out) { *out << thrown.word; }

class CountingCompletion final : public abi::Completion {
public:
    void complete(const abi::IoResult&) noexcept override { ++count; }
    int count = 0;
};

void call_without_guard(abi::Factory& factory, const base::SettingsDocument& settings, abi::HostIo& io) noexcept {
    const abi::Birth birth{
        .interface_version = 1, .reserved = 0, .io = &io, .settings = &settings.root(), .instance = abi::text("x")};
    abi::Fault fault;
    factory(birth, fault);
}

// Keeps what is logged.
class ListeningIo final : public NoIo {
public:
    void log(std::uint32_t, abi::Text message) noexcept override { logged.emplace_back(message.view()); }
    std::vector<std::string> logged;
};

class Guard : public ::testing::TestWithParam<Thrown> {
protected:
    [[nodiscard]] std::shared_ptr<PluginLibrary> load(const std::string& name) {
        registry_.emplace(testing::scan_in(folder_, {guest_file(name)}));
        auto library = registry_->load("driver." + name);
        if (!library) throw std::runtime_error(library.error().text());
        return *library;
    }
    [[nodiscard]] static base::SettingsDocument throws_in(const std::string& place, const std::string& prefix = "") {
        return testing::settings_from("{\"" + place + "\": \"" + prefix + GetParam().word + "\"}");
    }
    // The driver of a device with one item.
    DriverOwner driver_that_throws_in(const base::SettingsDocument& settings) {
        auto driver = create_driver(*load("throwing"), settings, io_, "plc1");
        if (!driver) throw std::runtime_error(driver.error().text());
        const abi::ItemAddress item{.item = 0, .reserved = 0, .address = abi::text("level")};
        abi::Fault fault;
        if (!(*driver)->set_items(&item, 1, fault)) throw std::runtime_error(std::string(fault.sentence()));
        return std::move(*driver);
    }

    testing::TemporaryFolder folder_;
    std::optional<PluginRegistry> registry_;
    ListeningIo io_;
};

INSTANTIATE_TEST_SUITE_P(Everything, Guard, ::testing::ValuesIn(kThrown),
                         [](const auto& info) { return std::string(info.param.word); });

TEST_P(Guard, P4_TurnsAThrowingConstructorIntoAnError) {
    const auto settings = throws_in("birth");
    const auto driver = create_driver(*load("throwing"), settings, io_, "plc1");
    ASSERT_FALSE(driver);
    EXPECT_THAT(driver.error().text(), AllOf(HasSubstr("plc1"), HasSubstr("driver.throwing"), HasSubstr(GetParam().said)));
    penstock::testing::report_row("P4", 1, "kind of exception, turned into an error at every place");
}

TEST_P(Guard, P4_TurnsAFactoryThatBreaksItsPromiseIntoAnError) {
    const auto settings = throws_in("birth");
    const auto driver = create_driver(*load("raw_factory"), settings, io_, "plc1");
    ASSERT_FALSE(driver);
    EXPECT_EQ(driver.error().code(), ErrorCode::internal);
    EXPECT_THAT(driver.error().text(), AllOf(HasSubstr("plc1"), HasSubstr("driver.raw_factory"), HasSubstr(GetParam().said)));
}

// Control: the same factory called without the guard.
TEST_P(Guard, ControlTheSameFactoryEndsTheProcessWithoutTheGuard) {
    const auto settings = throws_in("birth");
    const auto library = load("raw_factory");
    EXPECT_DEATH(call_without_guard(*library->factory(), settings, io_), "");
}

TEST_P(Guard, P4_TurnsAThrowingAddressParserIntoAnError) {
    const base::SettingsDocument settings;
    auto checker = AddressChecker::create(*load("throwing"), settings, "plc1");
    ASSERT_TRUE(checker) << checker.error().text();
    const auto parsed = checker->parse(GetParam().word);
    ASSERT_FALSE(parsed);
    EXPECT_THAT(parsed.error().sentence(), HasSubstr(GetParam().said));
    EXPECT_TRUE(checker->parse("level")) << "the driver is of no use after it threw";
}

TEST_P(Guard, P4_TurnsAThrowingReadIntoAFault) {
    const auto settings = throws_in("read");
    const auto driver = driver_that_throws_in(settings);
    const std::uint32_t due = 0;
    abi::Columns columns{};
    abi::Fault fault;
    CountingCompletion completion;
    EXPECT_TRUE(driver->polling()->start_read(&due, 1, 0, columns, fault, completion));
    EXPECT_TRUE(fault.failed());
    EXPECT_THAT(std::string(fault.sentence()), HasSubstr(GetParam().said));
    EXPECT_EQ(columns.count, 0U);
    EXPECT_EQ(completion.count, 0);
}

TEST_P(Guard, P4_TurnsAThrowInsideAHostsCallBackIntoAFault) {
    const auto settings = throws_in("read", "wait_and_");
    const auto driver = driver_that_throws_in(settings);
    const std::uint32_t due = 0;
    abi::Columns columns{};
    abi::Fault fault;
    CountingCompletion completion;
    ASSERT_FALSE(driver->polling()->start_read(&due, 1, 0, columns, fault, completion));
    io_.fail_waits();
    EXPECT_EQ(completion.count, 1);
    EXPECT_THAT(std::string(fault.sentence()), HasSubstr(GetParam().said));
}

TEST_P(Guard, P4_CallsAThrowingWriteUnknown) {
    const auto settings = throws_in("write");
    const auto driver = driver_that_throws_in(settings);
    const abi::WriteItem write{
        .item = 0,
        .reserved = 0,
        .value = {.type = static_cast<std::uint32_t>(ValueType::uint64), .reserved = 0, .word = 1, .blob = {"", 0}}};
    abi::WriteReply reply;
    CountingCompletion completion;
    EXPECT_TRUE(driver->polling()->start_write(write, 0, reply, completion));
    EXPECT_EQ(reply.outcome, abi::Outcome::unknown);
    EXPECT_THAT(std::string(reply.reason.sentence()), HasSubstr(GetParam().said));
}

TEST_P(Guard, TurnsThrowingExplanationsIntoNothing) {
    const auto settings = throws_in("last_request");
    const auto driver = driver_that_throws_in(settings);
    char text[64];
    EXPECT_EQ(driver->last_request(0, text, sizeof(text)), 0U);
}

TEST_P(Guard, P4_LogsWhatADestructorThrows) {
    const auto settings = throws_in("destructor");
    driver_that_throws_in(settings).reset();
    ASSERT_EQ(io_.logged.size(), 1U);
    EXPECT_THAT(io_.logged.front(), HasSubstr(GetParam().said));
}

class Birth : public Guard {
protected:
    Result<DriverOwner> born(std::string_view settings) {
        settings_ = testing::settings_from(settings);
        return create_driver(*load("raw_factory"), settings_, io_, "plc1");
    }
    base::SettingsDocument settings_;
};

TEST_F(Birth, NamesAFactoryThatAnswersNothing) {
    EXPECT_THAT(born(R"({"birth": "nothing"})").error().text(), HasSubstr("returned nothing and gave no reason"));
}

TEST_F(Birth, PassesTheReasonOfARefusalOn) {
    const auto driver = born(R"({"birth": "fault"})");
    EXPECT_EQ(driver.error().code(), ErrorCode::invalid_argument);
    EXPECT_THAT(driver.error().sentence(), HasSubstr("the endpoint is missing"));
}

TEST_F(Birth, BelievesNoFaultThatMakesNoSense) {
    const auto driver = born(R"({"birth": "rubbish"})");
    EXPECT_EQ(driver.error().code(), ErrorCode::internal);
    EXPECT_LT(driver.error().sentence().size(), 500U);
    EXPECT_EQ(driver.error().sentence().find('\x1b'), std::string::npos);
}

TEST_F(Birth, WantsExactlyOneWayToRun) {
    EXPECT_TRUE(born(R"({"birth": "one"})"));
    EXPECT_THAT(born(R"({"birth": "none"})").error().sentence(), HasSubstr("offers 0 ways"));
    EXPECT_THAT(born(R"({"birth": "two"})").error().sentence(), HasSubstr("offers 2 ways"));
}

TEST_F(Birth, GivesNoDriverAsATransport) {
    const base::SettingsDocument settings;
    const auto transport = create_transport(*load("raw_factory"), settings, io_, "t");
    ASSERT_FALSE(transport);
    EXPECT_THAT(transport.error().sentence(), HasSubstr("is of kind driver; wanted transport"));
}

TEST_F(Birth, BelievesNoTypeThatDoesNotExist) {
    const base::SettingsDocument settings;
    auto checker = AddressChecker::create(*load("raw_factory"), settings, "plc1");
    ASSERT_TRUE(checker);
    EXPECT_THAT(checker->parse("x").error().sentence(), HasSubstr("type that does not exist: 77"));
}

}  // namespace
}  // namespace penstock::guests
