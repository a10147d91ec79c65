#include "archive.hpp"

#include <algorithm>
#include <chrono>

#include "inner_pages.hpp"
#include "rescue.hpp"
#include "schema.hpp"

namespace penstock::sqlite {
namespace {

ArchiveFacts load_facts(Database& database) {
    auto row = database.prepare("SELECT journal, sequence, samples, oldest FROM position WHERE id = 0");
    if (!row.step()) throw Damaged("the archive has no position");
    return {static_cast<JournalPosition>(row.integer(0)), static_cast<std::uint64_t>(row.integer(1)), row.integer(2),
            row.is_null(3) ? std::nullopt : std::optional(row.integer(3))};
}

}  // namespace

Archive::Archive(const std::filesystem::path& folder, std::shared_ptr<ReadConnections> connections)
    : database_(open_archive(folder)),
      merger_(database_, series_, chunks_, bundles_),
      thinner_(database_, series_, bundles_, std::move(connections)),
      facts_(load_facts(database_)) {
    const auto as_far_as_it_goes = [this](auto& part) {
        try {
            part.open(database_);
        } catch (const Damaged& damaged) {
            damage_ = damaged.what();
        }
    };
    as_far_as_it_goes(series_);
    as_far_as_it_goes(bundles_);
    if (const auto page = find_broken_inner_page(database_, folder / kArchiveFile))
        damage_ = "page " + std::to_string(*page) + ", of the way to others, does not fit its seal";
    chunks_.open(database_, series_);
    save_ = database_.prepare("UPDATE position SET journal = ?, sequence = ?, samples = ?, oldest = ? WHERE id = 0");
}

void Archive::store(Gather& gather, JournalPosition position) {
    auto facts = facts_;
    facts.position = position;
    ++facts.sequence;
    Transaction transaction(database_);
    BundleWriter bundle(0, facts.sequence,
                        [this](const BundleFacts& stored, std::string_view bytes) { bundles_.insert(stored, bytes); });
    gather.for_each_series([&](SeriesId id, const SampleView& rows) {
        facts.oldest = std::min(facts.oldest.value_or(rows.time.front()), rows.time.front());
        facts.samples += static_cast<std::int64_t>(rows.size());
        store_rows(series_.at(id), facts.sequence, rows, bundle);
    });
    bundle.finish();
    save(facts);
    transaction.commit();
    facts_ = facts;
}

// Late samples stay apart, or every chunk would reach back to them, overlap the ones before and never go as a summary.
void Archive::store_rows(Series& series, std::uint64_t sequence, const SampleView& rows, BundleWriter& bundle) {
    const auto late = static_cast<std::size_t>(std::ranges::lower_bound(rows.time, series.newest) - rows.time.begin());
    series.newest = std::max(series.newest, rows.time.back());
    const auto store = [&](const SampleView& part) {
        if (is_long(part, series.kind.type))
            chunks_.add(series.id, sequence, part);
        else
            bundle.add({series.id, sequence}, part, series.kind);
    };
    if (late == 0 || late == rows.size() || rows.size() - late < kChunkRows) {
        store(rows);
        return;
    }
    store(rows_at(rows, 0, late));
    store(rows_at(rows, late, rows.size() - late));
}

bool Archive::merge(Duration budget) {
    const auto end = std::chrono::steady_clock::now() + budget;
    if (bundles_.next_due().bundles.empty()) return false;
    Transaction transaction(database_);
    bool has_more = true;
    while (has_more && std::chrono::steady_clock::now() < end) has_more = merger_.step();
    transaction.commit();
    return has_more;
}

bool Archive::thin(std::int64_t now, Duration budget) {
    const auto progress = thinner_.step(now, budget);
    if (progress.samples == 0 && !progress.oldest) return progress.has_more;
    auto facts = facts_;
    if (progress.oldest) facts.oldest = progress.oldest->time;
    facts.samples -= std::min(facts.samples, progress.samples);
    Transaction transaction(database_);
    save(facts);
    transaction.commit();
    facts_ = facts;
    return progress.has_more;
}

std::uint64_t Archive::bytes() const {
    const auto pages = database_.integer("PRAGMA page_count") - database_.integer("PRAGMA freelist_count");
    return static_cast<std::uint64_t>(pages * database_.integer("PRAGMA page_size"));
}

void Archive::save(const ArchiveFacts& facts) {
    save_.bind(1, static_cast<std::int64_t>(facts.position)).bind(2, static_cast<std::int64_t>(facts.sequence));
    if (facts.oldest)
        save_.bind(4, *facts.oldest);
    else
        save_.bind_null(4);
    save_.bind(3, facts.samples).run();
}

std::unique_ptr<Archive> open_or_begin_anew(const std::filesystem::path& folder,
                                            const std::shared_ptr<ReadConnections>& connections, std::string& told) {
    finish_rescue(folder);
    std::string found = "a write met damage";
    if (!is_rescue_wanted(folder)) {
        try {
            auto archive = std::make_unique<Archive>(folder, connections);
            if (archive->damage().empty()) return archive;
            found = archive->damage();
        } catch (const Damaged& damaged) {
            found = damaged.what();
        }
    }
    const auto tell = [&](const std::string& how, const std::filesystem::path& aside) {
        told = "archive.db was damaged (" + found + "): " + how + "; the old one is " + aside.filename().string();
    };
    std::string failure;
    try {
        tell("what could be read of it was carried over into a new one", rescue_archive(folder));
        return std::make_unique<Archive>(folder, connections);
    } catch (const Damaged& damaged) {
        failure = damaged.what();
    } catch (const LinkError& error) {
        // No room for a second one, say. Nothing is given up for that: it is tried again.
        throw LinkError(
            Error(error.error().code(),
                  "archive.db is damaged (" + found
                      + "), and what can be read of it cannot be carried over into a new one: " + error.error().sentence(),
                  error.error().where(), true));
    }
    tell("a new one was begun, as nothing could be carried over (" + failure + ')', set_archive_aside(folder));
    return std::make_unique<Archive>(folder, connections);
}

}  // namespace penstock::sqlite
