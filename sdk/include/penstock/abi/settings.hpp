#pragma once

#include <penstock/abi/plain.hpp>

namespace penstock::abi {

enum class SettingsKind : std::uint32_t {
    null = 0,
    boolean = 1,
    integer = 2,
    unsigned_integer = 3,
    number = 4,
    text = 5,
    array = 6,
    object = 7
};

// One node of a settings document that the host has parsed and validated against the plugin's schema. Host-owned; valid
// as long as the instance. Everything out of place answers with the empty value of its type.
struct SettingsNode {
    virtual SettingsKind kind() const noexcept = 0;
    virtual bool boolean() const noexcept = 0;
    virtual std::int64_t integer() const noexcept = 0;
    virtual std::uint64_t unsigned_integer() const noexcept = 0;
    virtual double number() const noexcept = 0;
    virtual Text text() const noexcept = 0;
    virtual std::uint32_t size() const noexcept = 0;  // of an array or object
    virtual const SettingsNode* at(std::uint32_t index) const noexcept = 0;  // null beyond the end
    virtual Text key(std::uint32_t index) const noexcept = 0;                // of an object
    virtual const SettingsNode* find(Text key) const noexcept = 0;           // null if there is none
    // "devices/plc1.json:4:14", for sentences; empty if unknown.
    virtual Text place() const noexcept = 0;

protected:
    ~SettingsNode() = default;
};

}  // namespace penstock::abi
