// The files of a lane are copied (D13) and checked while it writes them.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/history/backup_file.hpp"
#include "core/journal/lane.hpp"
#include "core/journal/verify.hpp"
#include "tests/core/journal/lane_fixture.hpp"
#include "tests/support/temp_folder.hpp"

namespace penstock::history {
namespace {

// The machine's files, and something that happens after each read of a segment.
class WatchedFiles final : public base::FileSystem {
public:
    explicit WatchedFiles(std::function<void()> after_read) : after_read_(std::move(after_read)) {}

    Result<std::unique_ptr<base::File>> open(const std::filesystem::path& path, base::OpenMode mode) override {
        auto file = real_.open(path, mode);
        if (!file || path.extension() != ".seg" || mode != base::OpenMode::read) return file;
        return std::make_unique<WatchedFile>(*std::move(file), after_read_);
    }
    Result<std::vector<std::string>> list(const std::filesystem::path& folder) override { return real_.list(folder); }
    Result<void> make_folder(const std::filesystem::path& folder) override { return real_.make_folder(folder); }
    Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
        return real_.rename(from, to);
    }
    Result<void> remove(const std::filesystem::path& path) override { return real_.remove(path); }
    Result<void> sync_folder(const std::filesystem::path& folder) override { return real_.sync_folder(folder); }
    Result<std::uint64_t> free_bytes(const std::filesystem::path& folder) override { return real_.free_bytes(folder); }

private:
    class WatchedFile final : public base::File {
    public:
        WatchedFile(std::unique_ptr<base::File> file, const std::function<void()>& after_read)
            : file_(std::move(file)), after_read_(after_read) {}
        Result<void> write(std::uint64_t offset, std::span<const std::byte> bytes) override {
            return file_->write(offset, bytes);
        }
        Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const override {
            auto got = file_->read(offset, into);
            after_read_();
            return got;
        }
        Result<void> sync() override { return file_->sync(); }
        Result<void> allocate(std::uint64_t size) override { return file_->allocate(size); }
        Result<void> truncate(std::uint64_t size) override { return file_->truncate(size); }
        Result<std::uint64_t> size() const override { return file_->size(); }

    private:
        std::unique_ptr<base::File> file_;
        const std::function<void()>& after_read_;
    };

    base::FileSystem& real_ = base::real_file_system();
    std::function<void()> after_read_;
};

journal::LaneOptions lane_in(const std::filesystem::path& folder) {
    journal::LaneOptions options;
    options.folder = folder;
    options.server_id = "plant-1";
    options.segment_bytes = 8 * 1024 * 1024;
    options.reserve_bytes = 0;
    return options;
}

class LivingLane : public ::testing::Test {
protected:
    LivingLane() : lane(journal::open_lane(base::real_file_system(), lane_in(folder.path() / "lane"))) {
        while (lane->tail().from < 1'000'000) grow();  // the next group crosses the first MiB, where a piece ends
    }
    void grow() const {
        journal::append_some(*lane, 1'000);
        ASSERT_TRUE(lane->commit());
    }
    // Backs the lane up while it grows after every read, restores it, and opens what came back.
    std::unique_ptr<journal::Lane> copied(bool is_blanked) {
        BackupHead head;
        head.server_id = "plant-1";
        const auto tail = lane->tail();
        std::vector<BackupEntry> entries{{tail.segment, folder.path() / "lane" / tail.segment}};
        if (is_blanked) {
            entries[0].blank_from = tail.from;
            entries[0].blank_to = tail.to;
        }
        WatchedFiles files([this] { grow(); });
        const auto file = folder.path() / "lane.backup";
        EXPECT_TRUE(write_backup(files, file, head, entries));
        EXPECT_TRUE(restore_backup(base::real_file_system(), file, folder.path() / "back"));
        return journal::open_lane(base::real_file_system(), lane_in(folder.path() / "back"));
    }

    penstock::testing::TempFolder folder;
    std::unique_ptr<journal::Lane> lane;
};

TEST_F(LivingLane, D13_ComesBackAsItWasDurableWithoutDamage) {
    const auto durable = lane->durable();
    const auto back = copied(true);
    EXPECT_GT(lane->durable(), durable) << "nothing was written meanwhile: this test could not fail";
    EXPECT_EQ(back->durable(), durable);
    EXPECT_EQ(journal::expect_records(*back, 0), durable);
    EXPECT_EQ(back->recovery().findings, std::vector<std::string>());
    journal::append_some(*back, 10);
    ASSERT_TRUE(back->commit());
    EXPECT_EQ(journal::expect_records(*back, 0), durable + 10) << "it goes on";
}

TEST_F(LivingLane, D13_ControlANaiveCopyOfTheFileIsDamaged) {
    const auto back = copied(false);
    EXPECT_NE(back->recovery().findings, std::vector<std::string>());
}

TEST_F(LivingLane, IsFoundWholeAsFarAsItWasDurable) {
    journal::VerifyOptions options;
    options.tail = lane->tail();
    const auto durable = lane->durable();
    WatchedFiles files([this] { grow(); });
    const auto report = journal::verify(files, folder.path() / "lane", {}, options);
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_GT(lane->durable(), durable) << "nothing was written meanwhile: this test could not fail";
    EXPECT_EQ(report->findings, std::vector<std::string>());
    EXPECT_EQ(report->records, durable);
    EXPECT_EQ(report->first_time.utc, journal::time_of(0).utc);
}

}  // namespace
}  // namespace penstock::history
