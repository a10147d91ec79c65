#include "core/engine/figure_writer.hpp"

#include <limits>

#include "core/engine/applier.hpp"

namespace penstock::engine {
namespace {

Value as_value(ValueType type, double number) {
    if (type == ValueType::boolean) return Value(number != 0);
    if (type == ValueType::uint64) return Value(static_cast<std::uint64_t>(number));
    return Value(number);
}

}  // namespace

FigureWriter::FigureWriter(alarms::KeyFigures& figures, const tags::TagCatalog& tags, Applier& applier)
    : figures_(figures), catalog_(tags), applier_(applier) {
    for (const auto& name : figures.tags()) {
        const auto tag = tags.find(name);
        tags_.push_back(tag && tags.view(*tag).is_system ? *tag : tags::kNoTag);
    }
    written_.assign(tags_.size(), std::numeric_limits<double>::quiet_NaN());  // unequal to anything
}

void FigureWriter::run(Now now) {
    if (now.monotonic < figures_.due()) return;
    if (!figures_.values(now, values_)) return;
    for (std::size_t i = 0; i < tags_.size(); ++i) {
        if (tags_[i] == tags::kNoTag || values_[i] == written_[i]) continue;
        written_[i] = values_[i];
        (void)applier_.apply_memory(tags_[i], as_value(catalog_.type(tags_[i]), values_[i]), now.utc);  // no text: it has room
    }
}

}  // namespace penstock::engine
