#pragma once

// The alarm policies that a site uses, each asked once what it wants.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/site/load_context.hpp"

namespace penstock::site {

struct KnownPolicy {
    // They live as long as the site.
    std::string_view name;  // as a site writes it: "limits"
    std::string_view id;    // "alarm_policy.limits"
    std::vector<std::string_view> outputs, parameters;

    // The policy's own words; none if it has no such.
    [[nodiscard]] std::optional<std::string_view> parameter(std::string_view word) const;
    [[nodiscard]] std::optional<std::string_view> output(std::string_view word) const;
    [[nodiscard]] std::string output_list() const;  // for people: "low", "high"
    // Its alarm stands flat, without a name of an output.
    [[nodiscard]] bool is_single() const noexcept { return outputs.size() == 1; }
    // It compares numbers, so a bool is no input for it.
    [[nodiscard]] bool wants_number() const;
    // Its parameters are in the unit of its input.
    [[nodiscard]] bool has_unit_of_input() const;
};

class PolicyTable {
public:
    explicit PolicyTable(LoadContext& context) noexcept : context_(context) {}
    // What `name` (of a key "policy"; missing: discrete) is called; null with a fault, told at the first who names it.
    [[nodiscard]] const KnownPolicy* find(const JsonView& name, const JsonView& owner);

private:
    [[nodiscard]] std::optional<KnownPolicy> ask(std::string_view name, const JsonView& at);
    LoadContext& context_;
    std::map<std::string, std::optional<KnownPolicy>, std::less<>> known_;
};

}  // namespace penstock::site
