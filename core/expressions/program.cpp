#include "core/expressions/program.hpp"

#include <algorithm>

#include "core/expressions/evaluating/window.hpp"
#include "core/expressions/evaluator.hpp"

namespace penstock::expressions {

std::size_t state_words(Op op) noexcept {
    switch (op) {
        case Op::previous: return 4;
        case Op::rising:
        case Op::falling: return 1;
        case Op::on_delay:
        case Op::off_delay:
        case Op::counter: return 2;
        case Op::average_over: return Window::kHeadWords + 2 * Window::kSlots;
        case Op::minimum_over:
        case Op::maximum_over:
        case Op::rate_over: return Window::kHeadWords + Window::kSlots;
        default: return 0;
    }
}

Program::Program(std::vector<Operation> operations) : operations_(std::move(operations)) {
    for (const auto& each : operations_) {
        if (each.op == Op::input) inputs_ = std::max<std::size_t>(inputs_, each.a + std::size_t{1});
        if (each.type == ValueType::string) has_text_ = true;
        state_words_ += expressions::state_words(each.op);
    }
}

std::string Program::key() const {
    std::string key;
    const auto put = [&](std::uint16_t number) {
        key += static_cast<char>(number & 0xFFU);
        key += static_cast<char>(number >> 8U);
    };
    for (const auto& each : operations_) {
        key += static_cast<char>(each.op);
        key += static_cast<char>(each.type);
        put(each.a);
        put(each.b);
        put(each.c);
    }
    return key;
}

void turn_times(const Program& program, std::span<std::uint64_t> memory, MonotonicTime now) noexcept {
    const auto turn = [&](std::size_t word) {
        memory[word] = static_cast<std::uint64_t>(now.time_since_epoch().count()) - memory[word];
    };
    for (const auto& each : program.operations()) {
        const auto words = state_words(each.op);
        if (each.op == Op::on_delay || each.op == Op::off_delay) turn(each.state + std::size_t{1});
        if (each.op == Op::previous) {  // causes are numbered anew
            for (const std::size_t word : {each.state + 1U, each.state + 3U})
                if (memory[word] != 0) memory[word] = make_state(quality_of(memory[word] - 1), tags::kNoCause) + 1;
        }
        if (words > Window::kHeadWords) turn(each.state + Window::kOriginWord);
    }
}

std::shared_ptr<const Program> ProgramBook::add(std::vector<Operation> operations) {
    auto program = std::make_shared<const Program>(std::move(operations));
    return programs_.try_emplace(program->key(), program).first->second;
}

}  // namespace penstock::expressions
