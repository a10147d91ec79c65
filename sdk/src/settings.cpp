#include <penstock/settings.hpp>

#include <array>
#include <charconv>
#include <limits>

namespace penstock {
namespace {

using abi::SettingsKind;

const abi::SettingsNode* child(const abi::SettingsNode* node, std::string_view key) noexcept {
    return node == nullptr ? nullptr : node->find(abi::text(key));
}

bool is_number(SettingsKind kind) noexcept {
    return kind == SettingsKind::integer || kind == SettingsKind::unsigned_integer || kind == SettingsKind::number;
}

struct Unit {
    std::string_view word;
    std::int64_t ns;
};
constexpr std::array kUnits{Unit{"us", 1'000},         Unit{"ms", 1'000'000},        Unit{"s", 1'000'000'000},
                            Unit{"m", 60'000'000'000}, Unit{"h", 3'600'000'000'000}, Unit{"d", 86'400'000'000'000}};

std::int64_t unit_ns(std::string_view word) noexcept {
    for (const auto& unit : kUnits) {
        if (unit.word == word) return unit.ns;
    }
    return 0;
}

// Milliseconds as a duration, cut to what fits.
Duration milliseconds(double value) noexcept {
    constexpr double most = 9.2e12;  // about 292 years
    if (!(value > 0)) return Duration::zero();
    return Duration(static_cast<std::int64_t>((value < most ? value : most) * 1e6));
}

}  // namespace

bool Settings::has(std::string_view key) const noexcept { return child(node_, key) != nullptr; }

bool Settings::boolean_or(std::string_view key, bool otherwise) const noexcept {
    const auto* const node = child(node_, key);
    return node != nullptr && node->kind() == SettingsKind::boolean ? node->boolean() : otherwise;
}

std::int64_t Settings::integer_or(std::string_view key, std::int64_t otherwise) const noexcept {
    const auto* const node = child(node_, key);
    if (node == nullptr) return otherwise;
    if (node->kind() == SettingsKind::integer) return node->integer();
    if (node->kind() != SettingsKind::unsigned_integer) return otherwise;
    const auto value = node->unsigned_integer();
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return value <= most ? static_cast<std::int64_t>(value) : otherwise;
}

double Settings::number_or(std::string_view key, double otherwise) const noexcept {
    const auto* const node = child(node_, key);
    if (node == nullptr) return otherwise;
    switch (node->kind()) {
        case SettingsKind::number: return node->number();
        case SettingsKind::integer: return static_cast<double>(node->integer());
        case SettingsKind::unsigned_integer: return static_cast<double>(node->unsigned_integer());
        default: return otherwise;
    }
}

std::string Settings::text_or(std::string_view key, std::string_view otherwise) const {
    const auto* const node = child(node_, key);
    return std::string(node != nullptr && node->kind() == SettingsKind::text ? node->text().view() : otherwise);
}

Duration Settings::duration_or(std::string_view key, Duration otherwise) const noexcept {
    const auto* const node = child(node_, key);
    if (node == nullptr) return otherwise;
    if (is_number(node->kind()) && key.ends_with("_ms")) return milliseconds(number_or(key, 0));
    if (node->kind() != SettingsKind::text) return otherwise;
    const auto parsed = parse_duration(node->text().view());
    return parsed ? *parsed : otherwise;
}

Settings Settings::at(std::string_view key) const noexcept { return Settings(child(node_, key)); }

std::size_t Settings::size() const noexcept { return node_ == nullptr ? 0 : node_->size(); }

Settings Settings::at(std::size_t index) const noexcept {
    return Settings(index < size() ? node_->at(static_cast<std::uint32_t>(index)) : nullptr);
}

std::string_view Settings::key(std::size_t index) const noexcept {
    return index < size() ? node_->key(static_cast<std::uint32_t>(index)).view() : std::string_view();
}

Error Settings::fault(std::string_view key, std::string sentence) const {
    const auto* const node = child(node_, key);
    const auto* const nearest = node != nullptr ? node : node_;
    return {ErrorCode::invalid_config, std::move(sentence),
            nearest != nullptr ? std::string(nearest->place().view()) : std::string()};
}

Result<Duration> parse_duration(std::string_view text) {
    std::int64_t count = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, fault] = std::from_chars(text.data(), end, count);
    const auto ns = unit_ns({stop, static_cast<std::size_t>(end - stop)});
    const bool fits = ns != 0 && count <= std::numeric_limits<std::int64_t>::max() / (ns == 0 ? 1 : ns);
    if (fault != std::errc{} || text.starts_with('-') || !fits) {
        return fail(ErrorCode::invalid_argument, "found \"" + std::string(text.substr(0, 80))
                                                     + "\", wanted a duration such as 250us, 200ms, 1s, 5m, 1h or 1d");
    }
    return Duration(count * ns);
}

}  // namespace penstock
