#pragma once

// Drivers: how Penstock talks to a device. Derive from one of
//
//   PollingDriver<Address>   the usual one: the host polls, the driver reads and writes
//   Driver<Address>          the device speaks by itself (subscriptions, push): run(link)
//   BlockingDriver<Address>  a blocking vendor library: the same as PollingDriver, on a worker thread of its own
//
// and write PENSTOCK_PLUGIN(Class, "driver.name", "1.0.0", kSettingsSchema).
//
// Life of an instance (one per device): constructor(Settings, Io) -> parse_address() for every tag -> items are set ->
// connect -> { read | write }* -> disconnect -> connect ... -> destructor. `penstock check` uses only the constructor
// and parse_address(), so the constructor does no I/O; it throws LinkError(invalid_config, ...) for settings that the
// schema could not rule out.
//
// The host does scan classes, deadlines, writes before reads, re-reading after a write, back-off with jitter, and quality.
// Calls never overlap, not even while one awaits, so a driver needs no mutex. All [strand] unless noted.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <penstock/abi/driver.hpp>
#include <penstock/io.hpp>
#include <penstock/result.hpp>
#include <penstock/sample_batch.hpp>
#include <penstock/settings.hpp>
#include <penstock/value.hpp>
#include <penstock/write_outcome.hpp>

namespace penstock {

// What parse_address() found.
template <class Address>
struct ParsedAddress {
    ParsedAddress(Address parsed, ValueType native, bool can_write)
        : address(std::move(parsed)), type(native), writable(can_write) {}
    Address address;
    ValueType type;                    // the native type: what read() delivers and write() takes
    bool writable;
    std::uint32_t array_elements = 0;  // of an array type; 0: the device decides
};

// One tag's place in the device.
template <class Address>
struct Item {
    Item(ItemId number, ValueType native, Address parsed) : id(number), type(native), address(std::move(parsed)) {}
    ItemId id;
    ValueType type;
    Address address;
};

namespace detail {
void fill_reply(abi::WriteReply& reply, const WriteOutcome& outcome) noexcept;
}

// What all three have in common.
template <class AddressType>
class DriverBase {
public:
    using Address = AddressType;
    DriverBase(const DriverBase&) = delete;
    DriverBase& operator=(const DriverBase&) = delete;
    // A destructor that throws is a broken plugin, not the end of the process: the boundary catches it.
    virtual ~DriverBase() noexcept(false) = default;

    // What an address text means. No I/O, no state changed. Error invalid_argument: a sentence that says what was found
    // and wanted ("register number 70000 is beyond 65535").
    [[nodiscard]] virtual Result<ParsedAddress<Address>> parse_address(std::string_view text) const = 0;

    // All items were replaced (also at the start); plans made from them are void. Items are in order of their id.
    virtual void items_changed() {}

    // For `explain`: the last request that asked for this item, and the device's answer. "" if there was none.
    [[nodiscard]] virtual std::string last_request(ItemId) const { return {}; }
    [[nodiscard]] virtual std::string last_answer(ItemId) const { return {}; }

    [[nodiscard]] std::span<const Item<Address>> items() const noexcept { return items_; }
    [[nodiscard]] const Item<Address>& item(ItemId id) const { return items_.at(id); }

    // For the generated adapter and the test kit only.
    void replace_items(std::vector<Item<Address>> items) {
        items_ = std::move(items);
        items_changed();
    }

protected:
    explicit DriverBase(Io io) noexcept : io_(io) {}
    [[nodiscard]] const Io& io() const noexcept { return io_; }

private:
    Io io_;
    std::vector<Item<Address>> items_;
};

template <class AddressType>
class PollingDriver : public DriverBase<AddressType> {
public:
    // Opens the link. Throws LinkError if it cannot; the host tries again after a back-off.
    [[nodiscard]] virtual Task<void> connect() = 0;

    // Reads the due items (ids in ascending order) into `out`. An item that the device refuses gets out.add_bad(); a link that
    // breaks throws LinkError: the host marks the whole device bad with its text, calls disconnect() and connects again. Due items missing from `out` become bad.
    [[nodiscard]] virtual Task<void> read(std::span<const ItemId> due, SampleBatch& out) = 0;

    // Writes one item. `value` has the item's native type. If this throws, the outcome is unknown and the link is given up, since
    // the answer may still come: so catch what is known better (a refusal by the device; a request that never left). Never repeat
    // a write whose outcome is not known.
    // The default refuses: a driver that only reads.
    [[nodiscard]] virtual Task<WriteOutcome> write(const Item<AddressType>& item, Value value) {
        (void)item, (void)value;
        co_return WriteOutcome::refused("this driver cannot write");
    }

    // Closes the link at once.
    virtual void disconnect() noexcept = 0;

protected:
    using DriverBase<AddressType>::DriverBase;
};

// The same with plain blocking calls. All but parse_address() run on this instance's own [worker] thread, so they may
// block, but not beyond `deadline`. Fails by LinkError as above.
template <class AddressType>
class BlockingDriver : public DriverBase<AddressType> {
public:
    virtual void connect(Deadline deadline) = 0;
    virtual void read(std::span<const ItemId> due, SampleBatch& out, Deadline deadline) = 0;
    [[nodiscard]] virtual WriteOutcome write(const Item<AddressType>&, const Value&, Deadline) {
        return WriteOutcome::refused("this driver cannot write");
    }
    virtual void disconnect() noexcept = 0;

protected:
    using DriverBase<AddressType>::DriverBase;
};

// What co_await link.next() yields.
struct PollDue {
    explicit PollDue(std::vector<ItemId> due) : items(std::move(due)) {}
    std::vector<ItemId> items;
};
struct WriteRequest {
    WriteRequest(std::uint64_t write_id, ItemId written, Value wanted)
        : id(write_id), item(written), value(std::move(wanted)) {}
    std::uint64_t id;  // for Link::finish
    ItemId item;
    Value value;
};
struct ItemsChanged {};
using LinkEvent = std::variant<PollDue, WriteRequest, ItemsChanged>;

// The host as a running driver sees it.
class Link {
public:
    explicit Link(abi::HostLink& host) noexcept : host_(&host) {}

    // The next thing to do. Throws LinkError cancelled when the host stops.
    [[nodiscard]] Task<LinkEvent> next();
    // Hands a batch over; it may be reused at once.
    void publish(const SampleBatch& batch);
    // Answers a WriteRequest, exactly once. One left unanswered when run() ends is unknown.
    void finish(std::uint64_t write_id, const WriteOutcome& outcome);
    void up();
    // Marks all items bad with this cause. Items become good again with their next sample.
    void down(const Error& cause);

private:
    abi::HostLink* host_;
};

template <class AddressType>
class Driver : public DriverBase<AddressType> {
public:
    // Serves the device until it breaks (throw LinkError) or the host stops. Started again after a back-off.
    [[nodiscard]] virtual Task<void> run(Link& link) = 0;

protected:
    using DriverBase<AddressType>::DriverBase;
};

// Optional: a driver that also derives from Browse can list what the device offers.
struct BrowseResult {
    std::string path, address, description;
    ValueType type = ValueType::none;
    bool writable = false;
};
class Browse {
public:
    virtual ~Browse() noexcept(false) = default;  // as DriverBase
    // At most 10,000 results whose path contains `filter` ("" = all).
    [[nodiscard]] virtual Task<std::vector<BrowseResult>> browse(std::string filter) = 0;
};

}  // namespace penstock

// The library boundary around these classes.
#include <penstock/detail/driver_adapter.hpp>
