#pragma once

// For those who build catalogs: what repeats is stored once.

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/tags/text_arena.hpp"

namespace penstock::tags {

// Stores equal texts once. Neighbours mostly agree, so the last one of each column is asked first.
class Interner {
public:
    explicit Interner(TextArena& texts) : texts_(texts), offsets_(16, Hash{&texts}, Equal{&texts}) {}

    TextOffset intern(std::string_view text, TextOffset last) {
        if (texts_.at(last) == text) return last;
        if (text.empty()) return 0;
        if (const auto known = offsets_.find(text); known != offsets_.end()) return *known;
        const auto offset = texts_.add(text);
        offsets_.insert(offset);
        return offset;
    }

private:
    struct Hash {
        using is_transparent = void;
        const TextArena* texts;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
        std::size_t operator()(TextOffset offset) const { return (*this)(texts->at(offset)); }
    };
    struct Equal {
        using is_transparent = void;
        const TextArena* texts;
        bool operator()(TextOffset a, TextOffset b) const { return a == b; }  // each text is stored once
        bool operator()(std::string_view a, TextOffset b) const { return a == texts->at(b); }
        bool operator()(TextOffset a, std::string_view b) const { return texts->at(a) == b; }
    };
    TextArena& texts_;
    std::unordered_set<TextOffset, Hash, Equal> offsets_;
};

// Stores equal sets of numbers once, compared by their bits: NaN equals itself.
template <class T>
class Repeated {
public:
    std::uint32_t add(std::vector<T>& all, const T& one) {
        std::string bits(sizeof(T), '\0');
        std::memcpy(bits.data(), &one, sizeof(T));
        if (bits == last_bits_) return last_;
        const auto [at, is_new] = numbers_.try_emplace(bits, static_cast<std::uint32_t>(all.size()));
        if (is_new) all.push_back(one);
        last_bits_ = std::move(bits);
        return last_ = at->second;
    }

private:
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::string last_bits_;
    std::uint32_t last_ = 0;
};

}  // namespace penstock::tags
