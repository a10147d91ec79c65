#include "core/journal/lane_reader.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/journal/lane_reader_parts.hpp"
#include "core/journal/segment_check.hpp"
#include "core/journal/segment_scan.hpp"

namespace penstock::journal {
namespace {

class TableReader final : public LaneReader {
public:
    TableReader(std::shared_ptr<const SegmentTable> table, Position position) : table_(std::move(table)), position_(position) {
        const auto first = table_->first();
        const auto end = table_->durable();
        if (position_ < first) {
            skip_to(first, "removed from the journal: its oldest records have been trimmed");
        } else if (position_ > end) {
            skip_ = {position_, end, "the journal ends before this position: it was cut or replaced"};
            position_ = end;
        }
    }

    Result<bool> next(Record& record) override {
        for (;;) {
            if (!scan_) {
                const auto opened = open_at_position();
                if (!opened || !*opened) return opened;
                if (!scan_) continue;
            }
            ScannedRecord scanned;
            const auto found = scan_->next(scanned);
            if (!found) return found;
            if (*found && scanned.head.sequence < view_.end) {
                if (take(scanned, record)) return true;
                continue;
            }
            if (!move_on()) return false;
        }
    }

    Position position() const noexcept override { return position_; }
    Skip take_skip() override { return std::exchange(skip_, {}); }

private:
    // False: nothing durable from the position on.
    Result<bool> open_at_position() {
        view_ = table_->find(position_);
        if (!view_.segment || position_ >= view_.end) return false;
        if (position_ < view_.segment->first) skip_to(view_.segment->first, "removed from the journal while it was read");
        auto opened = open_segment(table_->files(), table_->path(*view_.segment), base::OpenMode::read);
        if (!opened) {
            // Trimmed between the look and the opening: the next look finds what is there now.
            const bool is_gone =
                opened.error().code() == ErrorCode::not_found && table_->find(position_).segment != view_.segment;
            return is_gone ? Result<bool>(true) : std::unexpected(opened.error());
        }
        if (opened->head.state != HeadState::good || opened->head.head.first != view_.segment->first) {
            skip_to(view_.end, view_.segment->name + ": its head and the copy of it are damaged");
            return true;
        }
        segment_ = std::move(*opened);
        const auto place = view_.segment->index.find(position_, {view_.segment->first, kPageBytes});
        index_again_at_ = 0;
        scan_.emplace(*segment_.file, segment_.head.head, place.offset, end_offset(), place.sequence);
        return true;
    }

    std::uint64_t end_offset() const { return view_.end_offset != 0 ? view_.end_offset : segment_.records_end(); }

    bool take(const ScannedRecord& scanned, Record& record) {
        if (scanned.head.sequence > position_) skip_to(scanned.head.sequence, damage_text());
        if (scanned.head.sequence < position_) return false;  // before the place that the index led to
        if (scanned.offset >= index_again_at_) {
            view_.segment->index.add({scanned.head.sequence, scanned.offset});
            index_again_at_ = scanned.offset + SparseIndex::kStride;
        }
        record = {scanned.head.type, scanned.head.sequence, scanned.head.time, scanned.body};
        position_ = scanned.head.sequence + 1;
        return true;
    }

    // At the end of what was known of this segment. False: at the end of what is durable.
    bool move_on() {
        const auto now = table_->find(std::max(position_, view_.end));
        if (now.segment == view_.segment && now.end > view_.end) {
            // More has become durable here, unless damage lies before it: then the scan starts again behind that.
            if (position_ < view_.end) skip_to(view_.end, damage_text());
            const auto restart = scan_->expected() != position_;
            view_ = now;
            if (restart) {
                scan_.reset();
            } else {
                scan_->extend(end_offset());
            }
            return true;
        }
        if (position_ < view_.end) skip_to(view_.end, damage_text());
        if (now.segment == view_.segment && scan_->expected() == position_) return false;
        // Another segment holds what comes next, or a new scan starts behind the damage.
        scan_.reset();
        return true;
    }

    std::string damage_text() const { return view_.segment->name + ": records there are damaged: their checksum is wrong"; }

    void skip_to(Position to, std::string cause) {
        if (skip_.from == skip_.to) skip_ = {position_, to, std::move(cause)};
        skip_.to = to;
        position_ = to;
    }

    std::shared_ptr<const SegmentTable> table_;
    Position position_;
    Skip skip_;
    SegmentTable::View view_;
    OpenedSegment segment_;
    std::optional<SegmentScan> scan_;  // reads segment_
    std::uint64_t index_again_at_ = 0;
};

}  // namespace

std::unique_ptr<LaneReader> make_lane_reader(std::shared_ptr<const SegmentTable> table, Position position) {
    return std::make_unique<TableReader>(std::move(table), position);
}

}  // namespace penstock::journal
