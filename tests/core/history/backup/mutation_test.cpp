// Row F8: backups that are changed anywhere are refused, all of them.

#include <cstdlib>
#include <fstream>
#include <random>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/history/backup_file.hpp"
#include "tests/support/fault_row.hpp"
#include "tests/support/recording_file_system.hpp"
#include "tests/support/temp_folder.hpp"

namespace penstock::history {
namespace {

using testing::Contents;
using testing::RecordingFileSystem;

const std::filesystem::path kBackup = "/backups/plant.tar";

// A small backup of two files.
Contents whole_backup() {
    const testing::TempFolder folder;
    std::mt19937 random(7);
    std::vector<BackupEntry> entries;
    for (const auto& [name, size] : {std::pair("server.json", 20), std::pair("segment", 1'500)}) {
        std::ofstream file(folder.path() / name, std::ios::binary);
        for (int i = 0; i < size; ++i) file.put(static_cast<char>(random()));
        entries.push_back({name, folder.path() / name});
    }
    BackupHead head;
    head.server_id = "plant-1";
    const auto file = folder.path() / "plant.tar";
    const auto written = write_backup(base::real_file_system(), file, head, entries);
    EXPECT_TRUE(written) << written.error().text();
    std::ifstream stream(file, std::ios::binary);
    Contents contents;
    for (char byte = 0; stream.get(byte);) contents.push_back(static_cast<std::byte>(byte));
    return contents;
}

bool is_refused(Contents contents) {
    RecordingFileSystem disk({{kBackup.string(), std::move(contents)}}, {"/backups"});
    disk.set_recording(false);
    const auto verified = verify_backup(disk, kBackup);
    return !verified && !verified.error().sentence().empty();
}

TEST(BackupMutation, F8_EveryChangeIsDetected) {
    const auto whole = whole_backup();
    ASSERT_FALSE(is_refused(whole)) << "the control: what is not changed passes";
    const std::uint64_t rounds = penstock::testing::is_nightly() ? 500'000 : 1'000;
    std::mt19937_64 random(8);
    for (std::uint64_t round = 0; round < rounds; ++round) {
        auto changed = whole;
        for (auto changes = 1 + random() % 8; changes > 0; --changes)
            changed[random() % changed.size()] ^= static_cast<std::byte>(1 + random() % 255);
        if (round % 4 == 0) changed.resize(random() % changed.size());
        if (changed == whole) continue;
        ASSERT_TRUE(is_refused(std::move(changed))) << "round " << round;
    }
    testing::report_row("F8", rounds, "changed backups verified: 0 crashes, 0 undetected changes");
}

}  // namespace
}  // namespace penstock::history
