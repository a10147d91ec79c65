#include "lines.hpp"

#include <charconv>

#include <penstock/plugin.hpp>

using namespace std::chrono_literals;

LinesDriver::LinesDriver(penstock::Settings settings, penstock::Io io)
    : PollingDriver(io), endpoint_(settings.text_or("endpoint", "")) {}

penstock::Result<penstock::ParsedAddress<std::string>> LinesDriver::parse_address(std::string_view text) const {
    if (text.empty() || text.find(' ') != std::string_view::npos) {
        return penstock::fail(penstock::ErrorCode::invalid_argument, "an address is a name without spaces");
    }
    return penstock::ParsedAddress<std::string>(std::string(text), penstock::ValueType::float64, true);
}

penstock::Task<void> LinesDriver::connect() { stream_ = co_await io().connect(endpoint_, io().in(1s)); }

penstock::Task<std::string> LinesDriver::ask(std::string line) {
    line += '\n';
    co_await stream_.write(std::string_view(line), io().in(1s));
    std::string answer = co_await stream_.read_line('\n', 100, io().in(1s));
    co_return answer;
}

penstock::Task<void> LinesDriver::read(std::span<const penstock::ItemId> due, penstock::SampleBatch& out) {
    for (const penstock::ItemId id : due) {
        std::string question = "GET " + item(id).address;
        const std::string answer = co_await ask(std::move(question));
        double number = 0;
        const auto parsed = std::from_chars(answer.data(), answer.data() + answer.size(), number);
        if (parsed.ec == std::errc())
            out.add(id, number);
        else
            out.add_bad(id, penstock::QualityCode::bad_decoding, "the device answered \"" + answer + "\"");
    }
}

penstock::Task<penstock::WriteOutcome> LinesDriver::write(const penstock::Item<std::string>& item, penstock::Value value) {
    std::string question = "SET " + item.address + " " + value.text();
    const std::string answer = co_await ask(std::move(question));
    if (answer == "ok") co_return penstock::WriteOutcome::done();
    co_return penstock::WriteOutcome::refused("the device answered \"" + answer + "\"");
}

PENSTOCK_PLUGIN(LinesDriver, "com.example.driver.lines", "1.0.0", R"({"type": "object"})");
