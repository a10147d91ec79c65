// The loadable extension: `sqlite3 archive.db`, `.load penstock_sqlite`, `SELECT time, value, quality FROM samples('plc1.h5');`
// Also the function penstock_verify(): "ok", or what is damaged.

#include <sqlite3ext.h>

#include <string>

#include "samples_table.hpp"
#include "store/schema.hpp"
#include "store/verify.hpp"
SQLITE_EXTENSION_INIT1

namespace {

using namespace penstock::sqlite;

void verify(sqlite3_context* context, int /*count*/, sqlite3_value** /*arguments*/) noexcept {
    try {
        Database database(sqlite3_db_filename(sqlite3_context_db_handle(context), "main"), Access::read);
        std::string text;
        for (const auto& sentence : verify_archive(database)) text += (text.empty() ? "" : "\n") + sentence;
        if (text.empty()) text = "ok";
        sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    } catch (const std::exception& fault) {
        sqlite3_result_error(context, fault.what(), -1);
    }
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int sqlite3_extension_init(sqlite3* database, char** /*fault*/,
                                                                             const sqlite3_api_routines* api) {
    SQLITE_EXTENSION_INIT2(api);
    const int code = sqlite3_create_function_v2(database, "penstock_verify", 0, SQLITE_UTF8 | SQLITE_DIRECTONLY, nullptr,
                                                &verify, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return code;
    const int made = sqlite3_create_module_v2(database, "samples", samples_module(), nullptr, nullptr);
    return made != SQLITE_OK ? made : SQLITE_OK_LOAD_PERMANENTLY;  // its file layer stays known to SQLite
}
