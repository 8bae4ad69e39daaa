package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each bad input: one clear message on standard error, a documented exit code, no Java stack, nothing lost. */
class BadInputIT {
    /** One of each way to end; the others need none. */
    private static final Set<String> OWN_PROCESS =
            Set.of("an unknown option", "a runtime error: message and Lua stack", "a limit of instructions", "os.exit");

    @RegisterExtension
    static final ServedRunner SERVED = new ServedRunner();

    private final Path folder = SERVED.folder();

    static Stream<Arguments> badInputs() {
        return Stream.of(
                row("a missing file", "", 2, "there is no file \"gone.lua\"", "run", "gone.lua"),
                row("a directory", "", 2, "\"a folder\" is a folder; name a script file in it", "run", "a folder"),
                row(
                        "a syntax error: file, line, column, the line itself",
                        "local a = 1\nlocal b = = 2\n",
                        1,
                        "bad.lua:2: unexpected symbol near '=' \\[syntax_error\\]\n +2 \\| local b = = 2\n +\\| +\\^",
                        "run",
                        "bad.lua"),
                row(
                        "a runtime error: message and Lua stack",
                        "local function inner() error('broken') end\nlocal function outer() inner() end\nouter()\n",
                        1,
                        "bad.lua:1: broken \\[script_error\\]\n(.*\n)* +at bad.lua:1: in .*inner.*\n"
                                + " +at bad.lua:2: in .*outer.*\n +at bad.lua:3: in main chunk",
                        "run",
                        "bad.lua"),
                row(
                        "a coded error that the script does not catch",
                        "Tool.invoke('calculater', {})\n",
                        1,
                        "bad.lua:1: no tool is named \"calculater\".*calculator.*\\[tool_not_found\\]",
                        "run",
                        "bad.lua"),
                row("an unknown option", "", 2, "unknown option \"--data-dri\".*--data-dir", "run", "--data-dri", "x"),
                row("an unknown command", "", 2, "unknown command or argument \"rnu\".*\"run\"", "rnu", "bad.lua"),
                row("an option without its value", "", 2, "--timeout", "exec", "--timeout"),
                row(
                        "a bad time",
                        "",
                        2,
                        "--timeout is \"soon\", but must be a time such as",
                        "exec",
                        "--timeout",
                        "soon",
                        "x=1"),
                row(
                        "a limit of instructions",
                        "while true do end\n",
                        124,
                        "max_instructions = 100000.*\\[limit_exceeded\\]",
                        "run",
                        "--max-instructions",
                        "100000",
                        "bad.lua"),
                row(
                        "a limit of time, also against pcall",
                        "while true do pcall(function() while true do end end) end\n",
                        124,
                        "timeout = 300 ms.*\\[limit_exceeded\\]",
                        "run",
                        "--timeout",
                        "300ms",
                        "bad.lua"),
                row("os.exit", "os.exit(42)\n", 42, "", "run", "bad.lua"),
                row(
                        "events of a folder without a store: nothing is made",
                        "",
                        3,
                        "there is no store at .*nowhere: the folder does not exist; check the path"
                                + ".*\\[store_not_found\\]",
                        "events",
                        "stats",
                        "--data-dir",
                        "nowhere"),
                row(
                        "a number that is none",
                        "",
                        2,
                        "--limit.*\"x\" is not a whole number, such as 100",
                        "events",
                        "query",
                        "--limit",
                        "x"));
    }

    /** What scripts give wrongly to hooks; every such error ends the script with exit code 1. */
    static Stream<Arguments> badHooks() {
        return Stream.of(
                hook(
                        "an unknown point",
                        "Hook.register('BeforeToolExecuton', print)",
                        "no hook point is named \"BeforeToolExecuton\", did you mean BeforeToolExecution or"
                                + ".*\\[unknown_hook_point\\]"),
                hook(
                        "a name that is taken",
                        "for i = 1, 2 do Hook.register('BeforeToolExecution', print, {name = 'n'}) end",
                        "a hook named \"n\" exists at BeforeToolExecution already; choose.*\\[hook_exists\\]"),
                hook(
                        "nil for a function",
                        "Hook.register('BeforeToolExecution', nil)",
                        "argument 2 \\(fn\\) must be a function, but is nil.*\\[invalid_argument\\]"),
                hook(
                        "nil for a point",
                        "Hook.register(nil, print)",
                        "argument 1 \\(point\\) must be a text, but is nil.*\\[invalid_argument\\]"),
                hook(
                        "a result that the point cannot honour",
                        guard("AfterStateWrite", "{type = 'replace', data = 1}", "State.set('k', 1)"),
                        "hook \"guard\" gave replace at AfterStateWrite.*\\[result_not_allowed\\]"),
                hook(
                        "a composite of no children",
                        "Hook.compose('sequential', {})",
                        "children of a sequential composite is \"0\", but must be 1 or more.*\\[invalid_argument\\]"),
                hook(
                        "a threshold of 0",
                        "Hook.compose('voting', {print}, {threshold = 0})",
                        "threshold of voting is \"0.0\", but must be more than 0, at most 1.*\\[invalid_argument\\]"),
                hook(
                        "a threshold above 1",
                        "Hook.compose('voting', {print}, {threshold = 1.5})",
                        "threshold of voting is \"1.5\", but must be more than 0, at most 1.*\\[invalid_argument\\]"),
                hook(
                        "a negative budget",
                        "Hook.enable_builtin('cost_tracking', {alerts = {{threshold = -5}}})",
                        "hooks.cost_tracking.alerts\\[0\\].threshold: is -5, but must be a number from 0"
                                + ".*\\[invalid_config\\]"),
                hook(
                        "a price table without the model",
                        "Hook.enable_builtin('cost_tracking', {pricing = {['offline/ecko'] = {input = 1, output = 1}},"
                                + " alerts = {{threshold = 5, block = true}}})\n"
                                + "Agent.create({name = 'a', model = 'offline/echo'}):invoke('hi')",
                        "no price for model \"offline/echo\" \\(there are offline/ecko\\), did you mean \"offline/ecko\"\\?"
                                + ".*\\[operation_cancelled\\]"),
                hook(
                        "modified data that is cyclic",
                        "local t = {} t.a = {t}\n"
                                + guard(
                                        "BeforeToolExecution",
                                        "{type = 'modified', data = t}",
                                        "Tool.calculator {input = '1'}"),
                        "value.data.a\\[0\\] cannot be converted: it contains itself"
                                + " \\(value_not_convertible\\).*\\[hook_failed\\]"),
                hook(
                        "modified data that is too large",
                        guard(
                                "BeforeToolExecution",
                                "{type = 'modified', data = {input = ('x'):rep(11 * 1024 * 1024)}}",
                                "Tool.calculator {input = '1'}"),
                        "value.input is larger than 10485760 bytes of JSON \\(value_too_large\\).*\\[hook_failed\\]"));
    }

    /** What scripts give wrongly to state, sessions and artifacts; every such error ends the script with exit code 1. */
    static Stream<Arguments> badState() {
        return Stream.of(badKeys(), badValues(), badScopesAndOptions(), badSessions())
                .flatMap(each -> each);
    }

    private static Stream<Arguments> badKeys() {
        return Stream.of(
                key("an empty key", "''", "is empty; 1 to 256 characters are allowed"),
                key("a key that is too long", "('a'):rep(257)", "is 257 characters long, at most 256 allowed"),
                key("a key that NFC makes too long", "('\\u{FB2C}'):rep(100)", "is 300 characters long, at most 256"),
                key("a key with a parent folder", "'a/../b'", "has \"..\" at position 2"),
                key("a key with an empty segment", "'a//b'", "has \"//\" at position 1"),
                key("a key with a backslash", "'a\\\\b'", "has \"\\\\\" at position 1"),
                key("a key with NUL", "'a\\0b'", "has the control character U\\+0000 at position 1"),
                key("a key with a control character", "'a\\tb'", "has the control character U\\+0009 at position 1"),
                key("a key that turns text round", "'a\\u{202E}b'", "the bidirectional control U\\+202E at position 1"),
                key("a reserved key", "'__k'", "begins with \"__\", which is reserved"),
                key("a key reserved for parameters", "'$$k'", "begins with \"\\$\\$\", which is reserved"),
                state(
                        "a key that is no text",
                        "State.set('\\xED\\xA0\\x80', 1)",
                        "a text is not UTF-8.*\\[value_not_convertible\\]"),
                state(
                        "an id with a parent folder",
                        "State.get('agent:..', 'k')",
                        "\"\\.\\.\" at position 0.*invalid_key"));
    }

    private static Stream<Arguments> badValues() {
        return Stream.of(
                state(
                        "a value of one byte too much",
                        "State.set('k', ('x'):rep(1024 * 1024 - 1))",
                        "value is larger than 1048576 bytes of JSON.*\\[value_too_large\\]"),
                state(
                        "a value that is far too large",
                        "local t = {} for i = 1, 64 do t[i] = ('x'):rep(1024 * 1024) end State.set('k', t)",
                        "larger than 1048576 bytes of JSON.*\\[value_too_large\\]"),
                state(
                        "a value of too many parts",
                        "local t = {} for i = 1, 100001 do t[i] = i end State.set('k', t)",
                        "has more than 100000 nodes.*\\[value_too_large\\]"),
                state(
                        "a value that is too deep",
                        "local t = {} for _ = 1, 65 do t = {t} end State.set('k', t)",
                        "nested deeper than 64 levels.*\\[value_too_large\\]"),
                state(
                        "a cyclic value",
                        "local t = {} t.a = t State.set('k', t)",
                        "value.a cannot be converted: it contains itself.*\\[value_not_convertible\\]"),
                state(
                        "a number that is none",
                        "State.set('k', 0 / 0)",
                        "is no JSON number.*\\[value_not_convertible\\]"),
                state(
                        "an array with holes",
                        "State.set('k', {1, nil, 3})",
                        "no element 2.*\\[value_not_convertible\\]"),
                state("a function", "State.set('k', {f = print})", "value.f cannot.*\\[value_not_convertible\\]"),
                state(
                        "a sum with a text",
                        "State.set('k', 'one') State.increment('k')",
                        "is a text, but must be a number.*\\[type_mismatch\\]"));
    }

    private static Stream<Arguments> badScopesAndOptions() {
        return Stream.of(
                state(
                        "a misspelt scope",
                        "State.get('agnet:planner', 'k')",
                        "\"agnet:planner\" is no scope; scopes are global, user:ID, session:ID.*\\[invalid_scope\\]"),
                state("a step without its workflow", "State.get('step:a', 'k')", "is no scope.*\\[invalid_scope\\]"),
                state(
                        "a class that scripts may not give",
                        "State.set('global', 'k', 1, {class = 'trusted'})",
                        "may not store global/k with class trusted.*use class standard.*\\[access_denied\\]"),
                state(
                        "an unknown class",
                        "State.set('global', 'k', 1, {class = 'secret'})",
                        "State.set: class is \"secret\", but must be ephemeral, standard.*\\[invalid_argument\\]"),
                state(
                        "no time to live",
                        "State.set('global', 'k', 1, {ttl_seconds = 0})",
                        "\"ttl_seconds\" must be a number between 0.001.*\\[invalid_argument\\]"),
                state(
                        "a misspelt option",
                        "State.set('global', 'k', 1, {ttl = 5})",
                        "unknown option \"ttl\"; known are class, ttl_seconds.*\\[invalid_argument\\]"),
                state(
                        "a lost check",
                        "State.batch {{op = 'check', key = 'k', expected = 1}, {op = 'set', key = 'k', value = 2}}",
                        "another writer was first: global/k.*\\[state_conflict\\]"));
    }

    private static Stream<Arguments> badSessions() {
        return Stream.of(
                state(
                        "a session that is not there",
                        "Session.get('gone')",
                        "no session has the id \"gone\".*\\[session_not_found\\]"),
                state(
                        "a session that has ended",
                        "local s = Session.start() s:finish() s:set('k', 1)",
                        "has ended.*start a new one.*\\[session_closed\\]"),
                state(
                        "a parent that is not there",
                        "Artifact.store {name = 'a', content = 'x', parents = {'gone'}}",
                        "parent \"gone\".*must be stored first.*\\[missing_artifact\\]"),
                state(
                        "an artifact that is too large",
                        "Artifact.store {name = 'a', content = ('x'):rep(10 * 1024 * 1024 + 1)}",
                        "content is larger than 10485760 bytes.*\\[value_too_large\\]"));
    }

    private static Arguments key(String name, String key, String text) {
        return state(name, "State.set(" + key + ", 1)", "key in scope global .*" + text + ".*\\[invalid_key\\]");
    }

    private static Arguments state(String name, String script, String text) {
        return hook(name, script, text);
    }

    /** What is wrong with the keys of a store that has a secret; each is exit code 3. */
    static Stream<Arguments> badKeyFiles() {
        return Stream.of(
                Arguments.of(
                        "a lost key file", null, "is missing: the key file .* is not there.*\\[store_key_missing\\]"),
                Arguments.of(
                        "the key of another store",
                        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                        "add the right key.*\\[store_key_wrong\\]"),
                Arguments.of("a key file without a key", "", "has no key.*\\[store_key_wrong\\]"),
                Arguments.of(
                        "a key file that was overwritten", "no key", "not 32 bytes in base64.*\\[store_key_wrong\\]"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badKeyFiles")
    void runner_badKeyFile_refusesToOpenAndLosesNothing(String name, @Nullable String text, String message)
            throws IOException {
        String[] store = {"exec", "--data-dir", folder.resolve("store").toString(), ""};
        store[3] = "State.set('api_key', 'kept')";
        assertThat(SERVED.run(store).exit()).isZero();
        Path keys = folder.resolve("store").resolve("keys");
        byte[] good = Files.readAllBytes(keys);
        Files.delete(keys);
        if (text != null) {
            Files.writeString(keys, text);
        }
        store[3] = "print(State.get('api_key'))";

        Runner.Result refused = SERVED.run(store);
        byte[] left = text == null ? null : Files.readAllBytes(keys);
        Files.write(keys, good);
        Runner.Result mended = SERVED.run(store);

        assertThat(refused.exit()).as(refused.err()).isEqualTo(3);
        assertThat(refused.err()).containsPattern(message).doesNotContain("Exception", "\tat ");
        assertThat(left).isEqualTo(text == null ? null : text.getBytes(StandardCharsets.UTF_8));
        assertThat(mended.out()).as(mended.err()).isEqualTo("kept\n");
    }

    /** What needs a store and finds none; each is exit code 3 and makes nothing. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "state get k",
                "state list",
                "state export",
                "state stats",
                "state set k 1",
                "state delete k",
                "state delete --all",
                "state import in.jsonl",
                "state verify",
                "state verify --accept-loss",
                "events stats"
            })
    void runner_wrongPath_isToldAndNoStoreIsMade(String command) throws IOException {
        Files.writeString(folder.resolve("in.jsonl"), "{\"scope\":\"global\",\"key\":\"k\",\"value\":1}\n");
        Path nowhere = folder.resolve("nowhere");
        List<String> line = new ArrayList<>(List.of(command.split(" ")));
        line.addAll(List.of("--data-dir", nowhere.toString()));

        Runner.Result result = SERVED.run(line.toArray(String[]::new));

        assertThat(result.exit()).as(result.err()).isEqualTo(3);
        assertThat(result.err())
                .containsPattern("there is no store at .*nowhere.*\\[store_not_found\\]")
                .hasLineCount(1);
        assertThat(nowhere).doesNotExist();
    }

    private static Arguments hook(String name, String script, String text) {
        return row(name, script + "\nprint('nothing was wrong')\n", 1, "bad.lua:\\d+: .*" + text, "run", "bad.lua");
    }

    private static String guard(String point, String result, String operation) {
        return "Hook.register('" + point + "', function() return " + result
                + " end, {name = 'guard', on_error = 'refuse', timeout_ms = 20000})\n" + operation;
    }

    private static Arguments row(String name, String script, int exit, String text, String... arguments) {
        return Arguments.of(name, script, exit, text, List.of(arguments));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"badInputs", "badHooks", "badState"})
    void runner_badInput_saysWhatIsWrong(String name, String script, int exit, String text, List<String> arguments)
            throws IOException {
        Files.createDirectories(folder.resolve("a folder"));
        Files.writeString(folder.resolve("bad.lua"), script);

        String[] line = arguments.toArray(String[]::new);
        Runner.Result result = OWN_PROCESS.contains(name) ? Runner.in(folder).run(line) : SERVED.run(line);

        assertThat(result.exit()).as(result.err()).isEqualTo(exit);
        assertThat(result.err()).containsPattern(text).doesNotContain("Exception", "\tat ", "at java.", "at io.");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void runner_lockedFolder_namesThePidOfTheOther() throws IOException {
        Process holder = Runner.in(Files.createDirectory(folder.resolve("holder")))
                .start(
                        "run",
                        "--data-dir",
                        folder.resolve("store").toString(),
                        script("print(State.increment('n'))\nio.write('held\\n')\nEvent.run(600)\n"));
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("1");
            assertThat(out.readLine()).isEqualTo("held");

            Runner.Result second = Runner.in(folder)
                    .run("exec", "--data-dir", folder.resolve("store").toString(), "print(1)");

            assertThat(second.exit()).isEqualTo(3);
            assertThat(second.err())
                    .contains("[store_locked]")
                    .contains(String.valueOf(pidOfJava(holder)))
                    .hasLineCount(1);
        } finally {
            holder.toHandle().destroyForcibly(); // the launcher becomes the JVM
            holder.onExit().join();
        }
    }

    /** The launcher becomes the JVM by exec, so both have one pid. */
    private static long pidOfJava(Process holder) {
        return holder.pid();
    }

    @Test
    void runner_folderThatCannotBeMade_isAnErrorOfTheEnvironment() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");

        Runner.Result below =
                SERVED.run("exec", "--data-dir", file.resolve("store").toString(), "print(1)");
        Runner.Result itself = Runner.in(folder).run("exec", "--data-dir", file.toString(), "print(1)");

        assertThat(below.exit()).as(below.err()).isEqualTo(3);
        assertThat(below.err()).containsPattern("\\[store_[a-z_]+\\]").doesNotContain("\tat ");
        assertThat(itself.exit()).as(itself.err()).isEqualTo(3);
        assertThat(itself.err())
                .containsPattern("\\[store_[a-z_]+\\]")
                .contains(file.toString() + " is a file")
                .doesNotContain("createIfMissing");
    }

    @Test
    void runner_corruptStore_refusesByNameAndLosesNothing() throws IOException {
        Path store = folder.resolve("store");
        assertThat(SERVED.run("exec", "--data-dir", store.toString(), "State.set('k', 'kept')")
                        .exit())
                .isZero();
        Path pointer = store.resolve("CURRENT");
        byte[] good = Files.readAllBytes(pointer);
        Files.writeString(pointer, "generations/nonsense");

        Runner.Result refused = Runner.in(folder).run("exec", "--data-dir", store.toString(), "print(State.get('k'))");
        Files.write(pointer, good);
        Runner.Result mended = SERVED.run("exec", "--data-dir", store.toString(), "print(State.get('k'))");

        assertThat(refused.exit()).as(refused.err()).isEqualTo(3);
        assertThat(refused.err())
                .contains("[store_corrupt]")
                .contains("CURRENT")
                .doesNotContain("\tat ");
        assertThat(mended.out()).isEqualTo("kept\n");
    }

    private String script(String text) throws IOException {
        return Files.writeString(folder.resolve("script.lua"), text).toString();
    }
}
