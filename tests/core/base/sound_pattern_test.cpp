#include "core/base/sound_pattern.hpp"

#include <gtest/gtest.h>

namespace penstock::base {
namespace {

TEST(SoundPattern, IsTonesAndPauses) {
    const auto tones = parse_sound_pattern("880:200 0:100 20000:10000");
    ASSERT_TRUE(tones);
    EXPECT_EQ(*tones, (std::vector<Tone>{{880, 200ms}, {0, 100ms}, {20'000, 10s}}));
    EXPECT_EQ(length_of(*tones), 10'300ms);
    EXPECT_TRUE(parse_sound_pattern("").value().empty());
}

TEST(SoundPattern, RefusesWhatIsNoToneAndSaysWhich) {
    for (const auto* wrong : {"880", "880:", ":200", "19:200", "20001:200", "880:0", "880:10001", "-880:200", "880:200ms",
                              "+880:200", "880.5:200", "00:200", " ", "880:200  880:200", "880:200,880:200"}) {
        const auto tones = parse_sound_pattern(wrong);
        ASSERT_FALSE(tones) << wrong;
        EXPECT_NE(tones.error().sentence().find("is no tone; wanted HERTZ:MILLISECONDS"), std::string::npos) << wrong;
    }
    EXPECT_TRUE(parse_sound_pattern("880:200 x:1").error().sentence().starts_with("\"x:1\" is no tone"));
}

TEST(SoundPattern, HasAnEnd) {
    std::string tones;
    for (int i = 0; i < 64; ++i) tones += "880:100 ";
    EXPECT_TRUE(parse_sound_pattern(tones));
    EXPECT_EQ(parse_sound_pattern(tones + "880:100").error().sentence(), "the pattern has more than 64 tones");
    EXPECT_TRUE(parse_sound_pattern("880:10000 880:10000 880:10000 880:10000 880:10000 880:10000"));
    EXPECT_EQ(parse_sound_pattern("880:10000 880:10000 880:10000 880:10000 880:10000 880:10000 880:1").error().sentence(),
              "the pattern is longer than 60 s");
}

}  // namespace
}  // namespace penstock::base
