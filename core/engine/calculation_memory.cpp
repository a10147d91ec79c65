// What calculations remember over a restart. Section "expressions": varint count; each: varint tag, less the one before; fixed64 key of
// its expression; varint count of words; the words, with ages instead of times.

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "core/engine/calculations.hpp"
#include "core/expressions/program.hpp"
#include "core/wire/reader.hpp"
#include "core/wire/writer.hpp"

namespace penstock::engine {
namespace {

// FNV-1a. What the words mean depends on the program, its constants (a window of another length) and its inputs.
class Key {
public:
    void add(std::string_view bytes) {
        for (const auto byte : bytes) value_ = (value_ ^ static_cast<unsigned char>(byte)) * 0x100'0000'01B3ULL;
    }
    template <class T>
    void add(const std::vector<T>& numbers) {
        add({reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(T)});
    }
    [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

private:
    std::uint64_t value_ = 0xCBF2'9CE4'8422'2325ULL;
};

std::uint64_t key_of(const expressions::Expression& expression) {
    Key key;
    key.add(expression.program->key());
    key.add(expression.constants);
    key.add(expression.texts);
    key.add(expression.inputs);
    return key.value();
}

}  // namespace

journal::Position Calculations::save(journal::Position appended, Now now, wire::Buffer& out) const {
    std::vector<Number> with_memory;
    for (Number i = 0; i < tags_.size(); ++i)
        if (!memory_of(i).empty()) with_memory.push_back(i);
    std::ranges::sort(with_memory, {}, [this](Number i) { return tags_[i]; });

    wire::Writer writer(out);
    writer.varint(with_memory.size());
    tags::TagId last = 0;
    std::vector<std::uint64_t> words;
    for (const auto i : with_memory) {
        const auto memory = memory_of(i);
        words.assign(memory.begin(), memory.end());
        expressions::turn_times(*expressions_[i].program, words, now.monotonic);
        writer.varint(tags_[i] - last);
        writer.fixed64(key_of(expressions_[i]));
        writer.varint(words.size());
        writer.column(std::span<const std::uint64_t>(words));
        last = tags_[i];
    }
    return appended;
}

Result<void> Calculations::restore(wire::Bytes section, Now now) {
    std::vector<std::pair<tags::TagId, Number>> known;
    for (Number i = 0; i < tags_.size(); ++i)
        if (!memory_of(i).empty()) known.emplace_back(tags_[i], i);
    std::ranges::sort(known);

    wire::Reader in(section);
    const auto count = in.varint();
    std::uint64_t tag = 0;
    std::vector<std::uint64_t> words;
    for (std::uint64_t n = 0; n < count && in.ok(); ++n) {
        tag += in.varint(tags::kMaxTags);
        const auto key = in.fixed64();
        in.column(words);
        if (!in.ok()) break;
        const auto found = std::ranges::lower_bound(known, tag, {}, &std::pair<tags::TagId, Number>::first);
        if (found == known.end() || found->first != tag) continue;
        const auto memory = memory_of(found->second);
        if (memory.size() != words.size() || key != key_of(expressions_[found->second])) continue;
        expressions::turn_times(*expressions_[found->second].program, words, now.monotonic);
        std::ranges::copy(words, memory.begin());
    }
    if (!in.ok()) return std::unexpected(in.error());
    return {};
}

}  // namespace penstock::engine
