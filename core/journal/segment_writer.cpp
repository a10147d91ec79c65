#include "core/journal/segment_writer.hpp"

#include <array>
#include <utility>

namespace penstock::journal {

Result<SegmentWriter> SegmentWriter::start(base::FileSystem& files, const std::filesystem::path& folder,
                                           PreparedSegment prepared, SegmentHead head) {
    std::array<std::byte, kPageBytes> page{};
    head.bytes = prepared.bytes;
    encode_head(head, page);
    auto info = std::make_shared<SegmentInfo>();
    info->first = head.first;
    info->name = segment_name(head.first);
    info->bytes = prepared.bytes;
    auto done = prepared.file->write(0, page);
    if (done) done = prepared.file->write(head.bytes - kPageBytes, page);
    if (done) done = prepared.file->sync();
    if (done) done = files.rename(prepared.path, folder / info->name);
    if (done) done = files.sync_folder(folder);
    if (!done) {
        (void)files.remove(prepared.path);  // the first error is the one to tell
        return std::unexpected(done.error());
    }
    auto hash = std::make_unique<base::Sha256>();
    hash->update(page);
    return SegmentWriter(std::move(prepared.file), std::move(head), std::move(info), kPageBytes, std::move(hash));
}

SegmentWriter::SegmentWriter(std::unique_ptr<base::File> file, SegmentHead head, std::shared_ptr<SegmentInfo> info,
                             std::uint64_t end, std::unique_ptr<base::Sha256> hash)
    : file_(std::move(file)), head_(std::move(head)), info_(std::move(info)), end_(end), hash_(std::move(hash)) {}

Result<void> SegmentWriter::seal(Position position) {
    std::array<std::byte, kPageBytes> page{};
    encode_seal({end_, position}, head_.crc, page);
    if (auto written = file_->write(head_.records_end(), page); !written) return written;
    return file_->sync();
}

}  // namespace penstock::journal
