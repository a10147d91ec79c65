// A driver that throws what the settings say where the settings say: {"birth": "int", "read": "object", ...}. An address is
// what parse_address throws.

#include <penstock/driver.hpp>
#include <penstock/plugin.hpp>

#include "throw_as.hpp"

namespace {

struct ThrowingMember {
    explicit ThrowingMember(std::string thrown) : what(std::move(thrown)) {}
    ThrowingMember(const ThrowingMember&) = delete;
    ThrowingMember& operator=(const ThrowingMember&) = delete;
    ~ThrowingMember() noexcept(false) { throw_as(what); }
    std::string what;
};

class ThrowingDriver final : public penstock::PollingDriver<std::string> {
public:
    ThrowingDriver(penstock::Settings settings, penstock::Io io)
        : PollingDriver(io), settings_(settings), end_(settings.text_or("destructor", "")) {
        throw_as(settings.text_or("birth", ""));
    }

    [[nodiscard]] penstock::Result<penstock::ParsedAddress<std::string>> parse_address(std::string_view text) const override {
        throw_as(text);
        return penstock::ParsedAddress<std::string>(std::string(text), penstock::ValueType::uint64, true);
    }
    void items_changed() override { throw_as(settings_.text_or("items", "")); }
    [[nodiscard]] penstock::Task<void> connect() override { return throw_in("connect"); }
    [[nodiscard]] penstock::Task<void> read(std::span<const penstock::ItemId>, penstock::SampleBatch&) override {
        return throw_in("read");
    }
    [[nodiscard]] penstock::Task<penstock::WriteOutcome> write(const penstock::Item<std::string>&, penstock::Value) override {
        throw_as(settings_.text_or("write", ""));
        co_return penstock::WriteOutcome::done();
    }
    [[nodiscard]] std::string last_request(penstock::ItemId) const override {
        throw_as(settings_.text_or("last_request", ""));
        return "asked";
    }
    void disconnect() noexcept override {}

private:
    // "wait_and_int": after the host has called back.
    penstock::Task<void> throw_in(std::string where) {
        std::string what = settings_.text_or(where, "");
        if (what.starts_with("wait_and_")) {
            const auto later = io().in(std::chrono::seconds(1));
            try {
                co_await io().sleep_until(later);
            } catch (const penstock::LinkError&) {
                what.erase(0, 9);
            }
        }
        throw_as(what);
    }

    penstock::Settings settings_;
    ThrowingMember end_;
};

}  // namespace

PENSTOCK_PLUGIN(ThrowingDriver, "driver.throwing", "1.0.0", "{}");
