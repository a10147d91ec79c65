#include "chunk_search.hpp"

#include <string_view>
#include <utility>

namespace penstock::sqlite {
namespace {

constexpr int kMostDamagedPages = 16;

// Most chunks are of other series: these are not decoded.
bool decode_if_of(SeriesId series, std::string_view bytes, Verify verify, ChunkKey& key, RowBuffer& into) {
    ByteReader head(bytes);
    return head.byte() == kChunkVersion && head.varint() == series && decode_chunk(bytes, key, into, verify)
           && key.series == series;
}

}  // namespace

void search_chunks(ReadConnection& connection, Verify verify, SeriesId series, const TakeChunk& take,
                   const std::function<void(const std::string& what)>& tell) {
    auto rows = connection.buffer();
    auto chunks = connection.database.prepare("SELECT id, rows FROM chunk WHERE id > ? ORDER BY id");
    std::int64_t last = 0;
    for (int damaged_pages = 0; damaged_pages < kMostDamagedPages;) {
        try {
            chunks.bind(1, last);
            while (chunks.step()) {
                last = chunks.integer(0);
                ChunkKey key;
                if (decode_if_of(series, chunks.bytes(1), verify, key, *rows)) take(last, key.sequence, *rows);
            }
            break;
        } catch (const Damaged& damaged) {
            tell(std::string("a page of chunks cannot be read (") + damaged.what() + ')');
            chunks.reset();
            last += 1 << damaged_pages++;  // behind the page, somewhere
        }
    }
    connection.give_back(std::move(rows));
}

}  // namespace penstock::sqlite
