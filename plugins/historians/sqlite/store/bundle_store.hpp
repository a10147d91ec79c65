#pragma once

// Bundles in the table, and the list of them in memory: which shard is due to be merged.

#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "bundle.hpp"
#include "database.hpp"

namespace penstock::sqlite {

inline constexpr std::size_t kMergedAtOnce = 16;
inline constexpr std::size_t kMergeBytes = 1024 * 1024;  // a shard that holds so much is merged before it has 16

struct BundleEntry {
    std::int64_t id = 0;
    std::uint64_t sequence = 0;  // of the flush or merge that made it
    std::size_t bytes = 0;
};

struct Shard {
    unsigned level = 0;
    std::uint32_t number = 0;
    auto operator<=>(const Shard&) const = default;
};

class BundleStore {
public:
    // Throws Damaged after what could be read: the rest is read by readers, and never merged.
    void open(Database& database);
    // All in the caller's transaction; the list follows at once, so after a rollback open() must be called again.
    void insert(const BundleFacts& facts, std::string_view bytes);
    void remove(const Shard& shard, std::int64_t id);
    [[nodiscard]] std::string load(std::int64_t id);  // "" if it cannot be read
    // A damaged one stays where it is, for readers to tell of, and is not merged.
    void set_aside(const Shard& shard, std::int64_t id);

    // The oldest bundles of a shard that are due, in order of sequence; none if nothing is due.
    struct Due {
        Shard shard;
        std::vector<BundleEntry> bundles;
    };
    [[nodiscard]] Due next_due() const;
    [[nodiscard]] std::optional<std::pair<Shard, BundleEntry>> find(std::int64_t id) const;
    [[nodiscard]] std::size_t count() const noexcept;

private:
    std::map<Shard, std::vector<BundleEntry>> entries_;  // each in order of sequence
    Database* database_ = nullptr;
    Statement insert_, delete_, load_;
};

}  // namespace penstock::sqlite
