// tags/**.json and tags/**.csv
#include <algorithm>
#include <optional>

#include "core/base/suggest.hpp"
#include "core/site/csv_reader.hpp"
#include "core/site/tag_checker.hpp"

namespace penstock::site {
namespace {

// Room for those that are made of alarms when the files are read: to move 100,000 tags for their sake costs more than they do.
constexpr std::size_t kSpareTags = 4'096;

void load_json(const Entry& file, LoadContext& context, TagChecker& checker) {
    const JsonDocument* const document = context.read_json(file.name);
    if (document == nullptr) {
        context.knows_all_tags = false;
        return;
    }
    const JsonView root = document->root();
    const JsonView list = root.find("tags");
    if (!list.is_array()) {  // the shape of the whole is wrong
        context.knows_all_tags = false;
        check_object(root, tags_format(), context.faults);
        return;
    }
    for (const JsonView member : root) {
        if (member.index() != list.index()) check_member(member, tags_format(), context.faults);
    }
    context.content.tags.reserve(context.content.tags.size() + list.size());
    TagDraft draft;
    for (const JsonView tag : list) {
        if (tag.find("of").exists()) {
            add_instance(tag, context, checker);
            continue;
        }
        read_json_tag(tag, draft, context.faults);
        if (draft.is_faulty(TagKey::name) || !draft.has(TagKey::name)) context.knows_all_tags = false;
        if (tag.is_object()) checker.add(draft);
    }
}

// The key of each column; none for a column whose word is faulty.
using Header = std::vector<std::optional<TagKey>>;

std::optional<TagKey> key_of(const CsvField& field, const SourceText& source, const Header& before, FaultList& faults) {
    const auto columns = tag_columns();
    const auto column = std::ranges::find(columns, field.text, &TagColumn::word);
    if (column == columns.end()) {
        std::vector<std::string_view> words;
        for (const TagColumn& known : columns) words.push_back(known.word);
        faults.add(source, field.offset, {},
                   field.text.empty() ? std::string("a column has no word in the header line")
                                      : "the column " + in_quotes(field.text) + " is unknown",
                   base::did_you_mean(field.text, words));
        return std::nullopt;
    }
    const auto key = static_cast<TagKey>(column - columns.begin());
    if (std::ranges::find(before, std::optional(key)) == before.end()) return key;
    faults.add(source, field.offset, {}, "the column " + in_quotes(field.text) + " is here a second time");
    return std::nullopt;
}

// Empty if there is no column for names.
Header read_header(const std::vector<CsvField>& fields, const SourceText& source, FaultList& faults) {
    Header header;
    for (const CsvField& field : fields) header.push_back(key_of(field, source, header, faults));
    if (std::ranges::find(header, std::optional(TagKey::name)) != header.end()) return header;
    faults.add(source, fields.front().offset, {},
               "the header line has no column \"name\"; the first line says what the columns are");
    return {};
}

bool has_width_of(const Header& header, const std::vector<CsvField>& record, const SourceText& source, FaultList& faults) {
    if (record.size() == header.size()) return true;
    faults.add(source, record.front().offset, {},
               "the line has " + counted(record.size(), "field") + "; the header line has " + std::to_string(header.size()),
               record.size() > header.size() ? "a field that holds the separator is put in double quotes" : "");
    return false;
}

void read_records(CsvReader& csv, const SourceText& source, LoadContext& context, TagChecker& checker) {
    std::vector<CsvField> record;
    if (!csv.next(record)) {
        if (!csv.failed())
            context.faults.add(source, 0, {}, "the file is empty; wanted a header line such as \"name;device;address\"");
        context.knows_all_tags = false;
        return;
    }
    const Header header = read_header(record, source, context.faults);
    if (header.empty()) {
        context.knows_all_tags = false;
        return;
    }
    const auto lines = static_cast<std::size_t>(std::ranges::count(source.text(), '\n'));
    context.content.tags.reserve(context.content.tags.size() + lines + kSpareTags);
    TagDraft draft;
    for (std::uint32_t row = 0; csv.next(record); ++row) {
        if (!has_width_of(header, record, source, context.faults)) {
            context.knows_all_tags = false;
            continue;
        }
        start_csv_tag(draft, source, record.front().offset, row);
        for (std::size_t i = 0; i < record.size(); ++i) {
            if (header[i] && !record[i].text.empty())
                read_csv_field(*header[i], record[i].text, record[i].offset, draft, context.faults);
        }
        if (!draft.has(TagKey::name)) {
            context.knows_all_tags = false;
            context.faults.add(source, draft.offset, "/" + std::to_string(row), "the tag in this line has no name");
        }
        checker.add(draft);
    }
    if (csv.failed()) context.knows_all_tags = false;
}

void load_csv(const Entry& file, LoadContext& context, TagChecker& checker) {
    const auto source = context.folder->read(file.name, context.faults);
    if (!source) {
        context.knows_all_tags = false;
        return;
    }
    context.content.sources.push_back(source);
    CsvReader csv(*source, context.faults);
    read_records(csv, *source, context, checker);
    context.content.texts.push_back(csv.take_unquoted());
}

}  // namespace

void load_tags(LoadContext& context, TagChecker& checker, const std::vector<Entry>& files) {
    for (const Entry& file : files) {
        if (file.name.ends_with(".csv"))
            load_csv(file, context, checker);
        else
            load_json(file, context, checker);
    }
}

}  // namespace penstock::site
