#include "core/server/stop_steps.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace penstock::server {
namespace {

class Sentences {
public:
    void add(const std::string& sentence) {
        {
            const std::scoped_lock lock(mutex_);
            all_.push_back(sentence);
        }
        changed_.notify_all();
    }
    // Once there are so many, and one of them speaks of `what`.
    std::vector<std::string> wait(std::size_t count, std::string_view what) {
        const auto is_of_it = [&](const std::string& sentence) { return sentence.find(what) != std::string::npos; };
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds(30),
                          [&] { return all_.size() >= count && std::ranges::any_of(all_, is_of_it); });
        return all_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> all_;
};

TEST(StopSteps, SaysWhatAStopWaitsForAndSaysItAgain) {
    Sentences told;
    StopSteps steps(50ms, [&](const std::string& sentence) { told.add(sentence); });
    steps.begin("the engine");
    const auto sentences = told.wait(2, "the engine");
    ASSERT_GE(sentences.size(), 2U);
    EXPECT_EQ(sentences[0], "the stop has been waiting for the engine for 0.05 s");
    EXPECT_EQ(sentences[1], "the stop has been waiting for the engine for 0.1 s");
}

TEST(StopSteps, NamesTheStepThatIsUnderWay) {
    Sentences told;
    StopSteps steps(50ms, [&](const std::string& sentence) { told.add(sentence); });
    steps.begin("the devices");
    (void)told.wait(1, "the devices");
    steps.begin("the engine");
    const auto sentences = told.wait(2, "the engine");
    EXPECT_EQ(sentences.front(), "the stop has been waiting for the devices for 0.05 s");
    const auto of_the_engine = std::ranges::find(sentences, "the stop has been waiting for the engine for 0.05 s");
    EXPECT_NE(of_the_engine, sentences.end()) << sentences.back();
}

TEST(StopSteps, SaysNothingOfShortOnes) {
    std::atomic<int> told = 0;
    {
        StopSteps steps(1h, [&](const std::string&) { ++told; });
        for (int n = 0; n < 1'000; ++n) steps.begin("the devices");
    }
    EXPECT_EQ(told, 0);
}

}  // namespace
}  // namespace penstock::server
