#include "chunk.hpp"

#include <cstring>

#include "crc32c.hpp"

namespace penstock::sqlite {

void encode_chunk(const ChunkKey& key, const SampleView& rows, const RowKind& kind, std::string& out) {
    EncodeContext context;
    std::string run;
    ByteWriter run_out(run);
    encode_rows(rows, kind, context, run_out);

    const auto start = out.size();
    ByteWriter writer(out);
    writer.byte(kChunkVersion);
    writer.varint(key.series);
    writer.varint(key.sequence);
    context.encode(writer);
    writer.varint(rows.size());
    writer.raw(run.data(), run.size());
    append_checksum(out, start);
}

bool decode_chunk(std::string_view bytes, ChunkKey& key, RowBuffer& into, Verify verify) {
    const auto body = checked(bytes, verify);
    ByteReader in(body);
    if (in.byte() != kChunkVersion) return false;
    key.series = static_cast<SeriesId>(in.varint());
    key.sequence = in.varint();
    DecodeContext context;
    context.decode(in);
    const auto rows = in.varint();
    if (in.failed() || rows > kMostRows) return false;
    return decode_rows(in, body, static_cast<std::size_t>(rows), context, into) && in.left() == 0;
}

void append_checksum(std::string& bytes, std::size_t start) {
    const auto sum = crc32c(std::string_view(bytes).substr(start));
    ByteWriter(bytes).fixed32(sum);
}

std::string_view checked(std::string_view bytes, Verify verify) noexcept {
    std::uint32_t sum = 0;
    if (bytes.size() < sizeof sum) return {};
    const auto body = bytes.substr(0, bytes.size() - sizeof sum);
    std::memcpy(&sum, bytes.data() + body.size(), sizeof sum);
    return verify == Verify::nothing || crc32c(body) == sum ? body : std::string_view();
}

}  // namespace penstock::sqlite
