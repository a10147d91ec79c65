#pragma once

// What the files of the driver's conformance tests share.

#include <penstock/testing/driver_conformance.hpp>

namespace penstock::testing::detail {

// A library's object without a symbol that somebody asks for is not linked, and its tests with it.
void link_reading_tests();
void link_faults_tests();
void link_writing_tests();
void link_stopping_tests();

// A sentence, not a code: some words.
[[nodiscard]] bool is_sentence(std::string_view text);

// Rubbish of the kinds that real networks deliver, in place of a reply of this size.
[[nodiscard]] std::string rubbish(std::size_t kind, std::size_t size, ScriptedNetwork& network);
inline constexpr std::size_t kRubbishKinds = 200;

}  // namespace penstock::testing::detail

namespace penstock::testing {
using detail::is_sentence;
using detail::kRubbishKinds;
using detail::rubbish;
}  // namespace penstock::testing
