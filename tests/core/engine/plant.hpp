#pragma once

// A small plant for tests: tags of one device "plc" (and memory tags), an engine, a producer, and time that the test moves.

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include <penstock/sample_batch.hpp>

#include "core/engine/engine.hpp"
#include "core/guests/write_target.hpp"
#include "core/tags/tag_catalog_builder.hpp"
#include "core/tags/tag_ids.hpp"
#include "core/tags/tag_reader.hpp"

namespace penstock::engine {

inline tags::TagDefinition device_tag(std::string_view name, ValueType native = ValueType::float64,
                                      ValueType type = ValueType::none) {
    tags::TagDefinition tag;
    tag.name = name;
    tag.device = "plc";
    tag.native_type = native;
    tag.type = type == ValueType::none ? native : type;
    return tag;
}

inline tags::TagDefinition memory_tag(std::string_view name, ValueType type = ValueType::float64) {
    tags::TagDefinition tag;
    tag.name = name;
    tag.type = type;
    tag.access = tags::Access::read_write;
    return tag;
}

inline std::shared_ptr<const tags::TagCatalog> make_catalog(const std::vector<tags::TagDefinition>& definitions) {
    tags::TagIdStore ids;
    tags::TagCatalogBuilder builder;
    for (const auto& tag : definitions) builder.add(tag);
    auto catalog = builder.build(ids);
    if (!catalog) throw std::runtime_error(catalog.error().text());
    return *catalog;
}

// A device that notes what it is told and answers when the test says so.
class Device final : public guests::WriteTarget {
public:
    void write(ItemId item, Value native, guests::WriteDone done) noexcept override {
        items.push_back(item);
        values.push_back(std::move(native));
        waiting.push_back(std::move(done));
    }
    std::vector<ItemId> items;
    std::vector<Value> values;
    std::vector<guests::WriteDone> waiting;
};

inline tags::TagDefinition setpoint(ValueType native = ValueType::float64, ValueType type = ValueType::none) {
    auto tag = device_tag("setpoint", native, type);
    tag.access = tags::Access::read_write;
    return tag;
}

inline constexpr std::int64_t kStartNs = 1'700'000'000'000'000'000;

class Plant {
public:
    explicit Plant(const std::vector<tags::TagDefinition>& definitions, ProducerOptions options = {},
                   EngineOptions engine_options = {})
        : Plant(make_catalog(definitions), options, engine_options) {}
    Plant(std::shared_ptr<const tags::TagCatalog> catalog, ProducerOptions options, EngineOptions engine_options)
        : engine(std::move(catalog), at_start(engine_options)), reader(engine.table()) {
        for (std::size_t d = 0; d < engine.catalog().devices().size(); ++d) {
            producers.push_back(&engine.add_producer(engine.catalog().devices()[d], d, options));
        }
    }

    // Publishes as the first device, and runs a cycle.
    void deliver(const SampleBatch& batch) {
        publish(batch);
        cycle();
    }
    void publish(const SampleBatch& batch) { producers[0]->publish(batch.columns(), now); }
    template <class T>
    void deliver(ItemId item, T value) {
        SampleBatch batch;
        batch.add(item, value);
        deliver(batch);
    }
    CycleReport cycle() { return engine.run_cycle(now); }
    void advance(Duration by) { now = {now.utc + by, now.monotonic + by}; }

    [[nodiscard]] tags::TagId id(std::string_view name) const { return engine.catalog().find(name).value(); }
    [[nodiscard]] tags::TagSnapshot read(std::string_view name) const { return reader.snapshot(id(name)); }
    [[nodiscard]] std::string cause(std::string_view name) const { return std::string(reader.cause(read(name).cause)); }
    [[nodiscard]] std::vector<tags::TagId> changes() {
        std::vector<tags::TagId> changed;
        cursor = reader.changes_since(cursor, [&](tags::TagId tag) { changed.push_back(tag); });
        return changed;
    }
    // Posts, runs a cycle, and returns the answer, if there is one already.
    std::optional<WriteAnswer> write(std::string_view name, Value value) {
        auto answer = std::make_shared<std::optional<WriteAnswer>>();
        const auto posted = engine.post({id(name), std::move(value), [answer](WriteAnswer a) {
                                             EXPECT_FALSE(*answer) << "answered twice";
                                             *answer = std::move(a);
                                         }});
        EXPECT_TRUE(posted);
        cycle();
        return *answer;
    }

    Now now{utc_from_ns(kStartNs), monotonic_from_ns(1'000'000'000)};
    Engine engine;
    tags::TagReader reader;
    std::vector<Producer*> producers;
    std::uint64_t cursor = 0;

private:
    [[nodiscard]] EngineOptions at_start(EngineOptions options) const {
        options.started = now;
        return options;
    }
};

}  // namespace penstock::engine
