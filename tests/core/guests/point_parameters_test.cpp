#include "core/guests/point_parameters.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace penstock::guests {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

TEST(PointParameters, OnlyWhatSomePointGivesTakesRoom) {
    PointParameters parameters(16);
    EXPECT_EQ(parameters.add({}), 0U);
    EXPECT_EQ(parameters.columns(), 0U);
    const double third[] = {kNone, kNone, 7};
    EXPECT_EQ(parameters.add(third), 1U);
    parameters.expect(5);
    parameters.expect(5);
    EXPECT_EQ(parameters.columns(), 2U);
    EXPECT_EQ(parameters.at(1, 2), 7);
    for (const std::size_t parameter : {0U, 5U, 15U}) EXPECT_TRUE(std::isnan(parameters.at(1, parameter))) << parameter;
}

TEST(PointParameters, MoreThanThePolicyHasAreLeftOut) {
    PointParameters parameters(1);
    const double two[] = {1, 2};
    (void)parameters.add(two);
    EXPECT_EQ(parameters.columns(), 1U);
}

// Whatever is added and set in any order, gathered for any rows: as a plain table has it.
TEST(PointParameters, GatherWhatWasGiven) {
    constexpr std::size_t kParameters = 6;
    std::mt19937 random(11);
    PointParameters parameters(kParameters);
    std::vector<std::vector<double>> model;
    for (int step = 0; step < 3'000; ++step) {
        const auto number = static_cast<double>(random() % 100);
        if (model.empty() || random() % 3 == 0) {
            std::vector<double> values(random() % (kParameters + 1), kNone);
            for (auto& value : values) value = random() % 50 == 0 ? number : kNone;
            EXPECT_EQ(parameters.add(values), model.size());
            values.resize(kParameters, kNone);
            model.push_back(values);
        } else {
            const auto point = static_cast<PointId>(random() % model.size());
            const auto parameter = random() % kParameters;
            parameters.set(point, parameter, number);
            model[point][parameter] = number;
        }
        std::vector<PointId> points(random() % 20);
        for (auto& point : points) point = static_cast<PointId>(random() % model.size());
        const auto* const* const columns = parameters.gather(points);
        for (std::size_t parameter = 0; parameter < kParameters; ++parameter)
            for (std::size_t row = 0; row < points.size(); ++row) {
                const auto wanted = model[points[row]][parameter];
                ASSERT_EQ(given_or(columns[parameter][row], -1), given_or(wanted, -1)) << "step " << step;
            }
    }
}

}  // namespace
}  // namespace penstock::guests
