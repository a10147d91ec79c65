#pragma once

// The driver's side of the library boundary. Plugin authors use driver.hpp, which generates all of this.
//
// Life: factory -> parse()* -> set_items() -> one of { PollingGuest, BlockingGuest, RunningGuest } -> abandon() -> release().
// `penstock check` uses only factory, parse() and release().

#include <penstock/abi/io.hpp>
#include <penstock/abi/settings.hpp>

namespace penstock::abi {

inline constexpr std::uint32_t kDriverInterface = 1;

// What an address says about itself.
struct ItemInfo final {
    std::uint32_t type = 0;           // ValueType that the driver delivers
    std::uint32_t writable = 0;       // 0 or 1
    std::uint32_t array_elements = 0;  // 0: the device decides
    std::uint32_t reserved = 0;
};

struct ItemAddress final {
    std::uint32_t item;
    std::uint32_t reserved;
    Text address;
};

struct WriteItem final {
    std::uint32_t item;
    std::uint32_t reserved;
    PlainValue value;  // of the item's native type
};

enum class Outcome : std::uint32_t { done = 0, refused = 1, unknown = 2 };

struct WriteReply final {
    Outcome outcome = Outcome::unknown;
    // 1: the write threw, so the link is no longer to be trusted (its answer may still come, and be taken for the answer to something
    // else): the host calls disconnect() and connects again, as after a fault of a read.
    std::uint32_t is_link_broken = 0;
    Fault reason;  // why refused or unknown
};

// Reads and writes on request. Never two calls at a time. start_* answer as plain.hpp says: true = finished already.
//
// Deadlines (monotonic ns): a polling driver bounds its own waits, and the host calls disconnect() if it does not come to an
// end. A blocking driver (BlockingDriver, `blocking()`) gets the deadline and has to keep it: its functions run on a worker
// thread of its own, block there and always return true.
struct PollingGuest {
    [[nodiscard]] virtual bool start_connect(std::int64_t deadline_ns, Fault&, Completion&) noexcept = 0;
    // Samples of the due items (any subset, in any order, or further items that came along). `due` stays valid until the
    // end of the call. `columns` is filled when it ends and stays valid until the next call. A fault means the link broke:
    // the host marks the device bad and calls disconnect() before anything else (columns then hold what had arrived before, and the host may ignore them).
    [[nodiscard]] virtual bool start_read(const std::uint32_t* due, std::uint32_t count, std::int64_t deadline_ns,
                                          Columns& columns, Fault&, Completion&) noexcept = 0;
    // The item's value is copied before the call returns.
    [[nodiscard]] virtual bool start_write(const WriteItem&, std::int64_t deadline_ns, WriteReply&, Completion&) noexcept = 0;
    // Closes the link; also after a failed connect or read. Returns at once. A call under way is dropped: its coroutine
    // is destroyed, its waits withdraw, its completion is not called (a dropped write has an unknown outcome).
    virtual void disconnect() noexcept = 0;

protected:
    ~PollingGuest() = default;
};

enum class LinkEventKind : std::uint32_t { poll_due = 1, write = 2, items_changed = 3 };

struct LinkEvent final {
    LinkEventKind kind;
    std::uint32_t item_count;  // poll_due
    const std::uint32_t* items;  // poll_due; valid until the next next()
    std::uint64_t write_id;  // write: to be answered by finish_write
    WriteItem write;  // write; valid until the next next()
};

// What a running driver asks of the host.
struct HostLink {
    // Completes when there is an event; `event` is then filled. One at a time. `cancelled` when the host stops.
    virtual void next(LinkEvent& event, Completion&) noexcept = 0;
    virtual void withdraw_next(Completion&) noexcept = 0;  // it will not complete any more
    virtual void publish(const Columns&) noexcept = 0;  // copied before it returns
    virtual void finish_write(std::uint64_t write_id, const WriteReply&) noexcept = 0;
    // The link is up (its items wait for data), or has broken, with the cause for all items. run() may go on either way.
    virtual void link_up() noexcept = 0;
    virtual void link_down(const Fault& cause) noexcept = 0;

protected:
    ~HostLink() = default;
};

// Runs by itself. When run ends or faults, the host marks the device bad and starts it again after a back-off.
struct RunningGuest {
    // True: it has ended already. The HostLink stays valid until the run has ended or was dropped.
    [[nodiscard]] virtual bool start_run(HostLink&, Fault&, Completion&) noexcept = 0;
    // Drops a run under way (its completion is not called). For a driver that does not end when it is asked to.
    virtual void stop_run() noexcept = 0;

protected:
    ~RunningGuest() = default;
};

// One found address, for browsing.
struct BrowseEntry final {
    Text path;  // where it lies in the device, '/'-separated
    Text address;  // what parse() takes
    Text description;
    ItemInfo info;
};
struct BrowseSink {
    virtual bool entry(const BrowseEntry&) noexcept = 0;  // false: enough

protected:
    ~BrowseSink() = default;
};
struct BrowseGuest {
    // The sink is called before this returns true, or before the completion.
    [[nodiscard]] virtual bool start_browse(Text filter, BrowseSink&, Fault&, Completion&) noexcept = 0;

protected:
    ~BrowseGuest() = default;
};

struct DriverGuest {
    // What an address means, without I/O. [any-thread before set_items; then the strand]
    virtual bool parse(Text address, ItemInfo&, Fault&) noexcept = 0;
    // The items to serve, replacing those before; numbers are dense from 0. All parsed well before. Returns false on a
    // fault of the whole (too many for this device).
    virtual bool set_items(const ItemAddress*, std::uint32_t count, Fault&) noexcept = 0;

    // Exactly one of the first three is not null; null otherwise means "not offered".
    virtual PollingGuest* polling() noexcept = 0;
    virtual PollingGuest* blocking() noexcept = 0;
    virtual RunningGuest* running() noexcept = 0;
    virtual BrowseGuest* browse() noexcept = 0;

    // Text on what the link did last, for `explain`: "read holding 0-9, unit 1" / "exception 2 (illegal data address)".
    // Copies at most `capacity` bytes, returns how many. [strand]
    virtual std::uint32_t last_request(std::uint32_t item, char* into, std::uint32_t capacity) noexcept = 0;
    virtual std::uint32_t last_answer(std::uint32_t item, char* into, std::uint32_t capacity) noexcept = 0;

    // Destroys suspended coroutines; their waits withdraw, their completions are not called. Nothing but release() follows.
    // Never called while a blocking function runs.
    virtual void abandon() noexcept = 0;
    virtual void release() noexcept = 0;

protected:
    ~DriverGuest() = default;
};

}  // namespace penstock::abi
