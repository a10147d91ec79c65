#include <algorithm>
#include <bit>

#include "core/history/packing/block.hpp"
#include "core/history/packing/record_layout.hpp"
#include "core/history/values_record.hpp"

namespace penstock::history {

using namespace packing;

SampleView DecodedValues::samples() const noexcept {
    return {std::span(time_).first(rows_), std::span(status_).first(rows_), std::span(word_).first(rows_), blob_, causes_};
}

SampleView DecodedValues::samples(const SeriesRun& run) const noexcept {
    return {std::span(time_).subspan(run.first, run.count), std::span(status_).subspan(run.first, run.count),
            std::span(word_).subspan(run.first, run.count), blob_, causes_};
}

// One pass over one record, into one DecodedValues.
class ValuesDecoder {
public:
    ValuesDecoder(std::span<const std::byte> body, DecodedValues& into) : body_(body), into_(into) {}

    [[nodiscard]] Result<void> all();
    [[nodiscard]] Result<void> only(std::span<const tags::TagId> tags);
    [[nodiscard]] static Result<RecordHead> head_of(std::span<const std::byte> body);

private:
    [[nodiscard]] Result<void> open();
    [[nodiscard]] bool take_causes(Cursor from);
    [[nodiscard]] BlockEntry entry(std::size_t block) const noexcept {
        return load<BlockEntry>(directory_ + block * sizeof(BlockEntry));
    }
    [[nodiscard]] std::uint32_t begin_of(std::size_t block) const noexcept { return block == 0 ? 0 : entry(block - 1).end; }
    [[nodiscard]] std::size_t block_of(tags::TagId tag) const noexcept;
    [[nodiscard]] Result<void> append_block(std::size_t block);
    void make_room(std::size_t rows);
    void keep(std::size_t first_run, std::uint32_t first_row, std::span<const tags::TagId> wanted);
    [[nodiscard]] std::unexpected<Error> fault(std::string sentence);

    std::span<const std::byte> body_;
    DecodedValues& into_;
    RecordHead head_;
    const std::uint8_t* directory_ = nullptr;
    const std::uint8_t* blocks_ = nullptr;
    std::size_t block_bytes_ = 0;
};

namespace {

[[nodiscard]] Error make_fault(std::string sentence) { return {ErrorCode::protocol, std::move(sentence), "values record"}; }

[[nodiscard]] const std::uint8_t* bytes_of(std::span<const std::byte> body) noexcept {
    return reinterpret_cast<const std::uint8_t*>(body.data());
}

}  // namespace

std::unexpected<Error> ValuesDecoder::fault(std::string sentence) {
    into_.rows_ = 0;
    into_.runs_.clear();
    return std::unexpected(make_fault(std::move(sentence)));
}

Result<RecordHead> ValuesDecoder::head_of(std::span<const std::byte> body) {
    constexpr auto kLeast = sizeof(RecordHead) + kPadding;
    if (body.size() < kLeast) {
        return std::unexpected(
            make_fault("it has " + std::to_string(body.size()) + " bytes, and the least is " + std::to_string(kLeast)));
    }
    const auto head = load<RecordHead>(bytes_of(body));
    if (head.version != kRecordVersion) {
        return std::unexpected(make_fault("its format is version " + std::to_string(head.version)
                                          + ", and this program reads version " + std::to_string(kRecordVersion)));
    }
    if (head.rows == 0 || head.rows > kMaxRecordRows || head.runs == 0 || head.runs > head.rows || head.blocks == 0
        || head.blocks > head.runs) {
        return std::unexpected(make_fault("it claims " + std::to_string(head.rows) + " rows in " + std::to_string(head.runs)
                                          + " runs and " + std::to_string(head.blocks) + " blocks"));
    }
    const auto claimed = kLeast + std::uint64_t{head.blocks} * sizeof(BlockEntry) + head.cause_bytes + head.blob_bytes;
    if (claimed > body.size()) {
        return std::unexpected(make_fault("it claims " + std::to_string(claimed) + " bytes beside its blocks, and has "
                                          + std::to_string(body.size())));
    }
    return head;
}

bool ValuesDecoder::take_causes(Cursor from) {
    into_.causes_.clear();
    for (std::uint32_t cause = 0; cause < head_.causes; ++cause) {
        const auto length = from.varint();
        const auto* text = from.take(length);
        if (text == nullptr || !from.ok) return false;
        into_.causes_.emplace_back(reinterpret_cast<const char*>(text), length);
    }
    return from.at == from.end;
}

Result<void> ValuesDecoder::open() {
    into_.rows_ = 0;
    into_.runs_.clear();
    auto head = head_of(body_);
    if (!head) return std::unexpected(std::move(head.error()));
    head_ = *head;
    directory_ = bytes_of(body_) + sizeof(RecordHead);
    const auto* causes = directory_ + head_.blocks * sizeof(BlockEntry);
    const auto* blob = causes + head_.cause_bytes;
    blocks_ = blob + head_.blob_bytes;
    block_bytes_ = static_cast<std::size_t>(bytes_of(body_) + body_.size() - kPadding - blocks_);
    into_.blob_ = {reinterpret_cast<const char*>(blob), head_.blob_bytes};
    if (!take_causes({causes, blob}))
        return fault("its causes do not fill their " + std::to_string(head_.cause_bytes) + " bytes");

    std::uint64_t rows = 0;
    for (std::size_t block = 0; block < head_.blocks; ++block) {
        const auto here = entry(block);
        rows += here.rows;
        if (here.rows == 0 || here.end > block_bytes_ || here.end < begin_of(block)
            || (block > 0 && here.first_tag <= entry(block - 1).first_tag)) {
            return fault("block " + std::to_string(block) + " of " + std::to_string(head_.blocks)
                         + " has no rows, or is out of order, or ends behind the record");
        }
    }
    if (rows != head_.rows || entry(head_.blocks - 1).end != block_bytes_) {
        return fault("its blocks have " + std::to_string(rows) + " rows in " + std::to_string(entry(head_.blocks - 1).end)
                     + " bytes; the head says " + std::to_string(head_.rows) + " in " + std::to_string(block_bytes_));
    }
    return {};
}

// Columns only grow, and 7 rows more than asked: unpacking writes eight at a time.
void ValuesDecoder::make_room(std::size_t rows) {
    if (into_.time_.size() >= rows + 7) return;
    const auto room = std::max(rows + 7, into_.time_.size() * 2);
    into_.time_.resize(room);
    into_.status_.resize(room);
    into_.word_.resize(room);
    into_.lengths_.resize(room);
}

Result<void> ValuesDecoder::append_block(std::size_t block) {
    const auto here = entry(block);
    const auto begin = begin_of(block);
    make_room(into_.rows_ + here.rows);
    const auto runs_before = into_.runs_.size();
    into_.runs_.resize(runs_before + here.rows);
    const auto row = into_.rows_;
    const BlockTarget target{into_.runs_.data() + runs_before, static_cast<std::uint32_t>(row), into_.time_.data() + row,
                             into_.status_.data() + row,       into_.word_.data() + row,        into_.lengths_.data()};
    const auto runs = unpack_block({blocks_ + begin, blocks_ + here.end},
                                   {here.first_tag, here.rows, head_.causes, head_.blob_bytes}, target);
    if (runs == 0)
        return fault("block " + std::to_string(block) + ", tags from " + std::to_string(here.first_tag) + ", makes no sense");
    into_.runs_.resize(runs_before + runs);
    into_.rows_ += here.rows;
    if (block + 1 < head_.blocks && into_.runs_.back().series >= entry(block + 1).first_tag) {
        return fault("the tags of block " + std::to_string(block) + " reach into the next");
    }
    return {};
}

Result<void> ValuesDecoder::all() {
    if (auto opened = open(); !opened) return opened;
    make_room(head_.rows);
    for (std::size_t block = 0; block < head_.blocks; ++block) {
        if (auto read = append_block(block); !read) return read;
    }
    if (into_.runs_.size() == head_.runs) return {};
    return fault("its blocks have " + std::to_string(into_.runs_.size()) + " runs; the head says "
                 + std::to_string(head_.runs));
}

// The last block that begins at or before the tag; head_.blocks if there is none.
std::size_t ValuesDecoder::block_of(tags::TagId tag) const noexcept {
    std::size_t low = 0, high = head_.blocks;
    while (low < high) {
        const auto middle = (low + high) / 2;
        if (entry(middle).first_tag <= tag) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 ? head_.blocks : low - 1;
}

// Of the block that was appended last, leaves the wanted runs and moves them together.
void ValuesDecoder::keep(std::size_t first_run, std::uint32_t first_row, std::span<const tags::TagId> wanted) {
    auto& runs = into_.runs_;
    auto next = first_row;
    auto kept = first_run;
    for (auto at = first_run; at < runs.size(); ++at) {
        const auto run = runs[at];
        if (!std::ranges::binary_search(wanted, run.series)) continue;
        const auto move = [&run, next](auto& column) {
            std::copy_n(column.begin() + run.first, run.count, column.begin() + next);
        };
        if (next != run.first) {
            move(into_.time_);
            move(into_.status_);
            move(into_.word_);
        }
        runs[kept++] = {run.series, next, run.count};
        next += run.count;
    }
    runs.resize(kept);
    into_.rows_ = next;
}

Result<void> ValuesDecoder::only(std::span<const tags::TagId> tags) {
    if (auto opened = open(); !opened) return opened;
    std::size_t last = head_.blocks;
    for (const auto tag : tags) {
        const auto block = block_of(tag);
        if (block == head_.blocks || block == last) continue;
        last = block;
        const auto first_run = into_.runs_.size();
        const auto first_row = static_cast<std::uint32_t>(into_.rows_);
        if (auto read = append_block(block); !read) return read;
        keep(first_run, first_row, tags);
    }
    return {};
}

Result<ValuesHead> read_values_head(std::span<const std::byte> body) {
    const auto head = ValuesDecoder::head_of(body);
    if (!head) return std::unexpected(head.error());
    ValuesHead read{head->rows, head->runs, head->first_time, head->last_time, 0};
    read.first_tag = load<BlockEntry>(bytes_of(body) + sizeof(RecordHead)).first_tag;
    return read;
}

Result<void> decode_values(std::span<const std::byte> body, DecodedValues& into) { return ValuesDecoder(body, into).all(); }

Result<void> find_values(std::span<const std::byte> body, std::span<const tags::TagId> tags, DecodedValues& into) {
    return ValuesDecoder(body, into).only(tags);
}

}  // namespace penstock::history
