// A device that exists in the clock alone: for demonstrations, training and tests of a site without its plant.
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>

#include <penstock/driver.hpp>
#include <penstock/plugin.hpp>

#include "signal.hpp"

namespace penstock::simulation {
namespace {

constexpr std::string_view kSchema = R"({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "properties": {
    "seed": {"type": "integer", "minimum": 0, "default": 1, "description": "random walks with the same seed and address are the same walk"}
  }
})";

class SimulationDriver final : public PollingDriver<Signal> {
public:
    SimulationDriver(Settings settings, Io io)
        : PollingDriver(io), seed_(static_cast<std::uint64_t>(settings.integer_or("seed", 1))), started_(io.now()) {}

    Result<ParsedAddress<Signal>> parse_address(std::string_view text) const override {
        auto signal = parse_signal(text);
        if (!signal) return std::unexpected(std::move(signal).error());
        const auto type = signal->type;
        const bool is_writable = signal->kind == SignalKind::memory;
        return ParsedAddress(*std::move(signal), type, is_writable);
    }

    // What was written stays, and walks go on, when the items change.
    void items_changed() override {
        states_.clear();
        for (const auto& item : items()) {
            const auto& signal = item.address;
            if (signal.kind == SignalKind::memory)
                states_[item.id].cell = &cells_.try_emplace(signal.own->cell, signal.own->value).first->second;
            if (signal.kind == SignalKind::random_walk)
                states_[item.id].walk = &walks_.try_emplace(signal.own->cell, seed_of(signal)).first->second;
        }
    }

    Task<void> connect() override { co_return; }

    Task<void> read(std::span<const ItemId> due, SampleBatch& out) override {
        const auto utc = io().utc_now();
        const auto elapsed = io().now() - started_;
        for (const auto id : due) add(id, utc, elapsed, out);
        co_return;
    }

    Task<WriteOutcome> write(const Item<Signal>& item, Value value) override {
        const auto state = states_.find(item.id);
        auto* const cell = state == states_.end() ? nullptr : state->second.cell;
        if (cell == nullptr) co_return WriteOutcome::refused("only memory can be written, this is computed");
        if (cell->type() != value.type()) co_return WriteOutcome::refused("another address gave this memory another type");
        *cell = std::move(value);
        co_return WriteOutcome::done();
    }

    void disconnect() noexcept override {}

private:
    struct State {
        Value* cell = nullptr;
        Walk* walk = nullptr;
    };

    [[nodiscard]] std::uint64_t seed_of(const Signal& signal) const { return seed_ ^ fnv1a(signal.own->cell); }

    // FNV-1a: the same on every machine, unlike std::hash.
    static std::uint64_t fnv1a(std::string_view text) noexcept {
        std::uint64_t hash = 0xCBF29CE484222325U;
        for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
        return hash;
    }

    void add(ItemId id, UtcTime utc, Duration elapsed, SampleBatch& out) {
        const auto& signal = item(id).address;
        const auto steps = static_cast<std::uint64_t>(elapsed / signal.period);
        switch (signal.kind) {
            case SignalKind::constant: return out.add(id, signal.own->value);
            case SignalKind::memory: return add_cell(id, *states_.at(id).cell, signal.type, out);
            case SignalKind::random_walk: return add_number(id, states_.at(id).walk->advance(signal, steps), signal.type, out);
            case SignalKind::counter: return add_number(id, signal.step * static_cast<double>(steps), signal.type, out);
            default: return add_number(id, signal.at(utc), signal.type, out);
        }
    }

    static void add_cell(ItemId id, const Value& value, ValueType type, SampleBatch& out) {
        if (value.type() == type) return out.add(id, value);
        out.add_bad(id, QualityCode::bad_type_mismatch,
                    "another address gave this memory the type " + std::string(to_string(value.type())));
    }

    static void add_number(ItemId id, double number, ValueType type, SampleBatch& out) {
        if (type == ValueType::float64) return out.add(id, number);
        if (type == ValueType::boolean) return out.add(id, number != 0);
        const auto whole = Value(std::nearbyint(number)).converted_to(type);
        if (whole) return out.add(id, *whole);
        out.add_bad(id, QualityCode::bad_out_of_range, whole.error().sentence());
    }

    std::uint64_t seed_;
    MonotonicTime started_;
    std::map<std::string, Value> cells_;
    std::map<std::string, Walk> walks_;
    std::unordered_map<ItemId, State> states_;  // of the items that have one
};

}  // namespace

PENSTOCK_PLUGIN(SimulationDriver, "driver.simulation", "1.0.0", kSchema);

}  // namespace penstock::simulation
