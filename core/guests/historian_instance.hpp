#pragma once

// A born historian as core speaks to it: the calls of penstock/historian.hpp, with failures as values that name the plugin.
//
// Readers share a lease with their instance. retire() ends it: from then on every call of every reader answers unavailable, and the
// owner destroys the instance when open_readers() is 0. So a query never reads from a historian that is gone, and a historian that
// failed never waits for a query that has the time of the world.

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/historian.hpp>
#include <penstock/result.hpp>

#include "core/base/settings_document.hpp"
#include "core/guests/plugin_library.hpp"

namespace penstock::guests {

// What instance and readers share.
struct HistorianLease {
    explicit HistorianLease(PluginInfo the_info, std::string the_name) : info(std::move(the_info)), name(std::move(the_name)) {}
    PluginInfo info;
    std::string name;  // of the instance, for sentences
    std::atomic<bool> is_retired{false};
    std::atomic<std::uint32_t> readers{0};
};

// One state of the store. One thread at a time, [worker]. What a sink throws goes through to the caller.
class HistorianReader final {
public:
    HistorianReader(ReaderOwner guest, std::shared_ptr<HistorianLease> lease);
    HistorianReader(const HistorianReader&) = delete;
    HistorianReader& operator=(const HistorianReader&) = delete;
    ~HistorianReader();

    [[nodiscard]] JournalPosition position() const noexcept { return position_; }
    // Each: unavailable once the historian is retired; else what the plugin says. Rows outside the range, out of order, or with a
    // cause that does not exist are the plugin's fault (internal) and are not handed on.
    [[nodiscard]] Result<void> read(const SampleRange& range, penstock::SampleSink& into);
    [[nodiscard]] Result<void> read_before(SeriesId series, std::int64_t time, penstock::SampleSink& into);
    [[nodiscard]] bool has_summaries() const noexcept { return has_summaries_; }
    [[nodiscard]] Result<void> summarise(const SampleRange& range, Duration most_span, SummarySink& into);
    [[nodiscard]] Result<std::vector<std::string>> damage();

private:
    template <class Call>
    Result<void> call(Call&& call);

    std::shared_ptr<HistorianLease> lease_;
    ReaderOwner guest_;
    JournalPosition position_ = 0;
    bool has_summaries_ = false;
};

// All on the historian's own thread, [worker].
class HistorianInstance final {
public:
    // `keep_alive`: what the guest needs as long as it lives (its library's settings).
    HistorianInstance(HistorianOwner guest, PluginInfo info, std::string name,
                      std::shared_ptr<const void> keep_alive = nullptr);
    HistorianInstance(const HistorianInstance&) = delete;
    HistorianInstance& operator=(const HistorianInstance&) = delete;
    // Only when open_readers() is 0.
    ~HistorianInstance();

    [[nodiscard]] Result<JournalPosition> open(const std::filesystem::path& folder);
    [[nodiscard]] Result<void> define(std::span<const SeriesInfo> series);
    [[nodiscard]] Result<void> append(const HistoryBatch& batch);
    [[nodiscard]] Result<void> flush();
    [[nodiscard]] JournalPosition persisted() const noexcept;
    [[nodiscard]] Result<std::unique_ptr<HistorianReader>> open_reader();
    [[nodiscard]] Result<bool> tidy(UtcTime now);  // true: there is more
    [[nodiscard]] Result<HistorianStatus> status();
    [[nodiscard]] bool has_backup() const noexcept;
    [[nodiscard]] Result<bool> back_up(const std::filesystem::path& folder);  // true: there is more

    void retire() noexcept;  // [any-thread]
    [[nodiscard]] std::uint32_t open_readers() const noexcept;  // [any-thread]

private:
    [[nodiscard]] Error error(const abi::Fault& fault) const;

    std::shared_ptr<const void> keep_alive_;
    std::shared_ptr<HistorianLease> lease_;
    HistorianOwner guest_;
    std::vector<abi::SeriesDefinition> definitions_;
    detail::CrossingSamples crossing_;
};

// Makes an instance; called again after a failure. [worker]
using HistorianFactory = std::function<Result<std::unique_ptr<HistorianInstance>>()>;

// `name` stands in sentences ("historian.sqlite").
[[nodiscard]] HistorianFactory make_historian_factory(std::shared_ptr<PluginLibrary> library,
                                                      std::shared_ptr<const base::SettingsDocument> settings, std::string name);

}  // namespace penstock::guests
