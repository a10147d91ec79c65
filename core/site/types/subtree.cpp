#include "core/site/types/subtree.hpp"

#include <algorithm>

#include "core/site/format.hpp"
#include "core/site/load_context.hpp"
#include "core/site/types/instances.hpp"

namespace penstock::site {
namespace {

class HoleFinder {
public:
    HoleFinder(Subtree& subtree, SubtreeKind kind, const Type& type, FaultList& faults)
        : subtree_(subtree), kind_(kind), type_(type), faults_(faults) {}

    void run() { walk(subtree_.json, {}, 0); }

private:
    // `key`: the nearest above.
    void walk(const JsonView& json, std::string_view key, std::size_t level) {
        if (json.is_text()) return look_at(json, key, level);
        for (const JsonView child : json) {
            const std::string_view child_key = json.is_object() ? child.key() : key;
            const bool was_lenient = is_lenient_;
            is_lenient_ = is_lenient_ || (kind_ == SubtreeKind::instance && level == 0 && child_key == "override");
            walk(child, child_key, level + 1);
            is_lenient_ = was_lenient;
        }
    }
    void look_at(const JsonView& text, std::string_view key, std::size_t level) {
        if (is_expression(key, level)) {
            auto pattern = ExpressionPattern::parse(text.text(), type_.names);
            if (!pattern.is_plain()) add(text, std::move(pattern), true);
        } else if (kind_ == SubtreeKind::alarm && is_reference(text.text())) {
            add(text, MemberReference(), true);
        } else if (!(is_lenient_ && is_expression_key(key))) {  // that is for the type it overrides
            look_for_placeholders(text, key, level);
        }
    }
    void look_for_placeholders(const JsonView& text, std::string_view key, std::size_t level) {
        const bool is_lenient = is_lenient_ || kind_ == SubtreeKind::alarm;
        auto pattern = Pattern::parse(text.text(), type_.names, is_lenient ? PatternRule::lenient : PatternRule::strict);
        if (!pattern) return report(text, pattern.error());
        if (pattern->is_plain()) return;
        const KeyFormat* const format = level == 1 && kind_ != SubtreeKind::alarm ? find_key(tag_format(), key) : nullptr;
        add(text, *std::move(pattern), format != nullptr && format->shape == Shape::text);
    }
    [[nodiscard]] bool is_expression(std::string_view key, std::size_t level) const {
        return is_expression_key(key) && (kind_ == SubtreeKind::alarm || (kind_ == SubtreeKind::tag && level == 1));
    }
    [[nodiscard]] bool is_reference(std::string_view text) const {
        if (!text.starts_with('.')) return false;
        text.remove_prefix(1);
        const auto is_below = [text](std::string_view name) {
            return !name.empty() && text.starts_with(name) && (text.size() == name.size() || text[name.size()] == '.');
        };
        for (const JsonView alarm : type_.root.find("alarms")) {
            if (is_below(alarm.find("name").text())) return true;
        }
        return std::ranges::any_of(type_.members, is_below, &TypeMember::name);
    }
    template <class What>
    void add(const JsonView& node, What what, bool is_text) {
        subtree_.holes.push_back({node.index() - subtree_.json.index(), std::move(what), is_text});
    }
    void report(const JsonView& text, const PatternFault& fault) {
        const SourceText& file = text.source();
        const std::size_t inside = file.holds(text.text()) ? file.offset_of(text.text().data()) + fault.offset : text.offset();
        faults_.add(file, inside, text.pointer(), fault.sentence, fault.hint);
    }

    Subtree& subtree_;
    SubtreeKind kind_;
    const Type& type_;
    FaultList& faults_;
    bool is_lenient_ = false;
};

// Fills one hole; false with the sentence of why not.
class Filler {
public:
    Filler(const TypeInstance& instance, LoadContext& context) : instance_(instance), context_(context) {}

    std::expected<ParamValue, std::string> fill(const Hole& hole, const JsonView& at) {
        if (const auto* const pattern = std::get_if<Pattern>(&hole.what)) return fill(*pattern, hole.is_text);
        if (const auto* const expression = std::get_if<ExpressionPattern>(&hole.what)) return fill(*expression, at);
        return keep(std::string(instance_.name) + std::string(at.text()));
    }
    std::expected<ParamValue, std::string> fill(const ExpressionPattern& expression, const JsonView& at) {
        const auto text = expression.text(instance_.name, instance_.values);
        if (!text) return std::unexpected(text.error());
        const auto kept = keep(*text);
        context_.made_expressions.try_emplace(kept.data(), MadeExpression{&expression, &instance_, &at.source()});
        return kept;
    }

private:
    std::expected<ParamValue, std::string> fill(const Pattern& pattern, bool is_text) {
        if (pattern.is_whole()) {
            auto value = pattern.value(instance_.values);
            if (value && is_text && !std::holds_alternative<std::string_view>(*value)) return keep(text_of(*value));
            return value;
        }
        const auto text = pattern.text(instance_.values);
        if (!text) return std::unexpected(text.error());
        return keep(*text);
    }
    std::string_view keep(std::string_view text) { return context_.content.made_texts.keep(text); }

    const TypeInstance& instance_;
    LoadContext& context_;
};

}  // namespace

bool is_expression_key(std::string_view key) noexcept { return key == "expression" || key == "condition" || key == "enable"; }

Subtree find_holes(const JsonView& json, SubtreeKind kind, const Type& type, FaultList& faults) {
    Subtree subtree{json, {}};
    HoleFinder(subtree, kind, type, faults).run();
    return subtree;
}

std::uint32_t put_down(const Subtree& subtree, const TypeInstance& instance, LoadContext& context, JsonComposite& into) {
    const std::uint32_t base = into.copy(subtree.json);
    Filler filler(instance, context);
    for (const Hole& hole : subtree.holes) {
        const JsonView at = into.at(base + hole.node);
        const auto value = filler.fill(hole, at);
        if (value) {
            into.set(base + hole.node, *value);
            continue;
        }
        add_fault(context.faults, at, "the placeholder cannot be filled in: " + value.error());
        context.faults.mute(at.source(), at.offset());
    }
    return base;
}

void fill_expression(std::uint32_t node, const TypeInstance& instance, LoadContext& context, JsonComposite& into) {
    const JsonView at = into.at(node);
    if (!at.is_text()) return;
    auto pattern = ExpressionPattern::parse(at.text(), instance.type->names);
    if (pattern.is_plain()) return;
    const auto value = Filler(instance, context).fill(context.override_expressions.emplace_back(std::move(pattern)), at);
    if (value)
        into.set(node, *value);
    else
        add_fault(context.faults, at, "the placeholder cannot be filled in: " + value.error());
}

}  // namespace penstock::site
