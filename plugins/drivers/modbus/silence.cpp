// Units behind a gateway that do not answer, and what `explain` says of the last exchange.

#include <algorithm>

#include "driver.hpp"

namespace penstock::modbus {
namespace {

constexpr Duration kFirstPause = 1s;
constexpr Duration kLongestPause = 30s;

}  // namespace

bool ModbusDriver::is_silent(std::uint8_t unit) const {
    const auto found = silent_units_.find(unit);
    return found != silent_units_.end() && io().now() < found->second.retry_at;
}

void ModbusDriver::note_silence(std::uint8_t unit, const Error& cause) {
    const auto known = silent_units_.find(unit);
    const auto pause = known == silent_units_.end() ? kFirstPause : std::min(2 * known->second.pause, kLongestPause);
    std::string text = "unit " + std::to_string(unit) + ": " + cause.text();
    silent_units_.insert_or_assign(unit, SilentUnit{io().now() + pause, pause, std::move(text)});
}

// One silent unit must not cost the others their link; but when none answers, it is the link.
void ModbusDriver::throw_if_all_silent(const Error& cause) {
    if (!std::ranges::all_of(units_, [&](std::uint8_t unit) { return silent_units_.contains(unit); })) return;
    silent_units_.clear();
    throw LinkError(cause);
}

void ModbusDriver::trace(const ReadPlan& plan, const ReadGroup& group, Trace::Result result, std::uint8_t exception) {
    Trace entry;
    entry.start = group.start;
    entry.count = group.count;
    entry.unit = group.space.unit;
    entry.exception = exception;
    entry.result = result;
    for (auto i = group.first_item; i < group.first_item + group.item_count; ++i) traces_[plan.items[i]] = entry;
}

std::string ModbusDriver::last_request(ItemId id) const {
    if (id >= traces_.size() || traces_[id].result == Trace::Result::none) return {};
    const auto& entry = traces_[id];
    const auto last = std::uint32_t{entry.start} + entry.count - 1;
    std::string text = "read " + std::string(to_string(item(id).address.table)) + ' ' + std::to_string(entry.start);
    if (entry.count > 1) text += '-' + std::to_string(last);
    return text + ", unit " + std::to_string(entry.unit);
}

std::string ModbusDriver::last_answer(ItemId id) const {
    if (id >= traces_.size()) return {};
    const auto& entry = traces_[id];
    switch (entry.result) {
        case Trace::Result::none: return {};
        case Trace::Result::data:
            return std::to_string(entry.count) + (is_bits(item(id).address.table) ? " bit" : " register")
                   + (entry.count == 1 ? "" : "s");
        case Trace::Result::exception:
            return "exception " + std::to_string(entry.exception) + ": " + std::string(exception_text(entry.exception));
        case Trace::Result::implausible: return "a reply that makes no sense";
        case Trace::Result::timeout: return "none within " + std::to_string(options_.timeout / 1ms) + " ms";
        case Trace::Result::link: break;
    }
    return "none: the link broke";
}

}  // namespace penstock::modbus
