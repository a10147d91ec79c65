// Whether questions and new values get in each other's way. The whole pipeline of bench `ingest` with 10 million values in its
// archive takes half of what it can take at most, while a session reads tags of that archive, one whole tag after another:
//   ingest_kept        values/s until they are stored in the historian, while it is asked, against the same load alone
//   query_time         time for 10,000 values of a tag while values come in, against the same question alone
//   query_time_first   the same for the first 1,000 values
//   query_time_newest  the same for the newest 1,000, most of which lie in the journal while values come in
// A question reads the archive and then the journal behind it; both change under it all the time.

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <functional>
#include <thread>
#include <vector>

#include "tests/bench/bench_report.hpp"
#include "tests/bench/support/history/pipeline.hpp"
#include "tests/bench/support/history/query_session.hpp"
#include "tests/bench/support/history/signal_rows.hpp"
#include "tests/support/temp_folder.hpp"

namespace penstock::bench {
namespace {

constexpr std::uint64_t kPart = 1'000;

struct Size {
    std::uint32_t tags;
    std::uint64_t values_a_tag;
    double load_seconds;
    int alone;  // questions of a kind, alone
};

class Plant {
public:
    explicit Plant(const Size& size)
        : size_(size),
          rows_(make_signal_rows(size.tags, size.tags * size.values_a_tag)),
          span_((static_cast<std::int64_t>(size.values_a_tag) + 1) * 1'000'000'000),
          pipeline_(scratch_.path(), size.tags) {
        const auto seconds = seconds_of([&] {
            for (std::size_t n = 0; n < rows_.size(); ++n) put_next();
            pipeline_.store();
        });
        rate_ = static_cast<double>(put_) / seconds / 2;
        std::fprintf(stderr, "query_while_ingesting: half of the maximum is %.2f million values/s\n", rate_ / 1e6);
    }

    // Values per second, of a load of half of the maximum.
    double ingest() {
        const auto batches = static_cast<std::size_t>(rate_ * size_.load_seconds / SignalRows::kCount);
        const auto before = put_;
        const auto seconds = seconds_of([&] {
            const auto begun = std::chrono::steady_clock::now();
            for (std::size_t n = 0; n < batches; ++n) {
                std::this_thread::sleep_until(begun
                                              + std::chrono::nanoseconds(static_cast<std::int64_t>(
                                                  static_cast<double>(n) * SignalRows::kCount * 1e9 / rate_)));
                put_next();
            }
            pipeline_.store();
        });
        return static_cast<double>(put_ - before) / seconds;
    }
    enum class Question : std::uint8_t { whole, first, newest };
    // Microseconds for the answer: what a tag had at the beginning, the first part of it, or what it has got now.
    double ask(Question question) {
        HistoryRequest request;
        request.tag = Pipeline::tag(next_tag_++ % size_.tags);
        request.from = utc_from_ns(kSignalsBegin);
        request.newest_first = question == Question::newest;
        request.to = request.newest_first ? UtcTime::max() : utc_from_ns(kSignalsBegin + span_);
        const auto limit = question == Question::whole ? size_.values_a_tag : kPart;
        return 1e6 * seconds_of([&] { check_rows(read_tag(pipeline_.session(), request, limit), limit); });
    }

private:
    // The same values again and again, each time later than before.
    void put_next() {
        auto& batch = rows_[next_];
        ++ms_;
        pipeline_.put(batch.columns(), {utc_from_ns(kSignalsBegin + ms_ * 1'000'000), monotonic_from_ns(ms_ * 1'000'000)});
        for (auto& time : batch.time) time += span_;
        put_ += SignalRows::kCount;
        next_ = (next_ + 1) % rows_.size();
    }

    Size size_;
    penstock::testing::TempFolder scratch_;
    std::vector<SignalRows> rows_;
    std::int64_t span_;
    Pipeline pipeline_;
    std::size_t next_ = 0;
    std::int64_t ms_ = 0;
    std::uint64_t put_ = 0;
    double rate_ = 0;
    std::uint32_t next_tag_ = 0;
};

struct Asked {
    std::vector<double> whole, first, newest;  // microseconds each
};

// Questions of all kinds by turns, as long as there are to be more.
Asked ask_on(Plant& plant, const std::function<bool(int)>& is_wanted) {
    Asked asked;
    for (int n = 0; is_wanted(n); ++n) {
        asked.whole.push_back(plant.ask(Plant::Question::whole));
        asked.first.push_back(plant.ask(Plant::Question::first));
        asked.newest.push_back(plant.ask(Plant::Question::newest));
    }
    return asked;
}

struct Together {
    double ingest;
    Asked asked;
};

Together both(Plant& plant) {
    std::atomic<bool> is_over{false};
    Together found{};
    std::thread load([&] {
        found.ingest = plant.ingest();
        is_over = true;
    });
    found.asked = ask_on(plant, [&](int asked) { return asked == 0 || !is_over; });
    load.join();
    return found;
}

struct Series {
    std::vector<double> values, peers;
    void add(double value, double peer) {
        values.push_back(value);
        peers.push_back(peer);
    }
    void print(std::string_view metric, std::string_view unit, int runs) const {
        bench::print({.bench = "query_while_ingesting", .metric = metric, .unit = unit, .peer = "alone"},
                     {median(values), median(peers)}, runs);
    }
};

void run(const Options& options, const Size& size) {
    Plant plant(size);
    Series kept, whole, first, newest;
    for (int run = 0; run < options.runs; ++run) {
        const auto asked_alone = ask_on(plant, [&](int asked) { return asked < size.alone; });
        const auto ingest_alone = plant.ingest();
        const auto together = both(plant);
        std::fprintf(stderr, "query_while_ingesting: %zu questions beside the load\n", 3 * together.asked.whole.size());
        kept.add(together.ingest, ingest_alone);
        whole.add(median(together.asked.whole), median(asked_alone.whole));
        first.add(median(together.asked.first), median(asked_alone.first));
        newest.add(median(together.asked.newest), median(asked_alone.newest));
    }
    kept.print("ingest_kept", "1/s", options.runs);
    whole.print("query_time", "us", options.runs);
    first.print("query_time_first", "us", options.runs);
    newest.print("query_time_newest", "us", options.runs);
}

}  // namespace
}  // namespace penstock::bench

int main(int argc, char** argv) {
    using namespace penstock::bench;
    const auto options = parse_options(argc, argv, 5);
    run(options, options.smoke ? Size{60, 2'000, 0.2, 5} : Size{1'000, 10'000, 3, 100});
}
