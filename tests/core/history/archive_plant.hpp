#pragma once

// A capture, a values lane and an archiver between them, driven by hand. Times are milliseconds of a plant that begins at kStart.

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/engine/capture.hpp"
#include "core/history/archived_series.hpp"
#include "core/history/archiver.hpp"
#include "core/journal/lane.hpp"
#include "core/journal/lane_reader.hpp"
#include "core/tags/tag_catalog_builder.hpp"
#include "core/tags/tag_ids.hpp"
#include "core/tags/tag_table.hpp"
#include "tests/core/history/values_columns.hpp"
#include "tests/support/temp_folder.hpp"

namespace penstock::history_test {

inline constexpr std::int64_t kMs = 1'000'000;
inline constexpr std::int64_t kStart = 1'800'000'000'000 * kMs;  // a whole second

struct ArchivedTag {
    ValueType type = ValueType::float64;
    tags::ArchiveRule rule;
    bool is_memory = false;
};
inline tags::ArchiveRule on_change(double deadband = 0, Duration least = {}, Duration most = {}) {
    return {.mode = tags::ArchiveMode::on_change, .deadband = deadband, .min_interval = least, .max_interval = most};
}
inline tags::ArchiveRule cyclic(Duration interval) { return {.mode = tags::ArchiveMode::cyclic, .interval = interval}; }

inline std::shared_ptr<const tags::TagCatalog> catalog_of(const std::vector<ArchivedTag>& tags) {
    tags::TagIdStore ids;
    tags::TagCatalogBuilder builder;
    std::size_t number = 0;
    for (const auto& tag : tags) {
        const auto name = "t" + std::to_string(number++);
        tags::TagDefinition definition;
        definition.name = name;
        definition.type = tag.type;
        if (!tag.is_memory) definition.device = "plc1";
        definition.archive = &tag.rule;
        builder.add(definition);
    }
    return *builder.build(ids);
}

class ArchivePlant {
public:
    explicit ArchivePlant(const std::vector<ArchivedTag>& tags, std::uint64_t buffer_bytes = 16 * 1024 * 1024,
                          std::uint32_t blocks = 8)
        : catalog(catalog_of(tags)), table(catalog, utc_from_ns(kStart)), capture(catalog->id_limit(), blocks) {
        journal::LaneOptions options;
        options.kind = journal::LaneKind::values;
        options.folder = folder.path() / "values";
        options.server_id = "test";
        options.buffer_bytes = buffer_bytes;
        options.segment_bytes = 4 * 1024 * 1024;
        auto opened = journal::Lane::open(base::real_file_system(), options);
        if (!opened) ADD_FAILURE() << opened.error().text();
        lane = std::move(*opened);
        restart();
    }
    // A new archiver, as after a restart of the server.
    void restart() {
        history::ArchiverOptions options;
        options.on_gap = [this](const history::GapNotice& notice) { notices.push_back(notice); };
        archiver = std::make_unique<history::Archiver>(tags::TagReader(table), capture, *lane, std::move(options));
    }
    static Now at(std::int64_t ms) { return {utc_from_ns(kStart + ms * kMs), monotonic_from_ns((1'000'000 + ms) * kMs)}; }

    // What the engine does in one cycle.
    void cycle(std::int64_t ms, const std::function<void()>& samples) {
        capture.begin_cycle(at(ms));
        samples();
        capture.end_cycle(at(ms));
    }
    void add_ns(tags::TagId tag, std::int64_t ns, std::uint64_t word, QualityCode quality = QualityCode::good,
                std::string_view cause = {}) {
        capture.reserve(1);
        capture.add(tag, ns, engine::capture_state(quality, table.causes().intern(cause)), is_bad(quality) ? 0 : word);
    }
    void sample(std::int64_t ms, double value, tags::TagId tag = 0, QualityCode quality = QualityCode::good,
                std::string_view cause = {}) {
        cycle(ms, [&] { add_ns(tag, kStart + ms * kMs, word_of(value), quality, cause); });
    }
    void bad(std::int64_t ms, std::string_view cause, tags::TagId tag = 0) {
        sample(ms, 0, tag, QualityCode::bad_no_communication, cause);
    }
    void text(std::int64_t ms, std::string_view bytes, tags::TagId tag = 0) {
        cycle(ms, [&] {
            capture.reserve(1);
            capture.add_blob(tag, kStart + ms * kMs, 0, bytes);
        });
    }
    // What the tag shows.
    void show(tags::TagId tag, std::int64_t ms, double value) {
        const auto received = static_cast<std::uint64_t>(kStart / kMs + ms);
        tags::TagTable::store(table.cell(tag), {word_of(value), word_of(value), static_cast<std::uint64_t>(kStart + ms * kMs),
                                                tags::CellState::pack_received(received, 0),
                                                tags::CellState::pack_since(received, QualityCode::good, true)});
        table.mark_changed(tag);
        table.publish();
    }
    void show_text(tags::TagId tag, std::int64_t ms, std::string_view bytes) {
        const auto received = static_cast<std::uint64_t>(kStart / kMs + ms);
        EXPECT_TRUE(
            table.store_blob(table.cell(tag), bytes,
                             {0, 0, static_cast<std::uint64_t>(kStart + ms * kMs), tags::CellState::pack_received(received, 0),
                              tags::CellState::pack_since(received, QualityCode::good, true)}));
        table.mark_changed(tag);
        table.publish();
    }
    void gather(std::int64_t ms) { archiver->gather(at(ms)); }

    // Everything in the lane, in order.
    struct Records {
        Series series;
        std::vector<std::size_t> rows;  // of each values record
    };
    [[nodiscard]] Records read() {
        Records records;
        if (const auto done = lane->commit(); !done) ADD_FAILURE() << done.error().text();
        const auto reader = lane->reader(0);
        journal::Record record;
        history::DecodedValues values;
        for (auto more = reader->next(record); more && *more; more = reader->next(record)) {
            if (record.type != journal::RecordType::values) continue;
            if (const auto decoded = history::decode_values(record.body, values); !decoded)
                ADD_FAILURE() << decoded.error().text();
            records.rows.push_back(values.size());
            for (auto& [tag, rows] : series_of(values, [this](SeriesId id) { return !is_scalar_word(catalog->type(id)); })) {
                auto& all = records.series[tag];
                all.insert(all.end(), rows.begin(), rows.end());
            }
        }
        return records;
    }
    // "0=1 200=2 300=bad no answer": the rows of a tag with doubles, times in ms.
    [[nodiscard]] std::string shown(tags::TagId tag = 0) {
        std::string text;
        for (const auto& row : read().series[tag]) {
            if (!text.empty()) text += ", ";
            text += std::to_string((row.time - kStart) / kMs) + "=";
            if (is_bad(row.quality)) {
                text += "bad " + row.cause;
            } else {
                text += catalog->type(tag) == ValueType::string ? row.blob : Value(double_of(row.word)).text();
                if (!is_good(row.quality)) text += "?";
            }
        }
        return text;
    }

    penstock::testing::TempFolder folder;
    std::shared_ptr<const tags::TagCatalog> catalog;
    tags::TagTable table;
    engine::Capture capture;
    std::unique_ptr<journal::Lane> lane;
    std::vector<history::GapNotice> notices;
    std::unique_ptr<history::Archiver> archiver;
};

}  // namespace penstock::history_test
