// R1, generated from the table: every operation, an administrator and nobody. And the reference page.
#include "core/sessions/operation_table.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "core/sessions/dispatch.hpp"
#include "tests/core/sessions/test_plant.hpp"

namespace penstock::sessions {
namespace {

using namespace testing;

class Host final : public SessionHost {
public:
    Result<std::uint64_t> open_latest(std::vector<tags::TagId>) override { return ++opened; }
    Result<std::uint64_t> open_series(std::vector<tags::TagId>, std::vector<SeriesPlace>) override { return ++opened; }
    Result<std::uint64_t> open_events(SubscribeEventsRequest, Grant) override { return ++opened; }
    bool close_stream(std::uint64_t) override { return true; }
    std::uint64_t session_count() const override { return 1; }
    std::uint64_t number() const override { return 1; }
    void set_station(std::string) override {}
    void remind(MonotonicTime, base::Job) override {}
    std::uint64_t opened = 0;
};

// One request of each operation that names a tag or document if it can.
template <class Request>
Request sample_request() {
    Request request;
    if constexpr (requires { request.tag; }) request.tag = "pump.speed";
    if constexpr (requires { request.tags; }) request.tags = {"pump.speed"};
    if constexpr (requires { request.values; }) request.values = {{"memory.int", Value(1)}};
    if constexpr (requires { request.name; }) request.name = "overview";
    if constexpr (requires { request.to; }) request.to = utc_from_ns(1);
    if constexpr (requires { request.file; }) request.file = "/var/backups/plant.tar";
    if constexpr (requires { request.alarms; }) {
        request.alarms = {"pump.trip"};
        request.action = AlarmEvent::acknowledged;
    }
    return request;
}

template <class Visit, std::size_t... I>
void for_each_request(Visit visit, std::index_sequence<I...>) {
    (visit(AnyRequest(sample_request<std::variant_alternative_t<I, AnyRequest>>())), ...);
}
template <class Visit>
void for_each_request(Visit visit) {
    for_each_request(visit, std::make_index_sequence<std::variant_size_v<AnyRequest>>());
}

ErrorCode outcome_of(TestPlant& plant, Host& host, const Principal& principal, AnyRequest request) {
    auto code = std::make_shared<std::optional<ErrorCode>>();
    dispatch({plant.plant(), principal, "", &host}, std::move(request),
             [code](const Result<AnyReply>& reply) { *code = reply ? ErrorCode{} : reply.error().code(); });
    plant.cycle();
    return code->value();
}

TEST(OperationTable, AdministratorMayDoEverything) {
    TestPlant plant;
    Host host;
    std::size_t operations = 0;
    for_each_request([&](AnyRequest request) {
        ++operations;
        const auto row = request.index();
        EXPECT_EQ(outcome_of(plant, host, kAdministrator, std::move(request)), ErrorCode{}) << "row " << row;
    });
    EXPECT_EQ(operations, std::tuple_size_v<decltype(kOperations)>);
}

TEST(OperationTable, NobodyMayDoAnything) {
    TestPlant plant;
    Host host;
    for_each_request([&](AnyRequest request) {
        const auto row = request.index();
        EXPECT_EQ(outcome_of(plant, host, kNobody, std::move(request)), ErrorCode::denied) << "row " << row;
    });
    EXPECT_EQ(host.opened, 0U);
    EXPECT_EQ(plant.services.origins_asked, 0);
}

TEST(OperationTable, ARefusalNamesCallerAndRightAndNothingElse) {
    TestPlant plant;
    Host host;
    std::optional<Error> error;
    WriteTagsRequest request;
    request.values.push_back({"pump.speed", Value(1.0)});
    dispatch({plant.plant(), kNobody, "", &host}, AnyRequest(request),
             [&](const Result<AnyReply>& reply) { error = reply.error(); });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->text(), "\"guest\" has no right to write on this server");
}

TEST(OperationTable, ListsTheAreasOfARequestOnce) {
    TestPlant plant;
    ReadRequest request;
    request.tags = {"pump.speed", "pump.count", "no.such.tag"};
    AreaList areas;
    std::get<Operation<ReadRequest>>(kOperations).areas(plant.plant(), request, areas);
    EXPECT_EQ(areas, (AreaList{"works/intake"}));
}

// F9: names from outside are looked up among documents in memory, never opened: the code that handles requests has no means to
// touch a file, and no such name finds anything.
TEST(Definition, HandlersHaveNoMeansToTouchFiles) {
    std::size_t files = 0;
    for (const std::string folder : {"/core/sessions", "/core/wire"}) {
        for (const auto& entry : std::filesystem::directory_iterator(PENSTOCK_SOURCE_DIR + folder)) {
            if (!entry.path().string().ends_with("pp")) continue;
            std::ifstream file(entry.path());
            const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
            ++files;
            for (const char* means : {"<fstream>", "<filesystem>", "<fcntl.h>", "<sys/stat.h>", "fopen", "<cstdio>"}) {
                if (entry.path().filename() == "time_text.cpp" && std::string(means) == "<cstdio>") continue;  // snprintf
                EXPECT_EQ(text.find(means), std::string::npos) << entry.path() << " has " << means;
            }
        }
    }
    EXPECT_GT(files, 30U);
}

TEST(Definition, NamesThatLookLikePathsFindNothing) {
    TestPlant plant;
    Host host;
    std::size_t tried = 0;
    for (const std::string base : {"../overview", "../../etc/passwd", "/etc/passwd", "overview/../overview", "./overview",
                                   "overview/", "C:\\overview", "\\\\host\\share\\overview", "overview%00", "%2e%2e/overview",
                                   "CON", "overview\n", "~/overview", "\xC0\xAE\xC0\xAE/overview"}) {
        for (const auto& name :
             {base, base + ".json", std::string(base) + '\0' + "x", std::string(5000, 'a') + base, "screens/" + base}) {
            for (const auto kind : {DefinitionKind::screen, DefinitionKind::texts, DefinitionKind::station,
                                    DefinitionKind::site, static_cast<DefinitionKind>(99)}) {
                DefinitionRequest request;
                request.kind = kind;
                request.name = name;
                ++tried;
                EXPECT_EQ(outcome_of(plant, host, kAdministrator, AnyRequest(request)), ErrorCode::not_found) << name;
            }
        }
    }
    EXPECT_GE(tried, 300U);
}

TEST(OperationsPage, IsTheCommittedOne) {
    const std::string path = PENSTOCK_SOURCE_DIR "/docs/operations.md";
    if (std::getenv("PENSTOCK_UPDATE_DOCS") != nullptr) std::ofstream(path) << operations_page();
    std::ifstream file(path);
    const std::string committed{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    EXPECT_EQ(committed, operations_page()) << "run this test with PENSTOCK_UPDATE_DOCS=1 and commit docs/operations.md";
}

}  // namespace
}  // namespace penstock::sessions
