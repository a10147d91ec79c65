#include "core/tags/archive_rules.hpp"

#include <cstring>

namespace penstock::tags {
namespace {

template <class T>
void append_bytes(std::string& key, const T& value) {
    key.append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::string key_of(const ArchiveRule& rule) {
    std::string key;
    append_bytes(key, rule.mode);
    append_bytes(key, rule.deadband);
    for (const auto duration :
         {rule.interval, rule.min_interval, rule.max_interval, rule.keep_raw, rule.keep_minutes, rule.keep_hours}) {
        append_bytes(key, duration.count());
    }
    for (const auto& historian : rule.historians) {
        append_bytes(key, historian.size());
        key += historian;
    }
    return key;
}

}  // namespace

std::optional<std::uint16_t> ArchiveRules::add(const ArchiveRule& rule) {
    if (rule == rules_[last_]) return last_;
    if (rule.mode == ArchiveMode::off) return last_ = 0;
    const auto [known, is_new] = numbers_.try_emplace(key_of(rule), static_cast<std::uint16_t>(rules_.size()));
    if (!is_new) return last_ = known->second;
    if (rules_.size() > UINT16_MAX) {
        numbers_.erase(known);
        return std::nullopt;
    }
    rules_.push_back(rule);
    return last_ = known->second;
}

}  // namespace penstock::tags
