#pragma once

#include <string_view>

#include "core/site/archive_reader.hpp"
#include "core/site/calculated_tags.hpp"
#include "core/site/load_context.hpp"

namespace penstock::site {

// Judges tags one by one against each other and the rest of the site, and adds their definitions to the content. The rules
// are here and nowhere else, whatever a tag was written in.
class TagChecker {
public:
    explicit TagChecker(LoadContext& context) noexcept
        : context_(context), faults_(context.faults), archive_(context.content.archive_rules, faults_), calculated_(context) {}

    void add(const TagDraft& draft);
    // After the last: what can be said of all of them only (expressions, former names).
    void finish();

private:
    void check_name(const TagDraft& draft);
    void check_was(const TagDraft& draft);
    void check_area(const TagDraft& draft);
    void check_unit(const TagDraft& draft);
    void check_range(const TagDraft& draft, const tags::TagDefinition& tag);
    void check_deadband(const TagDraft& draft, tags::TagDefinition& tag);
    void check_scaling(const TagDraft& draft, tags::TagDefinition& tag);
    void check_scan_class(const TagDraft& draft, tags::TagDefinition& tag);
    // What the device delivers at the address; none if that is not known (reported, or a fault elsewhere).
    void check_device(const TagDraft& draft, tags::TagDefinition& tag);
    void check_memory(const TagDraft& draft);
    void check_address(const TagDraft& draft, tags::TagDefinition& tag);
    void check_type(const TagDraft& draft, tags::TagDefinition& tag);
    void check_initial(const TagDraft& draft, tags::TagDefinition& tag);
    void check_archive(const TagDraft& draft, tags::TagDefinition& tag);
    void check_source(const TagDraft& draft, tags::TagDefinition& tag);
    void check_former_names();
    void keep(const TagDraft& draft, const tags::TagDefinition& tag);
    [[nodiscard]] DeviceInfo* find_device(const TagDraft& draft);
    [[nodiscard]] std::string place_of(std::uint32_t tag) const;

    LoadContext& context_;
    FaultList& faults_;
    ArchiveReader archive_;
    CalculatedTags calculated_;
    // Neighbours in a file tend to share these: the last answer is asked first.
    std::string_view last_area_, last_unit_, last_device_;
    DeviceInfo* last_device_info_ = nullptr;
    struct Former {
        std::string_view name;
        std::uint32_t tag;
        Fault fault;  // with its place; the sentence comes later
    };
    std::vector<Former> former_;
};

}  // namespace penstock::site
