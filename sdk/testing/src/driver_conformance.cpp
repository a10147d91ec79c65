#include "driver_conformance_parts.hpp"

#include <stdexcept>

namespace penstock::testing {

bool detail::is_sentence(std::string_view text) { return text.size() >= 10 && text.find(' ') != std::string_view::npos; }

std::string detail::rubbish(std::size_t kind, std::size_t size, ScriptedNetwork& network) {
    switch (kind) {
        case 0: return std::string(size, '\0');
        case 1: return std::string(size, '\xFF');
        case 2: return "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
        case 3: return "\r\n";
        case 4: return std::string(100'000, 'x');
        default: break;
    }
    std::string random(size + kind % 3, '\0');
    for (auto& byte : random) byte = static_cast<char>(network.random());
    return random;
}

void PrintTo(const DriverKit& kit, std::ostream* out) { *out << kit.items.size() << " items"; }

DriverKit checked_kit(DriverKit kit, DriverRig::Factory factory) {
    if (kit.items.empty()) throw std::invalid_argument("a driver kit without items tests nothing");
    if (kit.bad_addresses.empty()) throw std::invalid_argument("a driver kit wants at least one bad address");
    if (kit.endpoint.empty() != !kit.device)
        throw std::invalid_argument("a driver kit has both endpoint and device, or neither");
    detail::link_reading_tests();
    detail::link_faults_tests();
    detail::link_writing_tests();
    detail::link_stopping_tests();
    kit.factory = factory;
    return kit;
}

std::vector<DriverKit> linked_kits(DriverKit kit, DriverRig::Factory factory) {
    if (kit.endpoint.empty()) return {};
    return {checked_kit(std::move(kit), factory)};
}

void DriverConformance::SetUp() { begin(); }

void DriverConformance::begin() {
    const auto& kit = GetParam();
    rig_.reset();
    network_ = std::make_unique<ScriptedNetwork>();
    if (has_link()) network_->serve(kit.endpoint, kit.device());
    rig_ = std::make_unique<DriverRig>(*network_, kit.factory, kit.settings, kit.patience);
    std::vector<std::string> addresses;
    expected_.clear();
    for (const auto& item : kit.items) {
        addresses.push_back(item.address);
        expected_.push_back(item.value);
    }
    const auto set = rig_->set_items(addresses);
    ASSERT_TRUE(set.ok()) << set.sentence();
}

void DriverConformance::begin_connected() {
    begin();
    const auto connected = rig_->connect();
    ASSERT_TRUE(connected.ok()) << connected.sentence();
}

void DriverConformance::reconnect() {
    rig_->disconnect();
    rig_->connect();
}

void DriverConformance::read_or_reconnect() {
    bool is_link_broken = false;
    read_is_honest(&is_link_broken);
    if (is_link_broken) reconnect();
}

bool DriverConformance::read_is_honest(bool* is_link_broken) {
    const auto result = rig_->read();
    if (is_link_broken != nullptr) *is_link_broken = !result.ok();
    EXPECT_TRUE(result.has_ended) << "read() did not end within " << GetParam().patience / std::chrono::seconds(1) << " s";
    if (result.has_ended && !result.ok()) {
        EXPECT_FALSE(result.sentence().empty());
    }
    bool all_good = result.ok();
    for (ItemId id = 0; id < expected_.size(); ++id) {
        const auto* const reading = result.find(id);
        if (reading == nullptr || is_bad(reading->quality)) {
            all_good = false;
            continue;
        }
        if (!expected_[id]) continue;
        EXPECT_TRUE(reading->value.identical(*expected_[id]))
            << "item " << GetParam().items[id].address << " became " << reading->value.text() << " of good quality, wanted "
            << expected_[id]->text();
    }
    for (const auto& reading : result.values) {
        if (is_bad(reading.quality)) {
            EXPECT_FALSE(reading.cause.empty()) << "bad without a cause";
        }
    }
    return all_good;
}

void DriverConformance::expect_everything_reads_well() {
    const auto result = rig_->read();
    ASSERT_TRUE(result.ok()) << result.sentence();
    for (ItemId id = 0; id < expected_.size(); ++id) {
        const auto* const reading = result.find(id);
        ASSERT_NE(reading, nullptr) << GetParam().items[id].address;
        ASSERT_TRUE(is_good(reading->quality)) << GetParam().items[id].address << ": " << reading->cause;
        EXPECT_EQ(reading->value.type(), GetParam().items[id].type);
        if (expected_[id]) {
            EXPECT_TRUE(reading->value.identical(*expected_[id]))
                << GetParam().items[id].address << ": found " << reading->value.text() << ", wanted " << expected_[id]->text();
        }
    }
}

// What the host does after a failure: the link is closed, and opened again after a back-off.
void DriverConformance::expect_recovery() {
    network_->set_faults({});
    rig_->disconnect();
    network_->run_for(std::chrono::seconds(5));
    const auto connected = rig_->connect();
    ASSERT_TRUE(connected.ok()) << connected.sentence();
    expect_everything_reads_well();
}

const KitItem* DriverConformance::writable_item(ItemId& id) const {
    const auto& items = GetParam().items;
    for (id = 0; id < items.size(); ++id) {
        if (items[id].written) return &items[id];
    }
    return nullptr;
}

}  // namespace penstock::testing
