#pragma once

// What the station is heard by: the sound card, through OpenAL. [ui]
//
// A card that is missing, or was pulled out, is no reason to end: fault() says so, and the card is looked for again, once a minute at
// most, when there is something to be heard.

#include <memory>
#include <optional>
#include <string>

#include "core/client/alarm_horn.hpp"

namespace penstock::station {

class Speaker final : public client::SoundOutput {
public:
    Speaker();
    ~Speaker() override;

    void play(std::span<const base::Tone> tones) override;
    void stop() override;

    // Why nothing can be heard, as a sentence; "" if it can.
    [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

private:
    struct Device;
    [[nodiscard]] bool is_there();
    void look_for_card();
    void tell(std::string fault);

    std::unique_ptr<Device> device_;  // null: there is none
    std::string fault_;
    std::optional<MonotonicTime> looked_;  // for a card
};

}  // namespace penstock::station
