#include "core/guests/device_link.hpp"

#include <system_error>
#include <utility>

#include <fmt/core.h>

#include "core/base/log.hpp"
#include "core/guests/device_context.hpp"
#include "core/guests/driver_runner.hpp"

namespace penstock::guests {
namespace {

// Threads that hang in drivers of one device, at most. Then it waits until one comes back.
constexpr std::size_t kMaxStuck = 3;

bool is_one_kind(abi::DriverGuest& guest) {
    return (guest.polling() != nullptr) + (guest.blocking() != nullptr) + (guest.running() != nullptr) == 1;
}

}  // namespace

// Creates drivers, and replaces those that were given up. Everything below: [strand].
class DeviceLink::Core final : public std::enable_shared_from_this<Core>, private DriverRunner::Owner {
public:
    Core(base::Strand& strand, DeviceConfig config, DriverFactory factory, SampleSink& sink)
        : device(strand, std::move(config), sink), factory_(std::move(factory)), retry_(strand, [this] { create(); }) {}

    // Runs `action` on the strand. [any-thread]
    template <class Action>
    void on_strand(Action action) {
        device.strand.post([self = shared_from_this(), action = std::move(action)]() mutable { action(*self); });
    }

    void start() {
        if (std::exchange(has_started_, true)) return;
        create();
    }
    void stop(std::move_only_function<void()> stopped);
    void queue(PendingWrite write);
    void describe(ItemId item, std::move_only_function<void(ItemDescription)> reply);

    DeviceContext device;

private:
    void create();
    void cannot_create(const Error& error);
    void retry_later(QualityCode quality, std::string_view sentence);
    [[nodiscard]] bool is_stuck();
    void drop_runner_later();
    void report_stopped();

    void driver_given_up(QualityCode quality, std::string_view sentence) override;
    void runner_stopped() override;

    DriverFactory factory_;
    std::unique_ptr<DriverRunner> runner_;
    std::vector<std::weak_ptr<const void>> given_up_;  // drivers whose threads may still hang
    base::CallbackTimer retry_;
    std::vector<std::move_only_function<void()>> stopped_;
    bool has_started_ = false;
    bool is_stopping_ = false;
    bool is_stopped_ = false;
};

void DeviceLink::Core::create() {
    if (is_stopping_) return;
    if (is_stuck()) {
        return retry_later(QualityCode::bad_internal,
                           fmt::format("{} threads hang in the driver {}; it is created anew when one comes back", kMaxStuck,
                                       device.config.driver));
    }
    device.board.set("starting", device.last_cause());
    auto made = factory_();
    if (!made) return cannot_create(made.error());
    if (!is_one_kind((*made)->guest())) {
        return cannot_create(Error(ErrorCode::internal, "the driver is not exactly one of polling, blocking and running"));
    }
    try {
        const bool is_running = (*made)->guest().running() != nullptr;
        runner_ = is_running ? make_running_runner(device, std::move(*made), *this)
                             : make_polling_runner(device, std::move(*made), *this);
    } catch (const std::system_error& error) {
        return cannot_create(Error(ErrorCode::unavailable, fmt::format("no thread for the driver: {}", error.what())));
    }
    runner_->begin();
}

void DeviceLink::Core::cannot_create(const Error& error) { retry_later(quality_of(error.code(), false), error.text()); }

void DeviceLink::Core::retry_later(QualityCode quality, std::string_view sentence) {
    device.mark_bad(quality, sentence);
    device.link_is_lost(sentence);
    device.refuse_all(fmt::format("not sent: {}", sentence));
    retry_.start(device.now() + device.backoff.next());
}

bool DeviceLink::Core::is_stuck() {
    std::erase_if(given_up_, [](const auto& life) { return life.expired(); });
    return given_up_.size() >= kMaxStuck;
}

void DeviceLink::Core::driver_given_up(QualityCode quality, std::string_view sentence) {
    count(device.board.drivers_abandoned);
    base::log::error("device {}: {}; it is abandoned and created anew", device.config.name, sentence);
    given_up_.push_back(runner_->life());
    drop_runner_later();
    retry_later(quality, sentence);
}

// The runner is still on the stack.
void DeviceLink::Core::drop_runner_later() {
    on_strand([old = std::shared_ptr<DriverRunner>(std::move(runner_))](Core&) mutable { old.reset(); });
}

void DeviceLink::Core::stop(std::move_only_function<void()> stopped) {
    stopped_.push_back(std::move(stopped));
    if (is_stopped_) return report_stopped();
    if (std::exchange(is_stopping_, true)) return;
    retry_.cancel();
    device.refuse_all("not sent: the device is being stopped");
    if (!runner_) return runner_stopped();
    device.board.set("stopping", {});
    runner_->stop();
}

void DeviceLink::Core::runner_stopped() {
    if (runner_) drop_runner_later();
    on_strand([](Core& self) {
        if (self.has_started_) self.device.set_bad(QualityCode::bad_not_connected, "the device was stopped");
        self.device.board.set("stopped", {});
        self.is_stopped_ = true;
        self.report_stopped();
    });
}

void DeviceLink::Core::report_stopped() {
    for (auto& stopped : std::exchange(stopped_, {})) stopped();
}

void DeviceLink::Core::queue(PendingWrite write) {
    device.writes.push_back(std::move(write));
    if (is_stopping_ || !has_started_) return device.refuse_all("not sent: the device is stopped");
    if (!runner_) return device.refuse_all("not sent: the driver is not running");
    runner_->write_waits();
}

void DeviceLink::Core::describe(ItemId item, std::move_only_function<void(ItemDescription)> reply) {
    const auto shared = std::make_shared<std::move_only_function<void(ItemDescription)>>(std::move(reply));
    const auto answer = [link = device.board.link_text(), shared](std::string request, std::string said) {
        (*shared)({link, std::move(request), std::move(said)});
    };
    if (!runner_ || item >= device.config.items.size()) return answer({}, {});
    runner_->describe(item, answer);
}

DeviceLink::DeviceLink(base::Strand& strand, DeviceConfig config, DriverFactory factory, SampleSink& sink)
    : core_(std::make_shared<Core>(strand, std::move(config), std::move(factory), sink)) {}

DeviceLink::~DeviceLink() = default;

void DeviceLink::start() {
    core_->on_strand([](Core& core) { core.start(); });
}

void DeviceLink::stop(std::move_only_function<void()> stopped) {
    core_->on_strand([stopped = std::move(stopped)](Core& core) mutable { core.stop(std::move(stopped)); });
}

void DeviceLink::write(ItemId item, Value native, WriteDone done) noexcept {
    PendingWrite write(item, std::move(native), std::move(done));
    auto& device = core_->device;
    const auto refuse = [&](std::string reason) {
        core_->on_strand([write = std::move(write), reason = std::move(reason)](Core& core) mutable {
            core.device.refuse(std::move(write), reason);
        });
    };
    if (item >= device.config.items.size()) return refuse("not sent: the device has no such item");
    const auto wanted = device.config.items[item].type;
    if (wanted != ValueType::none && write.value.type() != wanted) {
        return refuse(fmt::format("not sent: the item is of type {}, the value of type {}", to_string(wanted),
                                  to_string(write.value.type())));
    }
    if (device.waiting_writes.fetch_add(1, std::memory_order_relaxed) >= device.config.max_queued_writes) {
        device.waiting_writes.fetch_sub(1, std::memory_order_relaxed);
        return refuse(fmt::format("not sent: {} writes wait for the device already", device.config.max_queued_writes));
    }
    core_->on_strand([write = std::move(write)](Core& core) mutable { core.queue(std::move(write)); });
}

DeviceStatus DeviceLink::status() const { return core_->device.board.status(core_->device.config); }

DeviceCounters DeviceLink::counters() const noexcept {
    const auto& board = core_->device.board;
    const auto value = [](const DeviceBoard::Count& count) { return count.load(std::memory_order_relaxed); };
    return {value(board.writes_refused), value(board.writes_unknown), value(board.samples_cut_off), value(board.items_left_out),
            value(board.drivers_abandoned)};
}

void DeviceLink::describe(ItemId item, std::move_only_function<void(ItemDescription)> reply) {
    core_->on_strand([item, reply = std::move(reply)](Core& core) mutable { core.describe(item, std::move(reply)); });
}

const DeviceConfig& DeviceLink::config() const noexcept { return core_->device.config; }

}  // namespace penstock::guests
