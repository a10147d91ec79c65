// Blocking drivers: on real threads, so that the thread sanitizer sees them.

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/io_threads.hpp"
#include "core/guests/device_link.hpp"
#include "tests/core/guests/support/fake_device.hpp"

namespace penstock::guests {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// A door that the test opens; a blocking call waits in front of it.
class Gate {
public:
    void close() { set(false); }
    void open() { set(true); }
    void pass() {
        std::unique_lock lock(mutex_);
        has_changed_.wait(lock, [this] { return is_open_; });
    }

private:
    void set(bool is_open) {
        {
            const std::lock_guard lock(mutex_);
            is_open_ = is_open;
        }
        has_changed_.notify_all();
    }
    std::mutex mutex_;
    std::condition_variable has_changed_;
    bool is_open_ = true;
};

struct Library {  // the vendor's, shared by all instances
    Gate gate;
    std::atomic<int> births{0}, releases{0};
    std::atomic<std::int64_t> value{5};
    std::mutex mutex;
    std::thread::id caller;  // of the last read
};

class BlockingDriver final : public DriverInstance, private abi::DriverGuest, private abi::PollingGuest {
public:
    explicit BlockingDriver(Library& library) : library_(library) { ++library_.births; }
    ~BlockingDriver() override { ++library_.releases; }
    abi::DriverGuest& guest() noexcept override { return *this; }
    void stop_io() noexcept override {}

private:
    bool start_connect(std::int64_t, abi::Fault&, abi::Completion&) noexcept override { return true; }
    bool start_read(const std::uint32_t* due, std::uint32_t count, std::int64_t, abi::Columns& columns, abi::Fault&,
                    abi::Completion&) noexcept override {
        library_.gate.pass();
        {
            const std::lock_guard lock(library_.mutex);
            library_.caller = std::this_thread::get_id();
        }
        batch_.clear();
        for (std::uint32_t i = 0; i < count; ++i) batch_.add(due[i], library_.value.load());
        columns = batch_.columns();
        return true;
    }
    bool start_write(const abi::WriteItem& write, std::int64_t, abi::WriteReply& reply, abi::Completion&) noexcept override {
        library_.gate.pass();
        library_.value = static_cast<std::int64_t>(write.value.word);
        reply.outcome = abi::Outcome::done;
        return true;
    }
    void disconnect() noexcept override {}
    bool parse(abi::Text, abi::ItemInfo&, abi::Fault&) noexcept override { return true; }
    bool set_items(const abi::ItemAddress*, std::uint32_t, abi::Fault&) noexcept override { return true; }
    abi::PollingGuest* polling() noexcept override { return nullptr; }
    abi::PollingGuest* blocking() noexcept override { return this; }
    abi::RunningGuest* running() noexcept override { return nullptr; }
    abi::BrowseGuest* browse() noexcept override { return nullptr; }
    std::uint32_t last_request(std::uint32_t, char* into, std::uint32_t capacity) noexcept override {
        return static_cast<std::uint32_t>(std::string_view("vendor_read()").copy(into, capacity));
    }
    std::uint32_t last_answer(std::uint32_t, char*, std::uint32_t) noexcept override { return 0; }
    void abandon() noexcept override {}
    void release() noexcept override {}

    Library& library_;
    SampleBatch batch_;
};

// A sink that a test on another thread can wait for.
class WaitingSink final : public SampleSink {
public:
    void publish(const abi::Columns&, Now) noexcept override {
        note([this] { ++batches_; });
    }
    void all_bad(QualityCode, std::string_view cause, Now) noexcept override {
        note([&] { cause_ = cause; });
    }
    void wait_for_batches(int more) {
        std::unique_lock lock(mutex_);
        const int wanted = batches_ + more;
        has_changed_.wait(lock, [&] { return batches_ >= wanted; });
    }
    std::string wait_for_cause(std::string_view part) {
        std::unique_lock lock(mutex_);
        has_changed_.wait(lock, [&] { return cause_.find(part) != std::string::npos; });
        return cause_;
    }

private:
    template <class Change>
    void note(Change change) noexcept {
        {
            const std::lock_guard lock(mutex_);
            change();
        }
        has_changed_.notify_all();
    }
    std::mutex mutex_;
    std::condition_variable has_changed_;
    int batches_ = 0;
    std::string cause_;
};

struct Plant {
    explicit Plant(Duration deadline = 10s) : link(thread, config(deadline), factory(), sink) { link.start(); }
    ~Plant() {
        library.gate.open();
        stop();
        thread.stop();
        while (library.releases < library.births) std::this_thread::yield();
    }
    void stop() {
        std::promise<void> stopped;
        link.stop([&] { stopped.set_value(); });
        stopped.get_future().get();
    }
    static DeviceConfig config(Duration deadline) {
        auto made = test::device_config(2, 10ms);
        made.read_deadline = deadline;
        made.backoff_max = 200ms;
        return made;
    }
    DriverFactory factory() {
        return [this]() -> Result<std::unique_ptr<DriverInstance>> { return std::make_unique<BlockingDriver>(library); };
    }

    base::SystemClock clock;
    base::IoThread thread{"devices", clock};
    Library library;
    WaitingSink sink;
    DeviceLink link;
};

TEST(BlockingDeviceLink, WorksOnAThreadOfItsOwn) {
    Plant plant;
    plant.sink.wait_for_batches(3);
    std::promise<std::thread::id> strand;
    plant.thread.post([&] { strand.set_value(std::this_thread::get_id()); });
    const std::lock_guard lock(plant.library.mutex);
    EXPECT_NE(plant.library.caller, std::thread::id());
    EXPECT_NE(plant.library.caller, strand.get_future().get());
}

TEST(BlockingDeviceLink, LeavesTheStrandFreeWhileACallBlocks) {
    Plant plant;
    plant.sink.wait_for_batches(1);
    plant.library.gate.close();
    std::promise<void> passed;
    plant.thread.post([&] { passed.set_value(); });
    passed.get_future().get();
    plant.library.gate.open();
    plant.sink.wait_for_batches(2);
}

TEST(BlockingDeviceLink, WritesAndReadsBack) {
    Plant plant;
    plant.sink.wait_for_batches(1);
    std::promise<abi::Outcome> outcome;
    plant.link.write(0, 99, [&](const WriteOutcome& said) { outcome.set_value(said.outcome()); });
    EXPECT_EQ(outcome.get_future().get(), abi::Outcome::done);
    EXPECT_EQ(plant.library.value, 99);
}

TEST(BlockingDeviceLink, DescribesAlsoFromItsWorker) {
    Plant plant;
    plant.sink.wait_for_batches(1);
    std::promise<ItemDescription> description;
    plant.link.describe(0, [&](ItemDescription said) { description.set_value(std::move(said)); });
    EXPECT_EQ(description.get_future().get().last_request, "vendor_read()");
}

TEST(BlockingDeviceLink, ReplacesADriverThatHangsAndLetsItsThreadGoWhenItComesBack) {
    Plant plant(50ms);
    plant.sink.wait_for_batches(1);
    plant.library.gate.close();
    EXPECT_THAT(plant.sink.wait_for_cause("has not ended"), HasSubstr("device plc1 at 10.0.0.5:502"));
    std::promise<ItemDescription> description;
    plant.link.describe(0, [&](ItemDescription said) { description.set_value(std::move(said)); });
    (void)plant.sink.wait_for_cause("driver.fake hangs");
    EXPECT_EQ(description.get_future().get().last_request, "") << "answered although the driver hangs";
    plant.library.gate.open();
    plant.sink.wait_for_batches(2);
    EXPECT_GE(plant.library.births, 2);
}

TEST(BlockingDeviceLink, StopsInBoundedTimeWhileACallHangs) {
    Plant plant;
    plant.sink.wait_for_batches(1);
    plant.library.gate.close();
    std::promise<std::string> answer;
    plant.link.write(0, 1, [&](const WriteOutcome& said) { answer.set_value(said.reason()); });
    plant.stop();
    EXPECT_THAT(answer.get_future().get(), HasSubstr("device plc1"));
    EXPECT_EQ(plant.library.releases, 0);
    plant.library.gate.open();
}

}  // namespace
}  // namespace penstock::guests
