#include "bundle_store.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <set>

namespace penstock::sqlite {
namespace {

// How many of them come from the first kMergedAtOnce flushes or merges.
std::size_t oldest_groups(const std::vector<BundleEntry>& entries) {
    std::set<std::uint64_t> groups;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const bool is_new = groups.insert(entries[i].sequence).second;
        if (is_new && (groups.size() > kMergedAtOnce || (groups.size() > 2 && bytes > kMergeBytes))) return i;
        bytes += entries[i].bytes;
    }
    return groups.size() >= kMergedAtOnce || (groups.size() > 1 && bytes >= kMergeBytes) ? entries.size() : 0;
}

}  // namespace

void BundleStore::open(Database& database) {
    database_ = &database;
    insert_ = database.prepare("INSERT INTO bundle VALUES(NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    delete_ = database.prepare("DELETE FROM bundle WHERE id = ?");
    load_ = database.prepare("SELECT runs FROM bundle WHERE id = ?");
    entries_.clear();
    auto rows = database.prepare("SELECT level, shard, id, sequence, length(runs) FROM bundle ORDER BY sequence, id");
    while (rows.step()) {
        const Shard shard{static_cast<unsigned>(rows.integer(0)), static_cast<std::uint32_t>(rows.integer(1))};
        entries_[shard].push_back(
            {rows.integer(2), static_cast<std::uint64_t>(rows.integer(3)), static_cast<std::size_t>(rows.integer(4))});
    }
}

void BundleStore::insert(const BundleFacts& facts, std::string_view bytes) {
    insert_.bind(1, std::int64_t{facts.level}).bind(2, std::int64_t{facts.shard});
    insert_.bind(3, std::int64_t{facts.first_series})
        .bind(4, std::int64_t{facts.last_series})
        .bind(5, facts.t0)
        .bind(6, facts.t1);
    insert_.bind(7, static_cast<std::int64_t>(facts.sequence))
        .bind(8, static_cast<std::int64_t>(facts.rows))
        .bind_blob(9, bytes);
    insert_.run();
    // Nearly always at the end; a bundle that is written anew keeps its place.
    auto& entries = entries_[{facts.level, facts.shard}];
    const auto place = std::ranges::upper_bound(entries, facts.sequence, {}, &BundleEntry::sequence);
    entries.insert(place, {sqlite3_last_insert_rowid(database_->handle()), facts.sequence, bytes.size()});
}

void BundleStore::remove(const Shard& shard, std::int64_t id) {
    delete_.bind(1, id).run();
    set_aside(shard, id);
}

void BundleStore::set_aside(const Shard& shard, std::int64_t id) {
    const auto found = entries_.find(shard);
    if (found == entries_.end()) return;
    std::erase_if(found->second, [&](const BundleEntry& entry) { return entry.id == id; });
    if (found->second.empty()) entries_.erase(found);
}

std::string BundleStore::load(std::int64_t id) {
    const ResetAtEnd reset(load_);
    try {
        return load_.bind(1, id).step() ? std::string(load_.bytes(0)) : std::string();
    } catch (const Damaged&) {
        return {};  // as one whose checksum is wrong
    }
}

BundleStore::Due BundleStore::next_due() const {
    for (const auto& [shard, entries] : entries_) {
        const auto count = oldest_groups(entries);
        if (count > 0) return {shard, {entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(count)}};
    }
    return {};
}

std::optional<std::pair<Shard, BundleEntry>> BundleStore::find(std::int64_t id) const {
    for (const auto& [shard, entries] : entries_)
        for (const auto& entry : entries)
            if (entry.id == id) return std::pair(shard, entry);
    return std::nullopt;
}

std::size_t BundleStore::count() const noexcept {
    std::size_t count = 0;
    for (const auto& [shard, entries] : entries_) count += entries.size();
    return count;
}

}  // namespace penstock::sqlite
