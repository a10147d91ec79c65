#pragma once

// The Modbus TCP driver: as few requests as the device allows, and never a value that the device did not say.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <penstock/driver.hpp>

#include "connection.hpp"
#include "device_map.hpp"
#include "plan.hpp"

namespace penstock::modbus {

struct Options {
    explicit Options(const Settings& settings);
    std::string endpoint;
    Duration timeout;
    Duration hole_retry;
    std::uint32_t retries;
    std::uint32_t max_gap;
    std::uint16_t max_registers;
    std::uint16_t max_bits;
    std::uint8_t unit;
    bool always_write_multiple;
};

class ModbusDriver final : public PollingDriver<Address> {
public:
    ModbusDriver(Settings settings, Io io);

    Result<ParsedAddress<Address>> parse_address(std::string_view text) const override;
    void items_changed() override;
    Task<void> connect() override;
    Task<void> read(std::span<const ItemId> due, SampleBatch& out) override;
    Task<WriteOutcome> write(const Item<Address>& item, Value value) override;
    void disconnect() noexcept override;
    std::string last_request(ItemId item) const override;
    std::string last_answer(ItemId item) const override;

private:
    // What was last asked for an item, and what came back, in eight bytes.
    struct Trace {
        std::uint16_t start = 0, count = 0;
        std::uint8_t unit = 0;
        std::uint8_t exception = 0;
        enum class Result : std::uint8_t { none, data, exception, implausible, timeout, link } result = Result::none;
    };
    // A unit behind a gateway that does not answer is asked again after a pause that grows to 30 s.
    struct SilentUnit {
        MonotonicTime retry_at;
        Duration pause;
        std::string cause;
    };

    const ReadPlan& plan_for(std::span<const ItemId> due);
    // true if every item of the group was read.
    Task<bool> read_group(const ReadPlan& plan, ReadGroup group, SampleBatch& out);
    Task<bool> split_group(const ReadPlan& plan, ReadGroup group, std::uint8_t exception, SampleBatch& out);
    Task<Answer> ask(ReadGroup group);
    Error no_answer() const;
    void learn_from_split(const ReadGroup& whole, const ReadGroup& left, const ReadGroup& right, std::uint8_t exception);
    void refuse_item(ItemId item, std::uint8_t exception, SampleBatch& out);
    void add_bad(const ReadPlan& plan, const ReadGroup& group, QualityCode quality, std::string_view cause, SampleBatch& out);
    void trace(const ReadPlan& plan, const ReadGroup& group, Trace::Result result, std::uint8_t exception = 0);
    bool is_silent(std::uint8_t unit) const;
    void note_silence(std::uint8_t unit, const Error& cause);
    void throw_if_all_silent(const Error& cause);
    Result<Frame> make_write(const Address& address, const Value& value);
    Result<Frame> make_coil_write(const Address& address, const Value& value);
    // A write of the register that `word` was read from, with one bit changed.
    Frame with_bit(const Address& address, std::span<const std::byte> word, bool on);
    static std::string exception_sentence(std::uint8_t exception);

    Options options_;
    Connection connection_;
    DeviceMap map_;
    struct CachedPlan {
        std::vector<ItemId> due;
        std::uint64_t version;
        ReadPlan plan;
    };
    std::vector<CachedPlan> plans_;  // one per combination of scan classes; the oldest is replaced
    std::size_t oldest_plan_ = 0;
    std::vector<Trace> traces_;
    std::vector<std::uint8_t> units_;  // those that items name
    std::map<std::uint8_t, SilentUnit> silent_units_;
};

}  // namespace penstock::modbus
