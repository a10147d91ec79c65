#include "core/site/alarms/alarm_slots.hpp"

namespace penstock::site {

void AlarmSlots::read(const JsonView& object, const ObjectFormat& format, FaultList& faults) {
    object_ = object;
    present_ = good_ = 0;
    others_.clear();
    for (const JsonView member : object) {
        const KeyFormat* const known = find_key(format, member.key());
        if (known == nullptr) {
            if (format.is_open)
                others_.push_back(member);
            else
                check_member(member, format, faults);  // reports it
            continue;
        }
        const AlarmKey key = alarm_key(*known);
        present_ |= bit(key);
        values_[index(key)] = member;
        if (check_value(member, *known, faults)) good_ |= bit(key);
    }
    check_missing(object, format, faults);
}

}  // namespace penstock::site
