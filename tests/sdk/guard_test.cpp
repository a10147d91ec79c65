#include <penstock/detail/guard.hpp>

#include <unwind.h>

#include <cstring>
#include <new>
#include <stdexcept>

#include <gtest/gtest.h>

namespace penstock::detail {
namespace {

// An exception as another language's runtime raises it.
void raise_foreign_exception() {
    static _Unwind_Exception exception;
    std::memset(&exception, 0, sizeof exception);
    std::memcpy(&exception.exception_class, "RUSTmozi", 8);
    _Unwind_RaiseException(&exception);
    throw std::logic_error("nobody caught the foreign exception");
}

template <class Call>
abi::Fault fault_of(Call call) {
    abi::Fault fault;
    EXPECT_FALSE(guarded(fault, call));
    return fault;
}

TEST(Guard, KeepsTheErrorOfALinkError) {
    const auto fault = fault_of([] { throw LinkError(Error(ErrorCode::timeout, "no answer", "tcp://a:1", true)); });
    EXPECT_EQ(fault.code, static_cast<std::int32_t>(ErrorCode::timeout));
    EXPECT_EQ(fault.retryable, 1);
    EXPECT_EQ(fault.sentence(), "tcp://a:1: no answer");
}

TEST(Guard, NamesTypeAndTextOfAnyOtherException) {
    const auto fault = fault_of([] { throw std::out_of_range("index 7"); });
    EXPECT_EQ(fault.code, static_cast<std::int32_t>(ErrorCode::internal));
    EXPECT_EQ(fault.sentence(), "the plugin threw std::out_of_range: index 7");
}

TEST(Guard, NamesTheTypeOfAThrownValue) {
    EXPECT_EQ(fault_of([] { throw 42; }).sentence(), "the plugin threw a value of type int");
}

TEST(Guard, ReportsMissingMemory) {
    EXPECT_EQ(fault_of([] { throw std::bad_alloc(); }).code, static_cast<std::int32_t>(ErrorCode::unavailable));
}

TEST(Guard, ReportsAnExceptionThatNoCppCodeMade) {
    const auto fault = fault_of([] { raise_foreign_exception(); });
    EXPECT_TRUE(fault.failed());
    EXPECT_EQ(fault.sentence(), "the plugin threw an exception that no C++ code made");
}

TEST(Guard, CutsALongTextToItsBound) {
    const auto fault = fault_of([] { throw std::runtime_error(std::string(5000, 'x')); });
    EXPECT_EQ(fault.sentence().size(), abi::Fault::kCapacity);
}

TEST(Guard, LeavesTheFaultAloneOnSuccess) {
    abi::Fault fault;
    EXPECT_TRUE(guarded(fault, [] {}));
    EXPECT_FALSE(fault.failed());
}

}  // namespace
}  // namespace penstock::detail
