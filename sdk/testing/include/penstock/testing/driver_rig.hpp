#pragma once

// Holds one polling or blocking driver as the host holds it: through the table that crosses the library boundary, on a scripted
// network. Each call runs the network until the driver has answered.
//
//     DriverRig rig = DriverRig::plugin(network, R"({"endpoint": "tcp://scale:4001"})");
//     ASSERT_TRUE(rig.set_items({"weight"}));
//     ASSERT_TRUE(rig.connect());
//     EXPECT_EQ(rig.read().values.at(0).value.text(), "21.5");

#include <memory>
#include <string>
#include <vector>

#include <penstock/driver.hpp>
#include <penstock/plugin.hpp>
#include <penstock/testing/json_settings.hpp>
#include <penstock/testing/scripted_io.hpp>

// Of the plugin whose objects are linked into the test (penstock_add_plugin, TESTS).
extern "C" [[gnu::visibility("default")]] void* penstock_plugin_factory(const ::penstock::abi::Birth& birth,
                                                                        ::penstock::abi::Fault& fault) noexcept;

namespace penstock::testing {

// How one call ended.
struct CallResult {
    bool has_ended = false;  // false: it still waits when the patience was over
    abi::Fault fault;
    [[nodiscard]] bool ok() const noexcept { return has_ended && !fault.failed(); }
    explicit operator bool() const noexcept { return ok(); }
    [[nodiscard]] std::string sentence() const { return has_ended ? std::string(fault.sentence()) : "(the call did not end)"; }
};

struct Reading {
    ItemId item = 0;
    Value value;
    QualityCode quality = QualityCode::bad;
    std::string cause;
    std::int64_t source_time_ns = 0;
};

struct ReadResult : CallResult {
    std::vector<Reading> values;  // in the driver's order
    // The last reading of an item; null if there is none.
    [[nodiscard]] const Reading* find(ItemId item) const noexcept;
};

struct WriteResultOfDriver : CallResult {
    abi::Outcome outcome = abi::Outcome::unknown;
    bool is_link_broken = false;  // the host connects again
};

class DriverRig {
public:
    using Factory = void* (*)(const abi::Birth&, abi::Fault&) noexcept;

    // Throws std::runtime_error with the driver's own sentence if it is not born.
    DriverRig(ScriptedNetwork& network, Factory factory, std::string_view settings_json,
              Duration patience = std::chrono::minutes(1));
    // The plugin that is tested: its objects are linked into the test.
    [[nodiscard]] static DriverRig plugin(ScriptedNetwork& network, std::string_view settings_json) {
        return DriverRig(network, &penstock_plugin_factory, settings_json);
    }
    // A class of the test itself.
    template <class D>
    [[nodiscard]] static DriverRig make(ScriptedNetwork& network, std::string_view settings_json) {
        return DriverRig(network, &detail::make_guest<D>, settings_json);
    }
    DriverRig(DriverRig&&) noexcept;
    DriverRig& operator=(DriverRig&&) noexcept = delete;
    ~DriverRig();  // abandons and releases the driver

    // What an address means; the fault says why it means nothing.
    CallResult parse(std::string_view address, abi::ItemInfo& info);
    // Items 0, 1, 2 ... in the order of their addresses.
    CallResult set_items(const std::vector<std::string>& addresses);
    CallResult connect();
    ReadResult read();  // all items
    ReadResult read(const std::vector<ItemId>& due);  // in ascending order
    WriteResultOfDriver write(ItemId item, const Value& value);
    void disconnect();

    // For tests that look at a call while it waits: starts it and returns. `run()` goes on with it.
    void start_connect();
    void start_read();
    void start_write(ItemId item, const Value& value);
    CallResult run();
    [[nodiscard]] bool has_ended() const noexcept;

    [[nodiscard]] std::string last_request(ItemId item);
    [[nodiscard]] std::string last_answer(ItemId item);

    [[nodiscard]] ScriptedIo& io() noexcept;
    [[nodiscard]] ScriptedNetwork& network() noexcept;
    [[nodiscard]] abi::DriverGuest& guest() noexcept;
    // Ends the driver early, as the host does it.
    void abandon();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace penstock::testing
