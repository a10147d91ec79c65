// Addresses and reading.
#include "driver_conformance_parts.hpp"

namespace penstock::testing {

using namespace std::chrono_literals;

void detail::link_reading_tests() {}

TEST_P(DriverConformance, RefusesBadAddressesInSentences) {
    for (const auto& address : GetParam().bad_addresses) {
        abi::ItemInfo info;
        const auto result = rig_->parse(address, info);
        EXPECT_FALSE(result.ok()) << "\"" << address << "\" was taken for a good address";
        EXPECT_TRUE(result.ok() || is_sentence(result.sentence())) << "\"" << address << "\": " << result.sentence();
    }
}

TEST_P(DriverConformance, SurvivesAddressesThatNobodyWouldWrite) {
    for (const auto& address :
         {std::string(), std::string(10'000, 'x'), std::string(10'000, '9'), std::string("\xFF\xFE\x80", 3),
          std::string("a\0b", 3), std::string(":::::"), std::string("-1"), std::string("99999999999999999999")}) {
        abi::ItemInfo info;
        const auto result = rig_->parse(address, info);
        EXPECT_TRUE(result.ok() || is_sentence(result.sentence())) << result.sentence();
    }
}

TEST_P(DriverConformance, FindsTypeAndAccessOfItsAddresses) {
    for (const auto& item : GetParam().items) {
        abi::ItemInfo info;
        const auto result = rig_->parse(item.address, info);
        ASSERT_TRUE(result.ok()) << item.address << ": " << result.sentence();
        EXPECT_EQ(static_cast<ValueType>(info.type), item.type) << item.address;
        if (item.written) {
            EXPECT_EQ(info.writable, 1U) << item.address;
        }
    }
}

TEST_P(DriverConformance, ReadsWhatTheDeviceHolds) {
    begin_connected();
    expect_everything_reads_well();
}

TEST_P(DriverConformance, ReadsAPartOfItsItems) {
    begin_connected();
    for (ItemId id = 0; id < expected_.size(); ++id) {
        const auto result = rig_->read({id});
        ASSERT_TRUE(result.ok()) << result.sentence();
        ASSERT_NE(result.find(id), nullptr) << "item " << GetParam().items[id].address << " alone was due, and did not come";
        EXPECT_TRUE(is_good(result.find(id)->quality)) << result.find(id)->cause;
    }
}

TEST_P(DriverConformance, TakesNewItemsWhileConnected) {
    begin_connected();
    const auto& items = GetParam().items;
    const auto set = rig_->set_items({items.back().address});
    ASSERT_TRUE(set.ok()) << set.sentence();
    const auto result = rig_->read();
    ASSERT_TRUE(result.ok()) << result.sentence();
    ASSERT_NE(result.find(0), nullptr);
    EXPECT_TRUE(!items.back().value || result.find(0)->value.identical(*items.back().value)) << result.find(0)->value.text();
}

TEST_P(DriverConformance, ReadsBackWhatItHasWritten) {
    begin_connected();
    for (ItemId id = 0; id < expected_.size(); ++id) {
        const auto& item = GetParam().items[id];
        if (!item.written) continue;
        const auto result = rig_->write(id, *item.written);
        ASSERT_TRUE(result.ok()) << item.address << ": " << result.sentence();
        ASSERT_EQ(result.outcome, abi::Outcome::done) << item.address;
        expected_[id] = item.written;
    }
    expect_everything_reads_well();
}

TEST_P(DriverConformance, RefusesToWriteAValueOfAnotherType) {
    ItemId id = 0;
    const auto* const item = writable_item(id);
    if (item == nullptr) GTEST_SKIP() << "the driver only reads";
    begin_connected();
    const Value other = item->type == ValueType::string ? Value(true) : Value("text");
    EXPECT_EQ(rig_->write(id, other).outcome, abi::Outcome::refused);
}

TEST_P(DriverConformance, ReadsForTenMinutesWithoutLeavingAnythingBehind) {
    begin_connected();
    expect_everything_reads_well();
    const auto handles = rig_->io().open_handles();
    for (int poll = 0; poll < 6000; ++poll) {
        ASSERT_TRUE(read_is_honest());
        network_->run_for(100ms);
    }
    EXPECT_EQ(rig_->io().open_handles(), handles);
    EXPECT_EQ(rig_->io().pending_waits(), 0U);
}

}  // namespace penstock::testing
