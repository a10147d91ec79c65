#include "core/base/endpoint.hpp"

#include <gtest/gtest.h>

namespace penstock::base {
namespace {

TEST(Endpoint, ReadsHostAndPortWithAndWithoutScheme) {
    for (const auto* text : {"tcp://plc1.works:502", "plc1.works:502"}) {
        const auto endpoint = parse_endpoint(text);
        ASSERT_TRUE(endpoint) << text;
        EXPECT_EQ(endpoint->kind, EndpointKind::tcp);
        EXPECT_EQ(endpoint->host, "plc1.works");
        EXPECT_EQ(endpoint->port, 502);
    }
}

TEST(Endpoint, ReadsIpv6InBrackets) {
    const auto endpoint = parse_endpoint("tcp://[::1]:502");
    ASSERT_TRUE(endpoint);
    EXPECT_EQ(endpoint->host, "::1");
    EXPECT_EQ(host_and_port(endpoint->host, endpoint->port), "[::1]:502");
    const auto bare = parse_endpoint("::1:502");
    ASSERT_FALSE(bare);
    EXPECT_NE(bare.error().sentence().find("brackets"), std::string::npos);
}

TEST(Endpoint, ReadsUnixPathsUpToTheSystemsLimit) {
    EXPECT_EQ(parse_endpoint("unix:/run/plant/penstock.sock")->path, "/run/plant/penstock.sock");
    EXPECT_EQ(parse_endpoint("unix:///run/x")->path, "/run/x");
    EXPECT_TRUE(parse_endpoint("unix:" + std::string(107, 'x')));
    const auto too_long = parse_endpoint("unix:" + std::string(108, 'x'));
    ASSERT_FALSE(too_long);
    EXPECT_NE(too_long.error().sentence().find("108 bytes; the system allows 107"), std::string::npos);
}

TEST(Endpoint, ReadsSerialLines) {
    const auto line = parse_endpoint("serial:/dev/ttyS0?baud=9600&parity=even&stop=2");
    ASSERT_TRUE(line);
    EXPECT_EQ(line->path, "/dev/ttyS0");
    EXPECT_EQ(line->baud, 9600U);
    EXPECT_EQ(line->parity, Parity::even);
    EXPECT_EQ(line->stop_bits, 2);
}

TEST(Endpoint, SaysWhatIsWrong) {
    const auto sentence = [](std::string_view text) {
        const auto endpoint = parse_endpoint(text);
        return endpoint ? std::string("accepted") : endpoint.error().sentence();
    };
    EXPECT_NE(sentence("plc1").find("has no port"), std::string::npos);
    EXPECT_NE(sentence("plc1:70000").find("0 to 65535"), std::string::npos);
    EXPECT_NE(sentence("plc1:").find("0 to 65535"), std::string::npos);
    EXPECT_NE(sentence(":502").find("has no host"), std::string::npos);
    EXPECT_NE(sentence("serial:/dev/ttyS0?baud=17").find("baud=17"), std::string::npos);
    EXPECT_NE(sentence("serial:/dev/ttyS0?speed=9600").find("\"speed\""), std::string::npos);
    EXPECT_NE(sentence("unix:").find("has no path"), std::string::npos);
    EXPECT_EQ(parse_endpoint("http://x:1").error().code(), ErrorCode::unsupported);
}

}  // namespace
}  // namespace penstock::base
