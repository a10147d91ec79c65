// Any bytes as a chunk, or as a bundle, with their checksum taken for right: the decoder stays inside its bytes and ends.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "codec/chunk.hpp"
#include "store/bundle.hpp"

namespace {

using namespace penstock;
using namespace penstock::sqlite;

std::uint64_t touch(const RowBuffer& rows) {
    const auto view = rows.view();
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < view.size(); ++i) {
        if (status_cause(view.status[i]) > view.causes.size()) std::abort();
        sum += static_cast<std::uint64_t>(view.time[i]) + view.word[i] + view.cause_at(i).size();
        if (!view.blob.empty() && !is_bad(status_quality(view.status[i]))) {
            if ((view.word[i] >> 32U) + (view.word[i] & 0xFFFF'FFFFU) > view.blob.size()) std::abort();
            for (const char c : view.blob_at(i)) sum += static_cast<unsigned char>(c);
        }
    }
    return sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto rows = std::make_unique<RowBuffer>();
    static volatile std::uint64_t sink = 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    ChunkKey key;
    if (decode_chunk(bytes, key, *rows, Verify::nothing)) sink = sink + touch(*rows);
    BundleReader bundle(bytes, Verify::nothing);
    while (const auto place = bundle.next())
        if (bundle.decode(*place, *rows)) sink = sink + touch(*rows);
    return 0;
}
