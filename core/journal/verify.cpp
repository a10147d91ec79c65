#include "core/journal/verify.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "core/journal/segment_check.hpp"
#include "core/journal/segment_scan.hpp"

namespace penstock::journal {
namespace {

struct NamedSegment {
    Position first = 0;
    std::string name;
};

class Verifier {
public:
    Verifier(base::FileSystem& files, const std::filesystem::path& folder, const VerifyOptions& options)
        : files_(files), folder_(folder), options_(options) {}

    Result<VerifyReport> run(const std::function<bool(const VerifyProgress&)>& on_progress) {
        if (auto listed = list(); !listed) return std::unexpected(listed.error());
        for (std::size_t i = 0; i < segments_.size(); ++i) {
            if (on_progress && !on_progress({i, segments_.size(), segments_[i].name})) {
                return fail(ErrorCode::cancelled, "stopped at " + segments_[i].name, folder_.string());
            }
            if (auto done = check(i); !done) return std::unexpected(done.error());
        }
        return std::move(report_);
    }

private:
    struct Before {  // the segment before, as it was read
        base::Digest digest{}, chain{};
    };

    Result<void> list() {
        const auto names = files_.list(folder_);
        if (!names) return std::unexpected(names.error());
        for (const auto& name : *names) {
            if (!options_.tail.segment.empty() && name > options_.tail.segment) continue;  // begun since
            if (const auto first = parse_segment_name(name)) segments_.push_back({*first, name});
        }
        if (segments_.empty()) return fail(ErrorCode::not_found, "no segment of a journal is here", folder_.string());
        report_.first = report_.end = segments_.front().first;
        return {};
    }

    Result<void> check(std::size_t i) {
        const auto& [first, name] = segments_[i];
        const bool is_newest = i + 1 == segments_.size();
        auto opened = open_segment(files_, folder_ / name, base::OpenMode::read);
        // The server has trimmed it since the folder was listed.
        if (!opened && opened.error().code() == ErrorCode::not_found) return forget_before();
        if (!opened) return std::unexpected(opened.error());
        ++report_.segments;
        report_.bytes += opened->bytes;
        const auto& head = opened->head.head;
        if (opened->head.state == HeadState::other_version) {
            finding(name, "has format version " + std::to_string(opened->head.version) + "; this program reads version "
                              + std::to_string(kFormatVersion));
            return forget_before();
        }
        if (opened->head.state == HeadState::damaged || head.first != first) {
            finding(name, "its head and the copy of it are damaged: none of its records can be told from rubbish");
            if (!is_newest) report_.lost += segments_[i + 1].first - first;
            report_.end = is_newest ? first : segments_[i + 1].first;
            return forget_before();
        }
        check_head(*opened, name);
        if (i == 0) {
            if (auto read = read_first(*opened); !read) return read;
        }
        if (options_.newest_only && !is_newest) {
            report_.end = segments_[i + 1].first;
            report_.records += report_.end - first;
            return forget_before();
        }
        return check_records(*opened, i);
    }

    Result<void> forget_before() {
        before_.reset();
        return {};
    }

    Result<void> read_first(const OpenedSegment& opened) {
        const auto& head = opened.head.head;
        SegmentScan scan(*opened.file, head, kPageBytes, opened.records_end(), head.first);
        ScannedRecord record;
        const auto found = scan.next(record);
        if (!found) return std::unexpected(found.error());
        if (*found && !record.follows_damage) report_.first_time = record.head.time;
        return {};
    }

    void check_head(const OpenedSegment& opened, const std::string& name) {
        const auto& head = opened.head.head;
        if (opened.head_repairable) finding(name, "one of its two heads is damaged");
        if (opened.bytes != head.bytes) {
            finding(name, "has " + std::to_string(opened.bytes) + " of its " + std::to_string(head.bytes)
                              + " bytes: it was cut short");
        }
        if (report_.server_id.empty()) {
            report_.server_id = head.server_id;
            report_.kind = head.kind;
        }
        if (head.server_id != report_.server_id || head.kind != report_.kind) {
            finding(name, "belongs to lane " + std::string(to_string(head.kind)) + " of server \"" + head.server_id
                              + "\", not to lane " + std::string(to_string(report_.kind)) + " of \"" + report_.server_id
                              + "\"");
        }
        if (!before_) return;
        if (head.previous != before_->digest) {
            finding(name, "the segment before it has the digest " + base::to_hex(before_->digest) + ", where "
                              + base::to_hex(head.previous) + " is on record here: one of the two was changed");
        }
        if (head.hash_chain && head.chain != before_->chain) {
            finding(name, "the chain of digests does not continue that of the segment before");
        }
    }

    Result<void> check_records(const OpenedSegment& opened, std::size_t i) {
        const auto& name = segments_[i].name;
        const bool is_newest = i + 1 == segments_.size();
        const auto seal = read_seal(opened);
        if (!seal) return std::unexpected(seal.error());
        const auto synced = *seal ? (*seal)->position : 0;
        if (*seal && (*seal)->end == 0) finding(name, "its seal is damaged");
        CheckLimits limits;
        limits.until = name == options_.tail.segment ? options_.tail.from : opened.records_end();
        limits.cut_torn = is_newest;
        limits.synced = synced;
        if (!is_newest) limits.before = segments_[i + 1].first;
        auto checked = check_segment(opened, name, nullptr, limits);
        if (!checked) return std::unexpected(checked.error());
        std::ranges::move(checked->findings, std::back_inserter(report_.findings));
        report_.records += checked->records;
        report_.lost += checked->lost;
        if (checked->last_time.utc != UtcTime{}) report_.last_time = checked->last_time;
        report_.end = checked->position;
        const auto wanted = is_newest ? synced : segments_[i + 1].first;
        if (checked->position < wanted) {
            report_.lost += wanted - checked->position;
            report_.end = wanted;
            finding(name, "records " + std::to_string(checked->position) + " to " + std::to_string(wanted - 1)
                              + " at its end are lost");
        }
        return check_tail(opened, i, *checked);
    }

    Result<void> check_tail(const OpenedSegment& opened, std::size_t i, const SegmentCheck& checked) {
        const auto& name = segments_[i].name;
        const bool is_newest = i + 1 == segments_.size();
        const auto rubbish = checked.rubbish_end - checked.end;
        if (is_newest) {
            report_.unsynced_bytes = rubbish;
        } else if (rubbish != 0 && !checked.stopped_early) {
            finding(name, std::to_string(rubbish) + " bytes behind its last record, at byte " + std::to_string(checked.end)
                              + ", are no record and not zero: a write that failed, or damage");
        }
        const auto hash = hash_file(*opened.file, checked.end);
        if (!hash) return std::unexpected(hash.error());
        before_ = Before{(*hash)->finish_digest(), checked.chain};
        return {};
    }

    void finding(const std::string& name, const std::string& sentence) { report_.findings.push_back(name + ": " + sentence); }

    base::FileSystem& files_;
    const std::filesystem::path& folder_;
    const VerifyOptions& options_;
    std::vector<NamedSegment> segments_;
    std::optional<Before> before_;
    VerifyReport report_;
};

}  // namespace

Result<VerifyReport> verify(base::FileSystem& files, const std::filesystem::path& folder,
                            const std::function<bool(const VerifyProgress&)>& on_progress, const VerifyOptions& options) {
    return Verifier(files, folder, options).run(on_progress);
}

}  // namespace penstock::journal
