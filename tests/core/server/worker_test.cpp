#include "core/server/worker.hpp"

#include <future>
#include <memory>

#include <gtest/gtest.h>

namespace penstock::server {
namespace {

TEST(Worker, RunsJobsInOrderOnAThreadOfItsOwn) {
    std::promise<std::vector<int>> all;
    std::vector<int> order;
    std::thread::id thread;
    Worker worker(10);
    for (int i = 0; i < 9; ++i) ASSERT_TRUE(worker.post([&order, i](const std::stop_token&) { order.push_back(i); }));
    ASSERT_TRUE(worker.post([&](const std::stop_token&) {
        thread = std::this_thread::get_id();
        all.set_value(order);
    }));
    EXPECT_EQ(all.get_future().get(), (std::vector{0, 1, 2, 3, 4, 5, 6, 7, 8}));
    EXPECT_NE(thread, std::this_thread::get_id());
}

TEST(Worker, TakesNoMoreThanFit) {
    std::promise<void> begun, go_on;  // outlive the worker
    Worker worker(2);
    ASSERT_TRUE(worker.post([&](const std::stop_token&) {
        begun.set_value();
        go_on.get_future().wait();
    }));
    begun.get_future().wait();
    EXPECT_TRUE(worker.post([](const std::stop_token&) {}));
    EXPECT_FALSE(worker.post([](const std::stop_token&) {}));
    go_on.set_value();
}

TEST(Worker, AJobUnderWayIsAskedToEndAndOneThatWaitsIsDropped) {
    auto dropped = std::make_shared<int>();
    const std::weak_ptr<int> waits = dropped;
    bool was_asked = false;
    std::promise<void> begun;
    Worker worker(2);
    ASSERT_TRUE(worker.post([&](const std::stop_token& stop) {
        begun.set_value();
        std::promise<void> asked;
        const std::stop_callback on_stop(stop, [&asked] { asked.set_value(); });
        asked.get_future().wait();
        was_asked = true;
    }));
    begun.get_future().wait();
    ASSERT_TRUE(worker.post([dropped = std::move(dropped)](const std::stop_token&) { ADD_FAILURE() << "was run"; }));
    worker.stop();
    EXPECT_TRUE(was_asked);
    EXPECT_TRUE(waits.expired());
    EXPECT_FALSE(worker.post([](const std::stop_token&) {}));
    worker.stop();
}

}  // namespace
}  // namespace penstock::server
