#include "apps/client/speaker.hpp"

#include <AL/al.h>
#include <AL/alc.h>

#include <string_view>
#include <utility>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/log.hpp"
#include "core/client/synthesis.hpp"

namespace penstock::station {
namespace {

constexpr Duration kLookAgain = std::chrono::minutes(1);
constexpr std::string_view kNoOutput =
    "No Output";  // OpenAL's stand-in where it found no driver at all: everything is played to nobody
constexpr ALCenum kCardName = 0x1013;  // ALC_ALL_DEVICES_SPECIFIER; the plain one names the library
constexpr ALCenum kConnected = 0x313;  // ALC_CONNECTED of ALC_EXT_disconnect

}  // namespace

// One voice: whatever begins takes the place of what was.
struct Speaker::Device {
    ALCdevice* card = nullptr;
    ALCcontext* context = nullptr;
    ALuint voice = 0;
    ALuint sound = 0;  // 0: none

    ~Device() {
        if (context != nullptr) {
            forget();
            alDeleteSources(1, &voice);
            alcMakeContextCurrent(nullptr);
            alcDestroyContext(context);
        }
        if (card != nullptr) alcCloseDevice(card);
    }

    // What went wrong; "" if nothing did.
    std::string open() {
        card = alcOpenDevice(nullptr);
        if (card == nullptr) return "no sound card can be opened";
        if (const auto* name = alcGetString(card, kCardName); name != nullptr && name == kNoOutput)
            return "there is no sound card";
        context = alcCreateContext(card, nullptr);
        if (context == nullptr || alcMakeContextCurrent(context) == ALC_FALSE) return "the sound card cannot be used";
        alGenSources(1, &voice);
        return alGetError() == AL_NO_ERROR ? "" : "the sound card has no voice left";
    }

    [[nodiscard]] bool is_connected() const {
        if (alcIsExtensionPresent(card, "ALC_EXT_disconnect") == ALC_FALSE) return true;
        ALCint connected = 1;
        alcGetIntegerv(card, kConnected, 1, &connected);
        return connected != 0;
    }

    [[nodiscard]] unsigned rate() const {
        ALCint rate = 0;
        alcGetIntegerv(card, ALC_FREQUENCY, 1, &rate);
        return rate > 0 ? static_cast<unsigned>(rate) : 48'000U;
    }

    void forget() {
        alSourceStop(voice);
        alSourcei(voice, AL_BUFFER, 0);
        if (sound != 0) alDeleteBuffers(1, &sound);
        sound = 0;
    }

    bool play(std::span<const base::Tone> tones) {
        forget();
        alGetError();
        const auto samples = client::synthesize(tones, rate());
        alGenBuffers(1, &sound);
        alBufferData(sound, AL_FORMAT_MONO16, samples.data(), static_cast<ALsizei>(samples.size() * sizeof samples[0]),
                     static_cast<ALsizei>(rate()));
        alSourcei(voice, AL_BUFFER, static_cast<ALint>(sound));
        alSourcePlay(voice);
        return alGetError() == AL_NO_ERROR;
    }
};

Speaker::Speaker() { look_for_card(); }
Speaker::~Speaker() = default;

bool Speaker::is_there() {
    if (device_ && device_->is_connected()) return true;
    if (device_) {
        device_.reset();
        tell("the sound card has gone");
        looked_.reset();
    }
    if (!looked_ || base::SystemClock().now().monotonic - *looked_ >= kLookAgain) look_for_card();
    return device_ != nullptr;
}

void Speaker::look_for_card() {
    looked_ = base::SystemClock().now().monotonic;
    auto device = std::make_unique<Device>();
    tell(device->open());
    if (fault_.empty()) device_ = std::move(device);
}

// Once: a fault that stays is not repeated.
void Speaker::tell(std::string fault) {
    if (fault == fault_) return;
    fault_ = std::move(fault);
    if (fault_.empty())
        base::log::info("alarms are heard again");
    else
        base::log::warning("no alarm is heard at this station: {}", fault_);
}

void Speaker::play(std::span<const base::Tone> tones) {
    if (is_there()) tell(device_->play(tones) ? "" : "the sound card takes no sound");
}

void Speaker::stop() {
    if (device_) device_->forget();
}

}  // namespace penstock::station
