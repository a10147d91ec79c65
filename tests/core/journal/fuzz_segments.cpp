// Any bytes as the segments of a lane: recovery, readers and verify never crash, and hand out only records whose checksum is right.
// The input says where a healthy lane is changed: triples of place (4 bytes) and value (1 byte); else a checksum keeps a fuzzer out.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <span>
#include <string>

#include "core/journal/lane.hpp"
#include "core/journal/lane_reader.hpp"
#include "core/journal/segment_check.hpp"
#include "core/journal/segment_scan.hpp"
#include "core/journal/verify.hpp"
#include "tests/core/journal/fuzz_segments.hpp"
#include "tests/core/journal/lane_bodies.hpp"
#include "tests/support/recording_file_system.hpp"

namespace {

using namespace penstock;
using namespace penstock::journal;
using penstock::testing::Contents;
using penstock::testing::RecordingFileSystem;

LaneOptions options_of(bool chain) {
    auto options = small_lane("/lane", chain ? LaneKind::events : LaneKind::values);
    options.reserve_bytes = 0;
    return options;
}

std::map<std::string, Contents> healthy(bool chain) {
    RecordingFileSystem disk;
    auto lane = Lane::open(disk, options_of(chain));
    for (Position i = 0; i < 150; ++i) {
        const auto body = body_of(i);
        if (!(*lane)->append(RecordType::event, std::as_bytes(std::span(body)), time_of(i))) std::abort();
        if (i % 9 == 0 && !(*lane)->commit()) std::abort();
    }
    if (!(*lane)->commit()) std::abort();
    auto files = disk.files();
    std::erase_if(files, [](const auto& file) { return !file.first.ends_with(".seg"); });
    return files;
}

// After the change the checksum of the record or head that it is in is made to fit, so that the code behind it is reached.
void mend_checksums(Contents& contents) {
    if (contents.size() < kLeastSegmentBytes) return;
    RecordingFileSystem disk({{"/lane/x", contents}}, {"/lane"});
    const auto opened = open_segment(disk, "/lane/x", base::OpenMode::read);
    if (!opened || opened->head.state != HeadState::good) return;
    for (std::size_t at = kPageBytes; at + kRecordHeadBytes <= contents.size();) {
        const auto head = decode_record_head(std::span(contents).subspan(at));
        if (!head) break;
        const auto size = record_bytes(head->length, opened->head.head.hash_chain);
        if (size > contents.size() - at) break;
        put_record_crc(std::span(contents).subspan(at, size), opened->head.head.crc);
        at += size;
    }
}

// How many records were handed out whose bodies are not what was appended.
std::uint64_t look_at(RecordingFileSystem& disk, const LaneOptions& options) {
    std::uint64_t wrong = 0;
    const auto report = verify(disk, options.folder);
    if (!report && report.error().sentence().empty()) std::abort();
    const auto lane = Lane::open(disk, options);
    if (!lane) {
        if (lane.error().sentence().empty()) std::abort();
        return wrong;
    }
    const auto reader = (*lane)->reader((*lane)->first());
    Record record;
    Position next = (*lane)->first();
    for (;;) {
        const auto found = reader->next(record);
        if (!found || !*found) break;
        if (record.sequence < next) std::abort();
        next = record.sequence + 1;
        const auto body = body_of(record.sequence);
        const bool is_right =
            record.body.size() == body.size() && std::memcmp(record.body.data(), body.data(), body.size()) == 0;
        if (!is_right) ++wrong;
    }
    const char more[] = "after";
    if ((*lane)->append(RecordType::event, std::as_bytes(std::span(more)), time_of(0)) && !(*lane)->commit()) std::abort();
    return wrong;
}

}  // namespace

std::uint64_t wrong_records_of(const std::uint8_t* data, std::size_t size) {
    static const std::map<std::string, Contents> plain = healthy(false), chained = healthy(true);
    if (size < 1) return 0;
    const bool chain = (data[0] & 1U) != 0;
    const bool mend = (data[0] & 2U) != 0;
    const bool cut = (data[0] & 4U) != 0;
    auto files = chain ? chained : plain;
    for (std::size_t at = 1; at + 5 <= size; at += 5) {
        std::uint32_t place = 0;
        std::memcpy(&place, data + at, 4);
        auto file = files.begin();
        std::advance(file, static_cast<std::ptrdiff_t>((place >> 20U) % files.size()));
        auto& contents = file->second;
        if (contents.empty()) continue;
        const auto offset = (place & 0xFFFFFU) % contents.size();
        contents[offset] = std::byte{data[at + 4]};
        if (cut && at == 1) contents.resize(offset);
    }
    if (mend) {
        for (auto& [name, contents] : files) mend_checksums(contents);
    }
    RecordingFileSystem disk(std::move(files), {"/lane"});
    disk.set_recording(false);
    return look_at(disk, options_of(chain));
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto wrong = wrong_records_of(data, size);
    const bool checksums_were_made_to_fit = size > 0 && (data[0] & 2U) != 0;
    if (wrong != 0 && !checksums_were_made_to_fit) std::abort();
    return 0;
}
