package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code llmspell state} shows and changes, alone and beside a process that has the store open. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class StateIT {
    private static final String VALUES = """
            State.set("goal", {text = "tidy", n = 1})
            State.set("agent:planner", "step", 3)
            State.set("user:bob", "theme", "dark", {ttl_seconds = 3600})
            State.set("cfg", {password = "hunter2222", a = 1})
            """;

    @RegisterExtension
    static final ServedRunner SERVED = new ServedRunner();

    private final Path folder = SERVED.folder();

    private Runner.Result state(String... arguments) {
        List<String> all = new ArrayList<>(List.of("state"));
        all.addAll(List.of(arguments));
        return SERVED.run(all.toArray(String[]::new));
    }

    private String fine(String... arguments) {
        Runner.Result result = state(arguments);
        assertThat(result.exit()).as(result.err()).isZero();
        return result.out();
    }

    private void write() {
        Runner.Result result = SERVED.run("exec", VALUES);
        assertThat(result.exit()).as(result.err()).isZero();
    }

    @Test
    void read_afterAScript_showsWhatItStored() {
        write();

        Runner.Result get = Runner.in(folder).run("state", "get", "goal");

        assertThat(get.out()).isEqualTo("{\"text\":\"tidy\",\"n\":1}\n");
        assertThat(get.err()).matches("as of commit \\d+, \\.llmspell\n");
        assertThat(fine("get", "step", "--scope", "agent:planner", "--json"))
                .matches("\\{\"scope\":\"agent:planner\",\"key\":\"step\",\"class\":\"standard\",\"value\":3,"
                        + "\"version\":\\d+}\n");
        assertThat(fine("get", "cfg")).contains("[REDACTED").doesNotContain("hunter");
        assertThat(fine("list"))
                .matches("(?s)as of commit \\d+, \\.llmspell\n"
                        + "SCOPE +KEY +CLASS +VERSION +BYTES +EXPIRES\n"
                        + "global +cfg .*global +goal +standard .*agent:planner +step .*user:bob +theme .*Z\n");
        assertThat(fine("list", "--scope", "global", "--match", "g*", "--json"))
                .startsWith("{\"scope\":\"global\",\"key\":\"goal\"")
                .hasLineCount(1);
        assertThat(state("list", "--limit", "1").err()).contains("3 more; --limit shows more");
        assertThat(fine("stats")).containsPattern("agent +1 +\\d+\ncustom +1 +\\d+\nglobal +2 +\\d+\n");
        Object stats = JsonCodec.create().parse(fine("stats", "--json"), JsonLimits.TOOL);
        assertThat((Map<?, ?>) stats).extracting("values").isEqualTo(4L);
        assertThat(fine("verify")).contains(": 4 records and all files are as written");
    }

    @Test
    void get_absentKey_saysSoWithExitCodeOne() {
        write();

        Runner.Result result = state("get", "gaol");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("there is no global/gaol; llmspell state list shows what there is");
    }

    @Test
    void set_ofAValueThatWouldNotLast_leavesTheOneThatIsStored() {
        write();
        fine("set", "--class", "standard", "temp:k", "5");

        Runner.Result refused = state("set", "temp:k", "6");

        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.err()).contains("temp:k is of class ephemeral");
        assertThat(fine("get", "temp:k")).isEqualTo("5\n");
    }

    @Test
    void import_ofAValueThatIsLargerThanConfigured_isRefusedBeforeAnythingIsWritten() throws IOException {
        write();
        Files.writeString(folder.resolve("llmspell.toml"), "[state]\nmax_value_bytes = \"1KiB\"\n");
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 1_200; i++) {
            String value = i == 1_150 ? "x".repeat(2_000) : "v";
            lines.append("{\"scope\":\"global\",\"key\":\"k")
                    .append(i)
                    .append("\",\"value\":\"")
                    .append(value)
                    .append("\"}\n");
        }
        Files.writeString(folder.resolve("in.jsonl"), lines);

        Runner.Result refused = state("import", "in.jsonl");

        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.err()).contains("in.jsonl, line 1150: global/k1150: ");
        assertThat(state("get", "k1").exit()).isEqualTo(1);
        assertThat(state("import", "--dry-run", "in.jsonl").exit()).isEqualTo(2);
    }

    @Test
    void setAndDelete_areSeenByScriptsAndInTheJournal() {
        write();

        assertThat(fine("set", "goal", "[1, 2.5, null]")).matches("global/goal has version \\d+\n");
        fine("set", "--text", "said", "no quotes");
        fine("set", "--scope", "agent:planner", "--", "debt", "-5");
        assertThat(SERVED.runWith("{\"a\":true}", "state", "set", "input", "-").exit())
                .isZero();
        fine("set", "soon", "1", "--ttl", "1ms");
        assertThat(fine("delete", "cfg")).isEqualTo("removed global/cfg\n");
        assertThat(fine("delete", "cfg")).isEqualTo("there was no global/cfg\n");

        Runner.Result seen = SERVED.run(
                "exec",
                "print(JSON.stringify(State.get('goal')), State.get('input').a, State.get('said'))\nprint(State.get('agent:planner', 'debt'))");
        assertThat(seen.out()).isEqualTo("[1,2.5,null]\ttrue\tno quotes\n-5\n");
        assertThat(SERVED.run("events", "query", "--type", "state.changed").out())
                .contains("\"key\":\"said\"", "\"change\":\"delete\"", "host");
        assertThat(fine("delete", "--all", "--scope", "agent:planner"))
                .isEqualTo("removed 2 values of agent:planner\n");
    }

    @Test
    void exportAndImport_anotherFolder_holdsTheSame() throws IOException {
        write();
        fine("delete", "cfg");
        fine("export", "--out", "all.jsonl");
        String exported = Files.readString(folder.resolve("all.jsonl"));
        assertThat(SERVED.run("exec", "--data-dir", "other", "x = 1").exit()).isZero();

        assertThat(fine("import", "all.jsonl", "--dry-run")).isEqualTo("3 values in all.jsonl can be imported\n");
        assertThat(fine("import", "--data-dir", "other", "all.jsonl")).isEqualTo("imported 3 values\n");
        assertThat(SERVED.run("exec", "--data-dir", "other", "State.set('goal', 'changed'); State.set('more', 1)")
                        .exit())
                .isZero();
        Runner.Result again = state("import", "--data-dir", "other", "all.jsonl");
        assertThat(again.exit()).isEqualTo(2);
        assertThat(again.err()).contains("all.jsonl, line 1: global/goal exists already; nothing was changed");
        fine("import", "--data-dir", "other", "--overwrite", "all.jsonl");
        fine("delete", "--data-dir", "other", "more");

        String back = fine("export", "--data-dir", "other");
        assertThat(withoutVersions(back)).isEqualTo(withoutVersions(exported)).hasLineCount(3);
    }

    /** A time to live is measured anew by the importing process, to the millisecond. */
    private static String withoutVersions(String lines) {
        return lines.replaceAll("\"version\":\\d+", "").replaceAll("\"expires_at\":\"[^\"]+\"", "\"expires_at\"");
    }

    @Test
    void export_toAFullDisk_isAFailure() {
        File full = new File("/dev/full"); // takes nothing
        assumeTrue(full.exists());
        write();

        Runner.Result result = Runner.in(folder).output(full).run("state", "export");

        assertThat(result.exit()).as(result.err()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err())
                .contains("standard output is \"full or closed\"")
                .doesNotContain("4 values");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "C", "POSIX"})
    void export_inALocaleWithoutUnicode_losesNothing(String locale) throws IOException {
        Files.writeString(
                folder.resolve("s.lua"), "State.set('\u0131', '\u00fc\u20ac\ud83d\ude00')\nprint('\u00fc', ARGS[1])\n");
        Runner script = Runner.in(folder).environment("LANG", "").environment("LC_ALL", locale);
        Runner export = Runner.in(folder).environment("LANG", "").environment("LC_ALL", locale);

        Runner.Result printed = script.run("run", "s.lua", "x");

        assertThat(printed.out()).isEqualTo("\u00fc\tx\n");
        assertThat(export.run("state", "export").out()).contains("\"key\":\"\u0131\"", "\"\u00fc\u20ac\ud83d\ude00\"");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void get_inALocaleWithoutUnicode_findsWhatIsAskedFor() {
        assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")), "this test itself gives the argument");
        assertThat(SERVED.run("exec", "State.set('\u0131', 1)").exit()).isZero();

        Runner.Result result = Runner.in(folder)
                .environment("LANG", "")
                .environment("LC_ALL", "C")
                .run("state", "get", "\u0131");

        assertThat(result.out()).as(result.err()).isEqualTo("1\n");
    }

    @Test
    void import_manyBatches_storesAll() throws IOException {
        write();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 2_500; i++) {
            lines.append("{\"scope\":\"custom:many\",\"key\":\"k")
                    .append(i)
                    .append("\",\"value\":")
                    .append(i)
                    .append("}\n");
        }
        Files.writeString(folder.resolve("many.jsonl"), lines);

        assertThat(fine("import", "many.jsonl")).isEqualTo("imported 2500 values\n");

        assertThat(fine("get", "--scope", "many", "k2499")).isEqualTo("2499\n");
        assertThat(fine("stats")).containsPattern("custom +2501 ");
    }

    @Test
    void besideAProcess_readersReadAndWritersNameIt() throws IOException {
        Files.writeString(
                folder.resolve("s.lua"),
                VALUES + "State.set('tick', 0)\nprint('ready')\n"
                        + "for i = 1, 100000 do State.set('tick', i) Event.run(0.1) end\n");
        Files.writeString(folder.resolve("one.jsonl"), "{\"scope\":\"global\",\"key\":\"one\",\"value\":1}\n");
        Process process = Runner.in(folder).start("run", "s.lua");
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("ready");

            assertThat(fine("get", "goal")).contains("tidy");
            assertThat(fine("list")).contains("agent:planner");
            assertThat(fine("export")).hasLineCount(5);
            assertThat(fine("stats")).contains("5 values");
            for (List<String> refused : List.of(
                    List.of("set", "goal", "1"),
                    List.of("delete", "goal"),
                    List.of("import", "one.jsonl"),
                    List.of("verify"))) {
                Runner.Result result = state(refused.toArray(String[]::new));
                assertThat(result.exit()).as(refused + result.err()).isEqualTo(3);
                assertThat(result.err())
                        .contains("[store_locked]", String.valueOf(process.pid()))
                        .hasLineCount(1);
            }
            long tick = Long.parseLong(fine("get", "tick").strip());
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Long.parseLong(fine("get", "tick").strip()) > tick);
            assertThat(process.isAlive()).isTrue();
        } finally {
            process.toHandle().destroyForcibly();
            process.onExit().join();
        }
    }

    @Test
    void verify_damagedStore_isRefusedUnlessTheLossIsAccepted() throws IOException {
        write();
        try (Stream<Path> files = Files.walk(folder.resolve(".llmspell"))) {
            for (Path log :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                Files.delete(log);
            }
        }

        Runner.Result refused = state("verify");
        Runner.Result accepted = state("verify", "--accept-loss");

        assertThat(refused.exit()).as(refused.err()).isEqualTo(3);
        assertThat(refused.err()).contains("[store_corrupt]").doesNotContain("\tat ");
        assertThat(accepted.exit()).as(accepted.err()).isZero();
        assertThat(accepted.out())
                .containsPattern("lost: (\\d+|an unknown number of) commits\n.* records and all files");
        assertThat(state("verify").exit()).isZero();
    }

    static Stream<Arguments> badInputs() {
        return Stream.of(
                row("no command", 2, "say what to do: get, set, delete", ""),
                row("a misspelt command", 2, "did you mean \"import\"", "", "improt"),
                row("a key with a parent folder", 2, "has \"..\" at position 1.*\\[invalid_key\\]", "", "get", "a.."),
                row("an empty key", 2, "is empty; 1 to 256 characters.*\\[invalid_key\\]", "", "get", ""),
                row("a reserved key", 2, "begins with \"__\", which is reserved", "", "set", "__x", "1"),
                row(
                        "a misspelt scope",
                        2,
                        "\"agnet:x\" is no scope; scopes are global.*\\[invalid_scope\\]",
                        "",
                        "list",
                        "--scope",
                        "agnet:x"),
                row("a step without its workflow", 2, "\"step:a\" is no scope", "", "export", "--scope", "step:a"),
                row("a value that is no JSON", 2, "VALUE is no JSON.*--text", "", "set", "k", "hello"),
                row(
                        "a value that is too deep",
                        2,
                        "beyond a limit.*depth",
                        "",
                        "set",
                        "k",
                        "[".repeat(70) + "]".repeat(70)),
                row(
                        "a name twice in a value",
                        2,
                        "VALUE is no JSON.*the name \"a\" occurs twice",
                        "",
                        "set",
                        "k",
                        "{\"a\":1,\"a\":2}"),
                row(
                        "an unknown class",
                        2,
                        "--class is \"secret\", but must be standard, trusted",
                        "",
                        "set",
                        "k",
                        "1",
                        "--class",
                        "secret"),
                row(
                        "a value that would not last",
                        2,
                        "ephemeral values live in the memory",
                        "",
                        "set",
                        "k",
                        "1",
                        "--class",
                        "ephemeral"),
                row(
                        "a key whose class would not last",
                        2,
                        "temp:k is of class ephemeral.*--class standard",
                        "",
                        "set",
                        "temp:k",
                        "1"),
                row(
                        "no time to live",
                        2,
                        "--ttl is \"soon\", but must be a duration such as 10m",
                        "",
                        "set",
                        "k",
                        "1",
                        "--ttl",
                        "soon"),
                row("neither key nor all", 2, "give a key, or --all", "", "delete"),
                row("key and all", 2, "give a key, or --all", "", "delete", "k", "--all"),
                row("a limit of nothing", 2, "--limit is \"0\", but must be 1 or more", "", "list", "--limit", "0"),
                row(
                        "a folder without a store",
                        3,
                        "the folder does not exist.*nothing was made.*\\[store_not_found\\]",
                        "",
                        "get",
                        "k",
                        "--data-dir",
                        "nowhere"),
                row(
                        "writing where no store is",
                        3,
                        "nothing was made there.*\\[store_not_found\\]",
                        "",
                        "set",
                        "k",
                        "1",
                        "--data-dir",
                        "nowhere"),
                row(
                        "a file that is not there",
                        2,
                        "\"gone.jsonl\" does not exist; name a file",
                        "",
                        "import",
                        "gone.jsonl"),
                row(
                        "a file over a file",
                        2,
                        "--out is \"bad.jsonl\", but must be a file that does not exist",
                        "",
                        "export",
                        "--out",
                        "bad.jsonl"),
                line(
                        "a line that is no JSON",
                        "line 2: JSON parse error.*\\(column 14\\)",
                        "{\"scope\":\"g\" \"key\":1}"),
                line("a line that is no object", "line 2: the line is no JSON object", "[1]"),
                line(
                        "a line without a key",
                        "line 2: \"key\" is absent, but must be a text",
                        "{\"scope\":\"g\",\"value\":1}"),
                line("a line without a value", "line 2: \"value\" is missing", "{\"scope\":\"g\",\"key\":\"k\"}"),
                line(
                        "a misspelt member",
                        "line 2: there is no member \"vaule\".*\"value\"",
                        "{\"scope\":\"g\",\"key\":\"k\",\"vaule\":1}"),
                line(
                        "a bad key",
                        "line 2: key in scope g .*\"//\" at position 1",
                        "{\"scope\":\"g\",\"key\":\"a//b\",\"value\":1}"),
                line(
                        "a masked value",
                        "line 2: the value is masked",
                        "{\"scope\":\"g\",\"key\":\"k\",\"value\":\"[REDACTED]\",\"masked\":true}"),
                line(
                        "a key twice",
                        "line 2: global/one is in line 1 already",
                        "{\"scope\":\"GLOBAL\",\"key\":\"one\",\"value\":2}"),
                line(
                        "a bad time",
                        "line 2: expires_at is \"soon\"",
                        "{\"scope\":\"g\",\"key\":\"k\",\"value\":1,\"expires_at\":\"soon\"}"));
    }

    private static Arguments row(String name, int exit, String text, String file, String... arguments) {
        return Arguments.of(name, exit, text, file, List.of(arguments));
    }

    private static Arguments line(String name, String text, String second) {
        String file = "{\"scope\":\"global\",\"key\":\"one\",\"value\":1}\n" + second + "\n";
        return row(name, 2, "bad.jsonl, " + text, file, "import", "bad.jsonl");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badInputs")
    void badInput_saysWhatIsWrongAndChangesNothing(
            String name, int exit, String text, String file, List<String> arguments) throws IOException {
        Files.writeString(folder.resolve("bad.jsonl"), file);
        if (text.contains("temp:k") || text.startsWith("--out")) {
            write(); // this one is seen by the store only
        }

        Runner.Result result = state(arguments.toArray(String[]::new));

        assertThat(result.exit()).as(result.err()).isEqualTo(exit);
        assertThat(result.err()).containsPattern(text).doesNotContain("Exception", "\tat ", "at java.", "at io.");
        assertThat(result.out()).isEmpty();
        assertThat(folder.resolve("nowhere")).doesNotExist();
        assertThat(Files.readString(folder.resolve("bad.jsonl"))).isEqualTo(file);
    }
}
