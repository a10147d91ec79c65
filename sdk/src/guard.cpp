#include <penstock/detail/guard.hpp>

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <typeinfo>

namespace penstock::detail {
namespace {

constexpr auto kInternal = static_cast<std::int32_t>(ErrorCode::internal);

struct Free {
    void operator()(char* text) const noexcept { std::free(text); }  // NOLINT: __cxa_demangle allocates with malloc
};

std::string readable_name(const std::type_info& type) {
    int status = 0;
    const std::unique_ptr<char, Free> name(__cxxabiv1::__cxa_demangle(type.name(), nullptr, nullptr, &status));
    return status == 0 && name ? std::string(name.get()) : std::string(type.name());
}

void describe(abi::Fault& fault, const std::exception& exception) {
    const char* const what = exception.what();
    const auto text = readable_name(typeid(exception)) + ": " + (what == nullptr ? "(no text)" : what);
    fault.set(kInternal, "the plugin threw " + text, true);
}

// Thrown by C++ code, but no std::exception: `throw 42`.
void describe_unusual(abi::Fault& fault) {
    const auto* const type = __cxxabiv1::__cxa_current_exception_type();
    if (type == nullptr) return fault.set(kInternal, "the plugin threw a value of unknown type", true);
    fault.set(kInternal, "the plugin threw a value of type " + readable_name(*type), true);
}

void describe_or_throw(abi::Fault& fault) {
    // A foreign exception has no exception_ptr: asking for it first keeps a broken plugin from looking like a success. It has
    // no type either: __cxa_current_exception_type() would read what happens to lie before it in memory.
    if (!std::current_exception()) return fault.set(kInternal, "the plugin threw an exception that no C++ code made", true);
    try {
        throw;
    } catch (const LinkError& link) {
        set_fault(fault, link.error());
    } catch (const std::bad_alloc&) {
        fault.set(static_cast<std::int32_t>(ErrorCode::unavailable), "the plugin ran out of memory", true);
    } catch (const std::exception& exception) {
        describe(fault, exception);
    } catch (...) {
        describe_unusual(fault);
    }
}

}  // namespace

void set_fault(abi::Fault& fault, const Error& error) noexcept {
    try {
        fault.set(static_cast<std::int32_t>(error.code()), error.text(), error.retryable());
    } catch (...) {  // no memory for the place: the sentence alone
        fault.set(static_cast<std::int32_t>(error.code()), error.sentence(), error.retryable());
    }
}

void describe_current_exception(abi::Fault& fault) noexcept {
    try {
        describe_or_throw(fault);
    } catch (...) {
        fault.set(kInternal, "the plugin threw, and there was no memory left to say what", true);
    }
}

}  // namespace penstock::detail
