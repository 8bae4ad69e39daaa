package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.llmspell.bridge.RuntimeConfig;
import io.llmspell.bridge.SpellRuntime;
import io.llmspell.bridge.config.RuntimeOptions;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.Step;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.ForkOperation;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.script.ScriptLimits;
import io.llmspell.hooks.Firing;
import io.llmspell.hooks.Hooks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Every place where the runtime fires a hook point, with every result, from a hook in Java, in reactive Java and in Lua,
 * in a blocking and in a reactive call: what a caller can see of it is what the table says.
 */
final class FiringMatrixTest {
    private static final Path PAGE = Path.of("..", "docs", "guide", "hook-results.md");
    private static final HookPoint PEER_STEP = HookPoint.custom("matrix");

    private static SpellRuntime runtime;
    private static Handle script;
    private static Hooks hooks;
    private static final AtomicInteger CALLS = new AtomicInteger();

    private enum Style {
        JAVA,
        REACTIVE,
        LUA
    }

    @BeforeAll
    static void open(@TempDir Path folder) throws IOException {
        runtime = SpellRuntime.start(new RuntimeConfig(
                null,
                List.of(),
                RuntimeConfig.EarlyHooks.NONE,
                List.of(),
                null,
                null,
                RuntimeOptions.ofDefaults(ScriptLimits.DEFAULT),
                null));
        runtime.services().workflows(); // and with them tools and agents, whose firings are in the table too
        runtime.services().sessions().results(); // the same of sessions
        hooks = runtime.services().hooks();
        Path file = folder.resolve("hooks.lua");
        Files.writeString(file, lua());
        script = runtime.scripts(Language.LUA).load(file);
    }

    @AfterAll
    static void close() {
        script.close();
        runtime.close();
    }

    /** Registers one hook for each point and result, switched off, and makes the peers of redirects. */
    private static String lua() {
        StringBuilder text = new StringBuilder();
        text.append("Agent.create {name = 'peer', type = 'basic'}\n");
        text.append(
                "Workflow.sequential {name = 'peer', steps = {{name = 'one', tool = 'calculator', input = {input = '1'}}}}\n");
        for (Firing firing : hooks.firings()) {
            for (HookResultKind kind : HookResultKind.values()) {
                text.append("Hook.register('" + firing.point() + "', function(ctx) "
                        + "if ctx.component_id.name:sub(1, 7) ~= 'matrix-' then return end "
                        + body(kind, target(firing.kind())) + " end, {name = '" + name(firing, kind)
                        + "', enabled = false, timeout_ms = 20000})\n");
            }
        }
        return text.toString();
    }

    /** One hook for each cell, so that the failures of one do not open the breaker of another. */
    private static String name(Firing firing, HookResultKind kind) {
        return "matrix " + firing.kind().id() + " " + firing.stage() + " "
                + firing.results().size() + " " + kind.id();
    }

    private static String body(HookResultKind kind, String target) {
        return switch (kind) {
            case CONTINUE -> "return 'continue'";
            case MODIFIED -> "return {type = 'modified', data = 'changed'}";
            case CANCEL -> "return {type = 'cancel', reason = 'no'}";
            case REDIRECT -> "return {type = 'redirect', target = '" + target + "'}";
            case REPLACE -> "return {type = 'replace', data = 'answer'}";
            case RETRY -> "if ctx.attempt == 1 then return {type = 'retry', delay_ms = 0, max_attempts = 2} end";
            case FORK ->
                "return {type = 'fork', operations = {{id = 'f', type = 'tool', target = 'calculator', input = {input = '1'}}}}";
            case CACHE -> "return {type = 'cache', ttl = 60}";
            case SKIPPED -> "return 'skipped'";
        };
    }

    private static HookResult java(HookResultKind kind, HookContext context, String target) {
        if (!context.component().name().startsWith("matrix-")) { // what a fork does passes the hooks too
            return HookResult.proceed();
        }
        return switch (kind) {
            case CONTINUE -> HookResult.proceed();
            case MODIFIED -> HookResult.modified("changed");
            case CANCEL -> HookResult.cancel("no");
            case REDIRECT -> HookResult.redirect(target);
            case REPLACE -> HookResult.replace("answer");
            case RETRY -> context.attempt() == 1 ? HookResult.retry(Duration.ZERO, 2) : HookResult.proceed();
            case FORK ->
                HookResult.fork(List.of(
                        new ForkOperation("f", OperationKind.TOOL_CALL, "calculator", JsonObject.of("input", "1"))));
            case CACHE -> HookResult.cache(null, Duration.ofSeconds(60));
            case SKIPPED -> HookResult.skipped("not mine");
        };
    }

    /** A peer of the kind of operation. */
    private static String target(OperationKind kind) {
        return switch (kind) {
            case TOOL_CALL -> "calculator";
            case STATE_READ, STATE_WRITE -> "custom:other";
            case EVENT_EMIT -> "matrix.other";
            default -> "peer";
        };
    }

    /** An input that the peer can take. */
    private static JsonObject input(OperationKind kind) {
        return switch (kind) {
            case TOOL_CALL -> JsonObject.of("input", "1");
            case STATE_READ -> JsonObject.of("scope", "global", "key", "k");
            case STATE_WRITE -> JsonObject.of("scope", "global", "key", "k", "value", 1, "change", "set");
            case EVENT_EMIT -> JsonObject.of("event_type", "matrix.one", "data", JsonObject.empty());
            default -> JsonObject.of("text", "in");
        };
    }

    @TestFactory
    Stream<DynamicTest> cell_withEveryHook_actsAsTheTableSays() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Firing firing : hooks.firings()) {
            for (HookResultKind kind : HookResultKind.values()) {
                for (Style style : Style.values()) {
                    String name = firing.point() + " of " + firing.kind().id() + ": " + kind.id() + ", " + style;
                    tests.add(dynamicTest(name, () -> check(firing, kind, style)));
                }
            }
        }
        return tests.stream();
    }

    private static void check(Firing firing, HookResultKind kind, Style style) {
        String expected = expected(firing, kind);
        try (Cell cell = new Cell(firing, kind, style)) {
            assertThat(cell.call()).as("blocking").isEqualTo(expected);
        }
        try (Cell cell = new Cell(firing, kind, style)) {
            assertThat(cell.callAsync()).as("reactive").isEqualTo(expected);
        }
    }

    // ---- the table, as what can be seen: runs of the body, output or code, forks, what failed ----

    private static String expected(Firing firing, HookResultKind kind) {
        boolean error = firing.stage() == Step.Stage.ERROR;
        String on = "1 run, " + (error ? "invalid_argument" : "out(in)");
        return switch (ResultTable.effect(firing, kind)) {
            case "goes on", "keeps", "answers or keeps", "error goes on" -> on;
            case "refused" -> on + ", result_not_allowed";
            case "new input" -> "1 run, out(changed)";
            case "new output" -> "1 run, changed";
            case "not run" -> "0 runs, operation_cancelled";
            case "withheld" -> "1 run, operation_cancelled";
            case "peer runs" -> "0 runs, answered";
            case "answers" -> firing.stage() == Step.Stage.BEFORE ? "0 runs, answered" : "1 run, answered";
            case "peer on output", "peer as fallback", "fallback" -> "1 run, answered";
            case "starts later" -> on + ", attempt 2";
            case "runs again" -> "2 runs, out(in), attempt 2";
            case "beside it", "after it", "compensates" -> on + ", forks [f]";
            default -> throw new AssertionError("no such effect");
        };
    }

    /** One operation of the kind of the firing, with the one hook. */
    private static final class Cell implements AutoCloseable {
        private final Firing firing;
        private final Component component;
        private final List<String> failures = new CopyOnWriteArrayList<>();
        private final List<Handle> handles = new ArrayList<>();
        private final AtomicInteger bodies = new AtomicInteger();
        private final Passage<JsonObject, JsonObject> passage;
        private final String luaName;
        private int attempt = 1;
        private List<String> forks = List.of();

        Cell(Firing firing, HookResultKind kind, Style style) {
            this.firing = firing;
            this.component = Component.named(ComponentType.TOOL, "matrix-" + CALLS.incrementAndGet());
            this.luaName = name(firing, kind);
            HookPoint point = firing.point();
            String target = target(firing.kind());
            HookOptions options = HookOptions.builder("matrix " + style)
                    .timeout(Duration.ofSeconds(20))
                    .build();
            switch (style) {
                case JAVA ->
                    handles.add(hooks.registry().register(point, options, context -> java(kind, context, target)));
                case REACTIVE ->
                    handles.add(hooks.registry()
                            .registerReactive(
                                    point,
                                    options,
                                    context -> Mono.fromSupplier(() -> java(kind, context, target))
                                            .subscribeOn(Schedulers.boundedElastic())));
                case LUA -> assertThat(enable(true)).isEqualTo(1);
            }
            handles.add(hooks.systemLast().register(PEER_STEP, "end", context -> {
                context.onEnd(view -> {
                    attempt = context.attempt();
                    forks = List.copyOf(view.forks().keySet());
                });
                return HookResult.proceed();
            }));
            handles.add(hooks.executions(execution -> {
                boolean own = execution.context().get().component().equals(component);
                if (own && execution.failure() != null) {
                    failures.add(execution.failure().code().id());
                }
            }));
            this.passage = hooks.gate().passage(operation());
        }

        private int enable(boolean on) {
            HookFilter filter =
                    new HookFilter(firing.point(), null, null, luaName, HookOptions.HIGHEST, HookOptions.LOWEST, false);
            return hooks.registry().enableAll(filter, on);
        }

        private Operation<JsonObject, JsonObject> operation() {
            return Operation.of(firing.kind(), new MatrixView(firing.kind()))
                    .before(PEER_STEP)
                    .point(firing.point(), firing.stage(), firing.results())
                    .run((input, caller) -> body(input), (input, caller) -> Mono.fromCallable(() -> body(input)));
        }

        private JsonObject body(JsonObject input) {
            if (bodies.incrementAndGet() == 1 && firing.stage() == Step.Stage.ERROR) {
                throw new ArgumentException("input", "in", "something else");
            }
            return JsonObject.of("shown", "out(" + input.text("shown", "in") + ")");
        }

        private static Caller caller() {
            return Caller.host(new CorrelationId("matrix"));
        }

        String call() {
            try {
                return seen(
                        passage.call(component, input(firing.kind()), caller()).text("shown"));
            } catch (LlmSpellException failure) {
                return seen(failure.code().id());
            }
        }

        String callAsync() {
            try {
                JsonObject output = passage.callAsync(component, input(firing.kind()), caller())
                        .block(Duration.ofSeconds(20));
                return seen(String.valueOf(output == null ? null : output.text("shown")));
            } catch (LlmSpellException failure) {
                return seen(failure.code().id());
            }
        }

        private String seen(String out) {
            return (bodies.get() == 1 ? "1 run, " : bodies + " runs, ")
                    + out
                    + (attempt == 1 ? "" : ", attempt " + attempt)
                    + (forks.isEmpty() ? "" : ", forks " + forks)
                    + (failures.isEmpty() ? "" : ", " + String.join(" ", new TreeSet<>(failures)));
        }

        @Override
        public void close() {
            enable(false);
            handles.forEach(Handle::close);
        }
    }

    /** An input of the kind; what is shown of it is a word. */
    private record MatrixView(OperationKind kind) implements View<JsonObject, JsonObject> {
        @Override
        public Object input(JsonObject input) {
            return input;
        }

        @Override
        public Object output(JsonObject output) {
            return FiringMatrixTest.input(kind);
        }

        @Override
        public Object data(HookPoint point, JsonObject input, @Nullable JsonObject output) {
            return output == null ? input : output;
        }

        @Override
        public JsonObject modified(HookPoint point, JsonObject input, @Nullable Object data) {
            return FiringMatrixTest.input(kind).with("shown", String.valueOf(data));
        }

        @Override
        public JsonObject changed(HookPoint point, JsonObject input, JsonObject output, @Nullable Object data) {
            return JsonObject.of("shown", String.valueOf(data));
        }

        @Override
        public JsonObject answer(HookPoint point, JsonObject input, @Nullable Object value) {
            return JsonObject.of("shown", "answered");
        }
    }

    @Test
    void page_ofTheGuide_isTheTable() throws IOException {
        String page = ResultTable.page(hooks.firings());
        if (Boolean.getBoolean("llmspell.docs.write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE))
                .as("docs/guide/hook-results.md; write it anew with -Dllmspell.docs.write=true")
                .isEqualTo(page);
    }
}
