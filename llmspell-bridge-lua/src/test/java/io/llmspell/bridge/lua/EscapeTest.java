package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.hook.ForkOperation;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

/**
 * However an operation is reached, and whatever other hooks do with it: what a guard forbids does not happen, its
 * caller gets nothing that looks like success, and the refusal is in the audit log.
 */
@Timeout(60)
final class EscapeTest {
    private static final String AROUND =
            HookPoint.around(OperationKind.TOOL_CALL).name();
    private static final JsonObject ANSWER = JsonObject.of("result", "escaped");

    /** One way to the vault: opens it with an input. */
    private record Way(String name, Reach reach) {}

    private interface Reach {
        Object open(EscapeHouse house, String input) throws Exception;
    }

    /** What else is going on: hooks beside the guard, and with which input the caller comes. */
    private record Trick(String name, Consumer<EscapeHouse> set, String input, boolean ownGuard) {}

    private static Way lua(String name, String... lines) {
        return new Way(
                name,
                (house, input) -> house.scripts.run("local input = '" + input + "'\n" + String.join("\n", lines)));
    }

    private static final String RAISE = "local ok, r = pcall(function() ";
    private static final String TEXT = " end) return ok and JSON.stringify(r) or 'refused: ' .. tostring(r)";

    private static final Way LUA = lua("a call from Lua", RAISE + "return Tool.vault({input = input}).output" + TEXT);

    private static final Way AGENT = lua(
            "an agent's tool loop",
            "local a = Agent.create {name = 'thief', model = 'offline/tools', tools = {'vault'}}",
            RAISE + "return a:invoke('call vault {\"input\":\"' .. input .. '\"}').text" + TEXT);

    private static final Way NESTED = lua(
            "a nested workflow",
            "local inner = Workflow.sequential {name = 'inner', steps = {{name = 'v', tool = 'vault', input = {input ="
                    + " '{{input.x}}'}}}}",
            "local r = Workflow.sequential {name = 'outer', steps = {{name = 'n', workflow = inner, input = {x ="
                    + " '{{input.y}}'}}}}:execute {y = input}",
            "return r.success and JSON.stringify(r.outputs) or 'refused: ' .. tostring(r.error)");

    private static List<Way> ways() {
        return List.of(
                new Way(
                        "a call from Java",
                        (house, input) -> house.scripts
                                .spell
                                .toolExecutor()
                                .invoke("vault", JsonObject.of("input", input), house.scripts.spell.caller())),
                new Way(
                        "a reactive call",
                        (house, input) -> house.scripts
                                .spell
                                .toolExecutor()
                                .invokeAsync("vault", JsonObject.of("input", input), house.scripts.spell.caller())
                                .block()),
                LUA,
                lua(
                        "a call that does not raise",
                        "local r = Tool.try_invoke('vault', {input = input})",
                        "return r.success and" + " r.output or 'refused: ' .. tostring(r.error)"),
                lua(
                        "a coroutine",
                        "return coroutine.wrap(function() " + RAISE + "return Tool.vault({input = input}).output" + TEXT
                                + " end)()"),
                lua(
                        "a tool made in Lua",
                        "Tool.register {name = 'mine', execute = function(p) return {result = Tool.vault({input ="
                                + " p.input}).output} end}",
                        RAISE + "return Tool.mine({input = input}).output" + TEXT),
                lua(
                        "a step of a workflow",
                        "local r = Workflow.sequential {name = 'w', steps = {{name = 's', tool = 'vault', input = {input ="
                                + " input}}}}:execute()",
                        "return r.success and JSON.stringify(r.outputs) or 'refused: ' .. tostring(r.error)"),
                lua(
                        "a call that an error hook repeats",
                        "Hook.register('ToolError', function(ctx) return {type = 'retry', delay_ms = 1, max_attempts = 3}"
                                + " end)",
                        RAISE + "return Tool.vault({input = input}).output" + TEXT),
                NESTED,
                AGENT,
                lua(
                        "an agent that a tool asks",
                        "local inner = Agent.create {name = 'inner', model = 'offline/tools', tools = {'vault'}}",
                        "Tool.register {name = 'ask', execute = function(p) return {result = inner:invoke('call vault"
                                + " {\"input\":\"' .. p.input .. '\"}').text} end}",
                        "local outer = Agent.create {name = 'outer', model = 'offline/tools', tools = {'ask'}}",
                        RAISE + "return outer:invoke('call ask {\"input\":\"' .. input .. '\"}').text" + TEXT),
                lua(
                        "an agent in a workflow",
                        "Agent.create {name = 'thief', model = 'offline/tools', tools = {'vault'}}",
                        "local r = Workflow.sequential {name = 'w', steps = {{name = 's', agent = 'thief', prompt = 'call vault"
                                + " {\"input\":\"' .. input .. '\"}'}}}:execute()",
                        "return r.success and JSON.stringify(r.outputs) or 'refused: ' .. tostring(r.error)"),
                lua(
                        "a hook in Lua",
                        "local got = 'nothing'",
                        "Hook.register('BeforeToolExecution', function(ctx) if ctx.tool_name == 'door' then",
                        "  local ok, r = pcall(Tool.invoke, 'vault', {input = input}) got = ok and r.output or 'refused: '"
                                + " .. tostring(r) end end, {timeout_ms = 5000})",
                        "Tool.door {input = 'x'} return got"),
                new Way("a redirect", (house, input) -> {
                    house.scripts
                            .spell
                            .hooks()
                            .register(
                                    HookPoint.BEFORE_TOOL_EXECUTION,
                                    "a-redirect",
                                    context -> context.component().name().equals("door")
                                            ? HookResult.redirect("vault")
                                            : HookResult.proceed());
                    return house.scripts
                            .spell
                            .toolExecutor()
                            .invoke("door", JsonObject.of("input", input), house.scripts.spell.caller());
                }),
                new Way("a fork", (house, input) -> {
                    house.scripts
                            .spell
                            .hooks()
                            .register(
                                    HookPoint.BEFORE_TOOL_EXECUTION,
                                    "a-fork",
                                    context -> context.component().name().equals("door")
                                            ? HookResult.fork(List.of(new ForkOperation(
                                                    "f",
                                                    OperationKind.TOOL_CALL,
                                                    "vault",
                                                    JsonObject.of("input", input))))
                                            : HookResult.proceed());
                    return house.scripts
                            .spell
                            .toolExecutor()
                            .invoke("door", JsonObject.of("input", "x"), house.scripts.spell.caller())
                            .forks();
                }));
    }

    private static Trick beside(String name, Consumer<EscapeHouse> set) {
        return new Trick(name, set, EscapeHouse.EVIL, false);
    }

    private static Trick weak(String name, Consumer<EscapeHouse> guard) {
        return new Trick(name, guard, EscapeHouse.EVIL, true);
    }

    private static final Trick NONE = beside("nothing else", house -> {});

    private static final Trick FALLBACK = beside(
            "an error hook with a fallback",
            house -> house.observer(HookPoint.TOOL_ERROR, 0, context -> HookResult.replace(ANSWER)));

    private static List<Trick> tricks() {
        return List.of(
                FALLBACK,
                beside(
                        "an answer before the guard",
                        house -> house.observer(
                                HookPoint.BEFORE_TOOL_EXECUTION, -100, context -> HookResult.replace(ANSWER))),
                beside(
                        "an answer at an earlier point",
                        house -> house.observer(HookPoint.TOOL_VALIDATION, 0, context -> HookResult.replace(ANSWER))),
                beside(
                        "an answer behind the guard",
                        house -> house.observer(
                                HookPoint.BEFORE_TOOL_EXECUTION, 100, context -> HookResult.replace(ANSWER))),
                beside(
                        "an answer after the tool",
                        house -> house.observer(
                                HookPoint.AFTER_TOOL_EXECUTION, 0, context -> HookResult.replace(ANSWER))),
                beside("a hit in the cache", house -> {
                    house.observer(
                            HookPoint.TOOL_VALIDATION, 0, context -> HookResult.cache("k", Duration.ofMinutes(1)));
                    house.attempt(() -> house.scripts
                            .spell
                            .toolExecutor()
                            .invoke("vault", JsonObject.of("input", "good"), house.scripts.spell.caller()));
                }),
                beside(
                        "a retry on error",
                        house ->
                                house.observer(HookPoint.TOOL_ERROR, 0, context -> HookResult.retry(Duration.ZERO, 3))),
                beside(
                        "a redirect on error",
                        house -> house.observer(HookPoint.TOOL_ERROR, 0, context -> HookResult.redirect("door"))),
                new Trick(
                        "a later hook that changes the input",
                        house -> house.observer(
                                HookPoint.BEFORE_TOOL_EXECUTION,
                                100,
                                context -> HookResult.modified(JsonObject.of("input", EscapeHouse.EVIL))),
                        "good",
                        false),
                new Trick(
                        "a change of the input when it runs again",
                        house -> {
                            house.stick();
                            house.observer(HookPoint.TOOL_ERROR, 0, context -> HookResult.retry(Duration.ZERO, 3));
                            house.observer(
                                    HookPoint.BEFORE_TOOL_EXECUTION,
                                    100,
                                    context -> context.attempt() > 1
                                            ? HookResult.modified(JsonObject.of("input", EscapeHouse.EVIL))
                                            : HookResult.proceed());
                        },
                        "good",
                        false),
                beside(
                        "an answer from around",
                        house -> house.scripts
                                .spell
                                .hooks()
                                .registerAround(
                                        OperationKind.TOOL_CALL,
                                        HookOptions.named("around"),
                                        (context, rest) -> EscapeHouse.ofTheVault(context)
                                                ? Mono.just(new Outcome(ANSWER))
                                                : rest)),
                beside(
                        "a fallback from around",
                        house -> house.scripts
                                .spell
                                .hooks()
                                .registerAround(
                                        OperationKind.TOOL_CALL,
                                        HookOptions.named("around"),
                                        (context, rest) -> EscapeHouse.ofTheVault(context)
                                                ? rest.onErrorReturn(new Outcome(ANSWER))
                                                : rest)),
                weak(
                        "a slow guard",
                        house -> house.slowGuard(context -> {
                            new CountDownLatch(1).await(20, TimeUnit.SECONDS);
                            return EscapeHouse.verdict(context);
                        })),
                weak(
                        "a broken guard",
                        house -> house.guard(context -> {
                            throw new NoClassDefFoundError("Planted");
                        })),
                weak(
                        "a guard that says nothing it may say",
                        house -> house.guard(context -> HookResult.redirect("vault"))),
                weak("a tripped guard", house -> {
                    house.guard(context -> {
                        throw new UnsupportedOperationException("planted");
                    });
                    trip(house);
                }),
                weak("a guard around", house -> house.guardAround(EscapeHouse::verdict)),
                weak("a guard around, and a fallback further out", house -> {
                    house.guardAround(EscapeHouse::verdict);
                    house.around((context, rest) -> rest.onErrorReturn(new Outcome(ANSWER)));
                }),
                weak("a guard around, and an answer further out", house -> {
                    house.guardAround(EscapeHouse::verdict);
                    house.around((context, rest) -> Mono.just(new Outcome(ANSWER)));
                }),
                weak(
                        "a guard around that never answers",
                        house -> house.slowGuardAround((context, rest) -> Mono.never())),
                weak("a guard around that gives nothing", house -> house.guardAround((context, rest) -> Mono.empty())),
                weak("a tripped guard around", house -> {
                    house.guardAround((context, rest) -> {
                        throw new NoClassDefFoundError("Planted");
                    });
                    trip(house);
                }));
    }

    private static void trip(EscapeHouse house) {
        for (int i = 0; i < 3; i++) {
            house.attempt(() -> house.scripts
                    .spell
                    .toolExecutor()
                    .invoke("vault", JsonObject.of("input", "good"), house.scripts.spell.caller()));
        }
    }

    @TestFactory
    Stream<DynamicTest> guard_onEachWayAndAgainstEachTrick_holds_andIsInTheAuditLog() {
        List<DynamicTest> all = new ArrayList<>();
        for (Way way : ways()) {
            all.add(dynamicTest(way.name, () -> holds(way, NONE)));
            all.add(dynamicTest(way.name + ", " + FALLBACK.name, () -> holds(way, FALLBACK)));
        }
        for (Trick trick : tricks()) {
            for (Way way : List.of(ways().get(0), ways().get(1), LUA, NESTED, AGENT)) {
                all.add(dynamicTest(way.name + ", " + trick.name, () -> holds(way, trick)));
            }
        }
        return all.stream();
    }

    private static void holds(Way way, Trick trick) {
        String row = way.name + ", " + trick.name;
        try (EscapeHouse house = new EscapeHouse()) {
            if (!trick.ownGuard) {
                house.guard(EscapeHouse::verdict);
            }
            trick.set.accept(house);

            String came = house.attempt(() -> way.reach.open(house, trick.input));

            assertThat(house.opened())
                    .as("%s: the vault was opened; what came of it: %s", row, came)
                    .doesNotContain(EscapeHouse.EVIL);
            assertThat(came).as(row).doesNotContain("opened by", "escaped");
            assertThat(house.refusals())
                    .as("%s: the audit log; what came of it: %s", row, came)
                    .isNotEmpty();
            AuditRecord kept = house.refusals().get(0);
            assertThat(kept.target()).as(row).isEqualTo("tool/vault");
            assertThat(kept.reason()).as(row).contains("no-evil").containsAnyOf("BeforeToolExecution", AROUND);
            assertThat(kept.allowed()).as(row).isFalse();
            assertThat(kept.principal().text()).as(row).isNotBlank();
            assertThat(kept.correlation().toString()).as(row).isNotBlank();
        }
    }

    /** Each way really leads to the vault, else the rows above show nothing. */
    @TestFactory
    Stream<DynamicTest> wayWithAnInputThatIsAllowed_reachesTheVault() {
        return ways().stream()
                .map(way -> dynamicTest(way.name, () -> {
                    try (EscapeHouse house = new EscapeHouse()) {
                        house.guard(EscapeHouse::verdict);
                        String came = house.attempt(() -> way.reach.open(house, "good"));
                        assertThat(house.opened()).as(came).containsExactly("good");
                        assertThat(came).contains("opened by good");
                        assertThat(house.refusals()).isEmpty();
                    }
                }));
    }

    // ---- writes ----

    private static final StateKey OK = StateKey.of(Scope.GLOBAL, "ok");
    private static final StateKey EVIL = StateKey.of(Scope.GLOBAL, EscapeHouse.EVIL);

    private static Map<String, EscapeHouse.Attempt> writes(EscapeHouse house) {
        StateView view = house.scripts.spell.state().as(house.scripts.spell.caller());
        List<StateChange> both = List.of(StateChange.Put.of(OK, 2), StateChange.Put.of(EVIL, 2));
        Map<String, EscapeHouse.Attempt> writes = new LinkedHashMap<>();
        writes.put("a batch from Java", () -> view.apply(both).orThrow());
        writes.put("a reactive batch", () -> view.applyAsync(both).block());
        writes.put(
                "a batch, the other way round",
                () -> view.apply(List.of(both.get(1), both.get(0))).orThrow());
        writes.put("a put", () -> view.put(EVIL, 2));
        writes.put("a delete", () -> view.delete(EVIL));
        writes.put("a clear", () -> view.clear(Scope.GLOBAL));
        for (String statement : List.of(
                "State.batch({{op = 'set', key = 'ok', value = 2}, {op = 'set', key = 'evil', value = 2}})",
                "State.set('evil', 2)",
                "State.delete('evil')",
                "State.clear()",
                "State.compare_and_set('evil', 1, 2)",
                "State.increment('evil')",
                "State.update('evil', function(old) return 2 end)")) {
            writes.put(statement, () -> house.scripts.run("return " + statement));
        }
        writes.put(
                "a function of a workflow",
                () -> house.scripts.run("local r = Workflow.sequential {name = 'w', steps = {{name = 's', execute ="
                        + " function() State.set('evil', 2) return 1 end}}}:execute()"
                        + " if not r.success then error(r.error.message) end"));
        return writes;
    }

    @Test
    void write_thatAGuardForbids_commitsNothing_andIsInTheAuditLog() {
        List<String> names;
        try (EscapeHouse house = new EscapeHouse()) {
            names = List.copyOf(writes(house).keySet());
        }
        for (String name : names) {
            try (EscapeHouse house = new EscapeHouse()) {
                StateView view = house.scripts.spell.state().as(house.scripts.spell.caller());
                view.put(OK, 1);
                view.put(EVIL, 1);
                house.scripts
                        .spell
                        .hooks()
                        .register(HookPoint.BEFORE_STATE_WRITE, EscapeHouse.closed("no-evil"), EscapeHouse::verdict);
                house.scripts
                        .spell
                        .hooks()
                        .register(HookPoint.BEFORE_STATE_WRITE, "z-other", context -> HookResult.replace(1));

                String came = house.attempt(writes(house).getOrDefault(name, () -> null));

                assertThat(came).as(name).contains("refused: ").contains("forbidden");
                assertThat(view.get(EVIL).orElseThrow().json()).as(name).isEqualTo(1L);
                assertThat(view.get(OK).orElseThrow().json()).as(name).isEqualTo(1L);
                assertThat(house.refusals()).as(name + ": the audit log").isNotEmpty();
                assertThat(house.refusals().get(0).reason())
                        .as(name)
                        .contains("no-evil", "BeforeStateWrite", "forbidden");
            }
        }
    }
}
