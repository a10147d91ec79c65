#pragma once

#include <string>
#include <utility>

#include <penstock/abi/driver.hpp>

namespace penstock {

// What became of a write. unknown is an honest answer: the request left, and no answer says whether it took effect.
class WriteOutcome {
public:
    [[nodiscard]] static WriteOutcome done() { return WriteOutcome(abi::Outcome::done, {}); }
    [[nodiscard]] static WriteOutcome refused(std::string reason) { return {abi::Outcome::refused, std::move(reason)}; }
    [[nodiscard]] static WriteOutcome unknown(std::string reason) { return {abi::Outcome::unknown, std::move(reason)}; }

    [[nodiscard]] abi::Outcome outcome() const noexcept { return outcome_; }
    [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

private:
    WriteOutcome(abi::Outcome outcome, std::string reason) : reason_(std::move(reason)), outcome_(outcome) {}
    std::string reason_;
    abi::Outcome outcome_;
};

}  // namespace penstock
