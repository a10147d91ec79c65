#pragma once

// "did you mean": the valid words nearest to one that is not.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penstock::base {

// Edits (insert, delete, replace, swap of neighbours) between two words of UTF-8, ASCII letters compared without case.
// Counting ends at `most`: the answer is then most + 1.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t most);

// The candidates like `word`, nearest first, at most `most`; empty if none is near: a third of the word's length in edits at most
// (at least one). A candidate that begins with the word, or the word with it, counts as near. Equal ones keep their order.
// Views into `candidates`. About 50 ns a candidate.
[[nodiscard]] std::vector<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates,
                                                    std::size_t most = 3);
[[nodiscard]] std::vector<std::string_view> nearest(std::string_view word, std::span<const std::string> candidates,
                                                    std::size_t most = 3);

// did you mean "bar"? with the nearest; else `known` lists what there is if there are at most eight ("known: a, b, c");
// else "".
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace penstock::base
