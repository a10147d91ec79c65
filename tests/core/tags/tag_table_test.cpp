// Cells, versions and ring under readers of other threads.

#include "core/tags/tag_table.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <thread>

#include "core/tags/tag_catalog_builder.hpp"
#include "core/tags/tag_ids.hpp"
#include "core/tags/tag_reader.hpp"

namespace penstock::tags {
namespace {

std::shared_ptr<const TagCatalog> make_catalog(std::size_t count, ValueType type = ValueType::uint64) {
    TagIdStore ids;
    TagCatalogBuilder builder;
    for (std::size_t i = 0; i < count; ++i) {
        const auto name = "t" + std::to_string(100'000 + i);
        TagDefinition tag;
        tag.name = name;
        tag.type = type;
        builder.add(tag);
    }
    return builder.build(ids).value();
}

void change(TagTable& table, TagId tag, std::uint64_t value) {
    const auto since = CellState::pack_since(value & CellState::kMaxMs, QualityCode::good, true);
    TagTable::store(table.cell(tag), {value, value, value, CellState::pack_received(value & CellState::kMaxMs, 0), since});
    table.mark_changed(tag);
}

std::vector<TagId> changes(const TagReader& reader, std::uint64_t& cursor) {
    std::vector<TagId> changed;
    cursor = reader.changes_since(cursor, [&](TagId tag) { changed.push_back(tag); });
    return changed;
}

TEST(TagRing, GivesEachChangedTagOnceInTheOrderOfItsLastChange) {
    TagTable table(make_catalog(4), {});
    const TagReader reader(table);
    std::uint64_t cursor = 0;
    for (const TagId tag : {0U, 1U, 0U, 2U, 1U, 1U}) change(table, tag, 7);
    EXPECT_TRUE(changes(reader, cursor).empty()) << "not published yet";
    table.publish();
    EXPECT_EQ(changes(reader, cursor), (std::vector<TagId>{0, 2, 1}));
    EXPECT_TRUE(changes(reader, cursor).empty());
}

TEST(TagRing, LosesNothingWhenAReaderIsLapped) {
    TagTable table(make_catalog(100), {}, {.ring_capacity = 16});
    const TagReader reader(table);
    std::uint64_t cursor = 0;
    change(table, 42, 1);
    for (TagId tag = 60; tag < 100; ++tag) change(table, tag, 1);
    table.publish();
    EXPECT_TRUE(reader.is_lapped(cursor));
    const auto changed = changes(reader, cursor);
    const std::set<TagId> once(changed.begin(), changed.end());
    EXPECT_EQ(changed.size(), 41U);
    EXPECT_EQ(once.size(), 41U);
    EXPECT_TRUE(once.contains(42));
    EXPECT_FALSE(once.contains(0));
    EXPECT_TRUE(changes(reader, cursor).empty());
}

TEST(TagRing, ReadExactlyToItsCapacityIsNotLapped) {
    TagTable table(make_catalog(20), {}, {.ring_capacity = 16});
    const TagReader reader(table);
    std::uint64_t cursor = 0;
    for (TagId tag = 0; tag < 16; ++tag) change(table, tag, 1);
    table.publish();
    EXPECT_FALSE(reader.is_lapped(cursor));
    EXPECT_EQ(changes(reader, cursor).size(), 16U);
}

TEST(TagRing, NoticesThatTheWriterIsAboutToLapIt) {
    TagTable table(make_catalog(40), {}, {.ring_capacity = 16});
    const TagReader reader(table);
    std::uint64_t cursor = 0;
    for (TagId tag = 0; tag < 10; ++tag) change(table, tag, 1);
    table.publish();
    for (TagId tag = 20; tag < 40; ++tag) change(table, tag, 1);  // not published, and over the entries of the first ten
    EXPECT_EQ(changes(reader, cursor).size(), 10U);
    table.publish();
    EXPECT_EQ(changes(reader, cursor).size(), 20U);
}

TEST(TagCells, AreNeverReadTorn) {
    constexpr TagId kTags = 4;
    TagTable table(make_catalog(kTags), {});
    std::atomic<bool> done{false};
    std::atomic<std::uint64_t> torn{0}, reads{0};
    const auto read = [&] {
        const TagReader reader(table);
        TagSnapshot copy;
        for (std::uint64_t n = 0; !done || n < 1000; ++n) {
            reader.snapshot(static_cast<TagId>(n % kTags), copy);
            const bool is_whole = copy.raw == copy.word && to_ns(copy.time) == static_cast<std::int64_t>(copy.word)
                                  && copy.received == copy.since && to_ns(copy.received) == CellState::ns_of(copy.word);
            if (copy.has_value && !is_whole) ++torn;
            ++reads;
        }
    };
    std::thread first(read), second(read);
    for (std::uint64_t value = 1; value <= 200'000; ++value) change(table, static_cast<TagId>(value % kTags), value);
    done = true;
    first.join();
    second.join();
    EXPECT_EQ(torn, 0U);
    EXPECT_GE(reads, 2000U);
}

TEST(TagCells, OfTextsAreNeverReadTornThoughTheirMemoryIsUsedAgain) {
    constexpr TagId kTags = 3;
    TagTable table(make_catalog(kTags, ValueType::string), {});
    std::atomic<bool> done{false};
    std::atomic<std::uint64_t> torn{0};
    std::thread checker([&] {
        const TagReader reader(table);
        TagSnapshot copy;
        for (std::uint64_t n = 0; !done || n < 1000; ++n) {
            reader.snapshot(static_cast<TagId>(n % kTags), copy);
            if (!copy.has_value) continue;
            const auto number = static_cast<std::uint64_t>(to_ns(copy.time));
            const auto letter = static_cast<char>('a' + number % 26);
            if (copy.blob.size() != number % 200 || copy.blob.find_first_not_of(letter) != std::string::npos) ++torn;
        }
    });
    for (std::uint64_t n = 1; n <= 50'000; ++n) {
        const auto tag = static_cast<TagId>(n % kTags);
        const std::string text(n % 200, static_cast<char>('a' + n % 26));
        const auto since = CellState::pack_since(0, QualityCode::good, true);
        ASSERT_TRUE(table.store_blob(table.cell(tag), text, {0, 0, n, 0, since}));
        table.mark_changed(tag);
    }
    done = true;
    checker.join();
    EXPECT_EQ(torn, 0U);
}

TEST(TagRing, BringsEveryTagsLastValueToAReaderThatRunsBeside) {
    constexpr TagId kTags = 500;
    constexpr std::uint64_t kLast = 60'000;
    TagTable table(make_catalog(kTags), {}, {.ring_capacity = 64});  // lapped all the time
    std::atomic<bool> done{false};
    std::vector<std::uint64_t> seen(kTags, 0);
    std::thread follower([&] {
        const TagReader reader(table);
        std::uint64_t cursor = 0;
        TagSnapshot copy;
        const auto note = [&](TagId tag) {
            reader.snapshot(tag, copy);
            seen[tag] = copy.word;
        };
        while (!done) cursor = reader.changes_since(cursor, note);
        reader.changes_since(cursor, note);
    });
    for (std::uint64_t n = 1; n <= kLast; ++n) {
        change(table, static_cast<TagId>(n * 7919 % kTags), n);
        if (n % 10 == 0) table.publish();
    }
    table.publish();
    done = true;
    follower.join();
    const TagReader reader(table);
    for (TagId tag = 0; tag < kTags; ++tag) EXPECT_EQ(seen[tag], reader.snapshot(tag).word) << tag;
}

TEST(CauseTable, GivesEqualTextsOneNumberAndKeepsThem) {
    CauseTable causes;
    const auto timeout = causes.intern("no answer");
    EXPECT_EQ(causes.intern("no answer"), timeout);
    EXPECT_NE(causes.intern("refused"), timeout);
    EXPECT_EQ(causes.text(timeout), "no answer");
    EXPECT_EQ(causes.intern(""), kNoCause);
    EXPECT_EQ(causes.text(kNoCause), "");
    EXPECT_EQ(causes.text(999'999), "");
}

TEST(CauseTable, CutsLongTextsBetweenCharacters) {
    CauseTable causes;
    std::string text = "x";
    while (text.size() < 2000) text += "ä";
    const auto kept = causes.text(causes.intern(text));
    EXPECT_EQ(kept.size(), 999U);
    EXPECT_TRUE(text.starts_with(kept));
}

TEST(CauseTable, WhenFullSaysSo) {
    CauseTable causes;
    const std::string filler(CauseTable::kMaxTextBytes - 8, 'x');
    CauseId last = 0;
    for (int i = 0; last != CauseTable::kTooMany && i < 200'000; ++i)
        last = causes.intern(std::to_string(10'000'000 + i) + filler);
    EXPECT_EQ(last, CauseTable::kTooMany);
    EXPECT_NE(causes.text(last).find("not known any more"), std::string::npos);
    EXPECT_EQ(causes.text(causes.intern("10000000" + filler)).substr(0, 8), "10000000") << "those that are kept stay";
}

}  // namespace
}  // namespace penstock::tags
