#include "core/guests/running_runner.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>
#include <penstock/plain_value.hpp>

#include "core/guests/driver_calls.hpp"
#include "core/guests/printable.hpp"

namespace penstock::guests {

RunningRunner::RunningRunner(DeviceContext& device, std::unique_ptr<DriverInstance> instance, Owner& owner)
    : device_(device),
      owner_(owner),
      instance_(std::move(instance)),
      alive_(std::make_shared<RunningRunner*>(this)),
      wake_(device.strand, [this] { on_wake(); }),
      grace_(device.strand, [this] {
          device_.warn(fmt::format("the driver {} did not end when it was stopped", device_.config.driver));
          instance_->guest().running()->stop_run();
          run_ended();
      }) {}

RunningRunner::~RunningRunner() {
    if (is_running_) instance_->guest().running()->stop_run();
    end_given_writes("the driver was given up");
    instance_->guest().abandon();
}

void RunningRunner::begin() {
    abi::Fault fault;
    if (!set_items(instance_->guest(), device_.config, fault)) {
        return owner_.driver_given_up(QualityCode::bad_configuration,
                                      fmt::format("the driver refuses its items: {}", printable(fault.sentence())));
    }
    run();
}

void RunningRunner::run() {
    device_.board.set("connecting", device_.last_cause());
    device_.rereads.clear();
    device_.schedule.restart(device_.now());
    fault_.code = 0;
    is_running_ = true;
    is_up_ = false;
    if (instance_->guest().running()->start_run(*this, fault_, *this)) run_ended();
}

void RunningRunner::complete(const abi::IoResult&) noexcept { run_ended(); }

void RunningRunner::run_ended() {
    is_running_ = false;
    event_ = nullptr;
    asked_ = nullptr;
    grace_.cancel();
    std::string sentence = fault_.failed() ? printable(fault_.sentence()) : "the driver ended its run";
    if (is_stopping_) sentence = "the device was stopped";
    end_given_writes(sentence);
    if (is_stopping_) return owner_.runner_stopped();
    const auto code = fault_.failed() ? static_cast<ErrorCode>(fault_.code) : ErrorCode::disconnected;
    device_.mark_bad(quality_of(code, is_up_), sentence);
    device_.link_is_lost(sentence);
    device_.refuse_all("not sent: " + sentence);
    retry_at_ = device_.now() + device_.backoff.next();
    wake_.start(retry_at_);
}

void RunningRunner::on_wake() {
    if (!is_running_) {
        if (device_.now() >= retry_at_) run();
        return;
    }
    expire_writes();
    proceed();
}

void RunningRunner::write_waits() {
    if (!is_running_) return device_.refuse_all("not sent: there is no link to the device");
    proceed();
}

bool RunningRunner::has_reads_due() const {
    const auto next = device_.schedule.next_due();
    return !device_.rereads.empty() || (next && *next <= device_.now());
}

// Events are given in a later turn of the strand: the driver may still be inside next().
void RunningRunner::proceed() {
    if (!is_running_) return;
    const bool has_work = is_stopping_ || !device_.writes.empty() || has_reads_due();
    if (asked_ != nullptr && has_work)
        post_delivery();
    else
        sleep_until_work();
}

void RunningRunner::post_delivery() {
    if (std::exchange(is_delivery_posted_, true)) return;
    device_.strand.post([weak = std::weak_ptr(alive_)] {
        if (const auto self = weak.lock()) (*self)->deliver();
    });
}

void RunningRunner::deliver() {
    is_delivery_posted_ = false;
    if (asked_ == nullptr) return;
    abi::IoResult result;
    if (is_stopping_) {
        result.code = static_cast<std::int32_t>(ErrorCode::cancelled);
    } else if (!device_.writes.empty()) {
        fill_write(*event_);
    } else if (has_reads_due()) {
        device_.collect_due(due_);
        event_->kind = abi::LinkEventKind::poll_due;
        event_->items = due_.data();
        event_->item_count = static_cast<std::uint32_t>(due_.size());
    } else {
        return sleep_until_work();
    }
    event_ = nullptr;
    std::exchange(asked_, nullptr)->complete(result);
}

void RunningRunner::fill_write(abi::LinkEvent& event) {
    auto write = *device_.take_write();
    value_ = write.value;
    event.kind = abi::LinkEventKind::write;
    event.write_id = next_write_id_++;
    event.write = {write.item, 0, plain_view(value_, blob_)};
    given_.push_back({event.write_id, device_.now() + device_.config.read_deadline, std::move(write)});
    sleep_until_work();
}

void RunningRunner::sleep_until_work() {
    auto wake = asked_ != nullptr ? device_.schedule.next_due() : std::nullopt;
    if (!given_.empty()) wake = std::min(wake.value_or(MonotonicTime::max()), given_.front().deadline);
    if (wake) wake_.start(*wake);
}

void RunningRunner::expire_writes() {
    while (!given_.empty() && given_.front().deadline <= device_.now()) {
        auto write = std::move(given_.front().write);
        given_.pop_front();
        device_.answer(std::move(write),
                       WriteOutcome::unknown(device_.cause_of("the driver has not finished the write in time")));
    }
}

void RunningRunner::end_given_writes(const std::string& sentence) {
    for (auto& given : std::exchange(given_, {})) {
        device_.answer(std::move(given.write), WriteOutcome::unknown(device_.cause_of(sentence)));
    }
}

void RunningRunner::next(abi::LinkEvent& event, abi::Completion& completion) noexcept {
    event_ = &event;
    asked_ = &completion;
    proceed();
}

void RunningRunner::withdraw_next(abi::Completion& completion) noexcept {
    if (asked_ != &completion) return;
    asked_ = nullptr;
    event_ = nullptr;
}

void RunningRunner::publish(const abi::Columns& columns) noexcept {
    if (is_stopping_) return;
    count(device_.board.reads);
    device_.backoff.reset();
    device_.publish(columns, {});
}

void RunningRunner::finish_write(std::uint64_t write_id, const abi::WriteReply& reply) noexcept {
    const auto given = std::ranges::find(given_, write_id, &Given::id);
    if (given == given_.end())
        return device_.warn("the driver finished a write that it was not given, or finished it too late");
    auto write = std::move(given->write);
    given_.erase(given);
    count(device_.board.writes);
    if (reply.outcome != abi::Outcome::refused) device_.read_again(write.item);
    device_.answer(std::move(write), to_outcome(reply));
    proceed();
}

void RunningRunner::link_up() noexcept {
    if (!std::exchange(is_up_, true)) count(device_.board.connects);
    device_.link_is_up();
}

void RunningRunner::link_down(const abi::Fault& cause) noexcept {
    if (is_stopping_) return;
    const auto sentence = cause.sentence().empty() ? "the driver gives no reason" : printable(cause.sentence());
    device_.mark_bad(quality_of(static_cast<ErrorCode>(cause.code), is_up_), sentence);
    device_.link_is_lost(sentence);
    is_up_ = false;
}

void RunningRunner::stop() {
    is_stopping_ = true;
    wake_.cancel();
    if (!is_running_) return owner_.runner_stopped();
    grace_.start(device_.now() + kGrace);
    instance_->stop_io();
    proceed();
}

void RunningRunner::describe(ItemId item, std::function<void(std::string, std::string)> reply) {
    reply(last_request(instance_->guest(), item), last_answer(instance_->guest(), item));
}

std::unique_ptr<DriverRunner> make_running_runner(DeviceContext& device, std::unique_ptr<DriverInstance> instance,
                                                  DriverRunner::Owner& owner) {
    return std::make_unique<RunningRunner>(device, std::move(instance), owner);
}

}  // namespace penstock::guests
