#include "core/guests/polling_runner.hpp"

#include <chrono>
#include <utility>

#include <fmt/core.h>

#include "core/guests/printable.hpp"

namespace penstock::guests {
namespace {

constexpr std::string_view to_text(CallKind kind) noexcept {
    switch (kind) {
        case CallKind::prepare: return "taking its items";
        case CallKind::connect: return "connecting";
        case CallKind::read: return "a read";
        case CallKind::write: return "a write";
        case CallKind::none: break;
    }
    return "nothing";
}

double in_seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

std::string sentence_of(const abi::Fault& fault) {
    if (fault.sentence().empty()) return "the driver gives no reason";
    return printable(fault.sentence());
}

}  // namespace

PollingRunner::PollingRunner(DeviceContext& device, std::unique_ptr<DriverInstance> instance, Owner& owner)
    : device_(device),
      owner_(owner),
      wake_(device.strand, [this] { proceed(); }),
      deadline_(device.strand, [this] { on_deadline(); }) {
    calls_ = instance->guest().blocking() != nullptr
                 ? make_blocking_calls(device.config, std::move(instance), device.strand, *this)
                 : make_polling_calls(device.config, std::move(instance), *this);
}

PollingRunner::~PollingRunner() {
    calls_->abandon();
    for (auto& write : writing_)
        device_.answer(std::move(write), WriteOutcome::unknown(device_.cause_of("the driver was given up")));
    answer_written();
}

void PollingRunner::begin() { proceed(); }

void PollingRunner::proceed() {
    if (std::exchange(is_proceeding_, true)) return;
    while (call_ == CallKind::none && late_ != Late::given_up && !is_stopping_ && step()) {
    }
    is_proceeding_ = false;
    if (call_ == CallKind::none && late_ != Late::given_up && !is_stopping_) sleep_until_work();
}

bool PollingRunner::step() {
    switch (link_) {
        case Link::unprepared: return start_call(CallKind::prepare);
        case Link::down:
            if (device_.now() < retry_at_) {
                device_.refuse_all("not sent: there is no link to the device");
                return false;
            }
            device_.board.set("connecting", device_.last_cause());
            return start_call(CallKind::connect);
        case Link::up: break;
    }
    const bool is_reads_turn = (writes_in_a_row_ >= kWritesInARow || is_doubtful_) && has_reads_due();
    if (!device_.writes.empty() && !is_reads_turn) return start_write();
    if (has_reads_due()) return start_read();
    return false;
}

bool PollingRunner::has_reads_due() const {
    const auto next = device_.schedule.next_due();
    return !device_.rereads.empty() || (next && *next <= device_.now());
}

void PollingRunner::sleep_until_work() {
    if (link_ == Link::down) return wake_.start(retry_at_);
    if (const auto next = device_.schedule.next_due()) wake_.start(*next);
}

// The buffers hold what the call needs.
bool PollingRunner::start_call(CallKind kind) {
    const auto deadline = device_.now() + device_.config.read_deadline;
    call_ = kind;
    late_ = Late::no;
    calls_->buffers().kind = kind;
    calls_->buffers().deadline_ns = to_ns(deadline);
    deadline_.start(deadline);
    if (!calls_->start()) return false;
    end_call();
    return true;
}

bool PollingRunner::start_write() {
    ++writes_in_a_row_;
    writing_.push_back(*device_.take_write());
    calls_->buffers().item = writing_.front().item;
    calls_->buffers().value = writing_.front().value;
    return start_call(CallKind::write);
}

bool PollingRunner::start_read() {
    writes_in_a_row_ = 0;
    device_.collect_due(calls_->buffers().due);
    return start_call(CallKind::read);
}

void PollingRunner::call_ended() noexcept {
    if (call_ == CallKind::none || late_ == Late::given_up) return;
    end_call();
    proceed();
}

void PollingRunner::end_call() {
    deadline_.cancel();
    const auto kind = std::exchange(call_, CallKind::none);
    const bool is_late = std::exchange(late_, Late::no) != Late::no;
    if (is_stopping_) {
        if (kind == CallKind::write) end_write();
        return owner_.runner_stopped();
    }
    // The items are bad and the write is answered already; a link whose driver was that late is not to be trusted.
    if (is_late) return lose_link(QualityCode::bad_timeout, fmt::format("{} was ended only after its deadline", to_text(kind)));
    switch (kind) {
        case CallKind::prepare: return end_prepare();
        case CallKind::connect: return end_connect();
        case CallKind::read: return end_read();
        case CallKind::write: return end_write();
        case CallKind::none: return;
    }
}

void PollingRunner::end_prepare() {
    const auto& fault = calls_->buffers().fault;
    if (!fault.failed()) {
        link_ = Link::down;
        retry_at_ = device_.now();
        return;
    }
    give_up(QualityCode::bad_configuration, fmt::format("the driver refuses its items: {}", sentence_of(fault)));
}

void PollingRunner::end_connect() {
    const auto& fault = calls_->buffers().fault;
    if (fault.failed()) return lose_link(quality_of(static_cast<ErrorCode>(fault.code), false), sentence_of(fault));
    link_ = Link::up;
    is_doubtful_ = false;
    count(device_.board.connects);
    device_.link_is_up();
    device_.rereads.clear();
    device_.schedule.restart(device_.now());
}

void PollingRunner::end_read() {
    const auto& buffers = calls_->buffers();
    count(device_.board.reads);
    if (buffers.fault.failed()) {
        count(device_.board.failed_reads);
        return lose_link(quality_of(static_cast<ErrorCode>(buffers.fault.code), true), sentence_of(buffers.fault));
    }
    device_.backoff.reset();
    is_doubtful_ = false;
    device_.publish(buffers.columns, buffers.due);
    answer_written();
}

void PollingRunner::end_write() {
    if (writing_.empty()) return;  // answered at its deadline
    auto write = std::move(writing_.front());
    writing_.clear();
    count(device_.board.writes);
    auto outcome = to_outcome(calls_->buffers().reply);
    if (outcome.outcome() == abi::Outcome::refused || is_stopping_) return device_.answer(std::move(write), std::move(outcome));
    device_.read_again(write.item);
    is_doubtful_ = outcome.outcome() == abi::Outcome::unknown;
    const auto& reply = calls_->buffers().reply;
    const auto reason = outcome.reason();
    written_.emplace_back(std::move(write), std::move(outcome));
    // Its answer may still come, and would pass for the answer to the next request.
    if (reply.is_link_broken != 0) lose_link(quality_of(static_cast<ErrorCode>(reply.reason.code), true), reason);
}

void PollingRunner::answer_written() {
    for (auto& [write, outcome] : std::exchange(written_, {})) device_.answer(std::move(write), std::move(outcome));
}

void PollingRunner::lose_link(QualityCode quality, const std::string& sentence) {
    calls_->disconnect();
    link_ = Link::down;
    const auto pause = device_.backoff.next();
    retry_at_ = device_.now() + pause;
    device_.mark_bad(quality, sentence);
    device_.link_is_lost(sentence);
    device_.refuse_all("not sent: " + sentence);
    answer_written();
}

void PollingRunner::on_deadline() {
    const auto seconds = in_seconds(device_.config.read_deadline);
    if (is_stopping_) return give_up(QualityCode::bad_internal, "the driver did not end when it was stopped");
    if (late_ == Late::past_deadline) {
        return give_up(QualityCode::bad_internal,
                       fmt::format("the driver {} hangs: it has not ended {} within {:g} s", device_.config.driver,
                                   to_text(call_), seconds + in_seconds(kGrace)));
    }
    late_ = Late::past_deadline;
    const auto sentence = fmt::format("the driver has not ended {} within {:g} s", to_text(call_), seconds);
    device_.mark_bad(QualityCode::bad_timeout, sentence);
    device_.refuse_all("not sent: " + sentence);
    for (auto& write : std::exchange(writing_, {}))
        device_.answer(std::move(write), WriteOutcome::unknown(device_.cause_of(sentence)));
    answer_written();
    deadline_.start(device_.now() + kGrace);
}

void PollingRunner::give_up(QualityCode quality, const std::string& sentence) {
    late_ = Late::given_up;
    call_ = CallKind::none;
    wake_.cancel();
    deadline_.cancel();
    for (auto& write : std::exchange(writing_, {}))
        device_.answer(std::move(write), WriteOutcome::unknown(device_.cause_of(sentence)));
    calls_->abandon();
    if (is_stopping_) {
        device_.warn(sentence);
        return owner_.runner_stopped();
    }
    owner_.driver_given_up(quality, sentence);
}

void PollingRunner::stop() {
    is_stopping_ = true;
    wake_.cancel();
    answer_written();
    if (call_ == CallKind::none) return owner_.runner_stopped();
    // A late call has had its time already.
    deadline_.start(device_.now() + kGrace);
    calls_->cancel();
}

void PollingRunner::describe(ItemId item, std::function<void(std::string, std::string)> reply) {
    calls_->describe(item, std::move(reply));
}

std::unique_ptr<DriverRunner> make_polling_runner(DeviceContext& device, std::unique_ptr<DriverInstance> instance,
                                                  DriverRunner::Owner& owner) {
    return std::make_unique<PollingRunner>(device, std::move(instance), owner);
}

}  // namespace penstock::guests
