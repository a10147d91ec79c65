#include "core/alarms/deeds.hpp"

#include <algorithm>

#include "core/wire/time_text.hpp"

namespace penstock::alarms {

void Deeds::set(AlarmId alarm, DeedKind kind, const Who& who, UtcTime time) {
    auto known = std::ranges::find(people_, who);
    if (known == people_.end()) known = people_.insert(people_.end(), who);
    deeds_[key(alarm, kind)] = {time, static_cast<std::uint32_t>(known - people_.begin())};
}

std::optional<Deed> Deeds::find(AlarmId alarm, DeedKind kind) const {
    const auto known = deeds_.find(key(alarm, kind));
    if (known == deeds_.end()) return std::nullopt;
    return Deed{&people_[known->second.person], known->second.time};
}

std::string who_and_when(const Deed& deed, UtcTime now) {
    constexpr std::size_t kDate = 10, kTime = 8;
    const auto then = wire::utc_text(deed.time);
    std::string text = deed.who->user.empty() ? "the server" : deed.who->user;
    text += " at ";
    if (then.compare(0, kDate, wire::utc_text(now), 0, kDate) != 0) text += then.substr(0, kDate) + ' ';
    return text + then.substr(kDate + 1, kTime) + " UTC";
}

}  // namespace penstock::alarms
