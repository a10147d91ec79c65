#pragma once

// The table that crosses (abi/alarm_policy.hpp), generated around a policy's class. Included by alarm_policy.hpp.

#include <memory>
#include <string_view>
#include <type_traits>

#include <penstock/abi/plugin.hpp>
#include <penstock/alarm_policy.hpp>
#include <penstock/detail/manifest_bake.hpp>

namespace penstock::detail {

// The guest around a policy; `make` in PluginTraits is all that a plugin's own code needs of it.
[[nodiscard]] abi::AlarmPolicyGuest* adapt_alarm_policy(std::unique_ptr<AlarmPolicy> policy);

template <class T>
    requires std::is_base_of_v<AlarmPolicy, T>
struct PluginTraits<T> {
    static constexpr PluginKind kKind = PluginKind::alarm_policy;
    static constexpr std::uint32_t kInterface = abi::kAlarmPolicyInterface;
    static constexpr std::string_view kImguiVersion = "";

    static void* make(const abi::Birth& birth) { return adapt_alarm_policy(std::make_unique<T>(Settings(birth.settings))); }
};

}  // namespace penstock::detail
