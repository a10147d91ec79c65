#include "texts.hpp"

#include <array>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "integers.hpp"

namespace penstock::sqlite {

void encode_texts(std::span<const std::uint64_t> words, std::string_view blob, ByteWriter& out) {
    std::unordered_map<std::string_view, std::int64_t> known;
    std::vector<std::string_view> different;
    std::array<std::int64_t, kMostRows> places;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto text = blob.substr(words[i] >> 32U, words[i] & 0xFFFF'FFFFU);
        const auto [entry, is_new] = known.try_emplace(text, static_cast<std::int64_t>(different.size()));
        if (is_new) different.push_back(text);
        places[i] = entry->second;
    }
    out.varint(different.size());
    for (const auto text : different) out.varint(text.size());
    for (const auto text : different) out.raw(text.data(), text.size());
    encode_integers(std::span(places).first(words.size()), out);
}

void decode_texts(ByteReader& in, std::size_t count, std::int64_t* into) noexcept {
    std::array<std::int64_t, kMostRows> words;
    const auto different = in.varint();
    if (different == 0 || different > count) {
        in.fail();
        return;
    }
    for (std::size_t i = 0; i < different; ++i) words[i] = static_cast<std::int64_t>(in.varint());
    for (std::size_t i = 0; i < different; ++i) {
        const auto length = static_cast<std::uint64_t>(words[i]);
        words[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(in.offset()) << 32U | length);
        static_cast<void>(in.take(length));
    }
    if (!in.failed()) decode_integers(in, count, into);
    if (in.failed()) return;
    for (std::size_t i = 0; i < count; ++i) {
        if (static_cast<std::uint64_t>(into[i]) >= different) {
            in.fail();
            return;
        }
        into[i] = words[static_cast<std::size_t>(into[i])];
    }
}

}  // namespace penstock::sqlite
