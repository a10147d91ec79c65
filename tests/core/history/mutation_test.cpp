// Row F8: what lies in the journal's records, changed at random behind the checksums that would have noticed: refused, or something that
// makes sense in itself. Nothing crashes, reads beyond its bytes or takes memory that it was not asked for.

#include <cstdlib>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "core/history/values_record.hpp"
#include "core/journal/event_record.hpp"
#include "tests/core/history/values_columns.hpp"
#include "tests/support/fault_row.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace penstock::history_test {
namespace {

std::uint64_t rounds_of(std::uint64_t nightly) { return penstock::testing::is_nightly() ? nightly : 2'000; }

// One to eight bytes are others, and one time in four the end is missing.
void mutate(std::vector<std::uint8_t>& bytes, std::mt19937_64& random) {
    for (auto changes = 1 + random() % 8; changes > 0; --changes)
        bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    if (random() % 4 == 0) bytes.resize(random() % bytes.size());
}

template <class Bytes>
std::vector<std::uint8_t> copy_of(const Bytes& bytes) {
    std::vector<std::uint8_t> copy;
    for (const auto byte : bytes) copy.push_back(static_cast<std::uint8_t>(byte));
    return copy;
}

// Records of a few tags with all that a record can hold.
std::vector<std::vector<std::uint8_t>> values_records() {
    std::mt19937 random(8);
    std::vector<std::vector<std::uint8_t>> records;
    for (int n = 0; n < 16; ++n) {
        OwnedColumns columns;
        for (int row = 0; row < 1 + n * 20; ++row) {
            const auto tag = static_cast<tags::TagId>(random() % 6);
            Row sample;
            sample.time = 1'700'000'000'000'000'000 + static_cast<std::int64_t>(row) * 1'000'000;
            if (tag == 5) {
                sample.blob = std::string(random() % 30, 'b');
            } else {
                sample.word = tag == 0 ? random() : word_of(static_cast<double>(row) * 0.1);
            }
            if (random() % 20 == 0) sample = {sample.time, QualityCode::bad_no_communication, "no answer", 0, {}};
            columns.add(tag, sample, tag == 5);
        }
        history::ValuesEncoder encoder(8);
        encoder.set_blob(5);
        records.push_back(copy_of(encoder.encode(columns.view())));
    }
    return records;
}

TEST(RecordMutation, F8_ChangedValuesRecordsAreRefusedOrMakeSense) {
    const auto whole = values_records();
    const auto rounds = rounds_of(5'000'000);
    std::mt19937_64 random(8);
    for (std::uint64_t round = 0; round < rounds; ++round) {
        auto bytes = whole[round % whole.size()];
        mutate(bytes, random);
        ASSERT_EQ(LLVMFuzzerTestOneInput(bytes.data(), bytes.size()), 0);
    }
    penstock::testing::report_row("F8", rounds, "changed values records decoded: 0 crashes");
}

TEST(RecordMutation, F8_ChangedEventsAreRefusedOrMakeSense) {
    Event event;
    event.kind = EventKind::write_asked;
    event.area = "plant.north";
    event.user = "anna";
    event.object = "plc1.h5";
    event.text = "write.asked";
    event.parameters = {"one", "another"};
    event.old_value = Value(1.5);
    event.new_value = Value(std::string_view("text"));
    wire::Buffer body;
    journal::encode_event(event, body);
    const auto whole = copy_of(body);
    const auto rounds = rounds_of(1'000'000);
    std::mt19937_64 random(8);
    for (std::uint64_t round = 0; round < rounds; ++round) {
        auto bytes = whole;
        mutate(bytes, random);
        journal::Record record;
        record.type = journal::RecordType::event;
        record.body = std::as_bytes(std::span(bytes));
        const auto decoded = journal::decode_event(record);
        if (decoded) EXPECT_LT(decoded->sentence().size(), 100'000U);
    }
    penstock::testing::report_row("F8", rounds, "changed events decoded: 0 crashes");
}

}  // namespace
}  // namespace penstock::history_test
