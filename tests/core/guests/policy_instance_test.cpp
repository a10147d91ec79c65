#include "core/guests/policy_instance.hpp"

#include <cmath>
#include <functional>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace penstock::guests {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// What a policy does besides saying nothing.
struct Conduct {
    PolicyShape shape{.outputs = {"low", "high"}, .parameters = {"low", "high"}};
    std::function<void(const PolicyInputs&, PolicyVerdicts&)> evaluate;
    std::function<void()> resize;
    std::string saved;
    std::string seen;  // what reached it
};

class ActingPolicy final : public AlarmPolicy {
public:
    explicit ActingPolicy(Conduct& conduct) : conduct_(conduct) {}
    [[nodiscard]] PolicyShape shape() const override { return conduct_.shape; }
    void resize(std::size_t count) override {
        if (conduct_.resize) conduct_.resize();
        conduct_.seen += "resize " + std::to_string(count) + ";";
    }
    void evaluate(const PolicyInputs& in, PolicyVerdicts& out) override {
        conduct_.seen += "evaluate " + std::to_string(in.size()) + ";";
        if (conduct_.evaluate) conduct_.evaluate(in, out);
    }
    [[nodiscard]] std::string save(MonotonicTime) const override { return conduct_.saved; }
    void restore(std::string_view state, MonotonicTime) override {
        if (state != conduct_.saved) throw LinkError(ErrorCode::protocol, "not my state");
        conduct_.seen += "restored;";
    }

private:
    Conduct& conduct_;
};

class PolicyInstanceTest : public ::testing::Test {
protected:
    Result<std::unique_ptr<PolicyInstance>> make() {
        PluginInfo info;
        info.kind = PluginKind::alarm_policy;
        info.id = "alarm_policy.acting";
        info.version = "2.1.0";
        AlarmPolicyOwner guest(detail::adapt_alarm_policy(std::make_unique<ActingPolicy>(conduct_)));
        return PolicyInstance::make(std::move(guest), std::move(info), "alarm_policy.acting", nullptr, [this] { return cpu_; });
    }
    void SetUp() override { policy_ = *make(); }
    // One row; how it went.
    bool judge() {
        policy_->clear();
        policy_->add({.point = 0, .number = 5, .time = now_});
        return policy_->evaluate(now_);
    }
    // The policy spends this at each call.
    void costs(Duration cost) {
        conduct_.evaluate = [this, cost](const PolicyInputs&, PolicyVerdicts&) { cpu_ += cost; };
    }

    Conduct conduct_;
    Duration cpu_{};
    MonotonicTime now_{1h};
    std::unique_ptr<PolicyInstance> policy_;
};

TEST_F(PolicyInstanceTest, PassesRowsInAndVerdictsOut) {
    conduct_.evaluate = [](const PolicyInputs& in, PolicyVerdicts& out) {
        for (std::size_t row = 0; row < in.size(); ++row) {
            out.holds[row] = static_cast<std::uint8_t>(in.point[row]);
            out.stay_quiet(row, in.number[row] - 1, in.number[row] + 1);
            out.look_again(row, in.now + 2s);
        }
    };
    for (int n = 0; n < 3; ++n) (void)policy_->add_point({});
    policy_->begin();
    policy_->add({.point = 2, .number = 7, .quality = QualityCode::uncertain, .time = now_});
    policy_->add({.point = 1, .number = 9, .time = now_});
    ASSERT_TRUE(policy_->evaluate(now_));
    EXPECT_EQ(conduct_.seen, "resize 3;evaluate 2;");
    EXPECT_EQ(policy_->point(0), 2U);
    const auto& verdicts = policy_->verdicts();
    EXPECT_EQ(verdicts.holds[0], 2);
    EXPECT_EQ(verdicts.quiet_low[1], 8);
    EXPECT_EQ(verdicts.quiet_high[1], 10);
    EXPECT_EQ(verdicts.look_at[1], to_ns(now_ + 2s));
}

TEST_F(PolicyInstanceTest, WhatItSaysNothingOfIsNeverQuietAndNeverLookedAt) {
    ASSERT_TRUE(judge());
    EXPECT_TRUE(std::isnan(policy_->verdicts().quiet_low[0]));
    EXPECT_EQ(policy_->verdicts().look_at[0], 0);
    EXPECT_EQ(policy_->verdicts().holds[0], 0);
}

TEST_F(PolicyInstanceTest, EachRowComesWithTheParametersOfItsPoint) {
    std::vector<std::vector<double>> seen;
    conduct_.evaluate = [&](const PolicyInputs& in, PolicyVerdicts&) {
        seen.clear();
        for (std::size_t row = 0; row < in.size(); ++row)
            seen.push_back({given_or(in.parameter(0)[row], -1), given_or(in.parameter(1)[row], -1)});
    };
    const auto judge_all = [&] {
        policy_->clear();
        for (const PointId point : {2U, 0U, 1U}) policy_->add({.point = point});
        return policy_->evaluate(now_);
    };
    const double low[] = {10}, both[] = {20, 80};
    EXPECT_EQ(policy_->add_point(low), 0U);
    EXPECT_EQ(policy_->add_point({}), 1U);
    EXPECT_EQ(policy_->add_point(both), 2U);
    policy_->begin();
    ASSERT_TRUE(judge_all());
    EXPECT_EQ(seen, (std::vector<std::vector<double>>{{20, 80}, {10, -1}, {-1, -1}}));
    policy_->set(1, 1, 70);
    EXPECT_EQ(policy_->parameter(1, 1), 70);
    ASSERT_TRUE(judge_all());
    EXPECT_EQ(seen, (std::vector<std::vector<double>>{{20, 80}, {10, -1}, {-1, 70}}));
}

TEST_F(PolicyInstanceTest, AParameterThatTheShapeDoesNotHaveIsAFailure) {
    conduct_.evaluate = [](const PolicyInputs& in, PolicyVerdicts&) { (void)in.parameter(2); };
    EXPECT_FALSE(judge());
    EXPECT_THAT(policy_->failure().text(), HasSubstr("the policy's shape has no parameter 2"));
}

TEST_F(PolicyInstanceTest, AnExceptionIsTheLastThatIsHeardOfIt) {
    conduct_.evaluate = [](const PolicyInputs&, PolicyVerdicts&) { throw std::out_of_range("vector"); };
    EXPECT_FALSE(judge());
    ASSERT_TRUE(policy_->has_failed());
    EXPECT_EQ(policy_->failure().code(), ErrorCode::internal);
    EXPECT_THAT(policy_->failure().text(), AllOf(HasSubstr("alarm_policy.acting 2.1.0 has failed"), HasSubstr("out_of_range"),
                                                 HasSubstr("uncertain until the server is started anew")));
    conduct_.seen.clear();
    EXPECT_FALSE(judge());
    EXPECT_EQ(policy_->save(now_), "");
    EXPECT_FALSE(policy_->restore("", now_));
    EXPECT_EQ(conduct_.seen, "") << "it was called again";
}

TEST_F(PolicyInstanceTest, AnExceptionInResizeIsAFailureToo) {
    conduct_.resize = [] { throw std::bad_alloc(); };
    policy_->begin();
    EXPECT_TRUE(policy_->has_failed());
}

TEST_F(PolicyInstanceTest, AConditionThatItDoesNotHaveIsALie) {
    conduct_.evaluate = [](const PolicyInputs&, PolicyVerdicts& out) { out.holds[0] = 4; };
    EXPECT_FALSE(judge());
    EXPECT_THAT(policy_->failure().text(), HasSubstr("holds beyond its 2 outputs"));
}

TEST_F(PolicyInstanceTest, ABandThatIsNoneIsNone) {
    const std::pair<double, double> bands[] = {{std::nan(""), 3}, {3, std::nan("")}, {4, 3}};
    for (const auto& band : bands) {
        conduct_.evaluate = [band](const PolicyInputs&, PolicyVerdicts& out) { out.stay_quiet(0, band.first, band.second); };
        ASSERT_TRUE(judge());
        EXPECT_TRUE(std::isnan(policy_->verdicts().quiet_low[0]) && std::isnan(policy_->verdicts().quiet_high[0]));
    }
}

TEST_F(PolicyInstanceTest, ALookInThePastDoesNotSpin) {
    for (const auto at : {now_ - 1s, now_, now_ + 1ns}) {
        conduct_.evaluate = [at](const PolicyInputs&, PolicyVerdicts& out) { out.look_again(0, at); };
        ASSERT_TRUE(judge());
        EXPECT_EQ(policy_->verdicts().look_at[0], to_ns(now_ + PolicyInstance::kSoonest));
    }
}

TEST_F(PolicyInstanceTest, OneVeryLongCallIsEnough) {
    costs(101ms);
    EXPECT_FALSE(judge());
    EXPECT_THAT(policy_->failure().text(), HasSubstr("it took 101.0 ms for 1 rows; its budget was 1.0 ms"));
}

TEST_F(PolicyInstanceTest, ThreeLongCallsWithinTenSecondsAreEnough) {
    costs(2ms);
    EXPECT_TRUE(judge());
    now_ += 5s;
    EXPECT_TRUE(judge());
    now_ += 6s;
    EXPECT_TRUE(judge()) << "the first is longer ago than 10 s";
    now_ += 3s;
    EXPECT_FALSE(judge());
    EXPECT_THAT(policy_->failure().text(), HasSubstr("for the third time within 10 s"));
}

TEST_F(PolicyInstanceTest, TheBudgetGrowsWithTheRows) {
    costs(2ms);  // too much for one row, three times
    for (int n = 0; n < 5; ++n) {
        policy_->clear();
        for (PointId point = 0; point < PolicyInstance::kMostRows; ++point) policy_->add({.point = point});
        EXPECT_TRUE(policy_->is_full());
        EXPECT_TRUE(policy_->evaluate(now_));
    }
}

TEST_F(PolicyInstanceTest, ItsStateComesBackOrItSaysWhyNot) {
    conduct_.saved = std::string("a\0b", 3);
    const auto state = policy_->save(now_);
    EXPECT_EQ(state, conduct_.saved);
    EXPECT_TRUE(policy_->restore(state, now_));
    const auto restored = policy_->restore("else", now_);
    ASSERT_FALSE(restored);
    EXPECT_THAT(restored.error().text(), AllOf(HasSubstr("alarm_policy.acting"), HasSubstr("not my state")));
    EXPECT_FALSE(policy_->has_failed()) << "it goes on as if new";
}

TEST_F(PolicyInstanceTest, AShapeThatMakesNoSenseIsRefused) {
    const std::pair<PolicyShape, const char*> cases[] = {
        {{.outputs = {}, .parameters = {}}, "it has 0 outputs; wanted 1 to 8"},
        {{.outputs = std::vector<std::string>(9, "a"), .parameters = {}}, "it has 9 outputs"},
        {{.outputs = {"a"}, .parameters = std::vector<std::string>(17, "a")}, "it has 17 parameters; wanted 0 to 16"},
        {{.outputs = {"a", "a"}, .parameters = {}}, "two of its outputs are called \"a\""},
        {{.outputs = {"High Level"}, .parameters = {}}, "one of its outputs is called \"High Level\""},
    };
    for (const auto& [shape, sentence] : cases) {
        conduct_.shape = shape;
        const auto policy = make();
        ASSERT_FALSE(policy);
        EXPECT_THAT(policy.error().text(), HasSubstr(sentence));
    }
}

TEST(ThreadCpuTime, GrowsWithWork) {
    const auto began = thread_cpu_time();
    EXPECT_GT(began, Duration::zero());
    volatile std::uint64_t sum = 0;
    while (thread_cpu_time() == began) sum = sum + 1;
    EXPECT_GT(thread_cpu_time(), began);
}

}  // namespace
}  // namespace penstock::guests
