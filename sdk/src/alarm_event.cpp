#include <penstock/alarm_event.hpp>

#include <array>

namespace penstock {
namespace {

constexpr std::array<std::string_view, 10> kStates{
    "normal",
    "unacknowledged",
    "acknowledged",
    "returned_unacknowledged",
    "latched_unacknowledged",
    "latched_acknowledged",
    "returned_unconfirmed",
    "shelved",
    "suppressed",
    "out_of_service",
};
constexpr std::array<std::string_view, kAlarmEvents> kEvents{
    "raised",       "returned",  "acknowledged", "confirmed",    "reset",     "silenced", "shelved",
    "shelved_once", "unshelved", "suppressed",   "unsuppressed", "taken_out", "put_back", "commented",
};

template <class Words, class Number>
std::string_view word_of(const Words& words, Number number) noexcept {
    const auto index = static_cast<std::size_t>(number);
    return index < words.size() ? words[index] : "unknown";
}

}  // namespace

std::string_view to_string(AlarmStateCode state) noexcept { return word_of(kStates, state); }
std::string_view to_string(AlarmEvent event) noexcept { return word_of(kEvents, event); }

}  // namespace penstock
