#pragma once

// A device and drivers for it whose every step the test decides, and a sink that remembers.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <penstock/abi/driver.hpp>
#include <penstock/quality.hpp>
#include <penstock/sample_batch.hpp>

#include "core/guests/device_link.hpp"

namespace penstock::guests::test {

// How one call into the driver goes.
struct Step {
    Duration takes{};          // 0: it ends before it returns
    bool ends = true;          // false: never
    ErrorCode code{};          // 0: fine
    std::string sentence = {};
    abi::Outcome outcome = abi::Outcome::done;  // of a write
    bool is_link_broken = false;                // a write that threw

    static Step failing(ErrorCode code, std::string sentence, Duration takes = {}) {
        Step step;
        step.takes = takes;
        step.code = code;
        step.sentence = std::move(sentence);
        return step;
    }
    static Step taking(Duration duration) {
        Step step;
        step.takes = duration;
        return step;
    }
    static Step hanging() {
        Step step;
        step.ends = false;
        return step;
    }
};

// What the test decides and what was asked of the drivers. Outlives them.
struct FakeDevice {
    explicit FakeDevice(base::Strand& on) : strand(on) {}

    base::Strand& strand;
    // Steps to come; when they are used up, calls go well at once.
    std::deque<Step> connects, reads, writes;
    Step default_read;
    std::optional<Error> birth_fault;
    std::string items_fault;
    std::function<void(std::span<const ItemId> due, SampleBatch& out)> answer;  // default: every item, its value

    std::map<ItemId, std::int64_t> values;
    struct Read {
        MonotonicTime at;
        std::vector<ItemId> due;
    };
    std::vector<Read> read_log;
    std::vector<std::string> log;  // "connect", "read", "write 3=7", "disconnect" ...
    int births = 0, releases = 0, abandons = 0;

    [[nodiscard]] DriverFactory factory();
};

// All that a device link says.
class RememberingSink final : public SampleSink {
public:
    struct Row {
        ItemId item;
        StatusWord status;
        std::uint64_t word;
        std::string cause;
        Now received;
    };
    struct Bad {
        QualityCode quality;
        std::string cause;
        Now at;
    };
    void publish(const abi::Columns& columns, Now received) noexcept override;
    void all_bad(QualityCode quality, std::string_view cause, Now now) noexcept override;

    // The newest row of an item; null if there is none.
    [[nodiscard]] const Row* last(ItemId item) const;
    // Good and up to date: there is a good row later than the last all_bad.
    [[nodiscard]] bool is_good(ItemId item) const;

    std::vector<Row> rows;
    std::vector<Bad> bads;
};

[[nodiscard]] DeviceConfig device_config(std::size_t items, Duration period = 100ms);

}  // namespace penstock::guests::test
