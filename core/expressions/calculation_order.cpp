#include "core/expressions/calculation_order.hpp"

#include <algorithm>

namespace penstock::expressions {
namespace {

using Inputs = std::span<const std::vector<std::uint32_t>>;

// Who uses each calculation, one list behind the other.
class Users {
public:
    explicit Users(Inputs inputs_of) : begin_(inputs_of.size() + 1, 0) {
        for (const auto& inputs : inputs_of) {
            for (const auto input : inputs) ++begin_[input + 1];
        }
        for (std::size_t c = 0; c < inputs_of.size(); ++c) begin_[c + 1] += begin_[c];
        users_.resize(begin_.back());
        auto next = begin_;
        for (std::uint32_t c = 0; c < inputs_of.size(); ++c) {
            for (const auto input : inputs_of[c]) users_[next[input]++] = c;
        }
    }
    [[nodiscard]] std::span<const std::uint32_t> of(std::uint32_t calculation) const {
        return std::span(users_).subspan(begin_[calculation], begin_[calculation + 1] - begin_[calculation]);
    }

private:
    std::vector<std::uint32_t> begin_, users_;
};

// Takes away, round by round, what waits for nothing any more.
void order_levels(Inputs inputs_of, CalculationOrder& result) {
    const Users users(inputs_of);
    std::vector<std::uint32_t> waits_for(inputs_of.size());
    std::vector<std::uint32_t> ready;
    for (std::uint32_t c = 0; c < inputs_of.size(); ++c) {
        waits_for[c] = static_cast<std::uint32_t>(inputs_of[c].size());
        if (waits_for[c] == 0) ready.push_back(c);
    }
    std::vector<std::uint32_t> next;
    for (std::uint32_t level = 0; !ready.empty(); ++level) {
        next.clear();
        for (const auto c : ready) {
            result.level[c] = level;
            for (const auto user : users.of(c)) {
                if (--waits_for[user] == 0) next.push_back(user);
            }
        }
        result.order.insert(result.order.end(), ready.begin(), ready.end());
        std::ranges::sort(next);
        ready.swap(next);
    }
}

// Whatever has no level uses at least one other without: following these leads into a cycle.
void find_cycles(Inputs inputs_of, CalculationOrder& result) {
    std::vector<std::uint32_t> walk_of(inputs_of.size(), 0);  // 0: nobody came by yet
    std::vector<std::uint32_t> walk;
    for (std::uint32_t start = 0; start < inputs_of.size(); ++start) {
        if (result.level[start] != CalculationOrder::kNoLevel) continue;
        walk.clear();
        auto at = start;
        while (walk_of[at] == 0) {
            walk_of[at] = start + 1;
            walk.push_back(at);
            at = *std::ranges::find_if(inputs_of[at],
                                       [&](std::uint32_t input) { return result.level[input] == CalculationOrder::kNoLevel; });
        }
        if (walk_of[at] == start + 1) result.cycles.emplace_back(std::ranges::find(walk, at), walk.end());
    }
}

}  // namespace

CalculationOrder calculation_order(std::span<const std::vector<std::uint32_t>> inputs_of) {
    CalculationOrder result;
    result.level.assign(inputs_of.size(), CalculationOrder::kNoLevel);
    result.order.reserve(inputs_of.size());
    order_levels(inputs_of, result);
    if (result.order.size() != inputs_of.size()) find_cycles(inputs_of, result);
    return result;
}

}  // namespace penstock::expressions
