#include "core/base/suggest.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace penstock::base {
namespace {

constexpr std::size_t kLongestWord = 255;  // longer ones are nobody's typo

char fold(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Edits are counted in characters, so that a wrong "µ" is one and not two.
std::size_t characters_of(std::string_view word, std::array<std::uint32_t, kLongestWord>& into) noexcept {
    std::size_t count = 0;
    for (const char byte : word) {
        const auto bits = static_cast<unsigned char>(byte);
        if ((bits & 0xC0U) == 0x80U && count != 0) {
            into[count - 1] = into[count - 1] << 8U | bits;
        } else if (count < kLongestWord) {
            into[count++] = static_cast<unsigned char>(fold(byte));
        }
    }
    return count;
}

bool begins_with(std::string_view word, std::string_view start) noexcept {
    return start.size() >= 3 && word.size() >= start.size()
           && std::equal(start.begin(), start.end(), word.begin(), [](char a, char b) { return fold(a) == fold(b); });
}

struct Near {
    std::size_t distance;
    std::size_t place;  // among the candidates: equal ones keep their order
    std::string_view word;
    auto operator<=>(const Near&) const = default;
};

// A word that only lacks its end is ranked behind those one edit away.
void consider(std::string_view word, std::string_view candidate, std::size_t most, std::vector<Near>& found) {
    if (candidate.size() > kLongestWord) return;
    const std::size_t distance = edit_distance(word, candidate, most);
    if (distance <= most) {
        found.push_back({distance, found.size(), candidate});
    } else if (begins_with(candidate, word) || begins_with(word, candidate)) {
        found.push_back({most + 1, found.size(), candidate});
    }
}

template <class Text>
std::vector<std::string_view> nearest_of(std::string_view word, std::span<const Text> candidates, std::size_t most) {
    if (word.empty() || word.size() > kLongestWord || most == 0) return {};
    const std::size_t limit = std::max<std::size_t>(1, word.size() / 3);
    std::vector<Near> found;
    for (const Text& candidate : candidates) consider(word, candidate, limit, found);
    std::ranges::sort(found);
    std::vector<std::string_view> words;
    for (const Near& near : found) {
        if (words.size() == most) break;
        words.push_back(near.word);
    }
    return words;
}

template <class Text>
std::string suggestion(std::string_view word, std::span<const Text> candidates) {
    constexpr std::size_t kListed = 8;
    const auto near = nearest_of(word, candidates, 1);
    if (!near.empty()) return "did you mean \"" + std::string(near.front()) + "\"?";
    if (candidates.empty() || candidates.size() > kListed) return {};
    std::string list = "known: ";
    for (const Text& candidate : candidates) {
        if (&candidate != candidates.data()) list += ", ";
        list += candidate;
    }
    return list;
}

}  // namespace

// Optimal string alignment: Levenshtein's three rows with a swap of neighbours as one edit.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t most) {
    std::array<std::uint32_t, kLongestWord> left;   // NOLINT(cppcoreguidelines-pro-type-member-init): filled below
    std::array<std::uint32_t, kLongestWord> right;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled below
    const std::size_t n = characters_of(a, left);
    const std::size_t m = characters_of(b, right);
    if ((n > m ? n - m : m - n) > most) return most + 1;

    std::array<std::uint16_t, kLongestWord + 1> storage[3];
    auto* before = &storage[0];
    auto* previous = &storage[1];
    auto* current = &storage[2];
    for (std::size_t j = 0; j <= m; ++j) (*previous)[j] = static_cast<std::uint16_t>(j);
    for (std::size_t i = 1; i <= n; ++i) {
        (*current)[0] = static_cast<std::uint16_t>(i);
        std::size_t best = i;
        for (std::size_t j = 1; j <= m; ++j) {
            const bool same = left[i - 1] == right[j - 1];
            std::size_t edits = (*previous)[j - 1] + (same ? 0U : 1U);
            edits = std::min({edits, (*previous)[j] + std::size_t{1}, (*current)[j - 1] + std::size_t{1}});
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
                edits = std::min(edits, (*before)[j - 2] + std::size_t{1});
            }
            (*current)[j] = static_cast<std::uint16_t>(edits);
            best = std::min(best, edits);
        }
        if (best > most) return most + 1;
        std::swap(before, previous);
        std::swap(previous, current);
    }
    return std::min<std::size_t>((*previous)[m], most + 1);
}

std::vector<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates, std::size_t most) {
    return nearest_of(word, candidates, most);
}
std::vector<std::string_view> nearest(std::string_view word, std::span<const std::string> candidates, std::size_t most) {
    return nearest_of(word, candidates, most);
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
    return suggestion(word, candidates);
}
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
    return suggestion(word, candidates);
}

}  // namespace penstock::base
