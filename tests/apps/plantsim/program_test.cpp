// The whole program, read and written with libmodbus' client.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <modbus/modbus.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <memory>

#include "tests/apps/plantsim/running_plantsim.hpp"

namespace penstock::plantsim {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

// Waits for bytes on a socket that does not block, and takes up to `most` of them; 0 at the end of the connection.
ssize_t receive(int socket, char* bytes, std::size_t most) {
    pollfd ready{socket, POLLIN, 0};
    return ::poll(&ready, 1, 10'000) == 1 ? ::recv(socket, bytes, most, 0) : -1;
}

class Client {
public:
    explicit Client(int port) : context_(modbus_new_tcp("127.0.0.1", port)) {
        modbus_set_response_timeout(context_.get(), 5, 0);
        is_connected_ = modbus_connect(context_.get()) == 0;
    }

    bool is_connected() const { return is_connected_; }
    modbus_t* get() const { return context_.get(); }

    float input_float(int address) const {
        std::array<std::uint16_t, 2> words{};
        EXPECT_EQ(modbus_read_input_registers(get(), address, 2, words.data()), 2) << modbus_strerror(errno);
        return modbus_get_float_abcd(words.data());
    }
    std::uint16_t holding(int address) const {
        std::uint16_t word = 0;
        EXPECT_EQ(modbus_read_registers(get(), address, 1, &word), 1) << modbus_strerror(errno);
        return word;
    }
    std::uint16_t elapsed() const {
        std::array<std::uint16_t, 2> words{};
        EXPECT_EQ(modbus_read_input_registers(get(), 0, 2, words.data()), 2) << modbus_strerror(errno);
        return words[1];
    }
    // Reads until the simulated time has gone on by so much; false if it does not within ten thousand reads.
    bool sees_time_pass(int seconds) const {
        const int start = elapsed();
        for (int i = 0; i < 100'000; ++i) {
            if (elapsed() >= start + seconds) return true;
        }
        return false;
    }

private:
    struct Free {
        void operator()(modbus_t* context) const {
            modbus_close(context);
            modbus_free(context);
        }
    };
    std::unique_ptr<modbus_t, Free> context_;
    bool is_connected_ = false;
};

TEST(Plantsim, ServesTheClearTankLevel) {
    const RunningPlantsim plant;
    const Client client(plant.port());
    ASSERT_TRUE(client.is_connected());
    EXPECT_NEAR(client.input_float(100), 4.0, 0.1);
}

TEST(Plantsim, TakesASetpointAndShowsIt) {
    const RunningPlantsim plant({"--speed", "100"});
    const Client client(plant.port());
    ASSERT_EQ(modbus_write_register(client.get(), 1, 13824), 1) << modbus_strerror(errno);
    EXPECT_EQ(client.holding(1), 13824);
    // Still there after the registers were filled from the plant again.
    ASSERT_TRUE(client.sees_time_pass(20));
    EXPECT_EQ(client.holding(1), 13824);
    ASSERT_EQ(modbus_write_bit(client.get(), 0, 0), 1);
    std::uint8_t bit = 1;
    ASSERT_EQ(modbus_read_bits(client.get(), 0, 1, &bit), 1);
    EXPECT_EQ(bit, 0);
}

TEST(Plantsim, RefusesWithTheRightException) {
    const RunningPlantsim plant;
    const Client client(plant.port());
    EXPECT_EQ(modbus_write_register(client.get(), 1, 60000), -1);
    EXPECT_EQ(errno, EMBXILVAL);
    EXPECT_EQ(modbus_write_register(client.get(), 25, 1), -1);
    EXPECT_EQ(errno, EMBXILADD);
    std::uint16_t word = 0;
    EXPECT_EQ(modbus_read_input_registers(client.get(), 5000, 1, &word), -1);
    EXPECT_EQ(errno, EMBXILADD);
    EXPECT_EQ(client.holding(1), 18432) << "4 m, as before; and the connection still works";
}

TEST(Plantsim, ServesManyClientsAtOnce) {
    const RunningPlantsim plant;
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 20; ++i) clients.push_back(std::make_unique<Client>(plant.port()));
    for (const auto& client : clients) EXPECT_NEAR(client->input_float(100), 4.0, 0.1);
}

TEST(Plantsim, IsNotHeldUpByHalfARequestOrByNoise) {
    const RunningPlantsim plant;
    const Client half(plant.port());
    const Client noise(plant.port());
    const Client client(plant.port());
    ASSERT_EQ(::send(modbus_get_socket(half.get()), "\0\1\0\0\0\6\1", 7, 0), 7);
    ASSERT_EQ(::send(modbus_get_socket(noise.get()), "GET / HTTP/1.0\r\n", 16, 0), 16);
    for (int i = 0; i < 100; ++i) client.input_float(100);
    char byte = 0;
    EXPECT_LE(receive(modbus_get_socket(noise.get()), &byte, 1), 0) << "the noisy one was closed";
    // The rest of the request comes, and is answered.
    ASSERT_EQ(::send(modbus_get_socket(half.get()), "\4\0\144\0\2", 5, 0), 5);
    std::array<char, 13> reply{};
    EXPECT_EQ(receive(modbus_get_socket(half.get()), reply.data(), reply.size()), 13);
}

TEST(Plantsim, RunsFasterWhenAskedTo) {
    const RunningPlantsim plant({"--speed", "1"});
    const Client client(plant.port());
    ASSERT_EQ(modbus_write_register(client.get(), 30, 100), 1);
    EXPECT_TRUE(client.sees_time_pass(100));
}

TEST(Plantsim, TakesAFaultFromItsStandardInput) {
    RunningPlantsim plant;
    plant.type("fault leak=120");
    EXPECT_EQ(plant.next_output(), "the network leaks 120 m3/h at 5 bar");
    plant.type("boom");
    EXPECT_THAT(plant.next_log(), HasSubstr("\"boom\" is unknown"));
    plant.type("status");
    EXPECT_THAT(plant.next_output(), EndsWith("faults: leak"));
    plant.type("clear leak");
    EXPECT_EQ(plant.next_output(), "leak is over");
    plant.type("status");
    EXPECT_THAT(plant.next_output(), EndsWith("faults: none"));
}

TEST(Plantsim, TakesAFaultFromAnotherTerminal) {
    const RunningPlantsim plant;
    const Finished fault = plant.command({"fault", "trip=intake_pump_2"});
    EXPECT_EQ(fault.exit_code, 0) << fault.err;
    EXPECT_EQ(fault.out, "intake_pump_2 overheats and trips\n");
    const Finished wrong = plant.command({"fault", "trip=pump"});
    EXPECT_EQ(wrong.exit_code, 2);
    EXPECT_THAT(wrong.err, HasSubstr("\"pump\" is not one of intake_pump_1"));
}

TEST(Plantsim, KeepsItsControlSocketToItsUser) {
    const RunningPlantsim plant;
    struct stat status{};
    ASSERT_EQ(::stat(plant.control().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0700U);
}

TEST(Plantsim, StrikesAFaultAtItsTime) {
    RunningPlantsim plant({"--speed", "100", "--fault", "leak=50@30"});
    EXPECT_EQ(plant.next_log(), "plantsim: leak comes at 30.0 s");
    EXPECT_EQ(plant.next_log(), "plantsim: the network leaks 50 m3/h at 5 bar");
}

TEST(Plantsim, FreezesItsValues) {
    const RunningPlantsim plant({"--speed", "100"});
    const Client client(plant.port());
    ASSERT_TRUE(client.sees_time_pass(1));
    ASSERT_EQ(plant.command({"fault", "freeze-values"}).exit_code, 0);
    const int frozen = client.elapsed();
    for (int i = 0; i < 2000; ++i) ASSERT_EQ(client.elapsed(), frozen);
    ASSERT_EQ(plant.command({"clear"}).exit_code, 0);
    EXPECT_TRUE(client.sees_time_pass(1));
}

TEST(Plantsim, FreezesItsServer) {
    const RunningPlantsim plant;
    const Client client(plant.port());
    ASSERT_EQ(plant.command({"fault", "freeze-server"}).exit_code, 0);
    modbus_set_response_timeout(client.get(), 0, 200'000);
    std::uint16_t word = 0;
    EXPECT_EQ(modbus_read_input_registers(client.get(), 0, 1, &word), -1);
    EXPECT_EQ(errno, ETIMEDOUT);
    ASSERT_EQ(plant.command({"clear", "freeze-server"}).exit_code, 0);
    const Client again(plant.port());
    EXPECT_NEAR(again.input_float(100), 4.0, 0.1);
}

TEST(Plantsim, LosesItsLinkAndComesBackOnTheSamePort) {
    RunningPlantsim plant;
    const Client client(plant.port());
    ASSERT_TRUE(client.is_connected());
    ASSERT_EQ(plant.command({"fault", "link-loss=3600"}).exit_code, 0);
    std::uint16_t word = 0;
    EXPECT_EQ(modbus_read_input_registers(client.get(), 0, 1, &word), -1);
    EXPECT_FALSE(Client(plant.port()).is_connected());
    ASSERT_EQ(plant.command({"clear", "link-loss"}).exit_code, 0);
    EXPECT_EQ(plant.next_log(), "plantsim: link-loss is over");
    EXPECT_NEAR(Client(plant.port()).input_float(100), 4.0, 0.1);
}

TEST(Plantsim, StopsCleanlyOnSignals) {
    for (const int signal : {SIGTERM, SIGINT}) {
        RunningPlantsim plant;
        EXPECT_EQ(plant.stop(signal), 0);
        EXPECT_FALSE(std::filesystem::exists(plant.control()));
    }
}

TEST(Plantsim, SaysWhatIsWrongWithItsOptionsAndEndsWithTwo) {
    const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
        {{"--port", "99999"}, "99999 is no port between 0 and 65535"},
        {{"--bind", "localhost"}, "localhost is no IPv4 address"},
        {{"--speed", "0"}, "not in range 1"},
        {{"--start", "25:00"}, "no time of day"},
        {{"--fault", "boom"}, "\"boom\" is unknown; there are leak"},
        {{"--map=xml"}, "there are --map and --map=csv"},
        {{"--prot", "1"}, "--prot"},
        {{"leak"}, "leak"},
    };
    for (const auto& [arguments, sentence] : cases) {
        const Finished finished = run_plantsim(arguments);
        EXPECT_EQ(finished.exit_code, 2) << arguments[0];
        EXPECT_THAT(finished.err, HasSubstr(sentence));
        EXPECT_EQ(finished.out, "");
    }
}

TEST(Plantsim, SaysThatItsPortIsTaken) {
    const RunningPlantsim plant;
    const Finished second = run_plantsim({"--port", std::to_string(plant.port())});
    EXPECT_EQ(second.exit_code, 1);
    EXPECT_THAT(second.err, HasSubstr("cannot listen on 127.0.0.1:"));
}

TEST(Plantsim, SaysThatNobodyIsThereToTakeAFault) {
    const Finished finished = run_plantsim({"fault", "leak", "--control", "/nowhere/plantsim.sock"});
    EXPECT_EQ(finished.exit_code, 3);
    EXPECT_THAT(finished.err, HasSubstr("no plantsim answers at /nowhere/plantsim.sock"));
}

TEST(Plantsim, ListsItsFaultsInTheHelp) {
    const Finished help = run_plantsim({"--help"});
    EXPECT_EQ(help.exit_code, 0);
    for (const char* fault : {"leak", "trip", "stuck", "drift", "freeze-values", "freeze-server", "link-loss", "clear"}) {
        EXPECT_THAT(help.out, HasSubstr(std::string("\n  ") + fault));
    }
    EXPECT_THAT(help.out, HasSubstr("--map"));
}

}  // namespace
}  // namespace penstock::plantsim
