// A transport that only knows its name.

#include <penstock/plugin.hpp>
#include <penstock/transport.hpp>

namespace {

class DeadTransport final : public penstock::Transport {
public:
    DeadTransport(penstock::Settings, penstock::Io) {}
    penstock::Task<std::unique_ptr<penstock::FrameListener>> listen(std::string) override {
        return refuse<penstock::FrameListener>();
    }
    penstock::Task<std::unique_ptr<penstock::Connection>> connect(std::string, penstock::Deadline) override {
        return refuse<penstock::Connection>();
    }
    [[nodiscard]] std::string_view scheme() const noexcept override { return "dead"; }

private:
    template <class T>
    static penstock::Task<std::unique_ptr<T>> refuse() {
        throw penstock::LinkError(penstock::ErrorCode::unsupported, "nothing can be reached this way");
        co_return nullptr;
    }
};

}  // namespace

PENSTOCK_PLUGIN(DeadTransport, "transport.dead", "1.0.0", "{}");
