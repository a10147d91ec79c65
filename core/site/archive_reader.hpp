#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/site/tag_draft.hpp"
#include "core/tags/archive_rule.hpp"

namespace penstock::site {

// Retention where a rule does not say: samples a bit over a year, so that this day can be laid over that of last year.
inline constexpr Duration kKeepRaw = 400 * 24h;
inline constexpr Duration kKeepMinutes = 1'827 * 24h;  // 5 years
inline constexpr Duration kKeepHours = 7'305 * 24h;    // 20 years

// Reads what a tag says under `archive`, and judges it: contradictions are faults at their place.
class ArchiveReader {
public:
    // Rules are kept in `rules`, each once, and stay where they are.
    ArchiveReader(std::map<std::string, tags::ArchiveRule>& rules, FaultList& faults) noexcept
        : rules_(rules), faults_(faults) {}

    // Of a draft whose `archive` is good; type and range of the tag are known, as far as they can be. `historians`: ids of the
    // site, null if they are not known. Null where nothing is archived, and where there is a fault.
    [[nodiscard]] const tags::ArchiveRule* read(const TagDraft& draft, const tags::TagDefinition& tag,
                                                const std::vector<std::string>* historians);

private:
    [[nodiscard]] bool read_cell(const TagDraft& draft, tags::ArchiveRule& rule);
    [[nodiscard]] bool read_object(const JsonView& archive, const tags::TagDefinition& tag,
                                   const std::vector<std::string>* historians, tags::ArchiveRule& rule);
    void check_mode(const JsonView& archive, const tags::ArchiveRule& rule);
    void check_deadband(const JsonView& archive, const tags::TagDefinition& tag, const tags::ArchiveRule& rule);
    void check_intervals(const JsonView& archive, const tags::ArchiveRule& rule);
    void take_retention(const JsonView& archive, tags::ArchiveRule& rule);
    void take_historians(const JsonView& archive, const std::vector<std::string>* known, tags::ArchiveRule& rule);
    void refuse(const JsonView& at, std::string sentence, std::string hint = {});

    std::map<std::string, tags::ArchiveRule>& rules_;
    FaultList& faults_;
    bool is_fine_ = true;
};

}  // namespace penstock::site
