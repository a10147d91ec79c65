// A factory written by hand, which does not keep its promise of noexcept: {"birth": "int"} throws, {"birth": "nothing"}
// returns null without a fault, "fault" with one, "rubbish" with one that makes no sense, "none" and "two" return tables
// with as many ways to run.

#include <string>

#include <penstock/abi/plugin.hpp>
#include <penstock/settings.hpp>

#include "raw_manifest.hpp"
#include "throw_as.hpp"

namespace {

using namespace penstock::abi;

class Table final : public DriverGuest, private PollingGuest {
public:
    explicit Table(int ways) : ways_(ways) {}

    bool parse(Text, ItemInfo& info, Fault&) noexcept override {
        info.type = 77;
        return true;
    }
    bool set_items(const ItemAddress*, std::uint32_t, Fault&) noexcept override { return true; }
    PollingGuest* polling() noexcept override { return ways_ >= 1 ? this : nullptr; }
    PollingGuest* blocking() noexcept override { return ways_ >= 2 ? this : nullptr; }
    RunningGuest* running() noexcept override { return nullptr; }
    BrowseGuest* browse() noexcept override { return nullptr; }
    std::uint32_t last_request(std::uint32_t, char*, std::uint32_t) noexcept override { return 0; }
    std::uint32_t last_answer(std::uint32_t, char*, std::uint32_t) noexcept override { return 0; }
    void abandon() noexcept override {}
    void release() noexcept override { delete this; }

    bool start_connect(std::int64_t, Fault&, Completion&) noexcept override { return true; }
    bool start_read(const std::uint32_t*, std::uint32_t, std::int64_t, Columns&, Fault&, Completion&) noexcept override {
        return true;
    }
    bool start_write(const WriteItem&, std::int64_t, WriteReply&, Completion&) noexcept override { return true; }
    void disconnect() noexcept override {}

private:
    int ways_;
};

void* fail_with(Fault& fault, std::string_view word) {
    if (word == "fault") fault.set(2, "the endpoint is missing", false);
    if (word == "rubbish") {
        fault.set(-77, "rubbish \x01\x1b[31m", false);
        fault.size = 0xFFFFFFFF;
    }
    return nullptr;
}

}  // namespace

RAW_MANIFEST("driver.raw_factory");

extern "C" [[gnu::visibility("default")]] void* penstock_plugin_factory(const Birth& birth, Fault& fault) {
    const std::string word = penstock::Settings(birth.settings).text_or("birth", "one");
    throw_as(word);
    if (word == "one" || word == "two" || word == "none") {
        return static_cast<DriverGuest*>(new Table(word == "none" ? 0 : word == "one" ? 1 : 2));
    }
    return fail_with(fault, word);
}
