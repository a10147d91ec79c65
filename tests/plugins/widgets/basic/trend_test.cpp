// What a trend shows of gaps, extremes and doubts.
#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include <penstock/testing/widget_rig.hpp>

extern "C" penstock::abi::Factory penstock_plugin_factory;

namespace penstock::testing {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

class TrendWidget : public ::testing::Test {
protected:
    TrendWidget() : rig({&penstock_plugin_factory, "trend", R"({"label": "Level", "decimals": 2, "span": "15m"})"}) {
        rig.place(100, 100, 400, 160);
        BoundTag tag;
        tag.tag = "tank.level";
        tag.unit = "m";
        tag.value = 4.2;
        rig.bind("value", tag);
        columns = rig.draw().trends.at(0).columns;
    }
    // As many columns as it asks for.
    template <class Low, class High>
    BoundTrend trend(Low low, High high) const {
        BoundTrend made;
        for (std::uint32_t i = 0; i < columns; ++i) {
            made.minimum.push_back(low(i));
            made.maximum.push_back(high(i));
            made.worst.push_back(QualityCode::good);
        }
        return made;
    }
    Drawing draw(BoundTrend trend) {
        rig.set_trend("value", std::move(trend));
        return rig.draw();
    }

    WidgetRig rig;
    std::uint32_t columns = 0;
};

TEST_F(TrendWidget, AsksForOneColumnAPixelOfTheSpanThatTheSiteWants) {
    const auto wish = rig.draw().trends.at(0);
    EXPECT_EQ(wish.binding, "value");
    EXPECT_EQ(wish.span, Duration(15min));
    EXPECT_GT(wish.columns, 300U);
    EXPECT_LE(wish.columns, 400U);
}

TEST_F(TrendWidget, SaysThatNothingHasComeYet) { EXPECT_EQ(rig.draw().text, "Level 4.20 m; last 15 min: not known yet"); }

TEST_F(TrendWidget, TellsItsRangeAndItsGapsInWords) {
    const auto values = [](auto i) { return i >= 100 && i < 120 ? kNan : 3.8 + 0.001 * i; };
    EXPECT_EQ(draw(trend(values, [&](auto i) { return values(i) + (i == 50 ? 0.6 : 0); })).text,
              "Level 4.20 m; last 15 min: 3.80 to 4.45, 1 gap");
}

TEST_F(TrendWidget, AGapLooksOtherThanAValueThatHeld) {
    const auto whole = draw(trend([](auto) { return 1.0; }, [](auto) { return 2.0; }));
    const auto gap = draw(trend([](auto i) { return i == 200 ? kNan : 1.0; }, [](auto i) { return i == 200 ? kNan : 2.0; }));
    EXPECT_FALSE(gap.has_same_shape(whole));
}

TEST_F(TrendWidget, WhatIsNotDurableYetIsNoGap) {
    auto young = trend([this](auto i) { return i + 10 > columns ? kNan : 1.0; },
                       [this](auto i) { return i + 10 > columns ? kNan : 2.0; });
    young.durable_until = young.to - (young.to - young.from) / columns * 10;
    EXPECT_EQ(draw(young).text, "Level 4.20 m; last 15 min: 1.00 to 2.00");
    young.durable_until = young.to;
    EXPECT_EQ(draw(young).text, "Level 4.20 m; last 15 min: 1.00 to 2.00, 1 gap");
}

// A spike of one column reaches the height that its scale gives it.
TEST_F(TrendWidget, AnExtremeOfOneColumnIsDrawn) {
    const auto lowest_top = [](const Drawing& drawing) {
        float top = std::numeric_limits<float>::infinity();
        for (std::size_t i = 0; i + 5 < drawing.points.size(); i += 2)
            if (drawing.points[i].x > 250 && drawing.points[i].x < 400) top = std::min(top, drawing.points[i].y);
        return top;
    };
    const auto flat = draw(trend([](auto) { return 1.0; }, [](auto i) { return i == 0 ? 9.0 : 1.0; }));
    const auto spike = draw(trend([](auto) { return 1.0; }, [](auto i) { return i == 0 || i == 180 ? 9.0 : 1.0; }));
    EXPECT_LE(lowest_top(spike), lowest_top(flat));
    EXPECT_FALSE(spike.has_same_shape(flat));
}

TEST_F(TrendWidget, DoubtfulColumnsAreMarkedByShape) {
    const auto line = [](auto) { return 1.0; };
    const auto good = draw(trend(line, line));
    auto doubtful = trend(line, line);
    doubtful.worst[10] = QualityCode::uncertain_range_exceeded;
    const auto uncertain = draw(doubtful);
    doubtful.worst[10] = QualityCode::bad_timeout;
    const auto bad = draw(doubtful);
    EXPECT_FALSE(uncertain.has_same_shape(good));
    EXPECT_FALSE(bad.has_same_shape(good));
    EXPECT_FALSE(bad.has_same_shape(uncertain));
}

TEST_F(TrendWidget, TheWheelChangesTheSpan) {
    rig.move_mouse(300, 180);
    rig.draw();
    rig.turn_wheel(-1);
    EXPECT_EQ(rig.draw().trends.at(0).span, Duration(1h));
    rig.turn_wheel(1);
    EXPECT_EQ(rig.draw().trends.at(0).span, Duration(15min));
    for (int i = 0; i < 20; ++i) {
        rig.turn_wheel(1);
        rig.draw();
    }
    EXPECT_EQ(rig.draw().trends.at(0).span, Duration(1min));
    rig.turn_wheel(-1);
    EXPECT_EQ(rig.draw().trends.at(0).span, Duration(5min));
}

TEST_F(TrendWidget, AFaultIsTold) {
    BoundTrend none;
    none.fault = "this plant has no memory";
    EXPECT_EQ(draw(none).text, "Level 4.20 m; last 15 min: this plant has no memory");
}

TEST_F(TrendWidget, StaysInsideWhateverTheNumbers) {
    std::vector<BoundTrend> trends{trend([](auto) { return -1e300; }, [](auto) { return 1e300; }),
                                   trend([](auto) { return 0.0; }, [](auto) { return 0.0; }),
                                   trend([](auto) { return 5e-324; }, [](auto) { return 5e-324; }),
                                   trend([](auto) { return -std::numeric_limits<double>::infinity(); },
                                         [](auto) { return std::numeric_limits<double>::infinity(); }),
                                   trend([](auto) { return kNan; }, [](auto) { return kNan; })};
    for (auto& one : trends) {
        const auto drawing = draw(one);
        EXPECT_TRUE(drawing.is_inside);
        EXPECT_EQ(drawing.fault, "");
    }
}

}  // namespace
}  // namespace penstock::testing
