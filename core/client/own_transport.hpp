#pragma once

// A transport plugin with a thread of its own, for one session.

#include <memory>
#include <string_view>

#include "core/base/asio_io.hpp"
#include "core/base/clock.hpp"
#include "core/base/io_threads.hpp"
#include "core/base/settings_document.hpp"
#include "core/guests/plugin_registry.hpp"

namespace penstock::client {

class OwnTransport {
public:
    // The transport of the word before the colon: "unix:..." -> transport.unix. Error: no such plugin, or no such word.
    [[nodiscard]] static Result<std::unique_ptr<OwnTransport>> load(const guests::PluginRegistry& plugins,
                                                                    std::string_view url);

    explicit OwnTransport(std::shared_ptr<guests::PluginLibrary> library);
    ~OwnTransport();  // stop()

    [[nodiscard]] base::Strand& strand() noexcept { return thread_; }
    [[nodiscard]] abi::TransportGuest& transport() noexcept { return *transport_; }
    // Ends the thread: nothing runs on the strand any more. Connections of the transport must be released after it and before
    // this is destroyed.
    void stop() noexcept { thread_.stop(); }

private:
    [[nodiscard]] Result<void> create();

    base::SystemClock clock_;
    std::shared_ptr<guests::PluginLibrary> library_;
    base::SettingsDocument settings_;
    base::IoThread thread_;
    std::unique_ptr<base::AsioIo> io_;
    guests::TransportOwner transport_;
};

}  // namespace penstock::client
