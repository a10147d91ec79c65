#pragma once

// The guard at the library boundary: whatever a plugin throws becomes text at once, and no exception object outlives it.

#include <exception>
#include <utility>

#include <penstock/abi/plain.hpp>
#include <penstock/result.hpp>

namespace penstock::detail {

void set_fault(abi::Fault& fault, const Error& error) noexcept;

// What is being thrown right now, as a fault: the Error of a LinkError; type and text of any other std::exception; the type's name
// of anything else; and that nothing is known of an exception that no C++ code threw. Only in a catch block.
void describe_current_exception(abi::Fault& fault) noexcept;

// True if `call` returned; false with the fault filled if it threw.
template <class Call>
bool guarded(abi::Fault& fault, Call&& call) noexcept {
    try {
        std::forward<Call>(call)();
        return true;
    } catch (...) {
        describe_current_exception(fault);
        return false;
    }
}

}  // namespace penstock::detail
