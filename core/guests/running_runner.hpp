#pragma once

// Runs a driver that speaks by itself: its run() asks for events, which are writes and items that are due.

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "core/guests/driver_runner.hpp"

namespace penstock::guests {

class RunningRunner final : public DriverRunner, private abi::HostLink, private abi::Completion {
public:
    RunningRunner(DeviceContext& device, std::unique_ptr<DriverInstance> instance, Owner& owner);
    ~RunningRunner() override;

    void begin() override;
    void write_waits() override;
    void stop() override;
    void describe(ItemId item, std::function<void(std::string, std::string)> reply) override;

private:
    // A write that the driver has been given and has not finished.
    struct Given {
        std::uint64_t id;
        MonotonicTime deadline;
        PendingWrite write;
    };

    void next(abi::LinkEvent& event, abi::Completion& completion) noexcept override;
    void withdraw_next(abi::Completion& completion) noexcept override;
    void publish(const abi::Columns& columns) noexcept override;
    void finish_write(std::uint64_t write_id, const abi::WriteReply& reply) noexcept override;
    void link_up() noexcept override;
    void link_down(const abi::Fault& cause) noexcept override;
    void complete(const abi::IoResult& result) noexcept override;  // run has ended

    void run();
    void run_ended();
    void on_wake();
    void proceed();
    void post_delivery();
    void deliver();
    void fill_write(abi::LinkEvent& event);
    void sleep_until_work();
    void expire_writes();
    void end_given_writes(const std::string& sentence);
    [[nodiscard]] bool has_reads_due() const;

    DeviceContext& device_;
    Owner& owner_;
    std::unique_ptr<DriverInstance> instance_;
    std::shared_ptr<RunningRunner*> alive_;  // for what is posted
    base::CallbackTimer wake_;
    base::CallbackTimer grace_;
    abi::Fault fault_;
    abi::LinkEvent* event_ = nullptr;  // where the next event goes; null while the driver asks for none
    abi::Completion* asked_ = nullptr;
    std::vector<ItemId> due_;  // of the event given last, as are these two
    Value value_;
    std::string blob_;
    std::deque<Given> given_;  // in order of deadline
    std::uint64_t next_write_id_ = 1;
    MonotonicTime retry_at_{};
    bool is_running_ = false;
    bool is_up_ = false;
    bool is_delivery_posted_ = false;
    bool is_stopping_ = false;
};

}  // namespace penstock::guests
