#include "counting_driver.hpp"

#include <charconv>

using namespace penstock;

CountingDriver::CountingDriver(Settings, Io io) : PollingDriver(io) {}

Result<ParsedAddress<std::uint32_t>> CountingDriver::parse_address(std::string_view text) const {
    std::uint32_t step = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), step);
    if (error != std::errc() || end != text.data() + text.size()) return fail(ErrorCode::invalid_argument, "wanted a number");
    return ParsedAddress<std::uint32_t>(step, ValueType::uint64, false);
}

void CountingDriver::items_changed() { counts_.assign(items().size(), 0); }

Task<void> CountingDriver::connect() { co_return; }

Task<void> CountingDriver::read(std::span<const ItemId> due, SampleBatch& out) {
    for (const auto id : due) out.add(id, counts_[id] += item(id).address);
    co_return;
}
