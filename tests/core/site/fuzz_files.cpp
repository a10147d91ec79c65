// The readers of a site's files and the rules behind them: the first byte says which file of a small site the rest is.
#include <cstdint>
#include <cstdlib>

#include "core/site/csv_reader.hpp"
#include "core/site/format.hpp"
#include "core/site/json_document.hpp"
#include "core/site/tag_draft.hpp"

namespace penstock::site {
namespace {

void read_json(std::string text) {
    FaultList faults;
    const auto document = JsonDocument::parse(std::make_shared<const SourceText>("a.json", std::move(text)), faults);
    if (!document) {
        if (faults.empty()) std::abort();  // refused without a word
        return;
    }
    const JsonView root = document->root();
    for (const ObjectFormat* format : {&site_format(), &device_format(), &tags_format(), &screen_format()})
        check_object(root, *format, faults);
    // What was read reads back as itself.
    const std::string canonical = canonical_json(root);
    FaultList none;
    const auto again = JsonDocument::parse(std::make_shared<const SourceText>("b.json", canonical), none);
    if (faults.empty() && (!again || !none.empty() || canonical_json(again->root()) != canonical)) std::abort();
    TagDraft draft;
    for (const JsonView tag : root.find("tags")) read_json_tag(tag, draft, faults);
    for (const Fault& fault : faults.take()) (void)fault.text();
}

void read_csv(std::string text) {
    FaultList faults;
    const SourceText source("a.csv", std::move(text));
    CsvReader csv(source, faults);
    std::vector<CsvField> record;
    TagDraft draft;
    for (std::uint32_t row = 0; csv.next(record); ++row) {
        start_csv_tag(draft, source, record.front().offset, row);
        for (std::size_t i = 0; i < record.size(); ++i) {
            if (!record[i].text.empty())
                read_csv_field(static_cast<TagKey>(i % kTagKeyCount), record[i].text, record[i].offset, draft, faults);
        }
    }
    if (csv.failed() && faults.empty()) std::abort();
}

}  // namespace
}  // namespace penstock::site

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (data[0] == ';')
        penstock::site::read_csv(std::move(text));
    else
        penstock::site::read_json(std::move(text));
    return 0;
}
