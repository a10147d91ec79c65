#pragma once

// The table that crosses (abi/driver.hpp), generated around a driver's class. Included by driver.hpp.

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <penstock/abi/plugin.hpp>
#include <penstock/detail/guard.hpp>
#include <penstock/detail/host_call.hpp>
#include <penstock/detail/manifest_bake.hpp>
#include <penstock/driver.hpp>
#include <penstock/plain_value.hpp>

namespace penstock::detail {

template <class D>
concept AnyDriver = requires { typename D::Address; } && std::is_base_of_v<DriverBase<typename D::Address>, D>;
template <class D>
concept IsPolling = AnyDriver<D> && std::is_base_of_v<PollingDriver<typename D::Address>, D>;
template <class D>
concept IsBlocking = AnyDriver<D> && std::is_base_of_v<BlockingDriver<typename D::Address>, D>;
template <class D>
concept IsRunning = AnyDriver<D> && std::is_base_of_v<Driver<typename D::Address>, D>;

// Copies a text for `explain`; nothing if making it throws.
template <class MakeText>
std::uint32_t copy_text(char* into, std::uint32_t capacity, MakeText make_text) noexcept {
    std::uint32_t size = 0;
    abi::Fault ignored;
    guarded(ignored, [&] {
        const std::string text = make_text();
        size = static_cast<std::uint32_t>(std::min<std::size_t>(text.size(), capacity));
        if (size != 0) std::memcpy(into, text.data(), size);
    });
    return size;
}

void send_entries(const std::vector<BrowseResult>& results, abi::BrowseSink& sink);

// What all drivers have in common.
template <class D>
class DriverAdapter : public abi::DriverGuest, private abi::BrowseGuest {
public:
    using Address = typename D::Address;

    bool parse(abi::Text address, abi::ItemInfo& info, abi::Fault& fault) noexcept final {
        return guarded(fault, [&] {
            const auto parsed = parsed_or_throw(address.view());
            info.type = static_cast<std::uint32_t>(parsed.type);
            info.writable = parsed.writable ? 1 : 0;
            info.array_elements = parsed.array_elements;
        });
    }

    bool set_items(const abi::ItemAddress* items, std::uint32_t count, abi::Fault& fault) noexcept final {
        return guarded(fault, [&] {
            std::vector<Item<Address>> parsed;
            parsed.reserve(count);
            for (std::uint32_t i = 0; i < count; ++i) {
                if (items[i].item != i) throw LinkError(ErrorCode::internal, "the host has not numbered the items densely");
                auto address = parsed_or_throw(items[i].address.view());
                parsed.emplace_back(i, address.type, std::move(address.address));
            }
            driver_.replace_items(std::move(parsed));
        });
    }

    abi::PollingGuest* polling() noexcept override { return nullptr; }
    abi::PollingGuest* blocking() noexcept override { return nullptr; }
    abi::RunningGuest* running() noexcept override { return nullptr; }
    abi::BrowseGuest* browse() noexcept final {
        if constexpr (std::is_base_of_v<Browse, D>)
            return this;
        else
            return nullptr;
    }

    std::uint32_t last_request(std::uint32_t item, char* into, std::uint32_t capacity) noexcept final {
        return copy_text(into, capacity, [&] { return driver_.last_request(item); });
    }
    std::uint32_t last_answer(std::uint32_t item, char* into, std::uint32_t capacity) noexcept final {
        return copy_text(into, capacity, [&] { return driver_.last_answer(item); });
    }

    void abandon() noexcept final {
        call_.drop();
        browse_call_.drop();
    }
    // A destructor has nobody to report to but the log.
    void release() noexcept final {
        abi::HostIo& io = *io_;
        abi::Fault fault;
        if (!guarded(fault, [this] { delete this; })) io.log(3, abi::text(fault.sentence()));
    }

protected:
    explicit DriverAdapter(const abi::Birth& birth) : driver_(Settings(birth.settings), Io(*birth.io)), io_(birth.io) {}
    virtual ~DriverAdapter() noexcept(false) { abandon(); }

    D driver_;
    HostCall call_;  // the one call that may run at a time

private:
    bool start_browse(abi::Text filter, abi::BrowseSink& sink, abi::Fault& fault, abi::Completion& completion) noexcept final {
        if constexpr (std::is_base_of_v<Browse, D>) {
            return browse_call_.start(fault, completion, [&] { return browse_all(std::string(filter.view()), &sink); });
        }
        return true;
    }
    Task<void> browse_all(std::string filter, abi::BrowseSink* sink) {
        const auto results = co_await driver_.browse(filter);
        send_entries(results, *sink);
    }

    [[nodiscard]] ParsedAddress<Address> parsed_or_throw(std::string_view text) const {
        auto parsed = driver_.parse_address(text);
        if (!parsed) throw LinkError(std::move(parsed).error());
        return *std::move(parsed);
    }

    HostCall browse_call_;
    abi::HostIo* io_;  // outlives the instance
};

// What stands if the write throws.
inline void assume_broken(abi::WriteReply& reply) noexcept {
    reply.outcome = abi::Outcome::unknown;
    reply.is_link_broken = 1;
}

// The item and value of a write, or none and the reply says why.
template <class Address>
std::optional<Value> checked_value(std::span<const Item<Address>> items, const abi::WriteItem& write, abi::WriteReply& reply) {
    auto value = value_of(write.value);
    const bool is_known = write.item < items.size();
    if (is_known && value && value->type() == items[write.item].type) return *std::move(value);
    const auto reason = !is_known
                            ? std::string("the driver has no such item")
                            : "the host gave a value of type " + std::string(to_string(value ? value->type() : ValueType::none))
                                  + ", the item is of type " + std::string(to_string(items[write.item].type));
    fill_reply(reply, WriteOutcome::refused(reason));
    return std::nullopt;
}

template <class D>
class PollingAdapter final : public DriverAdapter<D>, private abi::PollingGuest {
public:
    explicit PollingAdapter(const abi::Birth& birth) : DriverAdapter<D>(birth) {}
    abi::PollingGuest* polling() noexcept override { return this; }

private:
    using DriverAdapter<D>::driver_;
    using DriverAdapter<D>::call_;

    bool start_connect(std::int64_t, abi::Fault& fault, abi::Completion& completion) noexcept override {
        return call_.start(fault, completion, [&] { return connect(); });
    }
    bool start_read(const std::uint32_t* due, std::uint32_t count, std::int64_t, abi::Columns& columns, abi::Fault& fault,
                    abi::Completion& completion) noexcept override {
        columns = abi::Columns();
        return call_.start(fault, completion, [&] { return read(std::span(due, count), &columns); });
    }
    bool start_write(const abi::WriteItem& write, std::int64_t, abi::WriteReply& reply,
                     abi::Completion& completion) noexcept override {
        assume_broken(reply);
        return call_.start(reply.reason, completion, [&] {
            auto value = checked_value(driver_.items(), write, reply);
            return value ? this->write(write.item, *std::move(value), &reply) : nothing();
        });
    }
    void disconnect() noexcept override {
        call_.drop();
        abi::Fault ignored;
        guarded(ignored, [&] { driver_.disconnect(); });
    }

    Task<void> nothing() { co_return; }
    Task<void> connect() { co_await driver_.connect(); }
    Task<void> read(std::span<const ItemId> due, abi::Columns* columns) {
        batch_.clear();
        batch_.reserve(due.size());
        co_await driver_.read(due, batch_);
        *columns = batch_.columns();
    }
    Task<void> write(ItemId item, Value value, abi::WriteReply* reply) {
        const auto outcome = co_await driver_.write(driver_.item(item), std::move(value));
        fill_reply(*reply, outcome);
    }

    SampleBatch batch_;
};

template <class D>
class BlockingAdapter final : public DriverAdapter<D>, private abi::PollingGuest {
public:
    explicit BlockingAdapter(const abi::Birth& birth) : DriverAdapter<D>(birth) {}
    abi::PollingGuest* blocking() noexcept override { return this; }

private:
    using DriverAdapter<D>::driver_;

    bool start_connect(std::int64_t deadline_ns, abi::Fault& fault, abi::Completion&) noexcept override {
        guarded(fault, [&] { driver_.connect(monotonic_from_ns(deadline_ns)); });
        return true;
    }
    bool start_read(const std::uint32_t* due, std::uint32_t count, std::int64_t deadline_ns, abi::Columns& columns,
                    abi::Fault& fault, abi::Completion&) noexcept override {
        columns = abi::Columns();
        guarded(fault, [&] {
            batch_.clear();
            batch_.reserve(count);
            driver_.read(std::span(due, count), batch_, monotonic_from_ns(deadline_ns));
            columns = batch_.columns();
        });
        return true;
    }
    bool start_write(const abi::WriteItem& write, std::int64_t deadline_ns, abi::WriteReply& reply,
                     abi::Completion&) noexcept override {
        assume_broken(reply);
        guarded(reply.reason, [&] {
            const auto value = checked_value(driver_.items(), write, reply);
            if (value) fill_reply(reply, driver_.write(driver_.item(write.item), *value, monotonic_from_ns(deadline_ns)));
        });
        return true;
    }
    void disconnect() noexcept override {
        abi::Fault ignored;
        guarded(ignored, [&] { driver_.disconnect(); });
    }

    SampleBatch batch_;
};

template <class D>
class RunningAdapter final : public DriverAdapter<D>, private abi::RunningGuest {
public:
    explicit RunningAdapter(const abi::Birth& birth) : DriverAdapter<D>(birth) {}
    ~RunningAdapter() noexcept(false) override { call_.drop(); }  // before the Link that it uses
    abi::RunningGuest* running() noexcept override { return this; }

private:
    using DriverAdapter<D>::driver_;
    using DriverAdapter<D>::call_;

    bool start_run(abi::HostLink& host, abi::Fault& fault, abi::Completion& completion) noexcept override {
        link_.emplace(host);
        return call_.start(fault, completion, [&] { return run(); });
    }
    void stop_run() noexcept override { call_.drop(); }

    Task<void> run() { co_await driver_.run(*link_); }

    std::optional<Link> link_;
};

template <AnyDriver D>
struct PluginTraits<D> {
    static constexpr PluginKind kKind = PluginKind::driver;
    static constexpr std::uint32_t kInterface = abi::kDriverInterface;
    static constexpr std::string_view kImguiVersion = "";

    static void* make(const abi::Birth& birth) {
        static_assert(IsPolling<D> + IsBlocking<D> + IsRunning<D> == 1,
                      "derive from one of PollingDriver, BlockingDriver and Driver");
        using Adapter = std::conditional_t<IsPolling<D>, PollingAdapter<D>,
                                           std::conditional_t<IsBlocking<D>, BlockingAdapter<D>, RunningAdapter<D>>>;
        return static_cast<abi::DriverGuest*>(new Adapter(birth));
    }
};

}  // namespace penstock::detail
