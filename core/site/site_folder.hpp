#pragma once

// The only way to the files of a site: below its folder, by names found in it, with limits.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/site/fault_list.hpp"
#include "core/site/source_text.hpp"

namespace penstock::site {

inline constexpr std::size_t kMaxFileBytes = 64UL * 1024 * 1024;
inline constexpr std::size_t kMaxSiteBytes = 512UL * 1024 * 1024;
inline constexpr std::size_t kMaxFiles = 10'000;
inline constexpr std::size_t kMaxFolderDepth = 8;

// One entry of a folder. Names that begin with a dot are left out.
struct Entry {
    std::string name;      // relative to the site folder: "tags/pumps.csv"
    std::string own_name;  // "pumps.csv"
    bool is_folder = false;
};

class SiteFolder {
public:
    // Null, with a fault, if there is no such folder.
    [[nodiscard]] static std::unique_ptr<SiteFolder> open(const std::filesystem::path& folder, FaultList& faults);

    // Entries of a folder ("" = the site's own) in order of name. Faults: a link that leads out of the site or nowhere, a
    // special file, a name that is no UTF-8; those are left out.
    [[nodiscard]] std::vector<Entry> list(std::string_view folder, FaultList& faults) const;
    // The text of a listed file; null with a fault if it cannot be read or is beyond a limit.
    [[nodiscard]] std::shared_ptr<const SourceText> read(const std::string& name, FaultList& faults);

private:
    explicit SiteFolder(std::filesystem::path root) : root_(std::move(root)) {}
    // The real path of an entry, empty with a fault if it is not below the root.
    [[nodiscard]] std::filesystem::path resolve(const std::string& name, FaultList& faults) const;

    std::filesystem::path root_;
    std::size_t files_ = 0;
    std::size_t bytes_ = 0;
};

// The text of one file outside a site that the user named (an overlay). Same limits.
[[nodiscard]] std::shared_ptr<const SourceText> read_user_file(const std::filesystem::path& path, FaultList& faults);

}  // namespace penstock::site
