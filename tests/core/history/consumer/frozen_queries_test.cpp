// Row D11 of the fault catalogue, seen by who asks: a historian that is frozen delays questions to itself alone.

#include <gtest/gtest.h>

#include <atomic>
#include <map>

#include "core/history/historian_stores.hpp"
#include "core/history/historians.hpp"
#include "core/history/history_service.hpp"
#include "core/tags/tag_catalog_builder.hpp"
#include "core/tags/tag_ids.hpp"
#include "tests/core/history/consumer/plant_memory.hpp"
#include "tests/support/fault_row.hpp"

namespace penstock::history_test {
namespace {

constexpr std::uint32_t kTags = 4;  // 1 and 2 in the historian that freezes, 3 and 4 in the other
constexpr std::uint64_t kRecords = 10;
const char* const kFrozen = "historian.frozen";
const char* const kSound = "historian.sound";

std::shared_ptr<const tags::TagCatalog> make_catalog() {
    tags::TagIdStore ids;
    tags::TagCatalogBuilder builder;
    std::map<std::string, tags::ArchiveRule> rules;
    for (std::uint32_t n = 0; n <= kTags; ++n) {
        auto& rule = rules["tag." + std::to_string(n)];
        rule.mode = tags::ArchiveMode::on_change;
        rule.keep_raw = rule.keep_minutes = rule.keep_hours = 24h;
        rule.historians = {n <= 2 ? kFrozen : kSound};
    }
    for (const auto& [name, rule] : rules) {
        tags::TagDefinition tag;
        tag.name = name;
        tag.type = ValueType::uint64;
        tag.archive = &rule;
        builder.add(tag);
    }
    auto catalog = builder.build(ids);
    if (!catalog) throw std::runtime_error(catalog.error().text());
    return *catalog;
}

// As it would be without knowing who keeps what: all questions wait in one row.
class OneCrewForAll final : public history::HistoryStores {
public:
    explicit OneCrewForAll(history::HistoryStores& stores) : stores_(&stores) {}
    Result<history::OpenStore> open(tags::TagId tag, std::string_view historian) override {
        return stores_->open(tag, historian);
    }

private:
    history::HistoryStores* stores_;
};

class FrozenQueries : public ::testing::Test {
protected:
    FrozenQueries() {
        add(kFrozen, frozen_disk_);
        add(kSound, sound_disk_);
        historians_.start();
        plant_.append(kRecords);
        freeze();
    }
    ~FrozenQueries() override { frozen_disk_->thaw(); }

    void add(const char* name, std::shared_ptr<MemoryDisk> disk) {
        auto options = PlantMemory::fast();
        options.name = name;
        options.folder = plant_.folder / name;
        historians_.add(history::series_of(catalog_, name, name == kFrozen), plant_.factory(std::move(disk)), options);
    }
    void wake_all() {
        for (auto* const each : historians_.all()) each->wake();
    }
    [[nodiscard]] bool run_until(const std::function<bool()>& is_so) {
        return eventually([&] {
            if (is_so()) return true;
            plant_.clock.advance(20ms);
            wake_all();
            return false;
        });
    }
    void freeze() {
        ASSERT_TRUE(run_until([&] {
            return historians_.find(kFrozen)->persisted() == kRecords && historians_.find(kSound)->persisted() == kRecords;
        }));
        frozen_disk_->freeze();
        plant_.append(1);
        ASSERT_TRUE(run_until([&] { return frozen_disk_->is_frozen(); }));
    }
    void ask(history::HistoryService& service, tags::TagId tag) {
        HistoryRequest request;
        request.from = utc_from_ns(PlantMemory::kBegin);
        request.to = request.from + 1h;
        service.history(1, tag, request, [this, tag](const Result<HistoryReply>& reply) {
            const std::lock_guard lock(mutex_);
            answers_.push_back({tag, reply ? reply->rows.size() : 0});
        });
    }
    struct Answer {
        tags::TagId tag;
        std::size_t rows;
        bool operator==(const Answer&) const = default;
    };
    [[nodiscard]] std::vector<Answer> answers() {
        const std::lock_guard lock(mutex_);
        return answers_;
    }

    std::mutex mutex_;  // guards answers_
    std::vector<Answer> answers_;
    PlantMemory plant_{kTags};
    std::shared_ptr<const tags::TagCatalog> catalog_ = make_catalog();
    std::shared_ptr<MemoryDisk> frozen_disk_ = std::make_shared<MemoryDisk>();
    std::shared_ptr<MemoryDisk> sound_disk_ = std::make_shared<MemoryDisk>();
    history::Historians historians_{*plant_.lane, plant_.clock};
    history::HistorianStores stores_{historians_, *catalog_, 60s};  // longer than the test waits
};

TEST_F(FrozenQueries, D11_DelayNoQuestionToAnotherHistorian) {
    history::HistoryService service(*plant_.lane, stores_, catalog_, plant_.clock);
    for (int n = 0; n < 8; ++n) ask(service, 1);
    ask(service, 3);
    ASSERT_TRUE(eventually([&] { return !answers().empty(); }));
    EXPECT_EQ(answers(), (std::vector<Answer>{{3, kRecords + 1}}));
    frozen_disk_->thaw();
    EXPECT_TRUE(eventually([&] { return answers().size() == 9; }));
    penstock::testing::report_row("D11", 8, "questions to a frozen historian, one to another was answered before them");
}

TEST_F(FrozenQueries, D11_Control_InOneRowTheyWouldDelayIt) {
    OneCrewForAll stores(stores_);
    history::HistoryService service(*plant_.lane, stores, catalog_, plant_.clock);
    for (int n = 0; n < 8; ++n) ask(service, 1);
    ask(service, 3);
    frozen_disk_->thaw();
    ASSERT_TRUE(eventually([&] { return answers().size() == 9; }));
    EXPECT_EQ(answers().front().tag, 1U);
}

TEST_F(FrozenQueries, ATrendOverBothWaitsAndOneOverTheOtherDoesNot) {
    history::HistoryService service(*plant_.lane, stores_, catalog_, plant_.clock);
    std::atomic<int> mixed = 0;
    std::atomic<int> sound = 0;
    TrendRequest request;
    request.from = utc_from_ns(PlantMemory::kBegin);
    request.to = request.from + 2s;
    request.columns = 4;
    request.tags = {"tag.1", "tag.3", "nothing"};
    service.trend(1, {1, 3, tags::kNoTag}, request, [&](const Result<TrendReply>& reply) {
        ASSERT_TRUE(reply);
        ASSERT_EQ(reply->lines.size(), 3U);
        EXPECT_EQ(reply->lines[0].tag, "tag.1");
        EXPECT_EQ(reply->lines[0].count, reply->lines[1].count);
        EXPECT_EQ(reply->lines[2].code, ErrorCode::not_found);
        ++mixed;
    });
    request.tags = {"tag.3"};
    service.trend(1, {3}, request, [&](const Result<TrendReply>& reply) { sound = reply ? 1 : -1; });
    ASSERT_TRUE(eventually([&] { return sound != 0; }));
    EXPECT_EQ(sound, 1);
    EXPECT_EQ(mixed, 0);
    frozen_disk_->thaw();
    EXPECT_TRUE(eventually([&] { return mixed == 1; }));
    EXPECT_EQ(service.status().answered, 2U);
}

// What one stream has of each tag.
struct Followed {
    // The feed's owner is told that there is something; here it looks all the time.
    void take_all(history::SeriesSubscription& stream) {
        for (auto update = stream.take(); update && *update; update = stream.take())
            rows[(*update)->index] += (*update)->rows.size();
    }
    std::map<std::uint32_t, std::size_t> rows;  // by index in the subscription
};

TEST_F(FrozenQueries, AStreamOverBothGoesOnWithTheOther) {
    history::HistoryService service(*plant_.lane, stores_, catalog_, plant_.clock);
    const std::vector<SeriesPlace> places(2, {utc_from_ns(0), 0, 0});
    const auto stream = service.open_series(1, {1, 3}, places, [] {}).value();
    Followed followed;
    const auto has = [&](std::uint32_t index, std::size_t rows) {
        return [&, index, rows] {
            followed.take_all(*stream);
            return followed.rows[index] == rows;
        };
    };
    ASSERT_TRUE(eventually(has(1, kRecords + 1)));
    plant_.append(5);
    service.wake();
    ASSERT_TRUE(eventually(has(1, kRecords + 6)));
    EXPECT_EQ(followed.rows[0], 0U);
    frozen_disk_->thaw();
    EXPECT_TRUE(eventually(has(0, kRecords + 6)));
}

}  // namespace
}  // namespace penstock::history_test
