#include "core/tags/tag_ids.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "core/base/crc32c.hpp"

namespace penstock::tags {
namespace {

namespace fs = std::filesystem;
using Wanted = TagIdStore::Wanted;

class TagIds : public testing::Test {
protected:
    TagIds() {
        std::string pattern = (fs::temp_directory_path() / "penstock_ids_XXXXXX").string();
        folder_ = mkdtemp(pattern.data());
    }
    ~TagIds() override { fs::remove_all(folder_); }

    [[nodiscard]] fs::path file() const { return folder_ / "tag_ids"; }
    [[nodiscard]] TagIdStore load() const {
        auto store = TagIdStore::load(file(), {"server-1", 1});
        EXPECT_TRUE(store) << store.error().text();
        return store ? std::move(*store) : TagIdStore();
    }
    [[nodiscard]] Error load_refusal() const {
        const auto store = TagIdStore::load(file(), {"server-1", 1});
        EXPECT_FALSE(store);
        return store ? Error(ErrorCode::cancelled, "") : store.error();
    }
    [[nodiscard]] std::string bytes() const {
        std::ostringstream all;
        all << std::ifstream(file(), std::ios::binary).rdbuf();
        return all.str();
    }
    void write(const std::string& all) const { std::ofstream(file(), std::ios::binary) << all; }
    void save_names(std::initializer_list<const char*> names) const {
        auto store = load();
        for (const auto* name : names) ASSERT_TRUE(assign(store, {{name, {}, ValueType::float64}}));
        ASSERT_TRUE(store.save());
    }
    static Result<std::vector<TagId>> assign(TagIdStore& store, std::vector<Wanted> wanted) { return store.assign(wanted); }

    fs::path folder_;
};

Wanted tag(std::string_view name, std::string_view was = {}, ValueType type = ValueType::float64) { return {name, was, type}; }

TEST_F(TagIds, AreTheSameAfterARestart) {
    {
        auto store = load();
        EXPECT_EQ(assign(store, {tag("a"), tag("b")}), (std::vector<TagId>{0, 1}));
        ASSERT_TRUE(store.save());
    }
    auto store = load();
    EXPECT_EQ(assign(store, {tag("c"), tag("b")}), (std::vector<TagId>{2, 1}));
}

TEST_F(TagIds, ComeBackWithTheNameAndAreNeverGivenToAnother) {
    save_names({"a", "b"});
    auto store = load();
    EXPECT_EQ(assign(store, {tag("new")}), (std::vector<TagId>{2}));
    EXPECT_EQ(assign(store, {tag("b")}), (std::vector<TagId>{1}));
    EXPECT_EQ(store.next_id(), 3U);
}

TEST_F(TagIds, MoveToTheNewNameOnARename) {
    save_names({"old"});
    {
        auto store = load();
        EXPECT_EQ(assign(store, {tag("new", "old")}), (std::vector<TagId>{0}));
        ASSERT_TRUE(store.save());
    }
    auto store = load();
    EXPECT_EQ(assign(store, {tag("new", "old")}), (std::vector<TagId>{0})) << "the same site again changes nothing";
    EXPECT_FALSE(store.find("old"));
    EXPECT_EQ(assign(store, {tag("old")}), (std::vector<TagId>{1})) << "the old name is another tag now";
}

TEST_F(TagIds, OfTwoTagsThatSwapNamesNeedTheOldNamesGone) {
    TagIdStore store;
    ASSERT_TRUE(assign(store, {tag("a"), tag("b")}));
    EXPECT_EQ(assign(store, {tag("x", "a"), tag("y", "b")}), (std::vector<TagId>{0, 1}));
    EXPECT_EQ(assign(store, {tag("a2", "y"), tag("b2", "x")}), (std::vector<TagId>{1, 0}));
}

TEST_F(TagIds, RefuseARenameOfATagThatStillExists) {
    TagIdStore store;
    ASSERT_TRUE(assign(store, {tag("old")}));
    const auto ids = assign(store, {tag("old"), tag("new", "old")});
    ASSERT_FALSE(ids);
    EXPECT_EQ(ids.error().sentence(), "\"new\" says that it was \"old\", but a tag of that name is still defined");
    EXPECT_EQ(store.find("old"), 0U);
    EXPECT_EQ(store.size(), 1U) << "nothing changed";
}

TEST_F(TagIds, RefuseTwoHeirs) {
    TagIdStore store;
    ASSERT_TRUE(assign(store, {tag("old")}));
    const auto ids = assign(store, {tag("x", "old"), tag("y", "old")});
    ASSERT_FALSE(ids);
    EXPECT_NE(ids.error().sentence().find("both say that they were \"old\""), std::string::npos);
}

TEST_F(TagIds, StartANewSeriesWhenTheTypeChanges) {
    save_names({"a"});
    {
        auto store = load();
        EXPECT_EQ(assign(store, {tag("a", {}, ValueType::int64)}), (std::vector<TagId>{1}));
        ASSERT_TRUE(store.save());
    }
    auto store = load();
    EXPECT_EQ(assign(store, {tag("a", {}, ValueType::int64)}), (std::vector<TagId>{1}));
    EXPECT_EQ(assign(store, {tag("a")}), (std::vector<TagId>{2})) << "also on the way back: the values in between differ";
    EXPECT_EQ(store.size(), 1U);
}

TEST_F(TagIds, TakeARenameTogetherWithAChangeOfType) {
    TagIdStore store;
    ASSERT_TRUE(assign(store, {tag("old")}));
    EXPECT_EQ(assign(store, {tag("new", "old", ValueType::int64)}), (std::vector<TagId>{1}));
    EXPECT_FALSE(store.find("old"));
}

TEST_F(TagIds, KeepNamesOfAllBytes) {
    const std::string longest(kMaxTagNameBytes, 'n'), strange("\x00\xff\"/Ä", 6);
    save_names({longest.c_str()});
    auto store = load();
    ASSERT_TRUE(assign(store, {tag(strange)}));
    ASSERT_TRUE(store.save());
    store = load();
    EXPECT_EQ(store.find(longest), 0U);
    EXPECT_EQ(store.find(strange), 1U);
}

TEST_F(TagIds, LeaveNoHalfFileAndNobodyElseReadsThem) {
    save_names({"a"});
    save_names({"b"});
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1) << "the neighbour that was written first is gone";
    struct stat info{};
    ASSERT_EQ(stat(file().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST_F(TagIds, AreNotWrittenWhenNothingChanged) {
    save_names({"a"});
    fs::remove(file());
    auto store = TagIdStore(file(), {"server-1", 1});
    EXPECT_TRUE(store.save());
    EXPECT_FALSE(fs::exists(file()));
}

TEST_F(TagIds, SayWhereTheyCannotBeWritten) {
    TagIdStore store(folder_ / "missing" / "tag_ids", {"server-1", 1});
    ASSERT_TRUE(assign(store, {tag("a")}));
    const auto saved = store.save();
    ASSERT_FALSE(saved);
    EXPECT_NE(saved.error().text().find("missing/tag_ids.new: cannot create the file"), std::string::npos)
        << saved.error().text();
}

TEST_F(TagIds, RefuseEveryTruncation) {
    save_names({"clear_tank.level", "raw_tank.level"});
    const auto good = bytes();
    for (std::size_t size = 0; size < good.size(); ++size) {
        write(good.substr(0, size));
        EXPECT_EQ(load_refusal().code(), ErrorCode::invalid_config) << size;
    }
}

TEST_F(TagIds, RefuseEveryFlippedBit) {
    save_names({"clear_tank.level"});
    const auto good = bytes();
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        auto bad = good;
        bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
        write(bad);
        EXPECT_EQ(load_refusal().code(), ErrorCode::invalid_config) << bit;
    }
}

TEST_F(TagIds, SurviveFilesThatAreWrongUnderARightChecksum) {
    save_names({"a", "bb", "ccc"});
    const auto good = bytes();
    for (std::size_t at = 12; at + 4 < good.size(); ++at) {
        for (const int value : {0, 1, 255}) {
            auto bad = good.substr(0, good.size() - 4);
            bad[at] = static_cast<char>(value);
            const auto crc = base::crc32c(bad);
            for (unsigned i = 0; i < 4; ++i) bad.push_back(static_cast<char>(crc >> (8 * i)));
            write(bad);
            const auto store = TagIdStore::load(file(), {});
            if (store) EXPECT_LE(store->size(), store->next_id());
        }
    }
}

TEST_F(TagIds, SayWhatIsWrongAndWhatToDo) {
    save_names({"a"});
    const auto good = bytes();
    write(good.substr(0, good.size() - 1));
    EXPECT_NE(load_refusal().sentence().find("restore it from a backup"), std::string::npos);
    auto newer = good;
    newer[8] = 2;
    write(newer);
    EXPECT_NE(load_refusal().sentence().find("format version 2, this server reads version 1"), std::string::npos);
    EXPECT_EQ(load_refusal().where(), file().string());
    write(good);
    const auto foreign = TagIdStore::load(file(), {"server-2", 1});
    ASSERT_FALSE(foreign);
    EXPECT_EQ(foreign.error().sentence(), "these tag ids were given by the server \"server-1\", this one is \"server-2\"");
}

TEST_F(TagIds, InMemoryCannotBeSaved) {
    TagIdStore store;
    EXPECT_FALSE(store.save());
}

TEST(Crc32c, IsThatOfTheStandard) {
    EXPECT_EQ(base::crc32c("123456789"), 0xE3069283U);
    EXPECT_EQ(base::crc32c(std::string(32, '\0')), 0x8A9136AAU) << "RFC 3720, B.4";
    EXPECT_EQ(base::crc32c("6789", base::crc32c("12345")), 0xE3069283U) << "in pieces";
}

}  // namespace
}  // namespace penstock::tags
