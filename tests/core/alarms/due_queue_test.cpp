#include "core/alarms/due_queue.hpp"

#include <map>
#include <random>

#include <gtest/gtest.h>

namespace penstock::alarms {
namespace {

using namespace std::chrono_literals;

TEST(DueQueue, GivesWhatIsDueInOrderOnce) {
    DueQueue queue(4);
    queue.set(3, MonotonicTime(2s));
    queue.set(1, MonotonicTime(2s));
    queue.set(0, MonotonicTime(1s));
    queue.set(2, MonotonicTime(9s));
    EXPECT_EQ(queue.due(), MonotonicTime(1s));
    EXPECT_FALSE(queue.next(MonotonicTime(999ms)));
    EXPECT_EQ(queue.next(MonotonicTime(5s)), 0U);
    EXPECT_EQ(queue.next(MonotonicTime(5s)), 1U);
    EXPECT_EQ(queue.next(MonotonicTime(5s)), 3U);
    EXPECT_FALSE(queue.next(MonotonicTime(5s)));
    EXPECT_TRUE(queue.is_set(2));
    EXPECT_FALSE(queue.is_set(3));
}

// Against a plain list, whatever is set, moved and cancelled; and nothing stays behind.
TEST(DueQueue, IsAListThatIsSearched) {
    std::mt19937 random(11);
    DueQueue queue(64);
    std::map<DueQueue::Key, MonotonicTime> list;
    for (int step = 0; step < 20'000; ++step) {
        const auto key = static_cast<DueQueue::Key>(random() % 64);
        const auto time = MonotonicTime(Duration(random() % 1'000));
        switch (random() % 3) {
            case 0:
                queue.set(key, time);
                list[key] = time;
                break;
            case 1:
                queue.cancel(key);
                list.erase(key);
                break;
            default: {
                const auto earlier = [](const auto& a, const auto& b) { return a.second < b.second; };
                const auto first = std::min_element(list.begin(), list.end(), earlier);
                const auto next = queue.next(time);
                ASSERT_EQ(next.has_value(), first != list.end() && first->second <= time);
                if (!next) break;
                ASSERT_EQ(*next, first->first);
                list.erase(first);
            }
        }
        ASSERT_EQ(queue.size(), list.size());
        for (const auto& [known, at] : list) ASSERT_TRUE(queue.is_set(known) && queue.at(known) == at);
    }
}

}  // namespace
}  // namespace penstock::alarms
