"""Each wall is broken once, in a small tree, and has to say so; what looks like it but is not must pass."""
import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import source
import tidy
import walls

GUARDED = "#ifndef IFMATCH_X_H\n#define IFMATCH_X_H\n%s#endif\n"


class Walls(unittest.TestCase):
    def said(self, wall, name, text):
        """What `wall` says of a tree with this one file."""
        with tempfile.TemporaryDirectory() as root:
            path = pathlib.Path(root) / name
            path.parent.mkdir(parents=True)
            path.write_text(text)
            return [f"{where}:{line}: {what}" for where, line, what in wall(tidy.Tree(root))]

    def breaks(self, wall, name, text, line):
        said = self.said(wall, name, text)
        self.assertEqual([entry.split(": ")[0] for entry in said], [f"{name}:{line}"], said)

    def holds(self, wall, name, text):
        self.assertEqual(self.said(wall, name, text), [])

    def test_a_room_may_not_include_a_room_beyond_its_wall(self):
        wall = tidy.rooms_include_only_what_they_may
        self.breaks(wall, "worker/merge/a.c", '#include "common/bytes.h"\n#include "engine/words.h"\n', 2)
        self.breaks(wall, "worker/record/a.c", '#include "engine/words.h"\n#include "engine/engine.h"\n', 2)
        self.breaks(wall, "worker/kafka/a.h", GUARDED % '#include "config/yaml.h"\n', 3)
        self.breaks(wall, "common/a.c", '#  include "event/event.h"\n', 1)
        self.breaks(wall, "worker/engine/a.c", '#include "../kafka/consumer.h"\n', 1)
        self.breaks(wall, "worker/engine/a.c", '#include "engine.h"\n', 1)
        self.holds(wall, "worker/record/a.c", '#include "engine/action.h"\n#include "record/b.h"\n')
        self.holds(wall, "worker/command/a.c", '#include "sandbox/sandbox.h"\n')
        self.holds(wall, "worker/main.c", '#include "command/command.h"\n')

    def test_a_new_folder_needs_a_line_in_the_table(self):
        self.breaks(tidy.rooms_include_only_what_they_may, "worker/attic/a.c", "int x;\n", 1)

    def test_a_library_stays_in_its_room(self):
        wall = tidy.third_party_headers_stay_in_their_rooms
        self.breaks(wall, "worker/loop/a.c", "#include <librdkafka/rdkafka.h>\n", 1)
        self.breaks(wall, "worker/service/a.c", "#include <event2/event.h>\n", 1)
        self.breaks(wall, "worker/config/a.c", '#include "cjson/cJSON.h"\n', 1)
        self.breaks(wall, "common/a.c", "#include <glib.h>\n", 1)
        self.holds(wall, "worker/service/a.c", "#include <curl/curl.h>\n#include <sys/types.h>\n#include <uthash.h>\n")

    def test_threads_have_one_home(self):
        wall = tidy.threads_are_made_in_one_file
        self.breaks(wall, "worker/loop/a.c", "#include <errno.h>\n#include <pthread.h>\n", 2)
        self.breaks(wall, "worker/kafka/start.c", "#include <stdatomic.h>\n", 1)
        self.holds(wall, walls.THREADS, "#include <pthread.h>\n")

    def test_a_pure_room_makes_no_call_to_the_outside(self):
        wall = tidy.pure_rooms_call_nothing_outside
        self.breaks(wall, "worker/engine/a.c", "/* time(NULL) */\nint x = time(NULL);\n", 2)
        self.breaks(wall, "worker/record/a.c", "x = getenv (name);\n", 1)
        self.holds(wall, "worker/engine/a.c", 'f->read(x); f.write(x); bool (*open)(int); s = "time(x)"; // exit(1)\n')
        self.holds(wall, "worker/engine/a.c", "lane_close(lane); action_write(x); TO(READ);\n")
        self.holds(wall, "worker/loop/a.c", "x = time(NULL);\n")

    def test_cjson_is_asked_with_regard_to_case(self):
        wall = tidy.cjson_finds_members_by_exact_name
        self.breaks(wall, "worker/compose/a.c", 'cJSON_GetObjectItem(x, "a");\n', 1)
        self.holds(wall, "worker/compose/a.c", 'cJSON_GetObjectItemCaseSensitive(x, "a");\n')

    def test_a_header_begins_with_its_guard(self):
        self.breaks(tidy.headers_have_guards, "common/a.h", "int x;\n", 1)
        self.breaks(tidy.headers_have_guards, "common/a.h", "#ifndef IFMATCH_A_H\n#define IFMATCH_B_H\n#endif\n", 1)
        self.holds(tidy.headers_have_guards, "common/a.h", GUARDED % "int x;\n")

    def test_text_has_no_tabs_no_trailing_spaces_and_ends(self):
        self.breaks(tidy.text_is_clean, "docs/a.md", "a\n\tb\n", 2)
        self.breaks(tidy.text_is_clean, "docs/a.md", "a\nb \n", 2)
        self.breaks(tidy.text_is_clean, "docs/a.md", "a\nb", 2)
        self.holds(tidy.text_is_clean, "docs/a.md", "a\n\nb\n")
        self.holds(tidy.text_is_clean, "tests/mutants/a.patch", " \n-\tx\n")

    def test_no_file_names_a_machine(self):
        wall = tidy.files_name_no_machine
        self.breaks(wall, "docs/a.md", "cd %smain\n" % walls.MACHINE_PATHS[0], 1)
        self.breaks(wall, "docs/a.md", "curl https://%s/x\n" % walls.REGISTRY_HOSTS[0], 1)
        self.holds(wall, "docs/a.md", "the house%sbench\n" % walls.MACHINE_PATHS[0])

    def test_the_command_fails_when_a_wall_is_broken(self):
        for text, code in (('#include "kafka/consumer.h"\n', 1), ('#include "engine/words.h"\n', 0)):
            with tempfile.TemporaryDirectory() as root, contextlib.redirect_stdout(io.StringIO()) as printed:
                path = pathlib.Path(root) / "worker/engine/a.c"
                path.parent.mkdir(parents=True)
                path.write_text(text)
                self.assertEqual(tidy.main(root), code)
            self.assertEqual(printed.getvalue().splitlines()[-1], f"{8 - code} passed, {code} failed")


class Sizes(unittest.TestCase):
    def test_functions_are_found_with_name_line_and_length(self):
        text = "struct x {\n    int y;\n};\nstatic int\nf(int a)\n{\n    return a;\n}\n\nvoid g(int a,\n       int b)\n{\n}\n"
        self.assertEqual(list(source.functions(text)), [("f", 6, 3), ("g", 12, 2)])


if __name__ == "__main__":
    unittest.main()
