// The tables of docs/site_engineer.md are those that check a site. On a difference the test prints the table as it should be.
#include <cmath>

#include <gtest/gtest.h>

#include "core/site/alarms/alarm_formats.hpp"
#include "core/site/format.hpp"
#include "core/site/tag_draft.hpp"
#include "tests/core/site/scratch_folder.hpp"

namespace penstock::site {
namespace {

std::string kind_of(const KeyFormat& key) {
    switch (key.shape) {
        case Shape::text: return "text";
        case Shape::word: return "word";
        case Shape::integer: return "whole number";
        case Shape::number: return "number";
        case Shape::boolean: return "true or false";
        case Shape::duration: return "duration";
        case Shape::texts: return "array of texts";
        case Shape::value: return "value";
        case Shape::limits: return "[low, high], null = open";
        case Shape::pair: return "[low, high]";
        case Shape::size: return "[width, height]";
        case Shape::object: return "object, see " + std::string(key.object->name);
        case Shape::word_or_object: return "word, or object, see " + std::string(key.object->name);
        case Shape::objects: return "array of " + plural_of(*key.object);
        case Shape::scalar: return "text, number, true or false";
        case Shape::scalar_map: return "values by name";
        case Shape::object_map:
        case Shape::members: return plural_of(*key.object) + " by name";
        case Shape::text_map: return "texts by name";
        case Shape::duration_map: return "durations by name";
        case Shape::local_text: return "text, or texts by language";
        case Shape::text_or_tag: return "expression, or tag";
        case Shape::duration_or_tag: return "duration, or tag";
        case Shape::number_or_bound: return "number, tag or expression";
        case Shape::true_or_texts: return "true, or array of texts";
        case Shape::areas: return "tree of objects";
        case Shape::settings: return "object";
        case Shape::settings_map: return "objects by plugin id";
    }
    return {};
}

std::string shown(double number) {
    std::ostringstream text;
    text.precision(15);
    text << number;
    return text.str();
}

std::string range_of(const KeyFormat& key) {
    if (!key.words.empty()) {
        std::string words;
        for (const std::string_view word : key.words) words += (words.empty() ? "" : ", ") + std::string(word);
        return words;
    }
    const bool has_low = std::isfinite(key.low);
    const bool has_high = std::isfinite(key.high);
    if (has_low && has_high) return key.low == key.high ? shown(key.low) : shown(key.low) + " to " + shown(key.high);
    if (has_low) return "at least " + shown(key.low);
    return has_high ? "at most " + shown(key.high) : "";
}

std::string table_of(const ObjectFormat& format) {
    std::string table = "| key | type | unit | default | range | meaning |\n|---|---|---|---|---|---|\n";
    for (const KeyFormat& key : format.keys) {
        table += "| `" + std::string(key.key) + "` | " + kind_of(key) + " | " + std::string(key.unit) + " | "
                 + (key.is_required ? "required" : std::string(key.otherwise)) + " | " + range_of(key) + " | "
                 + std::string(key.what) + " |\n";
    }
    return table;
}

std::string columns() {
    std::string list;
    for (const TagColumn& column : tag_columns()) list += (list.empty() ? "`" : ", `") + std::string(column.word) + "`";
    return list + "\n";
}

const KeyFormat& key_of(const ObjectFormat& format, std::string_view key) { return *find_key(format, key); }

// Between "<!-- table NAME -->" and "<!-- end -->".
std::string in_manual(const std::string& name) {
    const std::string manual = testing::read_text(std::filesystem::path(PENSTOCK_SOURCE_DIR) / "docs/site_engineer.md");
    const std::string mark = "<!-- table " + name + " -->\n";
    const std::size_t start = manual.find(mark);
    if (start == std::string::npos) return "the manual has no table " + name;
    const std::size_t end = manual.find("<!-- end -->", start);
    return manual.substr(start + mark.size(), end - start - mark.size());
}

TEST(SiteManual, HasTheTablesThatCheckASite) {
    EXPECT_EQ(in_manual("site"), table_of(site_format()));
    EXPECT_EQ(in_manual("journal"), table_of(*key_of(site_format(), "journal").object));
    EXPECT_EQ(in_manual("device"), table_of(device_format()));
    EXPECT_EQ(in_manual("tags"), table_of(tags_format()));
    EXPECT_EQ(in_manual("tag"), table_of(tag_format()));
    EXPECT_EQ(in_manual("scaling"), table_of(*key_of(tag_format(), "scaling").object));
    EXPECT_EQ(in_manual("deadband"), table_of(*key_of(tag_format(), "deadband").object));
    EXPECT_EQ(in_manual("archive"), table_of(*key_of(tag_format(), "archive").object));
    EXPECT_EQ(in_manual("instance"), table_of(instance_format()));
    EXPECT_EQ(in_manual("type"), table_of(type_format()));
    EXPECT_EQ(in_manual("parameter"), table_of(parameter_format()));
    EXPECT_EQ(in_manual("screen"), table_of(screen_format()));
    EXPECT_EQ(in_manual("widget"), table_of(*key_of(screen_format(), "widgets").object));
    EXPECT_EQ(in_manual("alarm priority"), table_of(kAlarmPriorityFormat));
    EXPECT_EQ(in_manual("sound"), table_of(*key_of(kAlarmPriorityFormat, "sound").object));
    EXPECT_EQ(in_manual("alarm class"), table_of(kAlarmClassFormat));
    EXPECT_EQ(in_manual("alarm file"), table_of(alarm_file_format()));
    EXPECT_EQ(in_manual("alarm"), table_of(alarm_format()));
    EXPECT_EQ(in_manual("alarm of a group"), table_of(alarm_output_format()));
    EXPECT_EQ(in_manual("suppression"), table_of(suppression_format()));
    EXPECT_EQ(in_manual("suppress"), table_of(*key_of(suppression_format(), "suppress").object));
    EXPECT_EQ(in_manual("columns"), columns());
}

}  // namespace
}  // namespace penstock::site
