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

// The rights of the three who deal with alarms: an operator, his shift leader, maintenance.
TEST(OperationTable, WhatIsDoneToAnAlarmSaysWhichRightItNeeds) {
    const auto& row = std::get<Operation<AlarmActionRequest>>(kOperations);
    const auto right = [&](AlarmEvent action) {
        AlarmActionRequest request;
        request.action = action;
        return row.right(request);
    };
    using enum AlarmEvent;
    for (const auto action : {acknowledged, confirmed, reset, silenced, commented})
        EXPECT_EQ(right(action), Right::acknowledge_alarms) << to_string(action);
    for (const auto action : {shelved, shelved_once, unshelved})
        EXPECT_EQ(right(action), Right::shelve_alarms) << to_string(action);
    for (const auto action : {taken_out, put_back}) EXPECT_EQ(right(action), Right::take_out_alarms) << to_string(action);
    for (const auto action : {raised, returned, suppressed, unsuppressed, AlarmEvent{kAlarmEvents}, AlarmEvent{255}})
        EXPECT_EQ(right(action), Right::take_out_alarms) << "the strictest, where nobody knows what it is";
}

TEST(OperationTable, ARefusedActionNamesItsRight) {
    TestPlant plant;
    Host host;
    const auto sentence = [&](AlarmEvent action) {
        AlarmActionRequest request;
        request.action = action;
        request.alarms = {"pump.trip"};
        std::string text;
        dispatch({plant.plant(), kNobody, "", &host}, AnyRequest(request),
                 [&](const Result<AnyReply>& reply) { text = reply.error().text(); });
        return text;
    };
    EXPECT_EQ(sentence(AlarmEvent::acknowledged), "\"guest\" has no right to acknowledge alarms on this server");
    EXPECT_EQ(sentence(AlarmEvent::shelved), "\"guest\" has no right to shelve alarms on this server");
    EXPECT_EQ(sentence(AlarmEvent::taken_out), "\"guest\" has no right to take alarms out of service on this server");
    EXPECT_EQ(sentence(AlarmEvent::raised), "\"guest\" has no right to take alarms out of service on this server");
}

// A row whose function chooses what the row does not list: docs/operations.md would not tell of it.
TEST(OperationTable, ARightThatTheRowDoesNotListIsTheStrictestOfThose) {
    constexpr Operation<AlarmActionRequest> row({{Right::administer, Right::shelve_alarms}, &right_of_action},
                                                &named_area<AlarmActionRequest>, &handle_alarm_action, "Acts.");
    AlarmActionRequest request;
    request.action = AlarmEvent::acknowledged;
    EXPECT_EQ(row.right(request), Right::administer);
    request.action = AlarmEvent::shelved;
    EXPECT_EQ(row.right(request), Right::shelve_alarms);
}

TEST(OperationTable, ListsTheAreasOfARequestOnce) {
    TestPlant plant;
    ReadRequest request;
    request.tags = {"pump.speed", "pump.count", "no.such.tag"};
    AreaList areas;
    std::get<Operation<ReadRequest>>(kOperations).areas(plant.plant(), request, areas);
    EXPECT_EQ(areas, (AreaList{"works/intake"}));
}

// What an operation answers to one who may see some areas only.
template <class Request>
Result<typename Request::Reply> ask_within(TestPlant& plant, const Grant& grant, Request request) {
    using Reply = typename Request::Reply;
    Host host;
    std::optional<Result<Reply>> answer;
    const Call call{plant.plant(), grant, "guest", "", &host};
    std::get<Operation<Request>>(kOperations).handle(call, std::move(request), Answer<Reply>([&](Result<AnyReply> reply) {
                                                         answer = reply ? Result<Reply>(std::get<Reply>(*reply))
                                                                        : std::unexpected(reply.error());
                                                     }));
    return answer.value();
}

// R2
TEST(Grant, CoversItsAreasAndThoseInside) {
    const auto grant = Grant::of_areas({"works/intake", "hall"});
    EXPECT_TRUE(grant.covers("works/intake"));
    EXPECT_TRUE(grant.covers("works/intake/screen"));
    EXPECT_TRUE(grant.covers("hall"));
    EXPECT_FALSE(grant.covers("works"));
    EXPECT_FALSE(grant.covers("works/intake_2"));
    EXPECT_FALSE(grant.covers("")) << "what is of the whole plant";
    EXPECT_FALSE(Grant::of_areas({}).covers("hall"));
    EXPECT_TRUE(Grant::everywhere().covers(""));
}

TEST(Grant, ExplainOfACalculatedTagHidesWhatItsReaderMayNotSee) {
    TestPlant plant;
    plant.deliver(0, 41.5);
    ExplainRequest request;
    request.tag = "zz.ratio";
    const auto reply = ask_within(plant, Grant::of_areas({"works/intake"}), request);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->last_request, "pump.speed / (hidden) + pump.speed");
    EXPECT_EQ(reply->last_answer, "pump.speed = 41.5 m (good), (hidden): of areas that you may not see");
    const auto all = ask_within(plant, Grant::of_areas({"works"}), request);
    EXPECT_EQ(all->last_request, "pump.speed / memory.double + pump.speed");
}

TEST(Grant, ATagOfAnotherAreaDoesNotExistNorIsItHintedAt) {
    TestPlant plant;
    ExplainRequest request;
    request.tag = "memory.double";
    const auto reply = ask_within(plant, Grant::of_areas({"works/intake"}), request);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code(), ErrorCode::not_found);
    EXPECT_EQ(reply.error().sentence().find("did you mean \"memory.double\""), std::string::npos);
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
