#pragma once

// What crosses the library boundary: plain data and abstract classes whose functions are noexcept. No standard-library
// type, no exception, no coroutine. Laid out by the Itanium C++ ABI, so the brand of the compiler does not matter.
// A change of anything in abi/ moves the interface version of the kinds that use it (manifest.hpp).

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace penstock::abi {

// Borrowed text, UTF-8, no terminator. Valid during the call that passes it, unless the function says otherwise.
struct Text final {
    const char* data;
    std::uint64_t size;

    [[nodiscard]] std::string_view view() const noexcept { return {data, static_cast<std::size_t>(size)}; }
};
[[nodiscard]] inline Text text(std::string_view view) noexcept { return {view.data(), view.size()}; }

struct Bytes final {
    const std::byte* data;
    std::uint64_t size;
};

// How a call failed. The caller owns it; the callee fills it at most once. code 0 = no failure; else an ErrorCode.
struct Fault final {
    static constexpr std::uint32_t kCapacity = 1000;

    std::int32_t code = 0;
    std::uint8_t retryable = 0;
    std::uint8_t reserved[3] = {};
    std::uint32_t size = 0;
    char text[kCapacity] = {};

    void set(std::int32_t new_code, std::string_view sentence, bool may_retry) noexcept {
        code = new_code;
        retryable = may_retry ? 1 : 0;
        size = static_cast<std::uint32_t>(sentence.size() < kCapacity ? sentence.size() : kCapacity);
        if (size != 0) std::memcpy(text, sentence.data(), size);
    }
    // Bounded by kCapacity whatever the other side wrote.
    [[nodiscard]] std::string_view sentence() const noexcept { return {text, size < kCapacity ? size : kCapacity}; }
    [[nodiscard]] bool failed() const noexcept { return code != 0; }
};

// What became of one wait.
struct IoResult final {
    std::int32_t code = 0;          // 0 done, else an ErrorCode
    std::int32_t system_error = 0;  // errno where there is one, for the sentence
    std::uint64_t value = 0;        // handle opened, bytes written, or what the call says
    Bytes data = {};                // what arrived; host-owned, valid during complete() only
};

// The other side's call-back for one wait: called at most once, on the instance's strand, never from inside the call that
// started the wait. Two rules, one for each direction:
//
//   host calls (HostIo, HostLink), return void    complete exactly once, always later; not at all after withdraw()
//   guest calls (start_*), return bool            true: finished already, all results are filled, complete() is not called
//                                                 false: complete() follows exactly once, unless the call is dropped;
//                                                 its code repeats the fault's (of a write: the reason's)
//
// So a call that need not wait costs no round through the event loop, and nobody is called back while still on the stack.
// Lives in the waiter's frame.
struct Completion {
    virtual void complete(const IoResult& result) noexcept = 0;

protected:
    ~Completion() = default;
};

// One scalar, string or array. `word` for scalars, `blob` (form: value.hpp, Value::blob) for the rest.
struct PlainValue final {
    std::uint32_t type;  // ValueType
    std::uint32_t reserved;
    std::uint64_t word;
    Text blob;
};

// A batch of samples as columns of equal length `count`.
//   item    the item's number, below the number of items of the device
//   time    source time, ns UTC, 0 = none; null = none at all
//   status  quality << 16 | cause (0 = none, n = causes[n-1])
//   word    the value's 8 bytes; for strings and arrays offset << 32 | length into `blob`
struct Columns final {
    std::uint32_t count;
    std::uint32_t cause_count;
    const std::uint32_t* item;
    const std::int64_t* time;
    const std::uint32_t* status;
    const std::uint64_t* word;
    Text blob;
    const Text* causes;
};

}  // namespace penstock::abi
