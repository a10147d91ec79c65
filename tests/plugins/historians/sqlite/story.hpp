#pragma once

// A short life of a historian on a disk of the test's: what was appended step by step, and whether a historian that was opened
// afterwards holds all of it up to its position, each sample once and in order. Everything follows from the step's number, so any
// prefix of the story can be told again.

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "historian.hpp"
#include "tests/plugins/historians/sqlite/model.hpp"

namespace penstock::sqlite::testing {

inline constexpr const char* kStoryFolder = "/archive";
inline constexpr JournalPosition kRecordsPerStep = 3;

class Story {
public:
    explicit Story(std::size_t steps) : steps_(steps) {}

    [[nodiscard]] std::size_t steps() const noexcept { return steps_; }
    [[nodiscard]] JournalPosition end() const noexcept { return steps_ * kRecordsPerStep; }
    [[nodiscard]] static std::unique_ptr<SqliteHistorian> open(const char* folder = kStoryFolder, const Options& options = {});
    // Goes on where `historian` is: opened, and told what its series are.
    void append(Historian& historian, std::size_t step) const;
    [[nodiscard]] static UtcTime time_after(std::size_t step);
    // What is wrong with what the historian holds; "" if nothing is.
    [[nodiscard]] std::string fault_of(Historian& historian) const;

private:
    std::size_t steps_;
};

}  // namespace penstock::sqlite::testing
