#pragma once

#include <functional>
#include <utility>

#include <penstock/write_outcome.hpp>

#include "core/engine/write_command.hpp"

namespace penstock::engine {

// What a device calls with its outcome. Tells exactly once: if it is dropped, that nobody knows.
class AnswerOnce final {
public:
    explicit AnswerOnce(std::move_only_function<void(WriteAnswer)> tell) : tell_(std::move(tell)) {}
    ~AnswerOnce() { (*this)(WriteOutcome::unknown("the device's driver was stopped before it answered")); }
    AnswerOnce(AnswerOnce&& other) noexcept : tell_(std::exchange(other.tell_, nullptr)) {}
    AnswerOnce& operator=(AnswerOnce&&) = delete;

    void operator()(const WriteOutcome& outcome) {
        switch (outcome.outcome()) {
            case abi::Outcome::done: return give({WriteResult::done, {}, {}});
            case abi::Outcome::refused: return give({WriteResult::refused, ErrorCode::denied, outcome.reason()});
            case abi::Outcome::unknown: break;
        }
        give({WriteResult::unknown, ErrorCode::unknown_outcome, outcome.reason()});
    }

private:
    void give(WriteAnswer answer) {
        if (auto tell = std::exchange(tell_, nullptr)) tell(std::move(answer));
    }
    std::move_only_function<void(WriteAnswer)> tell_;
};

}  // namespace penstock::engine
