"""Each lint finds what it is for, in samples written to a scratch folder, and leaves right code alone."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

LINTS = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lint"


def lint(name, files):
    """Runs a lint over a scratch tree, given as {path: text}; returns (exit code, output)."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            file = pathlib.Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        done = subprocess.run([sys.executable, "-B", LINTS / f"{name}.py", folder], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr


class Coroutines(unittest.TestCase):
    def faults(self, body):
        code, output = lint("coroutines", {"core/a/a.cpp": f"Task<int> f() {{\n{body}\n}}\n"})
        self.assertIn(code, (0, 1), output)
        return output

    def test_finds_an_await_in_each_kind_of_condition(self):
        for body in ("if (co_await ready()) go();", "while (co_await next(link)) {}", "switch (co_await kind()) {}",
                     "do { go(); } while (co_await more());", "if (const auto r = co_await f(x); r) go();",
                     "if (a(\n  co_await b()))\n go();"):
            self.assertIn("core/a/a.cpp:", self.faults(body), body)
            self.assertIn("condition", self.faults(body), body)

    def test_finds_a_braced_aggregate_in_the_expression(self):
        for body in ("co_await send({1, 2});", 'const auto r = co_await f(Error{"a"});', "co_return co_await g(Item{1});"):
            self.assertIn("core/a/a.cpp:2: braces", self.faults(body), body)

    def test_finds_an_await_in_an_initializer_list(self):
        for body in ("int x[] = {co_await a(), 1};", "const std::vector<int> v{co_await a()};", "f({co_await a()});",
                     "co_return Pair{1, co_await b()};"):
            self.assertIn("initializer list", self.faults(body), body)

    def test_leaves_the_right_forms_alone(self):
        for body in ("const auto r = co_await f(named);", "{ const auto r = co_await f(named); }",
                     "if (ready) {\n const auto r = co_await f(named);\n co_return r; }",
                     "for (const auto& x : all) { co_await f(x); }", "try { co_await f(a); } catch (int) {}",
                     "else { co_await f(a); }", "// if (co_await f()) {}", 'say("if (co_await f())");',
                     "auto g = [] (Io& io) -> Task<int> { co_return co_await h(io); };", "case 1: { co_await f(a); }",
                     "Awaiter operator co_await() const noexcept { return Awaiter(h); }",
                     "const auto x = 1'000; co_await f(x); const auto y = 2'000;"):
            self.assertEqual("", self.faults(body), body)


class FolderOrder(unittest.TestCase):
    def fault(self, path, include, extra=None):
        files = {path: f'#include "{include}"\n', **(extra or {})}
        code, output = lint("folder_order", files)
        self.assertEqual(code, 1 if output else 0, output)
        return output

    def test_a_folder_may_use_those_before_it(self):
        self.assertEqual("", self.fault("core/engine/a.cpp", "core/tags/tag_table.hpp"))
        self.assertEqual("", self.fault("core/server/a.cpp", "core/sessions/session.hpp"))
        self.assertEqual("", self.fault("core/client/a.cpp", "core/wire/codec.hpp"))
        self.assertEqual("", self.fault("core/tags/a.cpp", "core/tags/detail/cell.hpp"))

    def test_and_none_after_it(self):
        self.assertIn("core/tags may not use core/engine", self.fault("core/tags/a.hpp", "core/engine/engine.hpp"))
        self.assertIn("may not use core/engine", self.fault("core/client/a.hpp", "core/engine/engine.hpp"))
        self.assertIn("may not use core/journal", self.fault("core/tags/a.hpp", "core/journal/journal.hpp"))

    def test_nor_another_folders_own_headers(self):
        self.assertIn("core/tags's own", self.fault("core/engine/a.cpp", "core/tags/detail/cell.hpp"))
        self.assertIn("core/tags's own", self.fault("apps/server/a.cpp", "core/tags/detail/cell.hpp"))

    def test_a_plugin_sees_the_sdk_and_itself(self):
        self.assertEqual("", self.fault("plugins/drivers/echo/a.cpp", "plugins/drivers/echo/b.hpp"))
        self.assertIn("plugins may not include", self.fault("plugins/drivers/echo/a.cpp", "core/base/clock.hpp"))
        self.assertIn("plugins may not include", self.fault("plugins/drivers/echo/a.cpp", "plugins/drivers/b/b.hpp"))

    def test_the_sdk_knows_nobody(self):
        self.assertIn("sdk may not include", self.fault("sdk/include/penstock/a.hpp", "core/base/clock.hpp"))
        self.assertIn("the SDK needs no", self.fault("sdk/src/a.cpp", "boost/asio.hpp"))

    def test_core_includes_and_names_no_plugin(self):
        self.assertIn("core may not include", self.fault("core/guests/a.cpp", "plugins/drivers/echo/echo.hpp"))
        naming = {"plugins/drivers/echo/echo.cpp": "", "core/guests/b.cpp": 'load("driver.echo");\n'}
        self.assertIn("core/guests/b.cpp:1: core names the plugin driver.echo",
                      self.fault("core/guests/a.cpp", "core/base/clock.hpp", naming))

    def test_a_folder_without_a_place_is_named(self):
        self.assertIn("core/gossip has no place", self.fault("core/gossip/a.cpp", "core/base/clock.hpp"))


class Clocks(unittest.TestCase):
    def fault(self, path, line):
        code, output = lint("clocks", {path: f"void f() {{\n    {line}\n}}\n"})
        self.assertEqual(code, 1 if output else 0, output)
        return output

    def test_finds_the_wall_clock_in_a_timer(self):
        for line in ("const auto due = std::chrono::system_clock::now() + 5s;", "clock_gettime(CLOCK_REALTIME, &now);",
                     "if (std::time(nullptr) > due) fire();", "if (time(0) > due) fire();", "gettimeofday(&now, nullptr);"):
            self.assertIn("core/engine/a.cpp:2: reads the wall clock", self.fault("core/engine/a.cpp", line), line)
            for path in ("plugins/historians/sqlite/a.cpp", "core/history/a.cpp", "core/server/a.cpp", "apps/server/a.cpp"):
                self.assertIn("reads the wall clock", self.fault(path, line), line)

    def test_finds_a_monotonic_clock_that_nobody_gave_a_reason_for(self):
        line = "const auto due = std::chrono::steady_clock::now() + 5s;"
        self.assertIn("core/engine/a.cpp:2: reads the monotonic clock", self.fault("core/engine/a.cpp", line))
        self.assertEqual("", self.fault("core/journal/lane_thread.cpp", line))

    def test_leaves_right_code_alone(self):
        for line in ("const auto due = now.monotonic + 5s;", "// std::chrono::system_clock::now()", "check_time(sample, 0);",
                     "reader.time(0);", "const std::chrono::sys_time<Duration> t{};"):
            self.assertEqual("", self.fault("core/engine/a.cpp", line), line)
        self.assertEqual("", self.fault("core/base/clock.cpp", "clock_gettime(CLOCK_REALTIME, &now);"))


class TopLevel(unittest.TestCase):
    GOOD = {name: "" for name in ("CMakeLists.txt", "CMakePresets.json", "README.md", "CHANGELOG.md", ".ci/run", "docs/a.md")}

    def test_accepts_the_entries_of_the_house(self):
        self.assertEqual((0, ""), lint("top_level", self.GOOD))

    def test_names_an_entry_too_many_and_one_too_few(self):
        code, output = lint("top_level", {**self.GOOD, "notes/todo.txt": ""})
        self.assertEqual(1, code)
        self.assertIn("notes:1: not one of", output)
        code, output = lint("top_level", {k: v for k, v in self.GOOD.items() if k != "README.md"})
        self.assertIn("README.md:1: is missing", output)
        self.assertEqual(1, code)


class MachinePaths(unittest.TestCase):
    def test_finds_folders_of_one_machine_and_package_hosts(self):
        # In two pieces each, so that this file names none itself.
        pieces = (("see /wo", "rk/here/x"), ('"/ho', 'me/anna/penstock"'), ("https://registry.", "npmjs.org/x"), ("http://deb.", "debian.org/debian"))
        for text in map("".join, pieces):
            code, output = lint("machine_paths", {"docs/a.md": f"one\n{text}\n"})
            self.assertEqual(1, code, text)
            self.assertIn("docs/a.md:2: names a", output)

    def test_leaves_ordinary_paths_alone(self):
        for text in ("works/intake/pumps", "/usr/bin/env bash", "$HOME/work/x", "build/dev/work/a", "/run/user/1000"):
            self.assertEqual((0, ""), lint("machine_paths", {"docs/a.md": text}), text)


class Format(unittest.TestCase):
    def test_names_the_file_and_first_line_that_is_not_formatted(self):
        code, output = lint("format", {"core/a.cpp": "int a;\nint   b;\n", "core/b.cpp": "int a;\n"})
        self.assertEqual(1, code)
        self.assertIn("core/a.cpp:2: is not formatted", output)
        self.assertNotIn("core/b.cpp", output)

    def test_accepts_formatted_code(self):
        self.assertEqual((0, ""), lint("format", {"core/b.cpp": "int a;\n"}))


if __name__ == "__main__":
    unittest.main()
