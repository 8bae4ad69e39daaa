package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.llmspell.LlmSpell;
import io.llmspell.bridge.lua.LuaEngineProvider;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.storage.rocksdb.RocksDbStorage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Lets a script handle twelve kinds of secrets on a store in a folder, and looks for them at every exit: all files of the
 * folder, events, the log, errors, and what the runner prints of events and hooks.
 */
final class SecretExitsCheck {
    private static final String[] BEFORE = {
        "sk-ant-", "sk-", "AKIA", "ghp_", "gho_", "eyJ", "key=", "token: ", "Bearer ", "password=", "secret: ", ""
    };
    private static final int[] LENGTHS = {95, 48, 16, 36, 36, 60, 24, 24, 24, 24, 24, 0};
    private static final String POINTS = "BeforeStateWrite AfterStateWrite BeforeStateRead AfterStateRead"
            + " BeforeToolExecution AfterToolExecution ToolError BeforeEventEmit";

    private final Path folder;
    private final Consumer<LlmSpell> more;
    private final Map<String, List<String>> exits = new LinkedHashMap<>();
    private final Map<String, String> secrets = new LinkedHashMap<>();

    private SecretExitsCheck(Path folder, Consumer<LlmSpell> more) {
        this.folder = folder;
        this.more = more;
        for (int i = 0; i < BEFORE.length; i++) {
            String mark = "CANARY" + (char) ('A' + i) + "7QZ";
            String body = mark.repeat(1 + LENGTHS[i] / mark.length());
            boolean block = LENGTHS[i] == 0;
            secrets.put(
                    mark,
                    block ? "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----" : BEFORE[i] + body);
        }
    }

    /** Fails if a secret comes out; {@code more} is done in the runtime before the script. */
    static void run(Path folder, Consumer<LlmSpell> more) throws IOException {
        SecretExitsCheck check = new SecretExitsCheck(folder, more);
        check.story();
        check.judge();
    }

    private List<String> exit(String name) {
        return exits.computeIfAbsent(name, each -> new CopyOnWriteArrayList<>());
    }

    private void story() {
        AppenderBase<ILoggingEvent> log = collecting(exit("the log"));
        log.start();
        logTo(log);
        try (LlmSpell spell = LlmSpell.builder()
                .storage(RocksDbStorage.at(folder).createIfMissing().compression(RocksDbStorage.Compression.NONE))
                .scriptEngine(new LuaEngineProvider())
                .scriptOutput(text -> exit("output").add(text.text()))
                .config(ConfigSection.of(
                        "",
                        Map.of(
                                "hooks",
                                Map.of(
                                        "deadline",
                                        "20s",
                                        "logging",
                                        Map.of("enabled", true, "points", List.of(POINTS.split(" ")))))))
                .build()) {
            more.accept(spell);
            spell.events().subscribe("**", SubscribeOptions.DEFAULT, (event, again) -> told(event), spell.caller());
            secrets.forEach((mark, text) -> script(spell, mark, text));
        } finally {
            logAsBefore(log);
        }
    }

    /** What a script publishes is handed to subscribers as it is; what the runtime tells is a copy. */
    private void told(UniversalEvent event) {
        if (!event.type().equals("my.event")) {
            exit("events").add(String.valueOf(event));
        }
    }

    private static List<Logger> loggers() {
        return Stream.of("io.llmspell", "llmspell")
                .map(name -> (Logger) LoggerFactory.getLogger(name))
                .toList();
    }

    private static void logTo(AppenderBase<ILoggingEvent> log) {
        loggers().forEach(logger -> {
            log.setContext(logger.getLoggerContext());
            logger.setAdditive(false); // the output of the tests is no place for all of it
            logger.setLevel(Level.DEBUG);
            logger.addAppender(log);
        });
    }

    private static void logAsBefore(AppenderBase<ILoggingEvent> log) {
        loggers().forEach(logger -> {
            logger.detachAppender(log);
            logger.setLevel(null);
            logger.setAdditive(true);
        });
        log.stop();
    }

    private static AppenderBase<ILoggingEvent> collecting(List<String> lines) {
        return new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                String trace =
                        event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
                lines.add(event.getFormattedMessage() + trace + event.getKeyValuePairs());
            }
        };
    }

    private void script(LlmSpell spell, String mark, String secret) {
        String source = String.join(
                "\n",
                "local S, M = [==[" + secret + "]==], 'n" + mark.charAt(6) + "'",
                "State.set('named' .. M, {user = 'ada', deep = {{password = S}}})",
                "State.set(M .. '.password', S)",
                "State.set('external:' .. M, {body = 'x ' .. S .. ' y'})",
                "State.set('global', 'vault' .. M, 'x ' .. S, {class = 'sensitive'})",
                "assert(State.get(M .. '.password') == S and State.get('external:' .. M).body == 'x ' .. S .. ' y')",
                "assert(State.all('global')['vault' .. M] == 'x ' .. S)",
                "pcall(State.increment, M .. '.password')",
                "pcall(State.compare_and_set, M .. '.password', 'other', 'x')",
                "local note = Artifact.store {name = 'note' .. M, content = 'x ' .. S .. ' y', tags = {'t ' .. S},",
                "  metadata = {password = S}, permanent = true}",
                "local tree = Artifact.store {name = 'tree' .. M, content = {deep = {password = S}}, permanent = true}",
                "assert(note:content() == 'x ' .. S .. ' y' and tree:content().deep.password == S)",
                "Session.current():checkpoint('with ' .. M)",
                "Event.publish('my.event', {text = 'x ' .. S, password = S}, {persistent = true})",
                "Logger.info('logged ' .. S, {password = S, text = S})",
                "Tool.register {name = 'leak' .. M, parameters = {{name = 'password'}},",
                "  execute = function(p) error('failed with ' .. S) end}",
                "Tool.invoke('leak' .. M, {password = S})",
                "Agent.create({name = 'a' .. M, model = 'offline/echo'}):invoke('mine is ' .. S)",
                "local no = Hook.register('BeforeStateWrite', function() return Hook.result.cancel('it is ' .. S) end,",
                "  {name = 'no', on_error = 'refuse'})",
                "pcall(State.set, 'refused', 1)",
                "no:unregister()",
                "Hook.register('BeforeStateWrite', function(ctx) Logger.info('seen', ctx.data) end,",
                "  {name = 'watch' .. M, description = 'knows ' .. S})",
                "State.set('named' .. M, {user = 'bob', password = S})");
        spell.lua().eval(source);
        try {
            spell.lua().eval("error([==[uncaught " + secret + "]==])");
            throw new AssertionError("it was not raised");
        } catch (LlmSpellException raised) {
            ByteArrayOutputStream printed = new ByteArrayOutputStream();
            Failures.report(raised, false, new PrintStream(printed, true, StandardCharsets.UTF_8));
            exit("errors").add(printed.toString(StandardCharsets.UTF_8));
        }
    }

    // ---- the verdict ----

    private void judge() throws IOException {
        exit("llmspell events query").add(printed("events", "query", "--limit", "1000"));
        exit("llmspell events query --json").add(printed("events", "query", "--json", "--limit", "1000"));
        exit("llmspell hooks list").add(printed("hooks", "list", "--json"));
        exit("llmspell hooks list").add(printed("hooks", "list"));
        for (Path file : files()) {
            exit(folder.relativize(file).toString()).add(Files.readString(file, StandardCharsets.ISO_8859_1));
        }
        assertThat(exits).allSatisfy((name, texts) -> assertThat(texts).as(name).isNotEmpty());
        assertThat(exit("events")).hasSizeGreaterThan(200);
        assertThat(exit("the log")).hasSizeGreaterThan(100);
        List<String> leaks = new ArrayList<>();
        exits.forEach((name, texts) -> {
            String all = String.join("\n", texts);
            secrets.forEach((mark, text) -> {
                int at = all.indexOf(mark);
                if (at >= 0) {
                    leaks.add(name + ", kind " + mark + ": "
                            + all.substring(Math.max(0, at - 120), Math.min(all.length(), at + 20)));
                }
            });
        });
        assertThat(leaks).isEmpty();
    }

    private String printed(String... command) {
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(List.of("--data-dir", folder.toString()));
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertThat(Main.run(line.toArray(String[]::new)))
                    .as(String.join(" ", line))
                    .isZero();
        } finally {
            System.setOut(out);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
