// A driver with one fault at a time, chosen by its settings, to show that the conformance kit finds each.
#include <map>
#include <memory>

#include <penstock/driver.hpp>
#include <penstock/plugin.hpp>
#include <penstock/testing/driver_conformance.hpp>

namespace penstock {
namespace {

using namespace penstock::testing;

class BrokenDriver final : public PollingDriver<std::string> {
public:
    BrokenDriver(Settings settings, Io io)
        : PollingDriver(io),
          fault_(settings.text_or("fault", "none")),
          timeout_(fault_ == "waits_for_ever" ? Duration(std::chrono::hours(1)) : Duration(1s)) {}

    Result<ParsedAddress<std::string>> parse_address(std::string_view text) const override {
        if (text != "value" && text != "other" && fault_ != "takes_any_address") {
            return fail(ErrorCode::invalid_argument, fault_ == "says_nothing" ? "bad" : "found an address, wanted \"value\"");
        }
        return ParsedAddress(std::string(text), ValueType::float64, true);
    }

    Task<void> connect() override {
        auto stream = co_await io().connect("tcp://device:1", io().in(timeout_));
        stream_ = std::move(stream);
        if (fault_ != "leaks_links") co_return;
        auto second = co_await io().connect("tcp://device:1", io().in(timeout_));
        leaked_.push_back(std::move(second));
    }

    Task<void> read(std::span<const ItemId> due, SampleBatch& out) override {
        for (const auto id : due) {
            const auto error = co_await try_read(id, out);
            if (!error) continue;
            if (fault_ == "keeps_the_last_value")
                out.add(id, 0.0);
            else if (fault_ == "keeps_a_late_link")
                out.add_bad(id, QualityCode::bad_timeout, error->text());
            else
                throw LinkError(*error);
        }
    }

    Task<WriteOutcome> write(const Item<std::string>& item, Value value) override {
        const auto command = "set " + item.address + " " + value.text() + "\n";
        if (fault_ == "believes_in_sending") {
            co_await stream_.write(std::string_view(command), io().in(timeout_));
            co_return WriteOutcome::done();
        }
        auto error = co_await try_write(command);
        if (error && fault_ == "repeats_writes") error = co_await try_write(command);
        if (error && fault_ == "calls_lost_writes_refused") co_return WriteOutcome::refused(error->text());
        if (error) throw LinkError(*error);
        co_return WriteOutcome::done();
    }

    void disconnect() noexcept override {
        if (fault_ != "keeps_the_link_open") stream_.close();
    }

private:
    Task<std::optional<Error>> try_read(ItemId id, SampleBatch& out) {
        try {
            const auto deadline = io().in(timeout_);
            const auto query = "get " + item(id).address + "\n";
            co_await stream_.write(std::string_view(query), deadline);
            const auto answer = co_await stream_.read_line('\n', 100, deadline);
            const auto value = Value::parse(ValueType::float64, answer);
            if (value)
                out.add(id, *value);
            else if (fault_ == "takes_rubbish_for_zero")
                out.add(id, 0.0);
            else
                out.add_bad(id, QualityCode::bad_decoding, fault_ == "gives_no_cause" ? "" : value.error().sentence());
        } catch (const LinkError& error) {
            co_return error.error();
        }
        co_return std::nullopt;
    }

    Task<std::optional<Error>> try_write(std::string command) {
        try {
            const auto deadline = io().in(timeout_);
            co_await stream_.write(std::string_view(command), deadline);
            const auto answer = co_await stream_.read_line('\n', 100, deadline);
            const bool is_confirmed = answer == "ok" || fault_ == "takes_rubbish_for_ok";
            if (!is_confirmed) co_return Error(ErrorCode::protocol, "the device did not confirm the write");
        } catch (const LinkError& error) {
            co_return error.error();
        }
        co_return std::nullopt;
    }

    std::string fault_;
    Duration timeout_;
    Stream stream_;
    std::vector<Stream> leaked_;
};

Device device() {
    auto values = std::make_shared<std::map<std::string, std::string>>();
    *values = {{"value", "21.5"}, {"other", "3"}};
    return line_device([values](std::string line) {
        if (line.starts_with("get ")) return (*values)[line.substr(4)];
        const auto space = line.rfind(' ');
        (*values)[line.substr(4, space - 4)] = line.substr(space + 1);
        return std::string("ok");
    });
}

DriverKit kit() {
    const char* const fault = std::getenv("PENSTOCK_KIT_FAULT");
    return {.settings = std::string(R"({"fault": ")") + (fault == nullptr ? "none" : fault) + R"("})",
            .endpoint = "tcp://device:1",
            .device = device,
            .items = {{.address = "value", .type = ValueType::float64, .value = 21.5, .written = 7.25},
                      {.address = "other", .type = ValueType::float64, .value = 3.0}},
            .bad_addresses = {"", "valeu"}};
}
PENSTOCK_DRIVER_CLASS_CONFORMANCE(BrokenDriver, kit());

}  // namespace
}  // namespace penstock
