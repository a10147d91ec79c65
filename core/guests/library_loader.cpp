#include "core/guests/library_loader.hpp"

#include <exception>
#include <mutex>
#include <string>
#include <vector>

#include <boost/dll/shared_library.hpp>

#include "core/guests/manifest_reader.hpp"
#include "core/guests/printable.hpp"

namespace penstock::guests {
namespace {

using boost::dll::shared_library;

// Never destroyed: code of a plugin may run until the process ends, and a leak checker still sees what plugins own.
void keep_for_good(shared_library library) {
    static std::mutex& mutex = *new std::mutex;
    static auto& libraries = *new std::vector<shared_library>;
    const std::scoped_lock lock(mutex);
    libraries.push_back(std::move(library));
}

std::string reason_of(const std::exception& error) { return printable(error.what()); }

}  // namespace

Result<abi::Factory*> load_for_good(const std::filesystem::path& path) {
    shared_library library;
    try {
        // The throwing form: only the text of its exception has what the dynamic linker said.
        library.load(path, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    } catch (const std::exception& error) {
        return fail(ErrorCode::invalid_config, "the dynamic linker refused the library: " + reason_of(error));
    } catch (...) {
        return fail(ErrorCode::invalid_config, "a static constructor of the library threw an exception");
    }
    keep_for_good(library);
    const std::string factory(kFactorySymbol);
    if (!library.has(factory))
        return fail(ErrorCode::invalid_config, "the library does not export " + factory + ", although its file says so");
    return &library.get<abi::Factory>(factory);
}

}  // namespace penstock::guests
