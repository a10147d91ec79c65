#include "core/history/series_view.hpp"

#include <random>

#include <gtest/gtest.h>

#include "core/history/history_query.hpp"
#include "tests/core/history/query/query_plant.hpp"

namespace penstock::history {
namespace {

using namespace testing;

const IsOver kNever = [] { return false; };

class SeriesViewTest : public ::testing::Test {
protected:
    // Groups of samples, some late, some with equal times; the store has about half of the records.
    void fill(std::uint64_t seed, std::size_t groups = 40) {
        std::mt19937_64 random(seed);
        for (std::size_t group = 0; group < groups; ++group) {
            const auto count = random() % 6;
            for (std::size_t n = 0; n < count; ++n) {
                const auto late = random() % 4 == 0 ? static_cast<std::int64_t>(random() % 20) : 0;
                const auto time = kStart + (static_cast<std::int64_t>(group * 3 + n / 2) - late) * kMs;
                const bool is_bad = random() % 5 == 0;
                plant_.add(0, {time, static_cast<double>(random() % 100), is_bad ? QualityCode::bad_timeout : QualityCode::good,
                               is_bad ? "cause " + std::to_string(random() % 3) : ""});
            }
            plant_.add(1, {kStart + static_cast<std::int64_t>(group) * kMs, 1, QualityCode::good, {}});
            plant_.commit();
            if (group == groups / 2) plant_.store_all();
        }
    }
    // All pages of a raw request.
    std::vector<Sample> read_all(HistoryRequest request, std::size_t* pages = nullptr) {
        std::vector<Sample> rows;
        do {
            const auto view = SeriesView::open(plant_, plant_.tail, 0, ValueType::float64, "").value();
            const auto reply = answer_history(*view, request, {}, kNever).value();
            EXPECT_LE(reply.rows.size(), request.limit);
            for (std::size_t row = 0; row < reply.rows.size(); ++row)
                rows.push_back({reply.rows.time[row], double_of(reply.rows.word[row]), reply.rows.quality(row),
                                std::string(reply.rows.cause(row))});
            request.after = reply.next;
            if (pages != nullptr) ++*pages;
        } while (!request.after.empty());
        return rows;
    }
    static void expect_equal(const std::vector<Sample>& found, const std::vector<Sample>& wanted) {
        ASSERT_EQ(found.size(), wanted.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            ASSERT_EQ(found[i].time, wanted[i].time) << i;
            ASSERT_EQ(word_of(found[i].value), word_of_sample(wanted[i])) << i;
            ASSERT_EQ(found[i].quality, wanted[i].quality) << i;
            ASSERT_EQ(found[i].cause, wanted[i].cause) << i;
        }
    }
    static HistoryRequest everything(std::uint32_t limit) {
        HistoryRequest request;
        request.from = utc_from_ns(kStart - 1'000 * kMs);
        request.to = utc_from_ns(kStart + 1'000'000 * kMs);
        request.limit = limit;
        return request;
    }

    QueryPlant plant_{2};
};

TEST_F(SeriesViewTest, PagesOfAnySizeGiveEverySampleOnceInOrder) {
    fill(1);
    for (const auto limit : {1U, 2U, 3U, 7U, 50U, kMaxHistoryRows}) {
        std::size_t pages = 0;
        const auto rows = read_all(everything(limit), &pages);
        expect_equal(rows, plant_.all(0));
        EXPECT_EQ(pages, (rows.size() + limit - 1) / limit) << limit;
    }
}

TEST_F(SeriesViewTest, NewestFirstIsTheSameReversed) {
    fill(2);
    auto wanted = plant_.all(0);
    std::ranges::reverse(wanted);
    for (const auto limit : {1U, 3U, 50U, kMaxHistoryRows}) {
        auto request = everything(limit);
        request.newest_first = true;
        expect_equal(read_all(request), wanted);
    }
}

TEST_F(SeriesViewTest, WhereTheStoreEndsMakesNoDifference) {
    fill(3);
    const auto wanted = plant_.all(0);
    for (journal::Position position = 0; position <= plant_.lane->durable(); ++position) {
        plant_.store_until(position);
        expect_equal(read_all(everything(5)), wanted);
    }
}

TEST_F(SeriesViewTest, AStoreThatGrowsBetweenPagesDoublesAndLosesNothing) {
    fill(4);
    const auto wanted = plant_.all(0);
    auto request = everything(3);
    std::vector<std::int64_t> times;
    journal::Position position = 0;
    do {
        plant_.store_until(std::min(position++, plant_.lane->durable()));
        const auto view = SeriesView::open(plant_, plant_.tail, 0, ValueType::float64, "").value();
        const auto reply = answer_history(*view, request, {}, kNever).value();
        times.insert(times.end(), reply.rows.time.begin(), reply.rows.time.end());
        request.after = reply.next;
    } while (!request.after.empty());
    ASSERT_EQ(times.size(), wanted.size());
    for (std::size_t i = 0; i < times.size(); ++i) EXPECT_EQ(times[i], wanted[i].time);
}

TEST_F(SeriesViewTest, ARangeHasItsBeginningAndNotItsEnd) {
    fill(5);
    for (std::int64_t from = 0; from < 100; from += 7) {
        auto request = everything(kMaxHistoryRows);
        request.from = utc_from_ns(kStart + from * kMs);
        request.to = utc_from_ns(kStart + (from + 11) * kMs);
        auto wanted = plant_.all(0);
        std::erase_if(wanted,
                      [&](const Sample& each) { return each.time < to_ns(request.from) || each.time >= to_ns(request.to); });
        expect_equal(read_all(request), wanted);
    }
}

TEST_F(SeriesViewTest, PagesLookIntoEachRecordOfTheJournalOnce) {
    fill(5);
    std::size_t pages = 0;
    expect_equal(read_all(everything(3), &pages), plant_.all(0));
    ASSERT_GT(pages, 10U);
    const auto looked_into = plant_.tail.of_tags().looked_into();
    EXPECT_LE(looked_into, plant_.lane->durable());
    plant_.add(0, {kStart + 7 * kMs, 1});  // late
    plant_.commit();
    expect_equal(read_all(everything(3)), plant_.all(0));
    EXPECT_EQ(plant_.tail.of_tags().looked_into(), looked_into + 1);
}

TEST_F(SeriesViewTest, AJournalThatDoesNotFitTheCacheIsReadAgain) {
    fill(6);
    const auto wanted = plant_.all(0);
    JournalTail small(*plant_.lane, 100);  // a record or two
    for (int round = 0; round < 3; ++round) {
        SeriesView view(*plant_.open(0, ""), small, 0, ValueType::float64);
        const auto reply = answer_history(view, everything(kMaxHistoryRows), {}, kNever).value();
        EXPECT_EQ(reply.rows.size(), wanted.size());
    }
}

TEST_F(SeriesViewTest, SaysHowFarItIsDurableAndStored) {
    plant_.add(0, {kStart, 1});
    plant_.commit();
    plant_.store_all();
    plant_.clock.advance(1s);
    plant_.add(0, {kStart + kMs, 2});
    plant_.commit();
    const auto view = SeriesView::open(plant_, plant_.tail, 0, ValueType::float64, "").value();
    const auto reply = answer_history(*view, everything(10), {}, kNever).value();
    EXPECT_EQ(reply.historian, "historian.fake");
    EXPECT_EQ(reply.durable_until, plant_.clock.now().utc);
    EXPECT_EQ(reply.stored_until, plant_.clock.now().utc);  // the record after it: all before is stored
    ASSERT_EQ(reply.incomplete.size(), 1U);
    EXPECT_EQ(reply.incomplete[0].cause, "not durable yet");
    EXPECT_EQ(reply.incomplete[0].from, reply.durable_until);
}

TEST_F(SeriesViewTest, AnAfterThatIsNoneIsRefused) {
    for (const std::string after : {"x", "5", "5+", "+5", "5+5x", "99999999999999999999+1"}) {
        auto request = everything(10);
        request.after = after;
        const auto view = SeriesView::open(plant_, plant_.tail, 0, ValueType::float64, "").value();
        const auto reply = answer_history(*view, request, {}, kNever);
        ASSERT_FALSE(reply) << after;
        EXPECT_EQ(reply.error().code(), ErrorCode::invalid_argument);
    }
}

TEST_F(SeriesViewTest, AQueryWhoseTimeIsOverSaysSo) {
    fill(7);
    const auto view = SeriesView::open(plant_, plant_.tail, 0, ValueType::float64, "").value();
    const auto reply = answer_history(*view, everything(10), {}, [] { return true; });
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code(), ErrorCode::timeout);
}

}  // namespace
}  // namespace penstock::history
