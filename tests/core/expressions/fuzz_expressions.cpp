// Any text: a fault that lies within it, or an expression that evaluates, twice alike where it has no memory.

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "tests/core/expressions/calculator.hpp"

using namespace penstock;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    expressions::testing::Calculator plant;
    plant.set("a", 1.5, "m").set("b", true).set("n", -3).set("u", std::uint64_t{7}).set("s", "text").set("lost", 2.0, "m");
    plant.spoil("lost", QualityCode::bad_timeout, "away");
    const auto made = plant.compiled(text);
    if (!made) {
        const auto& fault = made.error();
        if (fault.sentence.empty() || fault.offset > std::min(size, expressions::kMaxTextBytes) || fault.length == 0)
            std::abort();
        return 0;
    }
    const auto first = plant.ask(text);
    if (first.value.has_value() && first.value.type() != made->type) std::abort();
    const auto second = plant.ask(text);
    if (made->program->state_words() == 0 && (!first.value.identical(second.value) || first.quality != second.quality))
        std::abort();
    return 0;
}
