#pragma once

// A driver as cheap as a driver can be, so that the boundary shows: each read counts every due item on.

#include <cstdint>
#include <vector>

#include <penstock/driver.hpp>

class CountingDriver final : public penstock::PollingDriver<std::uint32_t> {
public:
    CountingDriver(penstock::Settings settings, penstock::Io io);

    [[nodiscard]] penstock::Result<penstock::ParsedAddress<std::uint32_t>> parse_address(std::string_view text) const override;
    void items_changed() override;
    [[nodiscard]] penstock::Task<void> connect() override;
    [[nodiscard]] penstock::Task<void> read(std::span<const penstock::ItemId> due, penstock::SampleBatch& out) override;
    void disconnect() noexcept override {}

private:
    std::vector<std::uint64_t> counts_;
};
