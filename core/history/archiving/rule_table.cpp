#include "core/history/archiving/rule_table.hpp"

#include <algorithm>

#include "core/history/archiver.hpp"

namespace penstock::history::archiving {
namespace {

constexpr std::size_t kTypes = 16;

[[nodiscard]] Rule make_rule(const tags::ArchiveRule& from, ValueType type) {
    Rule rule;
    rule.type = type;
    rule.is_blob = !is_scalar_word(type);
    const bool is_number = type == ValueType::int64 || type == ValueType::uint64 || type == ValueType::float64;
    if (from.mode == tags::ArchiveMode::cyclic) {
        rule.interval = from.interval.count();
        rule.way = from.interval <= 1ms ? Way::all : Way::cyclic;
    } else {
        rule.deadband = is_number ? from.deadband : 0;
        rule.interval = from.min_interval.count();
        rule.way = from.min_interval > Duration::zero() ? Way::spaced : Way::changes;
        if (from.max_interval > Duration::zero()) rule.most = from.max_interval.count();
    }
    rule.lateness = std::min(rule.interval, kLateness.count());
    return rule;
}

}  // namespace

RuleTable::RuleTable(const tags::TagCatalog& catalog) : numbers_(catalog.archive_rules().size() * kTypes, kNone) {
    for (const auto tag : catalog.by_name()) {
        const auto& rule = catalog.archive(tag);
        auto& number = numbers_[catalog.archive_number(tag) * kTypes + static_cast<std::size_t>(catalog.type(tag))];
        if (rule.mode == tags::ArchiveMode::off || number != kNone) continue;
        number = static_cast<std::uint32_t>(rules_.size());
        rules_.push_back(make_rule(rule, catalog.type(tag)));
    }
}

std::uint32_t RuleTable::number_of(const tags::TagCatalog& catalog, tags::TagId tag) const noexcept {
    if (!catalog.exists(tag)) return kNone;
    return numbers_[catalog.archive_number(tag) * kTypes + static_cast<std::size_t>(catalog.type(tag))];
}

}  // namespace penstock::history::archiving
