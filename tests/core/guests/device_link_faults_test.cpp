// A whole chain on real sockets: device link, a driver of the SDK, AsioIo, a proxy that breaks the link, a device. Rows P7 and
// P10 of the reliability plan.

#include <condition_variable>
#include <future>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/guests/device_link.hpp"
#include "tests/core/guests/support/fake_device.hpp"
#include "tests/core/guests/support/line_device.hpp"
#include "tests/support/fault_proxy.hpp"
#include "tests/support/fault_row.hpp"

namespace penstock::guests {
namespace {

using penstock::testing::FaultProxy;
using ::testing::HasSubstr;
using Way = FaultProxy::Way;

constexpr Duration kTimeout = 200ms;
constexpr Duration kPeriod = 50ms;

// Says how the device stands, to a test that waits.
class WaitingSink final : public SampleSink {
public:
    void publish(const abi::Columns& columns, Now) noexcept override {
        change([&] {
            ++batches_;
            is_good_ = penstock::is_good(status_quality(columns.status[0]));
        });
    }
    void all_bad(QualityCode quality, std::string_view cause, Now) noexcept override {
        change([&] {
            is_good_ = false;
            quality_ = quality;
            cause_ = cause;
        });
    }
    // False after 20 s.
    [[nodiscard]] bool wait_for_good() {
        return wait([this] { return is_good_; });
    }
    [[nodiscard]] bool wait_for_bad(QualityCode quality) {
        return wait([&] { return !is_good_ && quality_ == quality; });
    }
    [[nodiscard]] std::string cause() {
        const std::lock_guard lock(mutex_);
        return cause_;
    }

private:
    template <class Change>
    void change(Change apply) noexcept {
        {
            const std::lock_guard lock(mutex_);
            apply();
        }
        has_changed_.notify_all();
    }
    template <class Wanted>
    bool wait(Wanted wanted) {
        std::unique_lock lock(mutex_);
        return has_changed_.wait_for(lock, std::chrono::seconds(20), wanted);
    }
    std::mutex mutex_;
    std::condition_variable has_changed_;
    int batches_ = 0;
    bool is_good_ = false;
    QualityCode quality_ = QualityCode::good;
    std::string cause_;
};

struct Plant {
    Plant() : link(thread, config(), test::line_driver_factory(thread, proxy.port(), kTimeout), sink) {
        link.start();
        EXPECT_TRUE(sink.wait_for_good());
    }
    ~Plant() {
        std::promise<void> stopped;
        link.stop([&] { stopped.set_value(); });
        stopped.get_future().get();
        thread.stop();
    }
    DeviceConfig config() {
        auto made = test::device_config(3, kPeriod);
        made.endpoint = "127.0.0.1:" + std::to_string(proxy.port());
        made.backoff_min = 10ms;
        made.backoff_max = 50ms;
        return made;
    }
    WriteOutcome write(ItemId item, std::int64_t value) {
        std::promise<WriteOutcome> outcome;
        link.write(item, value, [&](WriteOutcome said) { outcome.set_value(std::move(said)); });
        return outcome.get_future().get();
    }

    base::SystemClock clock;
    base::IoThread thread{"devices", clock};
    test::LineDevice device;
    FaultProxy proxy{device.port()};
    WaitingSink sink;
    DeviceLink link;
};

TEST(DeviceLinkFaults, P7_AHalfOpenLinkTurnsTheDeviceBadAndItsReturnGood) {
    Plant plant;
    const auto silent_since = plant.clock.now().monotonic;
    plant.proxy.set_mode(FaultProxy::Mode::swallow);
    ASSERT_TRUE(plant.sink.wait_for_bad(QualityCode::bad_timeout));
    const auto took = plant.clock.now().monotonic - silent_since;
    EXPECT_GE(took, kTimeout - kPeriod);
    penstock::testing::report_row("P7", static_cast<std::uint64_t>(took / 1ms), "ms until a half-open link was bad");
    EXPECT_THAT(plant.sink.cause(), HasSubstr("device plc1"));
    EXPECT_THAT(plant.sink.cause(), HasSubstr("127.0.0.1:" + std::to_string(plant.proxy.port())));
    plant.proxy.set_mode(FaultProxy::Mode::pass);
    EXPECT_TRUE(plant.sink.wait_for_good());
}

TEST(DeviceLinkFaults, P7_ADeviceThatRefusesIsBadAndComesBack) {
    Plant plant;
    plant.proxy.set_mode(FaultProxy::Mode::refuse);
    ASSERT_TRUE(plant.sink.wait_for_bad(QualityCode::bad_no_communication));
    EXPECT_THAT(plant.sink.cause(), HasSubstr("refused"));
    plant.proxy.set_mode(FaultProxy::Mode::pass);
    EXPECT_TRUE(plant.sink.wait_for_good());
    EXPECT_GE(plant.link.status().reconnects, 1U);
}

TEST(DeviceLinkFaults, AnAnswerThatComesByteByByteIsUnderstood) {
    Plant plant;
    plant.proxy.set_piece_size(1);
    const auto outcome = plant.write(1, 12345);
    EXPECT_EQ(outcome.outcome(), abi::Outcome::done);
    EXPECT_EQ(plant.device.value(1), 12345);
}

// The link is cut after each number of bytes of request or answer. Whatever is said agrees with what the device got.
TEST(DeviceLinkFaults, P10_AWriteCutAtAnyByteHasATrueOutcomeAndIsNeverRepeated) {
    Plant plant;
    std::int64_t value = 100;
    int unknown = 0;
    for (const auto way : {Way::to_server, Way::to_client}) {
        for (std::size_t bytes = 0; bytes <= 14; ++bytes) {
            ASSERT_TRUE(plant.sink.wait_for_good());
            const int before = plant.device.writes();
            plant.proxy.cut_after(way, bytes);
            ++value;
            const auto outcome = plant.write(1, value);
            const int written = plant.device.writes() - before;
            ASSERT_LE(written, 1) << "repeated";
            unknown += outcome.outcome() == abi::Outcome::unknown ? 1 : 0;
            if (outcome.outcome() == abi::Outcome::done) EXPECT_EQ(plant.device.value(1), value);
            if (outcome.outcome() == abi::Outcome::refused) EXPECT_EQ(written, 0) << outcome.reason();
            if (outcome.outcome() != abi::Outcome::done) EXPECT_FALSE(outcome.reason().empty());
        }
    }
    EXPECT_GE(unknown, 5) << "the cuts do meet writes";
}

}  // namespace
}  // namespace penstock::guests
