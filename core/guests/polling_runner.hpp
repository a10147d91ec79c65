#pragma once

// Runs a polling or blocking driver: connect, then writes and reads in turn, one call at a time.

#include <string>
#include <vector>

#include "core/guests/driver_calls.hpp"
#include "core/guests/driver_runner.hpp"

namespace penstock::guests {

class PollingRunner final : public DriverRunner, private DriverCalls::Listener {
public:
    PollingRunner(DeviceContext& device, std::unique_ptr<DriverInstance> instance, Owner& owner);
    ~PollingRunner() override;

    void begin() override;
    void write_waits() override { proceed(); }
    void stop() override;
    void describe(ItemId item, std::function<void(std::string, std::string)> reply) override;
    std::weak_ptr<const void> life() const noexcept override { return calls_->life(); }

private:
    enum class Link : std::uint8_t {
        unprepared,  // the driver has not been given its items
        down,        // the next attempt is at `retry_at_`
        up,
    };
    enum class Late : std::uint8_t { no, past_deadline, given_up };

    // More writes than this in a row let a read go before them, or a flood of writes would stop the polling.
    static constexpr int kWritesInARow = 16;

    void proceed();             // starts calls until one is under way, or nothing is to be done now
    [[nodiscard]] bool step();  // starts one; true if it has ended, so that there may be another
    [[nodiscard]] bool start_call(CallKind kind);
    [[nodiscard]] bool start_write();
    [[nodiscard]] bool start_read();
    [[nodiscard]] bool has_reads_due() const;

    void call_ended() noexcept override;
    void end_call();  // the call's results are there
    void end_prepare();
    void end_connect();
    void end_read();
    void end_write();
    void lose_link(QualityCode quality, const std::string& sentence);
    void answer_written();

    void on_deadline();
    void give_up(QualityCode quality, const std::string& sentence);
    void sleep_until_work();

    DeviceContext& device_;
    Owner& owner_;
    std::unique_ptr<DriverCalls> calls_;
    base::CallbackTimer wake_;
    base::CallbackTimer deadline_;
    CallKind call_ = CallKind::none;
    Link link_ = Link::unprepared;
    Late late_ = Late::no;
    MonotonicTime retry_at_{};
    std::vector<PendingWrite> writing_;  // the one under way, or none
    // Writes that the device has answered, told to their callers after the read that follows: who reads the value after
    // the answer sees the new one.
    std::vector<std::pair<PendingWrite, WriteOutcome>> written_;
    int writes_in_a_row_ = 0;
    // The last write's outcome is unknown. Its item is read before anything else is written: if the link has broken, what
    // waits is then truthfully "not sent".
    bool is_doubtful_ = false;
    bool is_proceeding_ = false;
    bool is_stopping_ = false;
};

}  // namespace penstock::guests
