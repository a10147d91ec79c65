#include "core/client/remote_stream.hpp"

#include <gtest/gtest.h>

namespace penstock::client {
namespace {

SeriesUpdate update(std::uint32_t index, std::vector<std::int64_t> times, std::uint64_t position) {
    SeriesUpdate made;
    made.index = index;
    made.rows.status.resize(times.size());
    made.rows.word.resize(times.size());
    made.rows.time = std::move(times);
    made.position = position;
    return made;
}

class RemoteSeriesTest : public ::testing::Test {
protected:
    [[nodiscard]] SubscribeSeriesRequest next() const { return std::get<SubscribeSeriesRequest>(series_.request()); }
    static SubscribeSeriesRequest wanted() {
        SubscribeSeriesRequest request;
        request.tags = {"a", "b"};
        request.from = utc_from_ns(10);
        return request;
    }
    int updates_ = 0;
    RemoteSeries series_{wanted(), {[](const auto&) {}, [this](const SeriesUpdate&) { ++updates_; }}};
};

TEST_F(RemoteSeriesTest, BeginsWhereItWasAsked) {
    ASSERT_EQ(next().places.size(), 2U);
    EXPECT_EQ(next().places[1].time, utc_from_ns(10));
    EXPECT_EQ(next().places[1].position, 0U);
}

TEST_F(RemoteSeriesTest, GoesOnAfterTheLastOfEqualTimes) {
    series_.take(update(1, {11, 12, 12}, 5));
    series_.take(update(1, {12, 3}, 6));  // one of the same time, and a late one
    const auto place = next().places[1];
    EXPECT_EQ(place.time, utc_from_ns(12));
    EXPECT_EQ(place.skip, 3U);
    EXPECT_EQ(place.position, 6U);
    EXPECT_EQ(next().places[0].position, 0U);
    EXPECT_EQ(updates_, 2);
}

TEST_F(RemoteSeriesTest, PassesOverWhatIsNoUpdateOfIt) {
    series_.take(update(2, {11}, 5));  // there is no such tag
    auto broken = update(0, {11}, 5);
    broken.rows.word.clear();
    series_.take(broken);
    series_.take(LatestUpdate());
    EXPECT_EQ(updates_, 0);
    EXPECT_EQ(next().places[0].time, utc_from_ns(10));
}

}  // namespace
}  // namespace penstock::client
