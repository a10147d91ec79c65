#include "apps/plantsim/registers.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "apps/plantsim/point_table.hpp"

namespace penstock::plantsim {
namespace {

std::vector<std::uint16_t> split(std::uint32_t bits, WordOrder order) {
    const auto upper = static_cast<std::uint16_t>(bits >> 16);
    const auto lower = static_cast<std::uint16_t>(bits & 0xFFFFU);
    return order == WordOrder::abcd ? std::vector{upper, lower} : std::vector{lower, upper};
}

std::uint32_t join(std::span<const std::uint16_t> words, WordOrder order) {
    const std::uint32_t upper = words[order == WordOrder::abcd ? 0 : 1];
    const std::uint32_t lower = words[order == WordOrder::abcd ? 1 : 0];
    return upper << 16 | lower;
}

double to_raw(const Point& point, double value) {
    if (!point.is_scaled()) return value;
    return point.raw_low + (value - point.low) * (point.raw_high - point.raw_low) / (point.high - point.low);
}

double from_raw(const Point& point, double raw) {
    if (!point.is_scaled()) return raw;
    return point.low + (raw - point.raw_low) * (point.high - point.low) / (point.raw_high - point.raw_low);
}

int extent(PointKind kind) {
    int end = 0;
    for (const Point& point : point_table()) {
        if (point.kind == kind) end = std::max(end, point.address + point.width());
    }
    return end;
}

bool touches(const Point& point, const WriteRequest& request) {
    const int end = request.address + static_cast<int>(request.words.size());
    return point.kind == request.kind && point.address < end && request.address < point.address + point.width();
}

}  // namespace

std::vector<std::uint16_t> encode(const Point& point, double value) {
    // Written so that NaN fails the first test and becomes the lower end.
    const double inside = value >= point.low ? std::min(value, point.high) : point.low;
    const double raw = to_raw(point, inside);
    switch (point.raw) {
        case RawType::boolean: return {static_cast<std::uint16_t>(inside != 0.0)};
        case RawType::uint16: return {static_cast<std::uint16_t>(std::lround(raw))};
        case RawType::int16: return {static_cast<std::uint16_t>(static_cast<std::int16_t>(std::lround(raw)))};
        case RawType::uint32: return split(static_cast<std::uint32_t>(raw), point.order);
        case RawType::float32: return split(std::bit_cast<std::uint32_t>(static_cast<float>(raw)), point.order);
    }
    return {};
}

double decode(const Point& point, std::span<const std::uint16_t> words) {
    switch (point.raw) {
        case RawType::boolean: return words[0] != 0 ? 1.0 : 0.0;
        case RawType::uint16: return from_raw(point, words[0]);
        case RawType::int16: return from_raw(point, static_cast<std::int16_t>(words[0]));
        case RawType::uint32: return from_raw(point, join(words, point.order));
        case RawType::float32: return static_cast<double>(std::bit_cast<float>(join(words, point.order)));
    }
    return 0.0;
}

Registers::Registers()
    : coils_(static_cast<std::size_t>(extent(PointKind::coil))),
      discretes_(static_cast<std::size_t>(extent(PointKind::discrete))),
      holdings_(static_cast<std::size_t>(extent(PointKind::holding))),
      inputs_(static_cast<std::size_t>(extent(PointKind::input))) {}

void Registers::refresh(const Simulation& simulation) {
    for (const Point& point : point_table()) put(point, point.get(simulation, point.index));
}

void Registers::put(const Point& point, double value) {
    const auto words = encode(point, value);
    const std::size_t at = point.address;
    if (point.kind == PointKind::coil) coils_[at] = static_cast<std::uint8_t>(words[0]);
    if (point.kind == PointKind::discrete) discretes_[at] = static_cast<std::uint8_t>(words[0]);
    if (point.kind == PointKind::coil || point.kind == PointKind::discrete) return;
    auto& block = point.kind == PointKind::input ? inputs_ : holdings_;
    if (point.bit < 0) {
        std::ranges::copy(words, block.begin() + point.address);
        return;
    }
    const auto mask = static_cast<std::uint16_t>(1U << point.bit);
    block[at] = static_cast<std::uint16_t>(words[0] != 0 ? block[at] | mask : block[at] & ~mask);
}

std::optional<std::vector<std::uint16_t>> Registers::overlay(const Point& point, const WriteRequest& request) const {
    if (!touches(point, request)) return std::nullopt;
    std::vector<std::uint16_t> words;
    for (int at = point.address; at < point.address + point.width(); ++at) {
        const int offset = at - request.address;
        const bool written = offset >= 0 && offset < static_cast<int>(request.words.size());
        const std::uint16_t old =
            point.kind == PointKind::coil ? coils_[static_cast<std::size_t>(at)] : holdings_[static_cast<std::size_t>(at)];
        words.push_back(written ? request.words[static_cast<std::size_t>(offset)] : old);
    }
    if (point.bit >= 0) words[0] = static_cast<std::uint16_t>(words[0] >> point.bit & 1U);
    return words;
}

bool Registers::is_all_writable(const WriteRequest& request) const {
    for (int i = 0; i < static_cast<int>(request.words.size()); ++i) {
        const WriteRequest one{request.kind, request.address + i, {0}};
        const auto table = point_table();
        if (std::ranges::none_of(table, [&](const Point& p) { return p.is_writable() && touches(p, one); })) return false;
    }
    return true;
}

WriteVerdict Registers::judge(const WriteRequest& request) const {
    if (!is_all_writable(request)) return WriteVerdict::no_such_address;
    for (const Point& point : point_table()) {
        const auto words = overlay(point, request);
        if (!words) continue;
        const double value = decode(point, *words);
        // A float32 of an end of the range may lie a rounding outside of it. NaN fails both comparisons.
        const double slack = point.raw == RawType::float32 ? 1e-6 * (point.high - point.low) : 0.0;
        if (!(value >= point.low - slack && value <= point.high + slack)) return WriteVerdict::illegal_value;
    }
    return WriteVerdict::accepted;
}

void Registers::apply(const WriteRequest& request, Simulation& simulation) const {
    for (const Point& point : point_table()) {
        const auto words = overlay(point, request);
        if (words) point.set(simulation, point.index, std::clamp(decode(point, *words), point.low, point.high));
    }
}

}  // namespace penstock::plantsim
