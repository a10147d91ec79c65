#pragma once

// A session that answers at once, by a function of the test; and what a verb printed.

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/core/client/fake_session.hpp"

namespace penstock::cli::testing {

class ScriptedSession : public client::testing::FakeSession {
public:
    using Answer = std::function<Result<AnyReply>(const AnyRequest&)>;
    explicit ScriptedSession(Answer answer) : answer_(std::move(answer)) {}

    void call(AnyRequest request, OnReply on_reply) override {
        requests.push_back(request);
        FakeSession::call(std::move(request), std::move(on_reply));
        answer(answer_(requests.back()));
    }
    using FakeSession::call;

    // All requests of a type, in order.
    template <class Request>
    std::vector<Request> asked() const {
        std::vector<Request> found;
        for (const auto& request : requests)
            if (const auto* one = std::get_if<Request>(&request)) found.push_back(*one);
        return found;
    }

    std::vector<AnyRequest> requests;

private:
    Answer answer_;
};

struct Printed {
    int code = 0;
    std::string out, err;
};

template <class Run>
Printed run_printing(Run run) {
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    Printed printed;
    printed.code = run();
    printed.out = ::testing::internal::GetCapturedStdout();
    printed.err = ::testing::internal::GetCapturedStderr();
    return printed;
}

inline constexpr std::int64_t kNoonNs = 1'772'366'400'000'000'000;  // 2026-03-01T12:00:00Z
inline UtcTime noon() { return utc_from_ns(kNoonNs); }

}  // namespace penstock::cli::testing
