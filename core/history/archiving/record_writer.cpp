#include "core/history/archiving/record_writer.hpp"

#include <algorithm>

#include "core/history/archived_series.hpp"
#include "core/history/archiver.hpp"
#include "core/journal/lane.hpp"

namespace penstock::history::archiving {
namespace {

constexpr std::size_t kFirstRoom = 4'096;
constexpr std::size_t kMostCauseBytes = 1024 * 1024;
constexpr std::size_t kMostCauses = 60'000;
constexpr std::size_t kMostBlobBytes = kMaxRecordBlobBytes - kMostCauseBytes - 2 * tags::CauseTable::kMaxTextBytes;
static_assert(kMostBlobBytes > kMaxValueBytes);

[[nodiscard]] ValuesEncoder make_encoder(const tags::TagCatalog& catalog) {
    ValuesEncoder encoder(catalog.id_limit());
    for (const auto tag : catalog.by_name()) {
        if (catalog.archive(tag).mode == tags::ArchiveMode::off) continue;
        if (!is_scalar_word(catalog.type(tag))) encoder.set_blob(tag);
        if (const auto steps = steps_of(catalog.view(tag)); steps.step != 0) encoder.set_scale(tag, steps.step, steps.offset);
    }
    return encoder;
}

void count(std::atomic<std::uint64_t>& counter, std::uint64_t more) noexcept {  // one writer
    counter.store(counter.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
}

}  // namespace

std::string_view text_of(OwnCause cause) noexcept {
    switch (cause) {
        case OwnCause::server_down: return kServerWasDown;
        case OwnCause::archive_too_slow: return kArchiveTooSlow;
        case OwnCause::disk_too_slow: return kDiskTooSlow;
    }
    return {};
}

RecordWriter::RecordWriter(tags::TagReader reader, journal::Lane& lane)
    : reader_(reader), lane_(lane), encoder_(make_encoder(reader.catalog())) {}

bool RecordWriter::causes_are_full() const noexcept { return causes_.size() >= kMostCauses || cause_bytes_ >= kMostCauseBytes; }

// Room for a row: more memory, or a record that is full goes.
void RecordWriter::make_room() {
    if (room_ == kMaxRecordRows || causes_are_full()) return write();
    room_ = std::min<std::size_t>(std::max(kFirstRoom, room_ * 2), kMaxRecordRows);
    tag_.resize(room_);
    time_.resize(room_);
    status_.resize(room_);
    word_.resize(room_);
}

void RecordWriter::add_blob(tags::TagId tag, std::int64_t time, RowState state, std::string_view bytes) {
    if (count_ == room_ || causes_are_full()) make_room();
    if (blob_.size() + bytes.size() > kMostBlobBytes) write();
    const auto word = std::uint64_t{blob_.size()} << 32U | bytes.size();
    blob_ += bytes;
    put(tag, time, state, word);
}

std::uint16_t RecordWriter::local_cause(RowState state) {
    const auto cause = engine::capture_cause(state);
    const bool is_own = (state & kOwnCause) != 0;
    if (!is_own && cause >= local_.size()) local_.resize(std::size_t{cause} * 2 + 64);
    auto& local = is_own ? local_own_[cause] : local_[cause];
    if (local != 0) return local;
    const auto text = is_own ? text_of(static_cast<OwnCause>(cause)) : reader_.cause(cause);
    if (text.empty()) return 0;
    causes_.push_back(text);
    cause_bytes_ += text.size();
    if (!is_own) used_.push_back(cause);
    return local = static_cast<std::uint16_t>(causes_.size());
}

void RecordWriter::clear() {
    count_ = 0;
    blob_.clear();
    for (const auto cause : used_) local_[cause] = 0;
    used_.clear();
    local_own_.fill(0);
    causes_.clear();
    cause_bytes_ = 0;
}

void RecordWriter::remember_refused() {
    for (std::size_t row = 0; row < count_; ++row) {
        const auto [at, is_new] = refused_.try_emplace(tag_[row], time_[row]);
        if (!is_new) at->second = std::min(at->second, time_[row]);
    }
    count(counts_.refused, count_);
}

void RecordWriter::write() {
    if (count_ == 0) return;
    const auto record = encoder_.encode({std::span(tag_).first(count_), std::span(time_).first(count_),
                                         std::span(status_).first(count_), std::span(word_).first(count_), blob_, causes_});
    if (lane_.append(journal::RecordType::values, record, now_)) {
        count(counts_.kept, count_);
        count(counts_.records, 1);
        count(counts_.bytes, record.size());
    } else {
        remember_refused();
    }
    clear();
}

}  // namespace penstock::history::archiving
