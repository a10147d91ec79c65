#include "core/journal/recovery.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/journal/segment_check.hpp"

namespace penstock::journal {
namespace {

class Recoverer {
public:
    Recoverer(base::FileSystem& files, const LaneOptions& options, SegmentTable& table)
        : files_(files), options_(options), table_(table) {}

    Result<Recovered> run(const std::vector<std::string>& names) {
        for (const auto& name : names) {
            if (const auto first = parse_segment_name(name)) segments_.emplace_back(*first, name);
        }
        if (segments_.empty()) return std::move(out_);
        for (std::size_t i = 0; i + 1 < segments_.size(); ++i) {
            if (auto added = add_older(segments_[i].first, segments_[i].second); !added) return std::unexpected(added.error());
        }
        if (auto done = newest(); !done) return std::unexpected(done.error());
        out_.report.first = segments_.front().first;
        const auto totals = table_.totals();
        out_.report.segments = totals.segments;
        out_.report.bytes = totals.bytes;
        out_.report.records = out_.report.end - out_.report.first;
        return std::move(out_);
    }

private:
    // Only its size: its records were checked while it was the newest, and are checked again whenever they are read.
    Result<void> add_older(Position first, const std::string& name) {
        const auto file = files_.open(options_.folder / name, base::OpenMode::read);
        if (!file) return std::unexpected(file.error());
        const auto size = (*file)->size();
        if (!size) return std::unexpected(size.error());
        add(first, name, *size, 0);
        return {};
    }

    std::shared_ptr<SegmentInfo> add(Position first, const std::string& name, std::uint64_t bytes, std::uint64_t end_offset) {
        auto info = std::make_shared<SegmentInfo>();
        info->first = first;
        info->name = name;
        info->bytes = bytes;
        table_.push(info, end_offset);
        return info;
    }

    Result<void> newest() {
        const auto& [first, name] = segments_.back();
        auto opened = open_segment(files_, options_.folder / name, base::OpenMode::read_write);
        if (!opened) return std::unexpected(opened.error());
        const auto info = add(first, name, opened->bytes, kPageBytes);
        if (auto fits = check_owner(*opened, name); !fits) return fits;
        if (opened->head.state == HeadState::damaged || opened->head.head.first != first) return without_head(first, *opened);
        auto mended = mend_head(*opened);
        if (!mended) return mended;
        return with_head(std::move(*opened), info);
    }

    Result<void> check_owner(const OpenedSegment& opened, const std::string& name) {
        const auto where = (options_.folder / name).string();
        if (opened.head.state == HeadState::other_version) {
            return fail(ErrorCode::invalid_config,
                        "has format version " + std::to_string(opened.head.version) + "; this program reads and writes version "
                            + std::to_string(kFormatVersion),
                        where);
        }
        const auto& head = opened.head.head;
        if (opened.head.state != HeadState::good) return {};
        if (head.server_id != options_.server_id) {
            return fail(ErrorCode::invalid_config,
                        "belongs to server \"" + head.server_id + "\"; this one is \"" + options_.server_id + "\"", where);
        }
        if (head.kind != options_.kind) {
            return fail(
                ErrorCode::invalid_config,
                "is of lane " + std::string(to_string(head.kind)) + "; " + std::string(to_string(options_.kind)) + " is wanted",
                where);
        }
        if (head.epoch > options_.epoch) {
            return fail(ErrorCode::invalid_config,
                        "has epoch " + std::to_string(head.epoch) + "; this server is at " + std::to_string(options_.epoch),
                        where);
        }
        return {};
    }

    // Neither head nor its copy: no record can be told from rubbish. The positions that it may have held are not used again.
    Result<void> without_head(Position first, const OpenedSegment& opened) {
        const auto most = std::max(opened.bytes, options_.segment_bytes) / kRecordHeadBytes;
        finding("the head and its copy are damaged; up to " + std::to_string(most) + " records from " + std::to_string(first)
                + " on are lost");
        // A break in the chain that verify names; the segment after this one starts a new one.
        out_.report.end = first + most;
        table_.set_durable(out_.report.end, kPageBytes);
        return {};
    }

    Result<void> mend_head(OpenedSegment& opened) {
        auto& head = opened.head.head;
        if (!opened.head_repairable || opened.bytes != head.bytes) return {};
        finding("one of the two heads was damaged; mended from the other");
        std::array<std::byte, kPageBytes> page{};
        encode_head(head, page);
        auto done = opened.file->write(0, page);
        if (done) done = opened.file->write(head.bytes - kPageBytes, page);
        return done ? opened.file->sync() : done;
    }

    Result<void> with_head(OpenedSegment opened, const std::shared_ptr<SegmentInfo>& info) {
        const auto head = opened.head.head;
        const auto seal = read_seal(opened);
        if (!seal) return std::unexpected(seal.error());
        const auto synced = *seal ? (**seal).position : 0;
        if (*seal && (**seal).end == 0) finding("its seal is damaged");
        auto check = check_segment(opened, info->name, &info->index, {opened.records_end(), ~Position{0}, true, synced});
        if (!check) return std::unexpected(check.error());
        std::ranges::move(check->findings, std::back_inserter(out_.report.findings));
        if (opened.bytes != head.bytes) {
            finding("has " + std::to_string(opened.bytes) + " of its " + std::to_string(head.bytes)
                    + " bytes: it was cut short");
        }
        if (check->position < synced) {
            finding("records " + std::to_string(check->position) + " to " + std::to_string(synced - 1)
                    + " at its end are lost: they were there when the lane was closed");
        }
        if (auto cut = cut_tail(opened, *check); !cut) return cut;
        // Positions that were handed out are not used again.
        out_.report.end = std::max(check->position, synced);
        out_.report.last_time = check->last_time;
        out_.chain = check->chain;
        table_.set_durable(out_.report.end, check->end);
        auto hash = hash_file(*opened.file, check->end);
        if (!hash) return std::unexpected(hash.error());
        const bool goes_on = opened.bytes == head.bytes && out_.report.end == check->position && head.epoch == options_.epoch
                             && head.hash_chain == options_.hash_chain;
        if (goes_on) {
            out_.active.emplace(std::move(opened.file), head, info, check->end, std::move(*hash));
        } else {
            out_.previous = (*hash)->finish_digest();
        }
        return {};
    }

    // Zeros over what was torn: a whole record among it would else be found behind the next shorter one.
    Result<void> cut_tail(OpenedSegment& opened, const SegmentCheck& check) {
        out_.report.cut_bytes = check.rubbish_end - check.end;
        if (out_.report.cut_bytes == 0) return {};
        finding(std::to_string(out_.report.cut_bytes) + " bytes at byte " + std::to_string(check.end)
                + " hold no whole record and were cut: a write that was interrupted before it was durable");
        const std::vector<std::byte> zeros(64 * 1024);
        for (auto at = check.end; at < check.rubbish_end;) {
            const auto part = std::min<std::uint64_t>(zeros.size(), check.rubbish_end - at);
            if (auto written = opened.file->write(at, std::span(zeros).first(part)); !written) return written;
            at += part;
        }
        return opened.file->sync();
    }

    void finding(const std::string& sentence) { out_.report.findings.push_back(segments_.back().second + ": " + sentence); }

    base::FileSystem& files_;
    const LaneOptions& options_;
    SegmentTable& table_;
    std::vector<std::pair<Position, std::string>> segments_;
    Recovered out_;
};

}  // namespace

Result<Recovered> recover(base::FileSystem& files, const LaneOptions& options, const std::vector<std::string>& names,
                          SegmentTable& table) {
    return Recoverer(files, options, table).run(names);
}

}  // namespace penstock::journal
