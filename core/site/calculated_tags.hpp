#pragma once

// Calculated tags: their expressions are compiled against the site's own tags, in an order in which each comes after those that it uses.
// Until then a calculated tag has no type.

#include <cstdint>
#include <deque>
#include <unordered_set>
#include <vector>

#include "core/expressions/expression.hpp"
#include "core/site/load_context.hpp"

namespace penstock::site {

// Keys that a calculated tag cannot have.
void check_calculated_keys(const TagDraft& draft, FaultList& faults);

class CalculatedTags {
public:
    explicit CalculatedTags(LoadContext& context) noexcept : context_(context), faults_(context.faults) {}

    struct Calculation {
        TagDraft draft;
        std::uint32_t tag = 0;  // in SiteContent::tags
        bool is_sound = false;  // its text is one, and all its names are known
    };
    // Kept for check(): what the draft points into has to live until then.
    void add(const TagDraft& draft, std::uint32_t tag) { calculations_.push_back({draft, tag, false}); }
    // After the last tag. Gives each its type, native type and unit; where that fails, the type stays none.
    void check();
    [[nodiscard]] const std::deque<Calculation>& all() const noexcept { return calculations_; }

private:
    class TagScope;
    [[nodiscard]] std::vector<std::uint32_t> inputs_of(Calculation& calculation);
    [[nodiscard]] std::uint32_t calculation_of(std::uint32_t tag) const;  // kNone: it is none
    void report_cycle(const std::vector<std::uint32_t>& cycle);
    void compile(const Calculation& calculation);
    void take_type(const Calculation& calculation, const expressions::Expression& expression);
    void take_unit(const Calculation& calculation, const expressions::Expression& expression);
    [[nodiscard]] const ExpressionPattern* pattern_of(const Calculation& calculation) const;
    [[nodiscard]] bool has_told(const Calculation& calculation) const;
    void add_fault_inside(const Calculation& calculation, const expressions::Fault& fault);

    static constexpr std::uint32_t kNone = 0xFFFF'FFFF;
    LoadContext& context_;
    FaultList& faults_;
    std::deque<Calculation> calculations_;  // in order of tag
    std::unordered_set<const ExpressionPattern*> told_;  // of types: what is wrong with one instance's is told for all
};

}  // namespace penstock::site
