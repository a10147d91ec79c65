#pragma once

// Everything that can be thrown.

#include <unwind.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

#include <penstock/result.hpp>

struct OddObject {
    int size = 44;
    std::string text = "an object of no known base";
};

// An exception that another language's runtime would raise.
[[noreturn]] inline void throw_foreign() {
    static thread_local _Unwind_Exception exception;
    exception = {};
    exception.exception_class = 0x46'4F'52'45'49'47'4E'00;  // "FOREIGN"
    exception.exception_cleanup = [](_Unwind_Reason_Code, _Unwind_Exception*) {};
    _Unwind_RaiseException(&exception);
    std::abort();  // nobody catches it
}

inline void throw_as(std::string_view word) {
    if (word == "int") throw 42;  // NOLINT(hicpp-exception-baseclass)
    if (word == "text") throw "just a text";  // NOLINT(hicpp-exception-baseclass)
    if (word == "object") throw OddObject();  // NOLINT(hicpp-exception-baseclass)
    if (word == "exception") throw std::runtime_error("the guest's own words");
    if (word == "link") throw penstock::LinkError(penstock::ErrorCode::timeout, "no answer within 1 s");
    if (word == "foreign") throw_foreign();
}
