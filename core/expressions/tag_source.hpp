#pragma once

// Inputs of expressions from the live table, for its writer. All [engine].

#include "core/expressions/evaluator.hpp"
#include "core/tags/tag_reader.hpp"
#include "core/tags/tag_table.hpp"

namespace penstock::expressions {

class TagSource final : public Source {
public:
    explicit TagSource(tags::TagTable& table) : table_(table), reader_(table) {}
    void read(std::span<const tags::TagId> tags, ValueType type, std::uint64_t* word, State* state,
              std::string& texts) override;

private:
    tags::TagTable& table_;
    tags::TagReader reader_;
    tags::TagSnapshot copy_;
};

}  // namespace penstock::expressions
