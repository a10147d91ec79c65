#include "core/site/calculated_tags.hpp"

#include <algorithm>

#include "core/base/suggest.hpp"
#include "core/expressions/calculation_order.hpp"
#include "core/expressions/names.hpp"
#include "core/site/tag_values.hpp"

namespace penstock::site {
namespace {

std::string word(ValueType type) { return "\"" + std::string(to_string(type)) + "\""; }

}  // namespace

void check_calculated_keys(const TagDraft& draft, FaultList& faults) {
    constexpr TagKey kOfOthers[] = {TagKey::device,           TagKey::address, TagKey::scan_class,           TagKey::deadband,
                                    TagKey::deadband_percent, TagKey::initial, TagKey::source_time_tolerance};
    constexpr TagKey kScaling[] = {TagKey::raw_low, TagKey::raw_high, TagKey::eng_low, TagKey::eng_high, TagKey::clamp};
    const auto refuse = [&](TagKey key, std::string_view what) {
        add_fault(faults, draft, key, "a calculated tag has no " + std::string(what) + ": its value comes from its expression");
    };
    for (const TagKey key : kOfOthers) {
        if (draft.has(key)) refuse(key, tag_columns()[static_cast<std::size_t>(key)].word);
    }
    const auto* const scaling = std::ranges::find_if(kScaling, [&draft](TagKey key) { return draft.has(key); });
    if (scaling != std::ranges::end(kScaling)) refuse(*scaling, "scaling");
    if (draft.is_good(TagKey::access) && draft.access == tags::Access::read_write)
        add_fault(faults, draft, TagKey::access, "a calculated tag can only be read; \"access\" is \"read_write\"");
}

// The tags of the site by their numbers.
class CalculatedTags::TagScope final : public expressions::Scope {
public:
    explicit TagScope(LoadContext& context) : context_(context) {}

    [[nodiscard]] Result<expressions::NamedTag> find(std::string_view name) const override {
        const std::uint32_t number = context_.tags.find(name);
        if (number == NameTable::kNone) return unknown(name);
        const auto& tag = context_.content.tags[number];
        has_unknown_ = has_unknown_ || tag.type == ValueType::none;
        return expressions::NamedTag{number, tag.type, tag.unit};
    }
    // A tag was asked for whose own fault left it without a type.
    [[nodiscard]] bool has_unknown() const noexcept { return has_unknown_; }

private:
    [[nodiscard]] std::unexpected<Error> unknown(std::string_view name) const {
        std::string hint;
        if (context_.faults.may_search()) {
            std::vector<std::string_view> names;
            for (const auto& tag : context_.content.tags) names.push_back(tag.name);
            hint = base::did_you_mean(name, names);
        }
        return fail(ErrorCode::not_found, "there is no tag " + in_quotes(name), std::move(hint));
    }
    LoadContext& context_;
    mutable bool has_unknown_ = false;
};

void CalculatedTags::check() {
    std::vector<std::vector<std::uint32_t>> inputs;
    inputs.reserve(calculations_.size());
    for (Calculation& calculation : calculations_) inputs.push_back(inputs_of(calculation));
    const auto order = expressions::calculation_order(inputs);
    for (const auto& cycle : order.cycles) report_cycle(cycle);
    for (const std::uint32_t number : order.order) {
        const Calculation& calculation = calculations_[number];
        if (calculation.is_sound) compile(calculation);
    }
}

// The other calculations among its inputs.
std::vector<std::uint32_t> CalculatedTags::inputs_of(Calculation& calculation) {
    std::vector<std::uint32_t> inputs;
    if (!calculation.draft.is_good(TagKey::expression)) return inputs;
    const auto names = expressions::tag_names(calculation.draft.expression);
    if (!names) {
        add_fault_inside(calculation, names.error());
        return inputs;
    }
    calculation.is_sound = true;
    for (const expressions::Word& name : *names) {
        const std::uint32_t tag = context_.tags.find(name.inner);
        if (tag == NameTable::kNone) {
            if (!context_.knows_all_tags) calculation.is_sound = false;  // it may stand where nothing could be read
            continue;
        }
        const std::uint32_t input = calculation_of(tag);
        if (input != kNone) inputs.push_back(input);
    }
    return inputs;
}

std::uint32_t CalculatedTags::calculation_of(std::uint32_t tag) const {
    const auto found = std::ranges::lower_bound(calculations_, tag, {}, &Calculation::tag);
    return found != calculations_.end() && found->tag == tag ? static_cast<std::uint32_t>(found - calculations_.begin())
                                                             : kNone;
}

void CalculatedTags::report_cycle(const std::vector<std::uint32_t>& cycle) {
    constexpr std::size_t kShown = 10;
    const auto name = [&](std::size_t at) { return calculations_[cycle[at % cycle.size()]].draft.name; };
    for (std::size_t first = 0; first < cycle.size(); ++first) {
        std::string way(name(first));
        for (std::size_t step = 1; step < std::min(cycle.size(), kShown); ++step)
            way += " -> " + std::string(name(first + step));
        way += (cycle.size() > kShown ? " -> ... -> " : " -> ") + std::string(name(first));
        const Calculation& calculation = calculations_[cycle[first]];
        const FaultList::OfInstance scope(faults_, calculation.draft.instance);
        add_fault(faults_, calculation.draft, TagKey::expression,
                  "the tag " + in_quotes(name(first)) + " is calculated from itself: " + escaped(way));
    }
}

void CalculatedTags::compile(const Calculation& calculation) {
    if (has_told(calculation)) return;
    const TagScope scope_of_site(context_);
    const auto expression = expressions::compile(calculation.draft.expression, scope_of_site);
    if (scope_of_site.has_unknown()) return;  // its input's fault is told already
    if (!expression) return add_fault_inside(calculation, expression.error());
    const FaultList::OfInstance scope(faults_, calculation.draft.instance);
    take_type(calculation, *expression);
    take_unit(calculation, *expression);
}

void CalculatedTags::take_type(const Calculation& calculation, const expressions::Expression& expression) {
    const TagDraft& draft = calculation.draft;
    tags::TagDefinition& tag = context_.content.tags[calculation.tag];
    if (draft.is_faulty(TagKey::type)) return;
    tag.type = tag.native_type = expression.type;
    if (!draft.has(TagKey::type)) return;
    tag.type = tag.native_type = draft.type;
    if (can_become(expression.type, draft.type)) return;
    const bool is_rounded = expression.type == ValueType::float64 && draft.type == ValueType::int64;
    add_fault(faults_, draft, TagKey::type,
              "\"type\" is " + word(draft.type) + ", but the expression gives " + word(expression.type)
                  + ", which does not fit into it",
              is_rounded ? "int(...) rounds a number" : "");
}

void CalculatedTags::take_unit(const Calculation& calculation, const expressions::Expression& expression) {
    const TagDraft& draft = calculation.draft;
    if (expression.unit.empty()) return;
    if (draft.has(TagKey::unit)) {
        if (!draft.is_good(TagKey::unit) || draft.unit.empty() || draft.unit == expression.unit || expression.may_convert)
            return;
        return add_fault(faults_, draft, TagKey::unit,
                         "\"unit\" is " + in_quotes(draft.unit) + ", but the expression gives " + in_quotes(expression.unit));
    }
    tags::TagDefinition& tag = context_.content.tags[calculation.tag];
    tag.unit = *context_.content.units.insert(expression.unit).first;
}

// The expression of a type's member that its instances have in common; null for others.
const ExpressionPattern* CalculatedTags::pattern_of(const Calculation& calculation) const {
    if (calculation.draft.instance == nullptr) return nullptr;
    const auto made = context_.made_expressions.find(calculation.draft.expression.data());
    return made == context_.made_expressions.end() ? nullptr : made->second.pattern;
}
bool CalculatedTags::has_told(const Calculation& calculation) const {
    return !told_.empty() && told_.contains(pattern_of(calculation));
}

void CalculatedTags::add_fault_inside(const Calculation& calculation, const expressions::Fault& fault) {
    const TagDraft& draft = calculation.draft;
    const FaultList::OfInstance scope(faults_, draft.instance);
    if (const ExpressionPattern* const pattern = pattern_of(calculation)) told_.insert(pattern);
    const bool is_word = !fault.hint.empty() && !has_suggestion(fault.hint);
    const std::string hint = is_word ? "did you mean \"" + fault.hint + "\"?" : fault.hint;
    const Written written = context_.written(draft.expression, fault.offset, source_of(draft, TagKey::expression));
    if (written.source != nullptr)
        return faults_.add(*written.source, written.offset, path_of(draft, TagKey::expression), fault.sentence, hint);
    add_fault(faults_, draft, TagKey::expression, fault.sentence, hint);
}

}  // namespace penstock::site
