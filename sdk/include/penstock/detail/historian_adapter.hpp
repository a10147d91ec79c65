#pragma once

// The table that crosses (abi/historian.hpp), generated around a historian's class. Included by historian.hpp.

#include <memory>
#include <string_view>
#include <type_traits>
#include <vector>

#include <penstock/abi/plugin.hpp>
#include <penstock/detail/manifest_bake.hpp>
#include <penstock/historian.hpp>

namespace penstock::detail {

// The guest around a historian; `make` in PluginTraits is all that a plugin's own code needs of it.
[[nodiscard]] abi::HistorianGuest* adapt_historian(std::unique_ptr<Historian> historian);

// Samples in the form of the other side. The columns are borrowed; only the list of causes is written anew, into room that is kept.
class CrossingSamples {
public:
    [[nodiscard]] SampleView to_view(const abi::SampleColumns& columns);
    [[nodiscard]] abi::SampleColumns to_columns(const SampleView& view);

private:
    std::vector<std::string_view> views_;
    std::vector<abi::Text> texts_;
};

[[nodiscard]] abi::SummaryOfSamples to_plain(const SampleSummary& summary) noexcept;
[[nodiscard]] SampleSummary to_summary(const abi::SummaryOfSamples& plain) noexcept;

template <class T>
    requires std::is_base_of_v<Historian, T>
struct PluginTraits<T> {
    static constexpr PluginKind kKind = PluginKind::historian;
    static constexpr std::uint32_t kInterface = abi::kHistorianInterface;
    static constexpr std::string_view kImguiVersion = "";

    static void* make(const abi::Birth& birth) { return adapt_historian(std::make_unique<T>(Settings(birth.settings))); }
};

}  // namespace penstock::detail
