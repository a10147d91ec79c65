// A driver that does nothing wrong: counters by number, "0" to "99999".

#include <charconv>

#include <penstock/driver.hpp>
#include <penstock/plugin.hpp>

namespace {

class GoodDriver final : public penstock::PollingDriver<unsigned> {
public:
    GoodDriver(penstock::Settings settings, penstock::Io io) : PollingDriver(io) {
        if (settings.has("refuse"))
            throw penstock::LinkError(
                settings.fault("refuse", "refuse is " + settings.text_or("refuse", "?") + "; wanted no such key"));
    }

    [[nodiscard]] penstock::Result<penstock::ParsedAddress<unsigned>> parse_address(std::string_view text) const override {
        unsigned number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size() || number > 99'999) {
            return penstock::fail(penstock::ErrorCode::invalid_argument,
                                  "the counter is \"" + std::string(text) + "\"; wanted a number from 0 to 99999");
        }
        return penstock::ParsedAddress<unsigned>(number, penstock::ValueType::uint64, number % 2 == 0);
    }
    [[nodiscard]] penstock::Task<void> connect() override { co_return; }
    [[nodiscard]] penstock::Task<void> read(std::span<const penstock::ItemId> due, penstock::SampleBatch& out) override {
        for (const auto id : due) out.add(id, std::uint64_t{item(id).address});
        co_return;
    }
    void disconnect() noexcept override {}
};

// Long enough that tests can put longer texts into the manifest in its place.
inline constexpr std::string_view kSchema = R"({
  "type": "object",
  "description": "A driver for the tests of the plugin host. It counts, and nothing else. The rest of this text only takes room.........................................................................................................",
  "properties": {"driver": {"type": "string"}}
})";

}  // namespace

PENSTOCK_PLUGIN(GoodDriver, "driver.good", "1.2.3", kSchema);
