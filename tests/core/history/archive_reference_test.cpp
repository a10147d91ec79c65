// A thousand random series, against the archiving rules written down naively: with all samples of a stretch at hand, and no clock.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/history/archived_series.hpp"
#include "tests/core/history/archive_plant.hpp"

namespace penstock::history_test {
namespace {

struct Given {
    std::int64_t ms;
    QualityCode quality;
    std::string cause;
    double value;
};
using GivenRows = std::vector<Given>;

std::int64_t ms_of(Duration duration) { return duration / 1ms; }
bool is_same(double a, double b) { return word_of(a) == word_of(b); }

// --- the rules, for samples of one quality and cause, in order of time; the first is kept already ---

void keep_changes(const GivenRows& rows, const tags::ArchiveRule& rule, GivenRows& kept) {
    const auto most = rule.max_interval > Duration::zero() ? ms_of(rule.max_interval) : INT64_MAX;
    const auto differs = [&](const Given& row) {
        const auto& last = kept.back();
        if (row.ms - last.ms >= most) return true;
        if (is_same(row.value, last.value)) return false;
        return rule.deadband == 0 || !(std::abs(row.value - last.value) < rule.deadband);
    };
    const auto least = ms_of(rule.min_interval);
    std::size_t at = 1;
    while (at < rows.size()) {
        // Of the interval behind the kept one, the newest change; of equal ones that follow each other the first.
        for (auto end = kept.back().ms + least; at < rows.size() && rows[at].ms < end; end += least) {
            std::vector<std::size_t> inside;
            for (; at < rows.size() && rows[at].ms < end; ++at) inside.push_back(at);
            if (!differs(rows[inside.back()])) break;
            auto newest = inside.size() - 1;
            while (newest > 0 && is_same(rows[inside[newest - 1]].value, rows[inside.back()].value)
                   && differs(rows[inside[newest - 1]]))
                --newest;
            kept.push_back(rows[inside[newest]]);
        }
        while (at < rows.size() && !differs(rows[at])) ++at;
        if (at < rows.size()) kept.push_back(rows[at++]);
    }
}

void keep_newest_of_each_cycle(const GivenRows& rows, Duration interval, GivenRows& kept) {
    std::map<std::int64_t, Given> cycles;
    for (std::size_t i = 1; i < rows.size(); ++i) cycles[(kStart / kMs + rows[i].ms) / ms_of(interval)] = rows[i];
    for (const auto& [cycle, row] : cycles) kept.push_back(row);
}

GivenRows reference(const GivenRows& given, const tags::ArchiveRule& rule) {
    GivenRows kept;
    for (std::size_t begin = 0, end; begin < given.size(); begin = end) {
        for (end = begin; end < given.size(); ++end) {
            if (given[end].quality != given[begin].quality || given[end].cause != given[begin].cause) break;
        }
        const GivenRows stretch(given.begin() + static_cast<std::ptrdiff_t>(begin),
                                given.begin() + static_cast<std::ptrdiff_t>(end));
        auto first = stretch.front();
        if (is_bad(first.quality) && !kept.empty()) first.ms = std::max(first.ms, kept.back().ms + 1);
        GivenRows own{first};
        if (!is_bad(first.quality)) {
            if (rule.mode == tags::ArchiveMode::on_change) keep_changes(stretch, rule, own);
            if (rule.mode == tags::ArchiveMode::cyclic && rule.interval <= 1ms) own = stretch;
            if (rule.mode == tags::ArchiveMode::cyclic && rule.interval > 1ms)
                keep_newest_of_each_cycle(stretch, rule.interval, own);
        }
        kept.insert(kept.end(), own.begin(), own.end());
    }
    return kept;
}

// --- random series ---

template <class T>
const T& one_of(std::mt19937_64& random, const std::vector<T>& all) {
    return all[random() % all.size()];
}

tags::ArchiveRule random_rule(std::mt19937_64& random) {
    if (random() % 3 == 0) return cyclic(one_of<Duration>(random, {1ms, 2ms, 50ms, 100ms, 1s, 7s}));
    const auto least = one_of<Duration>(random, {0ms, 0ms, 1ms, 30ms, 100ms, 1s});
    const auto most = one_of<Duration>(random, {0ms, 0ms, 2s, 5s});
    return on_change(one_of<double>(random, {0, 0, 0.25, 1, 3}), least, most);
}

GivenRows random_series(std::mt19937_64& random, bool sees_unchanged) {
    GivenRows given;
    Given row{0, QualityCode::good, "", 10};
    const auto step = one_of<std::int64_t>(random, {1, 10, 40, 300});
    const auto count = 1 + random() % 120;
    for (std::size_t i = 0; i < count; ++i) {
        row.ms += 1 + static_cast<std::int64_t>(random()) % step / 2 + step / 2;
        const auto before = row;
        if (random() % 12 == 0) {
            row.quality = one_of<QualityCode>(random, {QualityCode::good, QualityCode::uncertain, QualityCode::bad_timeout,
                                                       QualityCode::bad_sensor_failure, QualityCode::good_local_override});
            row.cause = is_good(row.quality) ? "" : one_of<std::string>(random, {"no answer", "it ages"});
        }
        if (random() % 3 != 0) row.value += static_cast<double>(random() % 9) / 4 - 1;
        if (random() % 40 == 0) row.value = std::nan("");
        if (std::isnan(row.value) && random() % 3 == 0) row.value = 5;
        const bool is_change =
            i == 0 || row.quality != before.quality || row.cause != before.cause || !is_same(row.value, before.value);
        // What the engine shows: unchanged samples only to rules that count them, and bad ones have no value that could change.
        const bool is_as_bad = is_bad(row.quality) && before.quality == row.quality && before.cause == row.cause;
        if (is_as_bad && !sees_unchanged) continue;
        if (is_change || sees_unchanged) given.push_back(row);
    }
    return given;
}

std::string text_of(const GivenRows& rows) {
    std::string text;
    for (const auto& row : rows) {
        text += std::to_string(row.ms) + "=" + (is_bad(row.quality) ? "bad" : Value(row.value).text()) + " "
                + std::to_string(static_cast<unsigned>(row.quality)) + " " + row.cause + "\n";
    }
    return text;
}

TEST(ArchiveReference, AThousandRandomSeriesAreKeptAsTheRulesSay) {
    std::mt19937_64 random(20'261'121);
    constexpr int kRounds = 20, kTags = 50;
    for (int round = 0; round < kRounds; ++round) {
        std::vector<ArchivedTag> tags;
        std::vector<GivenRows> given;
        std::int64_t end = 0;
        for (int i = 0; i < kTags; ++i) {
            tags.push_back({.rule = random_rule(random)});
            given.push_back(random_series(random, history::capture_mode(tags.back().rule) == engine::CaptureMode::all_samples));
            if (!given.back().empty()) end = std::max(end, given.back().back().ms);
        }
        ArchivePlant plant(tags);
        // In order of time, gathered at random moments.
        std::vector<std::size_t> next(kTags);
        std::int64_t gathered = 0;
        for (std::int64_t ms = 0; ms <= end; ++ms) {
            plant.cycle(ms, [&] {
                for (tags::TagId tag = 0; tag < kTags; ++tag) {
                    if (next[tag] == given[tag].size() || given[tag][next[tag]].ms != ms) continue;
                    const auto& row = given[tag][next[tag]++];
                    plant.add_ns(tag, kStart + ms * kMs, word_of(row.value), row.quality, row.cause);
                }
            });
            // No later than samples may be: with 2 ms the interval is its own lateness.
            if (random() % 2 == 0 || ms - gathered >= 1) plant.gather(gathered = ms);
        }
        plant.archiver->finish(ArchivePlant::at(end + 1));

        const auto kept = plant.read().series;
        for (tags::TagId tag = 0; tag < kTags; ++tag) {
            GivenRows found;
            if (const auto known = kept.find(tag); known != kept.end()) {
                for (const auto& row : known->second)
                    found.push_back({(row.time - kStart) / kMs, row.quality, row.cause, double_of(row.word)});
            }
            ASSERT_EQ(text_of(found), text_of(reference(given[tag], tags[tag].rule)))
                << "round " << round << ", tag " << tag << ", interval " << ms_of(tags[tag].rule.interval) << " ms, least "
                << ms_of(tags[tag].rule.min_interval) << ", most " << ms_of(tags[tag].rule.max_interval) << ", deadband "
                << tags[tag].rule.deadband << "\ngiven:\n"
                << text_of(given[tag]);
        }
    }
}

}  // namespace
}  // namespace penstock::history_test
