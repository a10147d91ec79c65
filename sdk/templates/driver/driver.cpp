// Instruments that speak SCPI over TCP: the address MEAS:VOLT is read by "MEAS:VOLT?", VOLT is set by "VOLT 5".
#include <penstock/driver.hpp>
#include <penstock/plugin.hpp>

using namespace penstock;

class ScpiDriver final : public PollingDriver<std::string> {
public:
    ScpiDriver(Settings settings, Io io)
        : PollingDriver(io), endpoint_(settings.text_or("endpoint", "")), timeout_(settings.duration_or("timeout_ms", 1s)) {}

    Result<ParsedAddress<std::string>> parse_address(std::string_view text) const override {
        constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:";
        if (text.empty() || text.find_first_not_of(allowed) != std::string_view::npos) {
            return fail(ErrorCode::invalid_argument, "found \"" + std::string(text) + "\", wanted a header such as MEAS:VOLT");
        }
        const bool is_writable = !text.starts_with("MEAS:");
        return ParsedAddress(std::string(text), ValueType::float64, is_writable);
    }

    Task<void> connect() override {
        auto stream = co_await io().connect(endpoint_, io().in(timeout_));
        stream_ = std::move(stream);
    }

    Task<void> read(std::span<const ItemId> due, SampleBatch& out) override {
        for (const auto id : due) {
            const auto query = item(id).address + "?\n";
            const auto answer = co_await ask(query);
            out.add_parsed(id, ValueType::float64, answer);
        }
    }

    Task<WriteOutcome> write(const Item<std::string>& item, Value value) override {
        const auto command = item.address + " " + value.text() + ";*OPC?\n";  // *OPC? answers 1 once it is done
        const auto answer = co_await ask(command);
        co_return answer == "1" ? WriteOutcome::done()
                                : WriteOutcome::unknown("the instrument did not confirm, it answered: " + answer);
    }

    void disconnect() noexcept override { stream_.close(); }

private:
    Task<std::string> ask(std::string request) {
        const auto deadline = io().in(timeout_);
        co_await stream_.write(std::string_view(request), deadline);
        auto answer = co_await stream_.read_line('\n', 1000, deadline);
        co_return answer;
    }

    std::string endpoint_;
    Duration timeout_;
    Stream stream_;
};

PENSTOCK_PLUGIN(ScpiDriver, "driver.scpi", "1.0.0", R"({"properties": {"endpoint": {"type": "string"},
    "timeout_ms": {"type": "integer", "minimum": 1, "default": 1000}}, "required": ["endpoint"]})");
