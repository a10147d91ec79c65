#include "core/engine/calculation_plan.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "core/expressions/calculation_order.hpp"
#include "core/expressions/program.hpp"

namespace penstock::engine {
namespace {

class CatalogScope final : public expressions::Scope {
public:
    explicit CatalogScope(const tags::TagCatalog& catalog) : catalog_(catalog) {}
    [[nodiscard]] Result<expressions::NamedTag> find(std::string_view name) const override {
        const auto id = catalog_.find(name);
        if (!id) return fail(ErrorCode::not_found, "there is no tag \"" + std::string(name) + '"');
        const auto tag = catalog_.view(*id);
        return expressions::NamedTag{*id, tag.type, tag.unit};
    }

private:
    const tags::TagCatalog& catalog_;
};

[[noreturn]] void refuse(const tags::TagCatalog& catalog, tags::TagId tag, const std::string& why) {
    throw std::invalid_argument("tag " + std::string(catalog.name(tag)) + ", expression \""
                                + std::string(catalog.expression(tag)) + "\": " + why);
}

std::vector<expressions::Expression> compile_all(const tags::TagCatalog& catalog) {
    const CatalogScope scope(catalog);
    expressions::ProgramBook book;
    std::vector<expressions::Expression> compiled;
    compiled.reserve(catalog.calculated().size());
    for (const auto tag : catalog.calculated()) {
        auto expression = expressions::compile(catalog.expression(tag), scope, &book);
        if (!expression) refuse(catalog, tag, expression.error().sentence);
        compiled.push_back(*std::move(expression));
    }
    return compiled;
}

// The calculated tags among the inputs of each, by their places in catalog.calculated().
std::vector<std::vector<std::uint32_t>> uses(const tags::TagCatalog& catalog,
                                             const std::vector<expressions::Expression>& compiled) {
    std::unordered_map<tags::TagId, std::uint32_t> place;
    for (const auto tag : catalog.calculated()) place.emplace(tag, static_cast<std::uint32_t>(place.size()));
    std::vector<std::vector<std::uint32_t>> used(compiled.size());
    for (std::size_t i = 0; i < compiled.size(); ++i) {
        for (const auto input : compiled[i].inputs)
            if (const auto found = place.find(input); found != place.end()) used[i].push_back(found->second);
    }
    return used;
}

}  // namespace

CalculationPlan plan_calculations(const tags::TagCatalog& catalog) {
    auto compiled = compile_all(catalog);
    const auto tags = catalog.calculated();
    const auto levels = expressions::calculation_order(uses(catalog, compiled));
    if (!levels.cycles.empty()) refuse(catalog, tags[levels.cycles.front().front()], "it uses itself");

    std::unordered_map<const expressions::Program*, std::uint32_t>
        programs;  // by first appearance: the order is always the same
    for (const auto& each : compiled) programs.emplace(each.program.get(), static_cast<std::uint32_t>(programs.size()));
    std::vector<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>> order;  // level, program, which
    for (std::uint32_t i = 0; i < compiled.size(); ++i)
        order.emplace_back(levels.level[i], programs[compiled[i].program.get()], i);
    std::ranges::sort(order);

    CalculationPlan plan;
    std::uint32_t group = 0;
    for (std::size_t place = 0; place < order.size(); ++place) {
        const auto [level, program, i] = order[place];
        if (place != 0 && std::tie(level, program) != std::tie(std::get<0>(order[place - 1]), std::get<1>(order[place - 1])))
            ++group;
        plan.group.push_back(group);
        plan.tags.push_back(tags[i]);
        plan.expressions.push_back(std::move(compiled[i]));
    }
    return plan;
}

}  // namespace penstock::engine
