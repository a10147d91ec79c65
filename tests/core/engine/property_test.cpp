// The engine's path against a naive one that does the same with maps and Values, over random batches.

#include <cmath>
#include <map>
#include <random>

#include "tests/core/engine/plant.hpp"

namespace penstock::engine {
namespace {

struct NaiveTag {
    std::optional<double> value;
    QualityCode quality = QualityCode::bad_waiting_for_initial;
    std::string cause = "nothing has arrived since the server started";
    std::int64_t time = kStartNs, received = kStartNs, since = kStartNs;
    std::uint64_t changes = 0;
};

// The rules of applier.hpp, written down once more without a thought for speed.
class NaiveEngine {
public:
    explicit NaiveEngine(const tags::TagCatalog& catalog) : catalog_(catalog) {}

    void apply(tags::TagId id, std::int64_t raw, QualityCode quality, std::string cause, std::int64_t time,
               std::int64_t received) {
        auto& tag = tags[id];
        const auto view = catalog_.view(id);
        if (is_bad(quality)) {
            return settle(tag, tag.value, quality, std::move(cause), tag.value ? tag.time : received, received, true);
        }
        auto value = static_cast<double>(raw);
        if (view.scaling != nullptr) {
            const auto& s = *view.scaling;
            const auto gain = (s.eng_high - s.eng_low) / (s.raw_high - s.raw_low);
            value = value == s.raw_high ? s.eng_high : s.eng_low + (value - s.raw_low) * gain;
            if (s.clamp) value = std::clamp(value, std::min(s.eng_low, s.eng_high), std::max(s.eng_low, s.eng_high));
        }
        if (quality == QualityCode::good && (value < view.range_low || value > view.range_high)) {
            quality = QualityCode::uncertain_range_exceeded;
            cause = "the value is outside the range " + Value(view.range_low).text() + " to " + Value(view.range_high).text();
        }
        if (time == 0) time = received;
        if (quality == QualityCode::good && Duration(std::abs(time - received)) > view.source_time_tolerance) {
            quality = QualityCode::uncertain_source_time;
            cause = "the device's time stamp is further off than the tag allows";
        }
        const bool within =
            tag.value && view.deadband_kind != tags::DeadbandKind::none && std::abs(value - *tag.value) <= deadband(view);
        const bool differs = !tag.value || (word_of(*tag.value) != word_of(value) && !within);
        settle(tag, value, quality, std::move(cause), time, received, !differs);
    }

    std::map<tags::TagId, NaiveTag> tags;

private:
    static double deadband(const tags::TagView& view) {
        if (view.deadband_kind == tags::DeadbandKind::absolute) return view.deadband;
        return view.deadband / 100 * (view.range_high - view.range_low);
    }
    static void settle(NaiveTag& tag, std::optional<double> value, QualityCode quality, std::string cause, std::int64_t time,
                       std::int64_t received, bool same_value) {
        const bool same = quality == tag.quality && cause == tag.cause && same_value;
        if (quality != tag.quality) tag.since = received;
        if (!same) {
            tag.value = value;
            ++tag.changes;
        }
        tag.quality = quality;
        tag.cause = std::move(cause);
        tag.time = time;
        tag.received = received;
    }
    const tags::TagCatalog& catalog_;
};

std::vector<tags::TagDefinition> random_tags(std::mt19937& random, std::vector<std::string>& names) {
    for (int i = 0; i < 50; ++i) names.push_back("t" + std::to_string(i));
    std::vector<tags::TagDefinition> tags;
    for (const auto& name : names) {
        auto tag = device_tag(name, ValueType::int64, ValueType::float64);
        tag.range_low = -50;
        tag.range_high = 50;
        if (random() % 2 != 0) tag.scaling = tags::Scaling{-100, 100, -60, 60, random() % 2 != 0};
        if (random() % 3 == 0) tag.deadband_kind = tags::DeadbandKind::absolute;
        if (random() % 3 == 0) tag.deadband_kind = tags::DeadbandKind::percent;
        tag.deadband = 2.5;
        tag.source_time_tolerance = 10s;
        tags.push_back(tag);
    }
    return tags;
}

void expect_equal(Plant& plant, const NaiveEngine& naive) {
    for (const auto& [id, wanted] : naive.tags) {
        const auto found = plant.reader.snapshot(id);
        ASSERT_EQ(found.has_value, wanted.value.has_value()) << id;
        if (wanted.value) ASSERT_EQ(found.word, word_of(*wanted.value)) << id;
        ASSERT_EQ(found.quality, wanted.quality) << id;
        ASSERT_EQ(plant.reader.cause(found.cause), wanted.cause) << id;
        ASSERT_EQ(to_ns(found.time), wanted.time) << id;
        ASSERT_EQ(to_ns(found.received), wanted.received) << id;
        ASSERT_EQ(to_ns(found.since), wanted.since) << id;
    }
}

TEST(EnginePath, AgreesWithANaiveOneOverRandomBatches) {
    for (unsigned seed = 0; seed < 20; ++seed) {
        std::mt19937 random(seed);
        std::vector<std::string> names;
        Plant plant(random_tags(random, names));
        NaiveEngine naive(plant.engine.catalog());
        for (tags::TagId id = 0; id < 50; ++id) naive.tags[id];
        const auto items = plant.engine.catalog().tags_of_device(0);
        for (int round = 0; round < 200; ++round) {
            plant.advance(std::chrono::milliseconds(random() % 5000));
            const auto received = to_ns(plant.now.utc);
            SampleBatch batch;
            for (auto rows = random() % 30; rows > 0; --rows) {
                const auto item = static_cast<ItemId>(random() % 50);
                const auto raw = static_cast<std::int64_t>(random() % 201) - 100;
                const auto quality = random() % 10 == 0   ? QualityCode::bad_not_found
                                     : random() % 10 == 0 ? QualityCode::uncertain_sub_normal
                                                          : QualityCode::good;
                const std::string cause = quality == QualityCode::good ? "" : "cause " + std::to_string(random() % 3);
                const auto time = random() % 2 == 0
                                      ? 0
                                      : received + static_cast<std::int64_t>(random() % 40) * 1'000'000'000 - 20'000'000'000;
                batch.add_word(item, static_cast<std::uint64_t>(raw), quality, time,
                               cause.empty() ? std::uint16_t{0} : batch.cause(cause));
                naive.apply(items[item], raw, quality, cause, time, received);
            }
            plant.deliver(batch);
            expect_equal(plant, naive);
            if (HasFatalFailure()) return;
        }
        std::uint64_t changes = 0, bad = 0;
        for (const auto& [id, tag] : naive.tags) {
            changes += tag.changes;
            bad += is_bad(tag.quality);
        }
        EXPECT_EQ(plant.engine.counters().changes, changes);
        EXPECT_EQ(plant.engine.counters().tags_bad, bad);
    }
}

}  // namespace
}  // namespace penstock::engine
