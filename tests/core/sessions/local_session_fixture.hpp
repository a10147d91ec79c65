#pragma once

// A session in one process over a small plant.

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "core/sessions/local_session.hpp"
#include "tests/core/sessions/test_plant.hpp"

namespace penstock::sessions::testing {

// Every test runs twice: handed over in process, and through the codec as if a server were between.
class LocalSessionTest : public ::testing::TestWithParam<LocalCodec> {
protected:
    TestPlant plant_;
    std::unique_ptr<Session> session_ = make_local_session(plant_.plant(), kAdministrator, GetParam());

    // Calls, lets the engine run, and polls until the reply is there.
    template <class Request>
    Result<typename Request::Reply> ask(Request request) {
        Result<typename Request::Reply> answer = fail(ErrorCode::timeout, "no reply");
        bool is_there = false;
        session_->call(std::move(request), [&](Result<typename Request::Reply> reply) {
            is_there = true;
            answer = std::move(reply);
        });
        EXPECT_FALSE(is_there) << "a callback ran inside call()";
        for (int i = 0; i < 3 && !is_there; ++i) {
            plant_.cycle();
            session_->poll();
        }
        return answer;
    }
    Result<WriteItem> write(std::string tag, Value value) {
        WriteTagsRequest request;
        request.values.push_back({std::move(tag), std::move(value)});
        auto reply = ask(std::move(request));
        if (!reply) return std::unexpected(reply.error());
        return reply->items.at(0);
    }
    ReadItem read(std::string tag) {
        ReadRequest request;
        request.tags.push_back(std::move(tag));
        return ask(std::move(request)).value().items.at(0);
    }
};

inline std::string codec_name(const ::testing::TestParamInfo<LocalCodec>& each) {
    return each.param == LocalCodec::skipped ? "Direct" : "ThroughCodec";
}
inline auto both_codecs() { return ::testing::Values(LocalCodec::skipped, LocalCodec::through); }

}  // namespace penstock::sessions::testing
