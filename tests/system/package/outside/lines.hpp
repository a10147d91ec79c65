#pragma once

// A driver for a device that answers "GET name" with a number on a line of its own, and "SET name number" with "ok".

#include <string>

#include <penstock/driver.hpp>

class LinesDriver final : public penstock::PollingDriver<std::string> {
public:
    LinesDriver(penstock::Settings settings, penstock::Io io);
    penstock::Result<penstock::ParsedAddress<std::string>> parse_address(std::string_view text) const override;
    penstock::Task<void> connect() override;
    penstock::Task<void> read(std::span<const penstock::ItemId> due, penstock::SampleBatch& out) override;
    penstock::Task<penstock::WriteOutcome> write(const penstock::Item<std::string>& item, penstock::Value value) override;
    void disconnect() noexcept override { stream_.close(); }

private:
    penstock::Task<std::string> ask(std::string line);
    std::string endpoint_;
    penstock::Stream stream_;
};
