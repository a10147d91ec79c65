#include "core/guests/driver_calls.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include <penstock/plain_value.hpp>

#include "core/guests/printable.hpp"

namespace penstock::guests {
namespace {

constexpr std::uint32_t kMaxText = 1000;

std::string bounded_text(std::uint32_t size, const std::array<char, kMaxText>& text) {
    return {text.data(), std::min(size, kMaxText)};
}

class PollingCalls final : public DriverCalls, private abi::Completion {
public:
    PollingCalls(const DeviceConfig& config, std::unique_ptr<DriverInstance> instance, Listener& listener)
        : config_(config), instance_(std::move(instance)), listener_(listener) {}
    ~PollingCalls() { abandon(); }

    CallBuffers& buffers() noexcept override { return buffers_; }
    bool start() override { return make_call(guest(), *guest().polling(), config_, buffers_, *this); }
    void disconnect() override { guest().polling()->disconnect(); }
    void cancel() noexcept override { instance_->stop_io(); }
    void abandon() noexcept override {
        if (!instance_) return;
        guest().abandon();
        instance_.reset();
    }
    void describe(ItemId item, std::function<void(std::string, std::string)> reply) override {
        if (instance_)
            reply(last_request(guest(), item), last_answer(guest(), item));
        else
            reply({}, {});
    }
    std::weak_ptr<const void> life() const noexcept override { return {}; }

private:
    void complete(const abi::IoResult& result) noexcept override {
        // The code repeats the fault's; a guest that only gives the code has failed too.
        if (result.code != 0 && buffers_.kind != CallKind::write && !buffers_.fault.failed()) {
            buffers_.fault.set(result.code, "the driver gives no reason", true);
        }
        listener_.call_ended();
    }
    abi::DriverGuest& guest() noexcept { return instance_->guest(); }

    const DeviceConfig& config_;
    CallBuffers buffers_;
    std::unique_ptr<DriverInstance> instance_;
    Listener& listener_;
};

}  // namespace

std::unique_ptr<DriverCalls> make_polling_calls(const DeviceConfig& config, std::unique_ptr<DriverInstance> instance,
                                                DriverCalls::Listener& listener) {
    return std::make_unique<PollingCalls>(config, std::move(instance), listener);
}

bool make_call(abi::DriverGuest& guest, abi::PollingGuest& polling, const DeviceConfig& config, CallBuffers& buffers,
               abi::Completion& completion) noexcept {
    buffers.fault.code = 0;
    buffers.columns = {};
    switch (buffers.kind) {
        case CallKind::prepare:
            if (!set_items(guest, config, buffers.fault) && !buffers.fault.failed()) {
                buffers.fault.set(static_cast<std::int32_t>(ErrorCode::internal),
                                  "the driver refuses its items without a reason", false);
            }
            return true;
        case CallKind::connect: return polling.start_connect(buffers.deadline_ns, buffers.fault, completion);
        case CallKind::read:
            return polling.start_read(buffers.due.data(), static_cast<std::uint32_t>(buffers.due.size()), buffers.deadline_ns,
                                      buffers.columns, buffers.fault, completion);
        case CallKind::write: {
            buffers.reply.outcome = abi::Outcome::unknown;
            buffers.reply.is_link_broken = 0;
            buffers.reply.reason.code = 0;
            buffers.reply.reason.size = 0;
            const abi::WriteItem write{buffers.item, 0, plain_view(buffers.value, buffers.blob)};
            return polling.start_write(write, buffers.deadline_ns, buffers.reply, completion);
        }
        case CallKind::none: break;
    }
    assert(false);
    return true;
}

bool set_items(abi::DriverGuest& guest, const DeviceConfig& config, abi::Fault& fault) noexcept {
    std::vector<abi::ItemAddress> items;
    items.reserve(config.items.size());
    for (std::size_t i = 0; i < config.items.size(); ++i) {
        items.push_back({static_cast<std::uint32_t>(i), 0, abi::text(config.items[i].address)});
    }
    return guest.set_items(items.data(), static_cast<std::uint32_t>(items.size()), fault);
}

WriteOutcome to_outcome(const abi::WriteReply& reply) {
    std::string reason = printable(reply.reason.sentence());
    switch (reply.outcome) {
        case abi::Outcome::done: return WriteOutcome::done();
        case abi::Outcome::refused:
            return WriteOutcome::refused(reason.empty() ? "the device refused without a reason" : std::move(reason));
        default:
            return WriteOutcome::unknown(reason.empty() ? "the driver does not know what became of it" : std::move(reason));
    }
}

std::string last_request(abi::DriverGuest& guest, ItemId item) {
    std::array<char, kMaxText> text;
    return bounded_text(guest.last_request(item, text.data(), kMaxText), text);
}

std::string last_answer(abi::DriverGuest& guest, ItemId item) {
    std::array<char, kMaxText> text;
    return bounded_text(guest.last_answer(item, text.data(), kMaxText), text);
}

}  // namespace penstock::guests
