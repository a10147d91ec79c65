#pragma once

// What all benches share: their options, medians of runs in which subject and peer take turns, and the line that
// scripts/bench.sh promises.
//
//     const auto options = bench::parse_options(argc, argv);
//     const auto medians = bench::measure(options.runs, [] { return ns_of_ours(); }, [] { return ns_of_theirs(); });
//     bench::print({.bench = "tagpath", .metric = "updates_per_s", .unit = "1/s", .peer = "loop"}, medians, options.runs);

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace penstock::bench {

struct Options {
    bool smoke = false;  // small and once: shows that the bench works, not how fast anything is
    int runs = 7;
};

// Ends the program at an option that it does not know.
inline Options parse_options(int argc, char** argv, int runs = 7) {
    Options options{.smoke = false, .runs = runs};
    for (int i = 1; i < argc; ++i) {
        if (std::string_view(argv[i]) != "--smoke") {
            std::fprintf(stderr, "unknown option %s; known: --smoke\n", argv[i]);
            std::exit(2);
        }
        options = {.smoke = true, .runs = 1};
    }
    return options;
}

// The middle one; of an even number the mean of the middle two; NaN of none.
inline double median(std::vector<double> values) {
    if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
    std::ranges::sort(values);
    const auto middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

struct Medians {
    double value;
    double peer_value;
};

// Runs subject and peer `runs` times each, by turns and with the order changing, so that a slow moment of the machine
// strikes both. Each returns its figure.
template <class Subject, class Peer>
Medians measure(int runs, Subject subject, Peer peer) {
    std::vector<double> values;
    std::vector<double> peer_values;
    for (int run = 0; run < runs; ++run) {
        if (run % 2 == 0) values.push_back(subject());
        peer_values.push_back(peer());
        if (run % 2 != 0) values.push_back(subject());
    }
    return {median(std::move(values)), median(std::move(peer_values))};
}

// Wall seconds that `work` took.
template <class Work>
double seconds_of(Work work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Processor seconds of this thread that `work` took: what a busy neighbour cannot lengthen.
template <class Work>
double cpu_seconds_of(Work work) {
    const auto now = [] {
        timespec time{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
    };
    const double start = now();
    work();
    return now() - start;
}

// Which figure it is: `value` in `unit`, compared with `peer`.
struct Figure {
    std::string_view bench, metric, unit, peer;
};

// One line of JSON on standard output.
inline void print(const Figure& figure, const Medians& medians, int runs) {
    nlohmann::ordered_json line;
    line["bench"] = figure.bench;
    line["metric"] = figure.metric;
    line["value"] = medians.value;
    line["unit"] = figure.unit;
    line["peer"] = figure.peer;
    line["peer_value"] = medians.peer_value;
    line["ratio"] = medians.value / medians.peer_value;
    line["runs"] = runs;
    std::printf("%s\n", line.dump().c_str());
    std::fflush(stdout);
}

}  // namespace penstock::bench
