#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "apps/cli/verbs.hpp"
#include "tests/apps/cli/scripted_session.hpp"

namespace penstock::cli {
namespace {

using testing::kNoonNs;
using testing::noon;
using testing::Printed;
using testing::run_printing;
using testing::ScriptedSession;

constexpr std::int64_t kSecond = 1'000'000'000;

struct Row {
    std::int64_t second;
    double value;
    QualityCode quality = QualityCode::good;
    std::string cause = {};
};

HistoryReply page(const std::vector<Row>& rows, std::string next = {}) {
    HistoryReply reply;
    reply.rows.type = ValueType::float64;
    reply.unit = "m";
    reply.historian = "historian.sqlite";
    reply.durable_until = noon();
    reply.stored_until = noon() - 10s;
    reply.next = std::move(next);
    for (const auto& row : rows) {
        std::uint16_t cause = 0;
        if (!row.cause.empty()) {
            reply.rows.causes.push_back(row.cause);
            cause = static_cast<std::uint16_t>(reply.rows.causes.size());
        }
        reply.rows.time.push_back(kNoonNs + row.second * kSecond);
        reply.rows.status.push_back(status_word(row.quality, cause));
        reply.rows.word.push_back(is_bad(row.quality) ? 0 : word_of(row.value));
    }
    return reply;
}

// Answers the pages in turn.
ScriptedSession::Answer pages(std::vector<HistoryReply> replies) {
    return [replies = std::move(replies), next = std::size_t{0}](const AnyRequest&) mutable -> Result<AnyReply> {
        return AnyReply(replies.at(next++));
    };
}

Printed history(ScriptedSession& session, HistoryOptions options, bool json = false) {
    options.tag = "clear_tank.level";
    GlobalOptions global;
    global.json = json;
    return run_printing([&] { return run_history(session, global, options, noon()); });
}

const Row kGap{3, 0, QualityCode::bad_no_communication, "the server was not running"};

TEST(CliHistory, AsksForTheLastHourUnlessSaid) {
    ScriptedSession session(pages({page({}), page({})}));
    const auto printed = history(session, {});
    const auto asked = session.asked<HistoryRequest>();
    ASSERT_EQ(asked.size(), 2U);
    EXPECT_EQ(asked[0].tag, "clear_tank.level");
    EXPECT_EQ(asked[0].from, noon() - 1h);
    EXPECT_EQ(asked[0].to, noon());
    EXPECT_EQ(asked[0].aggregate, Aggregate::none);
    EXPECT_EQ(printed.code, kDone);
    EXPECT_EQ(printed.out,
              "nothing archived in this time, nor before it\n"
              "durable up to 2026-03-01T12:00:00.000Z, in historian.sqlite up to 2026-03-01T11:59:50.000Z\n");
}

TEST(CliHistory, WhereNothingChangedItTellsWhatWasBefore) {
    ScriptedSession session(pages({page({}), page({{-7'200, 3.5}})}));
    const auto printed = history(session, {});
    const auto asked = session.asked<HistoryRequest>();
    ASSERT_EQ(asked.size(), 2U);
    EXPECT_EQ(asked[1].to, asked[0].from);
    EXPECT_TRUE(asked[1].newest_first);
    EXPECT_EQ(asked[1].limit, 1U);
    EXPECT_TRUE(
        printed.out.starts_with("nothing archived in this time; the last before it: 2026-03-01T10:00:00.000Z  3.5 m  good\n"))
        << printed.out;
}

TEST(CliHistory, FetchesPagesUntilTheEnd) {
    ScriptedSession session(pages({page({{1, 3.5}}, "a"), page({{2, 3.75}}, "b"), page({{3, 4}})}));
    HistoryOptions options;
    options.csv = "-";
    const auto printed = history(session, options);
    const auto asked = session.asked<HistoryRequest>();
    ASSERT_EQ(asked.size(), 3U);
    EXPECT_EQ(asked[0].after, "");
    EXPECT_EQ(asked[1].after, "a");
    EXPECT_EQ(asked[2].after, "b");
    EXPECT_EQ(printed.out,
              "time,value,quality,cause\r\n"
              "2026-03-01T12:00:01.000Z,3.5,good,\r\n"
              "2026-03-01T12:00:02.000Z,3.75,good,\r\n"
              "2026-03-01T12:00:03.000Z,4,good,\r\n");
}

TEST(CliHistory, ALimitEndsItAndSaysThatThereIsMore) {
    ScriptedSession session(pages({page({{1, 1}, {2, 2}}, "a"), page({{3, 3}}, "b")}));
    HistoryOptions options;
    options.limit = 3;
    const auto printed = history(session, options);
    const auto asked = session.asked<HistoryRequest>();
    ASSERT_EQ(asked.size(), 2U);
    EXPECT_EQ(asked[0].limit, 3U);
    EXPECT_EQ(asked[1].limit, 1U);
    EXPECT_NE(printed.err.find("there are more rows"), std::string::npos) << printed.err;
}

TEST(CliHistory, AGapIsToldInWordsWithItsLengthAndCause) {
    ScriptedSession session(pages({page({{1, 3.5}, kGap}, "a"), page({{63, 3.6}})}));
    const auto printed = history(session, {});
    EXPECT_NE(printed.out.find("2026-03-01T12:00:03.000Z  -      gap of 1 min: the server was not running"), std::string::npos)
        << printed.out;
    EXPECT_NE(printed.out.find("2026-03-01T12:01:03.000Z  3.6 m  good"), std::string::npos) << printed.out;
}

TEST(CliHistory, AGapThatHasNotEndedSaysSo) {
    auto reply = page({{-3, 3.5}, {-2, 0, QualityCode::bad_timeout, "plc1: no answer"}});
    ScriptedSession session(pages({reply}));
    const auto printed = history(session, {});
    EXPECT_NE(printed.out.find("gap of 2 s, up to the end: plc1: no answer"), std::string::npos) << printed.out;
}

TEST(CliHistory, JsonIsOneDocumentOfRowsWithNullInAGap) {
    auto first = page({{1, 0.1}, {2, std::numeric_limits<double>::quiet_NaN()}}, "a");
    ScriptedSession session(pages({first, page({{3, std::numeric_limits<double>::infinity()}, kGap})}));
    const auto printed = history(session, {}, true);
    EXPECT_EQ(printed.code, kDone);
    const auto rows = nlohmann::json::parse(printed.out);
    ASSERT_EQ(rows.size(), 4U);
    EXPECT_EQ(rows[0], nlohmann::json::parse(R"({"time":"2026-03-01T12:00:01.000Z","value":0.1,"quality":"good","cause":""})"));
    EXPECT_EQ(rows[1]["value"], "NaN");
    EXPECT_EQ(rows[2]["value"], "Infinity");
    EXPECT_TRUE(rows[3]["value"].is_null());
    EXPECT_EQ(rows[3]["quality"], "bad");
    EXPECT_EQ(rows[3]["cause"], "the server was not running");
}

TEST(CliHistory, JsonOfNothingIsAnEmptyList) {
    ScriptedSession session(pages({page({})}));
    EXPECT_EQ(history(session, {}, true).out, "[]\n");
}

TEST(CliHistory, CsvQuotesWhatNeedsItAndTellsAnEmptyTextFromNone) {
    HistoryReply reply = page({});
    reply.rows.type = ValueType::string;
    reply.rows.blob = "a,\"b\"\n";
    reply.rows.time = {kNoonNs, kNoonNs + 1, kNoonNs + 1000};
    reply.rows.word = {6, 0, 0};
    reply.rows.causes = {"no, \"really\""};
    reply.rows.status = {status_word(QualityCode::good), status_word(QualityCode::good), status_word(QualityCode::bad, 1)};
    ScriptedSession session(pages({reply}));
    HistoryOptions options;
    options.csv = "-";
    EXPECT_EQ(history(session, options).out,
              "time,value,quality,cause\r\n"
              "2026-03-01T12:00:00.000Z,\"a,\"\"b\"\"\n\",good,\r\n"
              "2026-03-01T12:00:00.000000001Z,\"\",good,\r\n"
              "2026-03-01T12:00:00.000001Z,,bad,\"no, \"\"really\"\"\"\r\n");
}

TEST(CliHistory, ACsvFileBearsItsNameOnlyWhenItIsWhole) {
    const auto folder = std::filesystem::path(::testing::TempDir()) / "cli_history_csv";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    HistoryOptions options;
    options.csv = (folder / "level.csv").string();
    ScriptedSession cut([count = 0](const AnyRequest&) mutable -> Result<AnyReply> {
        if (count++ == 0) return AnyReply(page({{1, 1}}, "a"));
        return fail(ErrorCode::disconnected, "the link is cut");
    });
    EXPECT_EQ(history(cut, options).code, kNoConnection);
    EXPECT_TRUE(std::filesystem::is_empty(folder));

    ScriptedSession whole(pages({page({{1, 1}})}));
    EXPECT_EQ(history(whole, options).code, kDone);
    std::stringstream content;
    content << std::ifstream(options.csv, std::ios::binary).rdbuf();
    EXPECT_EQ(content.str(), "time,value,quality,cause\r\n2026-03-01T12:00:01.000Z,1,good,\r\n");
}

TEST(CliHistory, IncompleteRangesAreWarnedOfOnceAndNotAmongTheRows) {
    auto first = page({{1, 1}}, "a");
    first.incomplete = {{noon(), noon() + 1min, "chunk 4711 is damaged"}};
    auto second = page({{2, 2}});
    second.incomplete = first.incomplete;
    ScriptedSession session(pages({first, second}));
    HistoryOptions options;
    options.csv = "-";
    const auto printed = history(session, options);
    EXPECT_EQ(printed.err,
              "penstock: incomplete from 2026-03-01T12:00:00.000Z to 2026-03-01T12:01:00.000Z: chunk 4711 is damaged\n");
    EXPECT_EQ(printed.out.find("damaged"), std::string::npos);
}

TEST(CliHistory, AggregatesGoToTheServerWithTheirInterval) {
    ScriptedSession session(pages({page({})}));
    HistoryOptions options;
    options.aggregate = "time_average";
    options.interval = "1m";
    options.historian = "historian.memory";
    EXPECT_EQ(history(session, options).code, kDone);
    const auto asked = session.asked<HistoryRequest>().at(0);
    EXPECT_EQ(asked.aggregate, Aggregate::time_average);
    EXPECT_EQ(asked.interval, Duration(1min));
    EXPECT_EQ(asked.historian, "historian.memory");
}

TEST(CliHistory, WhatMakesNoSenseIsWrongUsageAndAsksNobody) {
    const auto refused = [](HistoryOptions options, bool json, const std::string& words) {
        ScriptedSession session(pages({}));
        const auto printed = history(session, options, json);
        EXPECT_EQ(printed.code, kUsage);
        EXPECT_NE(printed.err.find(words), std::string::npos) << printed.err;
        EXPECT_TRUE(session.requests.empty());
    };
    refused({.from = "yesterday"}, false, "\"yesterday\" is no time");
    refused({.from = "-1m", .to = "-2m"}, false, "is not before");
    refused({.aggregate = "mean", .interval = "1m"}, false, "there is no aggregate \"mean\"");
    refused({.aggregate = "average"}, false, "wants an --interval");
    refused({.interval = "often"}, false, "often");
    refused({.csv = "-"}, true, "exclude each other");
    refused({.limit = 0}, false, "--limit is 0");
    refused({.aggregate = "average", .interval = "1m", .plot = true}, false, "leave out --aggregate");
}

TEST(CliHistory, AnUnknownTagIsRefusedWithTheServersWords) {
    ScriptedSession session([](const AnyRequest&) -> Result<AnyReply> {
        return fail(ErrorCode::not_found, "there is no tag \"clear_tank.level\"; did you mean \"clear_tank.level_2\"?");
    });
    const auto printed = history(session, {}, true);
    EXPECT_EQ(printed.code, kRefused);
    EXPECT_EQ(printed.out, "");
    EXPECT_NE(printed.err.find("did you mean"), std::string::npos);
}

TEST(CliHistory, APlotAsksForOneColumnForEachThatItDraws) {
    ScriptedSession session([](const AnyRequest& request) -> Result<AnyReply> {
        TrendReply reply;
        reply.durable_until = noon();
        TrendLine line;
        line.tag = "clear_tank.level";
        const auto columns = std::get<TrendRequest>(request).columns;
        line.minimum.assign(columns, 1);
        line.maximum.assign(columns, 2);
        reply.lines.push_back(std::move(line));
        return AnyReply(reply);
    });
    HistoryOptions options;
    options.plot = true;
    const auto printed = history(session, options);
    EXPECT_EQ(printed.code, kDone);
    EXPECT_GE(session.asked<TrendRequest>().at(0).columns, 28U);
    EXPECT_NE(printed.out.find("durable up to 2026-03-01T12:00:00.000Z"), std::string::npos);
}

}  // namespace
}  // namespace penstock::cli
