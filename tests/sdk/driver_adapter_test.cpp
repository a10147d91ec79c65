// Drivers of the other kinds, and drivers that misbehave, seen from the host's side of the boundary.
#include <deque>
#include <stdexcept>

#include <gtest/gtest.h>

#include <penstock/plain_value.hpp>
#include <penstock/testing/driver_rig.hpp>

namespace penstock {
namespace {

using penstock::testing::DriverRig;
using penstock::testing::JsonSettings;
using penstock::testing::ScriptedIo;
using penstock::testing::ScriptedNetwork;

class Awaited final : public abi::Completion {
public:
    void complete(const abi::IoResult& result) noexcept override {
        ++count;
        code = result.code;
    }
    int count = 0;
    std::int32_t code = 0;
};

// A driver whose address is a bare number, for all that follow.
template <class Base>
class NumberDriver : public Base {
public:
    NumberDriver(Settings, Io io) : Base(io) {}
    Result<ParsedAddress<int>> parse_address(std::string_view text) const override {
        return ParsedAddress<int>(static_cast<int>(text.size()), ValueType::int64, true);
    }
};

abi::DriverGuest* born(void* (*factory)(const abi::Birth&, abi::Fault&) noexcept, ScriptedIo& io, const JsonSettings& settings,
                       abi::Fault& fault, std::uint32_t version = abi::kDriverInterface) {
    return static_cast<abi::DriverGuest*>(factory({version, 0, &io, settings.node(), abi::text("device")}, fault));
}

// --- polling drivers that throw ------------------------------------------------------------------------------------

enum class Mischief { throw_value, throw_before_the_task, empty_task, throw_after_a_wait };

template <Mischief mischief>
class Mischievous final : public NumberDriver<PollingDriver<int>> {
public:
    using NumberDriver::NumberDriver;
    Task<void> connect() override { co_return; }
    Task<void> read(std::span<const ItemId>, SampleBatch&) override {
        if constexpr (mischief == Mischief::throw_before_the_task) throw std::runtime_error("no task for you");
        if constexpr (mischief == Mischief::empty_task) return {};
        return misread();
    }
    Task<WriteOutcome> write(const Item<int>&, Value) override {
        throw std::runtime_error("lost while writing");
        co_return WriteOutcome::done();
    }
    void disconnect() noexcept override {}

private:
    Task<void> misread() {
        if constexpr (mischief == Mischief::throw_after_a_wait) {
            const auto time = io().in(1s);
            co_await io().sleep_until(time);
        }
        throw 42;
        co_return;
    }
};

template <Mischief mischief>
std::string sentence_of_read() {
    ScriptedNetwork network;
    auto rig = DriverRig::make<Mischievous<mischief>>(network, "{}");
    EXPECT_TRUE(rig.set_items({"1"}));
    EXPECT_TRUE(rig.connect());
    const auto result = rig.read();
    EXPECT_FALSE(result.ok());
    return result.sentence();
}

TEST(DriverAdapter, TurnsWhateverIsThrownIntoAFault) {
    EXPECT_EQ(sentence_of_read<Mischief::throw_value>(), "the plugin threw a value of type int");
    EXPECT_EQ(sentence_of_read<Mischief::throw_after_a_wait>(), "the plugin threw a value of type int");
    EXPECT_EQ(sentence_of_read<Mischief::throw_before_the_task>(), "the plugin threw std::runtime_error: no task for you");
    EXPECT_EQ(sentence_of_read<Mischief::empty_task>(),
              "the plugin threw std::logic_error: a task was awaited that was never made, or was moved from");
}

TEST(DriverAdapter, AWriteThatThrowsIsUnknownAndBreaksTheLink) {
    ScriptedNetwork network;
    auto rig = DriverRig::make<Mischievous<Mischief::throw_value>>(network, "{}");
    ASSERT_TRUE(rig.set_items({"1"}));
    const auto result = rig.write(0, 5);
    EXPECT_EQ(result.outcome, abi::Outcome::unknown);
    EXPECT_TRUE(result.is_link_broken);
    EXPECT_EQ(result.sentence(), "the plugin threw std::runtime_error: lost while writing");
}

TEST(DriverAdapter, RefusesItemsThatAreNotNumberedDensely) {
    ScriptedNetwork network;
    auto rig = DriverRig::make<Mischievous<Mischief::throw_value>>(network, "{}");
    const abi::ItemAddress item{7, 0, abi::text("1")};
    abi::Fault fault;
    EXPECT_FALSE(rig.guest().set_items(&item, 1, fault));
    EXPECT_EQ(fault.code, static_cast<std::int32_t>(ErrorCode::internal));
}

TEST(DriverAdapter, RefusesAHostThatSpeaksAnotherVersion) {
    ScriptedNetwork network;
    ScriptedIo io(network);
    const JsonSettings settings;
    abi::Fault fault;
    EXPECT_EQ(born(&detail::make_guest<Mischievous<Mischief::throw_value>>, io, settings, fault, 99), nullptr);
    EXPECT_EQ(fault.sentence(), "the host speaks version 99 of the driver interface, the plugin version 1");
}

class StillBorn final : public NumberDriver<PollingDriver<int>> {
public:
    StillBorn(Settings settings, Io io) : NumberDriver(settings, io) {
        throw LinkError(settings.fault("unit", "unit 300 is beyond 247"));
    }
    Task<void> connect() override { co_return; }
    Task<void> read(std::span<const ItemId>, SampleBatch&) override { co_return; }
    void disconnect() noexcept override {}
};

TEST(DriverAdapter, TellsWhereTheSettingsAreAtFault) {
    ScriptedNetwork network;
    ScriptedIo io(network);
    const JsonSettings settings(R"({"unit": 300})");
    abi::Fault fault;
    EXPECT_EQ(born(&detail::make_guest<StillBorn>, io, settings, fault), nullptr);
    EXPECT_EQ(fault.code, static_cast<std::int32_t>(ErrorCode::invalid_config));
    EXPECT_EQ(fault.sentence(), "settings/unit: unit 300 is beyond 247");
}

// --- blocking drivers ----------------------------------------------------------------------------------------------

class Vendor final : public NumberDriver<BlockingDriver<int>> {
public:
    using NumberDriver::NumberDriver;
    void connect(Deadline) override {}
    void read(std::span<const ItemId> due, SampleBatch& out, Deadline deadline) override {
        if (deadline <= io().now()) throw LinkError(ErrorCode::timeout, "no time left");
        for (const auto id : due) out.add(id, held_);
    }
    WriteOutcome write(const Item<int>&, const Value& value, Deadline) override {
        held_ = *value.get_if<std::int64_t>();
        return WriteOutcome::done();
    }
    void disconnect() noexcept override {}

private:
    std::int64_t held_ = 1;
};

TEST(DriverAdapter, BlockingDriversEndBeforeTheCallReturns) {
    ScriptedNetwork network;
    auto rig = DriverRig::make<Vendor>(network, "{}");
    EXPECT_EQ(rig.guest().polling(), nullptr);
    ASSERT_NE(rig.guest().blocking(), nullptr);
    ASSERT_TRUE(rig.set_items({"1"}));
    rig.start_write(0, 7);
    EXPECT_TRUE(rig.has_ended());
    rig.start_read();
    EXPECT_TRUE(rig.has_ended());
    EXPECT_EQ(rig.read().find(0)->value.text(), "7");
}

// --- running drivers and browsing ----------------------------------------------------------------------------------

class Pushing final : public NumberDriver<Driver<int>>, public Browse {
public:
    using NumberDriver::NumberDriver;
    Task<void> run(Link& link) override {
        link.up();
        SampleBatch batch;
        while (true) {
            const auto event = co_await link.next();
            if (const auto* const write = std::get_if<WriteRequest>(&event)) link.finish(write->id, WriteOutcome::done());
            const auto* const poll = std::get_if<PollDue>(&event);
            if (poll == nullptr) continue;
            batch.clear();
            for (const auto id : poll->items) batch.add(id, std::int64_t{id} + 100);
            link.publish(batch);
        }
    }
    Task<std::vector<BrowseResult>> browse(std::string filter) override {
        std::vector<BrowseResult> results;
        results.emplace_back("pumps/" + filter, "1", "a pump", ValueType::int64, true);
        co_return results;
    }
};

class ScriptedLink final : public abi::HostLink {
public:
    void next(abi::LinkEvent& event, abi::Completion& completion) noexcept override {
        event_ = &event;
        waiter = &completion;
    }
    void withdraw_next(abi::Completion&) noexcept override { waiter = nullptr; }
    void publish(const abi::Columns& columns) noexcept override {
        for (std::uint32_t row = 0; row < columns.count; ++row) published.push_back(columns.word[row]);
    }
    void finish_write(std::uint64_t id, const abi::WriteReply& reply) noexcept override {
        finished.emplace_back(id, reply.outcome);
    }
    void link_up() noexcept override { is_up = true; }
    void link_down(const abi::Fault&) noexcept override { is_up = false; }

    void give(const abi::LinkEvent& event) {
        *event_ = event;
        std::exchange(waiter, nullptr)->complete(abi::IoResult());
    }
    void stop() {
        abi::IoResult result;
        result.code = static_cast<std::int32_t>(ErrorCode::cancelled);
        std::exchange(waiter, nullptr)->complete(result);
    }

    abi::Completion* waiter = nullptr;
    std::vector<std::uint64_t> published;
    std::vector<std::pair<std::uint64_t, abi::Outcome>> finished;
    bool is_up = false;

private:
    abi::LinkEvent* event_ = nullptr;
};

struct RunningDriver : ::testing::Test {
    RunningDriver() {
        guest = born(&detail::make_guest<Pushing>, io, settings, fault);
        const abi::ItemAddress item{0, 0, abi::text("1")};
        EXPECT_TRUE(guest->set_items(&item, 1, fault));
    }
    ~RunningDriver() override { guest->release(); }

    ScriptedNetwork network;
    ScriptedIo io{network};
    JsonSettings settings;
    ScriptedLink link;
    Awaited ended;
    abi::Fault fault;
    abi::DriverGuest* guest;
};

TEST_F(RunningDriver, PublishesAndAnswersWhatItsLinkYields) {
    ASSERT_FALSE(guest->running()->start_run(link, fault, ended));
    EXPECT_TRUE(link.is_up);
    const std::uint32_t due = 3;
    link.give({abi::LinkEventKind::poll_due, 1, &due, 0, {}});
    EXPECT_EQ(link.published, (std::vector<std::uint64_t>{103}));
    std::string blob;
    link.give({abi::LinkEventKind::write, 0, nullptr, 9, {0, 0, plain_view(Value(5), blob)}});
    EXPECT_EQ(link.finished, (std::vector<std::pair<std::uint64_t, abi::Outcome>>{{9, abi::Outcome::done}}));
    EXPECT_EQ(ended.count, 0);
}

TEST_F(RunningDriver, EndsOnceWhenTheHostStops) {
    ASSERT_FALSE(guest->running()->start_run(link, fault, ended));
    link.stop();
    EXPECT_EQ(ended.count, 1);
    EXPECT_EQ(ended.code, static_cast<std::int32_t>(ErrorCode::cancelled));
    EXPECT_EQ(fault.code, ended.code);
}

TEST_F(RunningDriver, CanBeDroppedAndStartedAgain) {
    ASSERT_FALSE(guest->running()->start_run(link, fault, ended));
    guest->running()->stop_run();
    EXPECT_EQ(link.waiter, nullptr) << "the wait was not withdrawn";
    EXPECT_EQ(ended.count, 0);
    EXPECT_FALSE(guest->running()->start_run(link, fault, ended));
    EXPECT_NE(link.waiter, nullptr);
}

class Entries final : public abi::BrowseSink {
public:
    bool entry(const abi::BrowseEntry& entry) noexcept override {
        paths.emplace_back(entry.path.view());
        return true;
    }
    std::vector<std::string> paths;
};

TEST_F(RunningDriver, Browses) {
    Entries entries;
    ASSERT_TRUE(guest->browse()->start_browse(abi::text("p1"), entries, fault, ended));
    EXPECT_EQ(entries.paths, (std::vector<std::string>{"pumps/p1"}));
}

}  // namespace
}  // namespace penstock
