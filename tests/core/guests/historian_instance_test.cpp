#include "core/guests/historian_instance.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>

namespace penstock::guests {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// What the reader of a historian does; null = nothing.
struct Conduct {
    std::function<void(SampleSink&)> read;
    std::function<void(SummarySink&)> summarise;
    std::function<void()> append, open;
    bool has_reader = true;
    std::vector<std::string> damage;
    std::string seen;  // what reached it
};

class ActingReader final : public HistoryReader {
public:
    explicit ActingReader(Conduct& conduct) : conduct_(conduct) {}
    [[nodiscard]] JournalPosition position() const noexcept override { return 42; }
    void read(const SampleRange& /*range*/, SampleSink& into) override { conduct_.read(into); }
    void read_before(SeriesId /*series*/, std::int64_t /*time*/, SampleSink& into) override { conduct_.read(into); }
    [[nodiscard]] bool has_summaries() const noexcept override { return conduct_.summarise != nullptr; }
    void summarise(const SampleRange& range, Duration most_span, SummarySink& into) override {
        if (!conduct_.summarise) return HistoryReader::summarise(range, most_span, into);
        conduct_.summarise(into);
    }
    [[nodiscard]] std::vector<std::string> damage() const override { return conduct_.damage; }

private:
    Conduct& conduct_;
};

class ActingHistorian final : public Historian {
public:
    explicit ActingHistorian(Conduct& conduct) : conduct_(conduct) {}
    JournalPosition open(const std::filesystem::path& folder) override {
        if (conduct_.open) conduct_.open();
        conduct_.seen += "open " + folder.string() + ";";
        return 42;
    }
    void define(std::span<const SeriesInfo> series) override {
        for (const auto& info : series)
            conduct_.seen += "define " + std::string(info.name) + " " + std::string(info.unit) + ";";
    }
    void append(const HistoryBatch& batch) override {
        if (conduct_.append) conduct_.append();
        conduct_.seen += "append " + std::to_string(batch.samples.size()) + " " + std::string(batch.samples.cause_at(1)) + " "
                         + std::to_string(batch.end) + ";";
    }
    void flush() override { conduct_.seen += "flush;"; }
    [[nodiscard]] JournalPosition persisted() const noexcept override { return 42; }
    std::unique_ptr<HistoryReader> open_reader() override {
        return conduct_.has_reader ? std::make_unique<ActingReader>(conduct_) : nullptr;
    }
    bool tidy(UtcTime /*now*/) override { return true; }

private:
    Conduct& conduct_;
};

class Times final : public SampleSink, public SummarySink {
public:
    bool take(const SampleView& samples) override {
        times.insert(times.end(), samples.time.begin(), samples.time.end());
        return times.size() < most;
    }
    bool take(const SampleSummary& summary) override {
        times.push_back(summary.first_time);
        return true;
    }
    std::vector<std::int64_t> times;
    std::size_t most = SIZE_MAX;
};

class HistorianInstanceTest : public ::testing::Test {
protected:
    HistorianInstanceTest() {
        PluginInfo info;
        info.kind = PluginKind::historian;
        info.id = "historian.acting";
        info.version = "2.1.0";
        HistorianOwner guest(detail::adapt_historian(std::make_unique<ActingHistorian>(conduct_)));
        instance_ = std::make_unique<HistorianInstance>(std::move(guest), std::move(info), "historian.acting");
    }
    // Gives rows of these times and statuses.
    static void give(SampleSink& into, const std::vector<std::int64_t>& times, StatusWord status = 0) {
        const std::vector<StatusWord> statuses(times.size(), status);
        const std::vector<std::uint64_t> words(times.size(), 7);
        into.take({.time = times, .status = statuses, .word = words, .blob = {}, .causes = {}});
    }
    Result<void> read(bool newest_first = false) {
        auto reader = instance_->open_reader();
        if (!reader) return std::unexpected(reader.error());
        return (*reader)->read({.series = 1, .from = 100, .to = 200, .newest_first = newest_first}, sink_);
    }

    Conduct conduct_;
    Times sink_;
    std::unique_ptr<HistorianInstance> instance_;
};

TEST_F(HistorianInstanceTest, PassesEverythingOn) {
    ASSERT_EQ(instance_->open("/data/historians/acting").value_or(0), 42U);
    const std::vector<SeriesInfo> series{{.id = 1, .name = "level", .unit = "m", .type = ValueType::float64}};
    ASSERT_TRUE(instance_->define(series));
    const std::vector<SeriesRun> runs{{1, 0, 2}};
    const std::vector<std::int64_t> time{1, 2};
    const std::vector<StatusWord> status{0, status_word(QualityCode::bad, 1)};
    const std::vector<std::uint64_t> word{5, 0};
    const std::vector<std::string_view> causes{"the link broke"};
    ASSERT_TRUE(instance_->append({.runs = runs, .samples = {time, status, word, {}, causes}, .begin = 42, .end = 43}));
    ASSERT_TRUE(instance_->flush());
    EXPECT_EQ(conduct_.seen, "open /data/historians/acting;define level m;append 2 the link broke 43;flush;");
    EXPECT_EQ(instance_->tidy(utc_from_ns(5)).value_or(false), true);
    EXPECT_FALSE(instance_->has_backup());
    EXPECT_EQ(instance_->back_up("/somewhere").error().code(), ErrorCode::unsupported);
    EXPECT_EQ(instance_->status().value().samples, 0U);
}

TEST_F(HistorianInstanceTest, FailuresNameThePlugin) {
    conduct_.open = [] { throw LinkError(ErrorCode::unavailable, "the database is down"); };
    conduct_.append = [] { throw std::out_of_range("vector"); };
    const auto opened = instance_->open("/data");
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), ErrorCode::unavailable);
    EXPECT_THAT(opened.error().text(), AllOf(HasSubstr("historian.acting"), HasSubstr("the database is down")));
    const auto appended = instance_->append({});
    ASSERT_FALSE(appended);
    EXPECT_EQ(appended.error().code(), ErrorCode::internal);
    EXPECT_THAT(appended.error().text(), AllOf(HasSubstr("historian.acting"), HasSubstr("out_of_range")));
}

TEST_F(HistorianInstanceTest, AReaderGivesWhatItFinds) {
    conduct_.read = [](SampleSink& into) {
        give(into, {100, 150});
        give(into, {150, 199});
    };
    conduct_.damage = {"series 1, 10 to 20: chunk 7 is damaged"};
    ASSERT_TRUE(read());
    EXPECT_THAT(sink_.times, ElementsAre(100, 150, 150, 199));
    auto reader = instance_->open_reader();
    ASSERT_TRUE(reader);
    EXPECT_EQ((*reader)->position(), 42U);
    EXPECT_THAT((*reader)->damage().value(), ElementsAre(HasSubstr("chunk 7")));
}

TEST_F(HistorianInstanceTest, IsToldWhenTheReceiverHasEnough) {
    bool was_refused = false;
    conduct_.read = [&](SampleSink& into) {
        give(into, {100, 101});
        const std::vector<std::int64_t> time{102};
        const std::vector<StatusWord> status{0};
        const std::vector<std::uint64_t> word{0};
        was_refused = !into.take({.time = time, .status = status, .word = word, .blob = {}, .causes = {}});
    };
    sink_.most = 2;
    ASSERT_TRUE(read());
    EXPECT_TRUE(was_refused);
    EXPECT_THAT(sink_.times, ElementsAre(100, 101)) << "what a reader gives after that is not heard";
}

TEST_F(HistorianInstanceTest, WithoutSummariesRowsAreGiven) {
    conduct_.read = [](SampleSink& into) { give(into, {100, 150}); };
    auto reader = instance_->open_reader();
    ASSERT_TRUE(reader);
    EXPECT_FALSE((*reader)->has_summaries());
    ASSERT_TRUE((*reader)->summarise({.series = 1, .from = 100, .to = 200}, 10s, sink_));
    EXPECT_THAT(sink_.times, ElementsAre(100, 150));
}

TEST_F(HistorianInstanceTest, WhatTheReceiverThrowsReachesTheCaller) {
    class Throwing final : public SampleSink {
    public:
        bool take(const SampleView& /*samples*/) override { throw std::runtime_error("the query was cancelled"); }
    } sink;
    conduct_.read = [](SampleSink& into) { give(into, {100}); };
    auto reader = instance_->open_reader();
    ASSERT_TRUE(reader);
    EXPECT_THROW(static_cast<void>((*reader)->read({.series = 1, .from = 0, .to = 200}, sink)), std::runtime_error);
}

TEST_F(HistorianInstanceTest, RowsThatMakeNoSenseAreThePluginsFault) {
    const std::vector<std::pair<const char*, std::function<void(SampleSink&)>>> cases{
        {"before the range", [](SampleSink& into) { give(into, {99}); }},
        {"behind the range", [](SampleSink& into) { give(into, {150, 200}); }},
        {"out of order", [](SampleSink& into) { give(into, {150, 140}); }},
        {"pieces out of order",
         [](SampleSink& into) {
             give(into, {150});
             give(into, {140});
         }},
        {"a cause that is not there", [](SampleSink& into) { give(into, {150}, status_word(QualityCode::bad, 3)); }},
    };
    for (const auto& [name, conduct] : cases) {
        conduct_.read = conduct;
        const auto done = read();
        ASSERT_FALSE(done) << name;
        EXPECT_EQ(done.error().code(), ErrorCode::internal) << name;
        EXPECT_THAT(done.error().text(), AllOf(HasSubstr("historian.acting 2.1.0 is broken"), HasSubstr("it gave"))) << name;
    }
}

TEST_F(HistorianInstanceTest, NewestFirstMeansNewestFirst) {
    conduct_.read = [](SampleSink& into) { give(into, {150, 140, 140}); };
    EXPECT_TRUE(read(true));
    conduct_.read = [](SampleSink& into) { give(into, {140, 150}); };
    EXPECT_FALSE(read(true));
}

TEST_F(HistorianInstanceTest, ASummaryOutsideTheRangeIsThePluginsFault) {
    conduct_.summarise = [](SummarySink& into) { into.take(SampleSummary{.first_time = 150, .last_time = 250}); };
    auto reader = instance_->open_reader();
    ASSERT_TRUE(reader);
    EXPECT_FALSE((*reader)->summarise({.series = 1, .from = 100, .to = 200}, 10s, sink_));
    EXPECT_TRUE(sink_.times.empty());
}

TEST_F(HistorianInstanceTest, AHistorianWithoutAReaderIsBroken) {
    conduct_.has_reader = false;
    const auto reader = instance_->open_reader();
    ASSERT_FALSE(reader);
    EXPECT_THAT(reader.error().text(), HasSubstr("opened no reader"));
}

TEST_F(HistorianInstanceTest, ARetiredOneAnswersNoReaderAnyMore) {
    conduct_.read = [](SampleSink& into) { give(into, {100}); };
    auto reader = instance_->open_reader();
    ASSERT_TRUE(reader);
    EXPECT_EQ(instance_->open_readers(), 1U);
    instance_->retire();
    const auto done = (*reader)->read({.series = 1, .from = 0, .to = 200}, sink_);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), ErrorCode::unavailable);
    EXPECT_TRUE(done.error().retryable());
    EXPECT_FALSE(instance_->open_reader());
    reader->reset();
    EXPECT_EQ(instance_->open_readers(), 0U);
}

}  // namespace
}  // namespace penstock::guests
