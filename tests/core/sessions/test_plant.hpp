#pragma once

// A small plant behind sessions: one device "plc" that answers writes when the test says so, memory tags of every type, documents.

#include <deque>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <penstock/sample_batch.hpp>

#include "core/base/clock.hpp"
#include "core/engine/engine.hpp"
#include "core/sessions/alarm_services.hpp"
#include "core/sessions/change_bell.hpp"
#include "core/sessions/history_services.hpp"
#include "core/sessions/operation.hpp"
#include "core/tags/tag_catalog_builder.hpp"
#include "core/tags/tag_ids.hpp"

namespace penstock::sessions::testing {

// 255 bytes of UTF-8, the longest name there is.
inline const std::string& longest_name() {
    static const std::string name = [] {
        std::string text = "tank.";
        while (text.size() + 3 <= 254) text += "\xE6\xB0\xB4";  // water
        text.resize(text.size() + (255 - text.size()), 'x');
        return text;
    }();
    return name;
}

class TestServices final : public PlantServices {
public:
    HelloReply identity() const override {
        HelloReply reply;
        reply.server_name = "Waterworks";
        reply.server_id = "0123456789abcdef";
        reply.epoch = 7;
        reply.site_revision = "5af3";
        reply.version = "0.1.0";
        return reply;
    }
    void describe_status(StatusReply& status) const override {
        status.started = utc_from_ns(1);
        status.threads = 3;
        status.warnings = {"running as root"};
        auto& device = status.devices.emplace_back();
        device.name = "plc";
        device.state = "connected";
    }
    void describe_origin(tags::TagId, OnOrigin done) override {
        ++origins_asked;
        if (origin_is_lost) return;  // `done` dies unanswered
        done({"10.0.0.5:502", "connected", "read holding 5", "41"});
    }
    std::shared_ptr<const Document> document(DefinitionKind kind, std::string_view name) const override {
        const auto found = documents_.find({kind, std::string(name)});
        return found == documents_.end() ? nullptr : found->second;
    }
    std::vector<std::shared_ptr<const Document>> documents(DefinitionKind kind) const override {
        std::vector<std::shared_ptr<const Document>> all;
        for (const auto& [key, document] : documents_) {
            if (key.first == kind) all.push_back(document);
        }
        return all;
    }

    int origins_asked = 0;
    bool origin_is_lost = false;

private:
    std::map<std::pair<DefinitionKind, std::string>, std::shared_ptr<const Document>> documents_{
        {{DefinitionKind::screen, "overview"},
         std::make_shared<Document>(Document{"overview", "h1", "{\"widgets\":[]}", "works"})},
        {{DefinitionKind::screen, "intake"}, std::make_shared<Document>(Document{"intake", "h2", "{}", "works/intake"})},
    };
};

// A memory that answers everything at once, with little.
class TestHistory final : public HistoryServices {
public:
    void history(const Asker&, tags::TagId tag, HistoryRequest request, OnReply<HistoryReply> done) override {
        asked.push_back(tag);
        last_history = std::move(request);
        HistoryReply reply;
        reply.historian = "historian.test";
        done(std::move(reply));
    }
    void trend(const Asker&, std::vector<tags::TagId> tags, TrendRequest, OnReply<TrendReply> done) override {
        asked.insert(asked.end(), tags.begin(), tags.end());
        TrendReply reply;
        reply.lines.resize(tags.size());
        done(std::move(reply));
    }
    Result<std::unique_ptr<SeriesFeed>> open_series(const Asker&, std::vector<tags::TagId> tags,
                                                    std::vector<SeriesPlace> places, std::function<void()> on_ready) override {
        asked.insert(asked.end(), tags.begin(), tags.end());
        last_places = std::move(places);
        feed = std::make_shared<SeriesSource>();
        feed->on_ready = std::move(on_ready);
        return std::make_unique<Handle>(feed);
    }
    void events(const Asker&, EventsRequest, Grant, OnReply<EventsReply> done) override { done(EventsReply()); }
    void journal(const Asker&, JournalRequest, OnReply<JournalReply> done) override { done(JournalReply()); }
    void backup(const Asker&, BackupRequest request, OnReply<BackupReply> done) override {
        BackupReply reply;
        reply.file = request.file;
        done(std::move(reply));
    }

    // The newest stream of series: what the test puts in comes out.
    struct SeriesSource {
        std::deque<Result<SeriesUpdate>> updates;
        std::function<void()> on_ready;
        bool is_over = false;
        void push(Result<SeriesUpdate> update) {
            updates.push_back(std::move(update));
            on_ready();
        }
    };
    std::shared_ptr<SeriesSource> feed;
    std::vector<tags::TagId> asked;
    HistoryRequest last_history;
    std::vector<SeriesPlace> last_places;

private:
    class Handle final : public SeriesFeed {
    public:
        explicit Handle(std::shared_ptr<SeriesSource> feed) : feed_(std::move(feed)) {}
        ~Handle() override { feed_->is_over = true; }
        Result<std::optional<SeriesUpdate>> take() override {
            if (feed_->updates.empty()) return std::optional<SeriesUpdate>();
            auto update = std::move(feed_->updates.front());
            feed_->updates.pop_front();
            if (!update) return std::unexpected(update.error());
            return std::optional(*std::move(update));
        }

    private:
        std::shared_ptr<SeriesSource> feed_;
    };
};

// Alarms that answer everything at once, with little.
class TestAlarms final : public AlarmServices {
public:
    void alarms(const Asker&, AlarmsRequest, OnReply<AlarmsReply> done) override { done(AlarmsReply()); }
    void act(const Asker& asker, AlarmActionRequest request, OnReply<AlarmActionReply> done) override {
        last_asker = asker;
        last_action = std::move(request);
        done(AlarmActionReply());
    }
    void explain(const Asker&, ExplainAlarmRequest, OnReply<ExplainAlarmReply> done) override { done(ExplainAlarmReply()); }
    void figures(const Asker&, AlarmFiguresRequest, OnReply<AlarmFiguresReply> done) override { done(AlarmFiguresReply()); }

    Asker last_asker;
    AlarmActionRequest last_action;
};

// A device that keeps what it is to write.
class TestDevice final : public guests::WriteTarget {
public:
    struct Write {
        ItemId item;
        Value value;
        guests::WriteDone done;
    };
    void write(ItemId item, Value native, guests::WriteDone done) noexcept override {
        writes.push_back({item, std::move(native), std::move(done)});
    }
    // Answers the oldest.
    void answer(WriteOutcome outcome) {
        auto write = std::move(writes.front());
        writes.pop_front();
        write.done(std::move(outcome));
    }
    std::deque<Write> writes;
};

class TestPlant {
public:
    explicit TestPlant(std::size_t more_tags = 0)
        : engine(make_catalog(more_tags), engine::EngineOptions{.started = clock.now()}) {
        engine.add_waker(bell);
        producer_ = &engine.add_producer("plc", 0);
        engine.set_writer(0, &device);
    }
    [[nodiscard]] Plant plant() {
        return {&engine, &bell, tags::TagReader(engine.table()), &services, &clock, &history, &alarms};
    }
    void cycle() { engine.run_cycle(clock.now()); }
    void deliver(const SampleBatch& batch) {
        producer_->publish(batch.columns(), clock.now());
        cycle();
    }
    void deliver(ItemId item, double value) {
        SampleBatch batch;
        batch.add(item, value);
        deliver(batch);
    }
    // Items 3 and up: the tags "more.00000" ... hold this value.
    void deliver_to_all(std::size_t count, double value) {
        SampleBatch batch;
        for (std::size_t i = 0; i < count; ++i) batch.add(static_cast<ItemId>(3 + i), value);
        deliver(batch);
    }

    base::ManualClock clock;
    TestServices services;
    TestHistory history;
    TestAlarms alarms;
    TestDevice device;
    ChangeBell bell;
    engine::Engine engine;

private:
    static std::shared_ptr<const tags::TagCatalog> make_catalog(std::size_t more_tags) {
        tags::TagIdStore ids;
        tags::TagCatalogBuilder builder;
        const auto add = [&](std::string_view name, ValueType type, std::string_view device = {}) {
            tags::TagDefinition tag;
            tag.name = name;
            tag.device = device;
            tag.address = device.empty() ? "" : "holding:5";
            tag.area = name == "memory.double" ? "works/store" : "works/intake";
            tag.unit = "m";
            tag.type = type;
            tag.native_type = device.empty() ? ValueType::none : type;
            tag.access = tags::Access::read_write;
            tag.file = "tags/intake.json";
            tag.line = 4;
            tag.column = 5;
            builder.add(tag);
        };
        add("pump.speed", ValueType::float64, "plc");  // items 0, 1, 2 of the device
        add("pump.count", ValueType::int64, "plc");
        add("pump.name", ValueType::string, "plc");
        for (std::size_t i = 0; i < more_tags; ++i) {
            auto number = std::to_string(i);
            number.insert(0, 5 - number.size(), '0');
            add("more." + number, ValueType::float64, "plc");
        }
        add("memory.bool", ValueType::boolean);
        add("memory.int", ValueType::int64);
        add("memory.uint", ValueType::uint64);
        add("memory.double", ValueType::float64);
        add("memory.string", ValueType::string);
        add("memory.ints", ValueType::int64_array);
        add(longest_name(), ValueType::float64);
        tags::TagDefinition ratio;
        ratio.name = "zz.ratio";
        ratio.expression = "pump.speed/memory.double + pump.speed";
        ratio.area = "works/intake";
        ratio.file = "types/Ratio.json";
        ratio.line = ratio.column = 2;
        ratio.instance = "zz (tags/intake.json:9:3)";
        ratio.overridden = "range, unit";
        builder.add(ratio);
        auto catalog = builder.build(ids);
        if (!catalog) throw std::runtime_error(catalog.error().text());
        return *catalog;
    }
    engine::Producer* producer_ = nullptr;
};

inline const Principal kAdministrator{"root", true};
inline const Principal kNobody{"guest", false};

}  // namespace penstock::sessions::testing
