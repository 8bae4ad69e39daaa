package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.bridge.lua.LuaHookRig.Plant;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.tool.ToolResult;
import io.llmspell.testing.tool.ScriptedTool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** However weak a guard in Lua is at the moment, an input that it forbids is not accepted. */
final class LuaGuardHoldsCheck {
    private static final int CALLERS = 4;
    private static final String EVIL = "evil";
    private static final String VERDICT =
            " if ctx.data.input == 'evil' then return {type = 'cancel', reason = 'forbidden'} end ";

    /** What can be wrong with a guard. */
    enum Weakness {
        /** It computes beyond its deadline. */
        SLOW("while true do end", "hook_timeout"),
        /** It waits in the host beyond its deadline. */
        SLOW_WAITING("Event.receive(Event.subscribe('never'), 60000) do return end", "hook_timeout"),
        /** It is slow in an engine of its own. */
        SLOW_ISOLATED("while true do end", "hook_timeout"),
        BROKEN("error('planted')", "hook_failed"),
        /** It calls what is not there. */
        BROKEN_BADLY("ctx.nothing.there()", "hook_failed"),
        OVERFLOWING("local function f() return 1 + f() end f()", "hook_failed"),
        BLOATED("local t = {} while true do t[#t + 1] = ('x'):rep(1000000) end", "hook_failed"),
        NO_RESULT_TYPE("do return {type = 'nonsense'} end", "invalid_hook_result"),
        NO_RESULT("do return 42 end", "invalid_hook_result"),
        /** It gives what the point cannot honour. */
        NO_FIT("do return {type = 'redirect', target = 'vault'} end", "redirect_loop"),
        /** Its breaker is open. */
        TRIPPED("error('planted')", "hook_unavailable"),
        /** Its script is at work on something else. */
        BUSY("", "hook_unavailable"),
        /** It was unregistered after the operation had begun. */
        REMOVED("", "operation_cancelled"),
        /** Its script ended after the operation had begun. */
        UNLOADED("", "hook_unavailable");

        private final String trouble;

        /** What its callers are told, unless it holds, its script is busy or its breaker has opened by now. */
        private final String code;

        Weakness(String trouble, String code) {
            this.trouble = trouble;
            this.code = code;
        }

        String function() {
            return "function(ctx) if ctx.tool_name ~= 'vault' then return end " + trouble + VERDICT + "end";
        }
    }

    private final Plant plant;
    private final List<String> opened = new CopyOnWriteArrayList<>();

    LuaGuardHoldsCheck(Plant plant) {
        this.plant = plant;
    }

    private LuaHookRig rig(Weakness weakness) {
        boolean isolated = weakness == Weakness.SLOW_ISOLATED;
        return new LuaHookRig(
                plant,
                isolated ? Map.of("guard", "return " + weakness.function()) : Map.of(),
                "local guard = register('BeforeToolExecution', " + (isolated ? "'guard'" : weakness.function())
                        + ", {name = 'guard', on_error = 'refuse', timeout_ms = 100, isolated = " + isolated + "})",
                "Tool.register {name = 'remove', execute = function() return {result = guard:unregister()} end}",
                "Tool.register {name = 'toil', execute = function()",
                "  local stop = os.clock() + 1.5 while os.clock() < stop do end return {result = 'done'} end}");
    }

    void nothingForbidden_isAccepted(Weakness weakness) {
        try (LuaHookRig rig = rig(weakness)) {
            rig.scripts.spell.tools().register(new ScriptedTool("vault", (parameters, run) -> {
                opened.add(String.valueOf(parameters.get("input")));
                return JsonObject.of("result", "opened");
            }));
            if (weakness == Weakness.TRIPPED) {
                for (int i = 0; i < 3; i++) {
                    rig.call("vault", "good");
                }
            }
            Semaphore began = new Semaphore(0);
            CountDownLatch door = new CountDownLatch(1);
            hold(rig, began, door);

            List<CompletableFuture<String>> calls = calls(rig);
            acquire(began, calls.size());
            CompletableFuture<?> meanwhile = meanwhile(rig, weakness);
            door.countDown();
            List<String> outcomes = calls.stream()
                    .map(call -> call.orTimeout(20, TimeUnit.SECONDS).join())
                    .toList();

            assertThat(opened)
                    .as("%s: what was accepted, with outcomes %s", weakness, outcomes)
                    .doesNotContain(EVIL);
            assertThat(outcomes)
                    .as(weakness + ": outcomes")
                    .isSubsetOf(weakness.code, "operation_cancelled", "hook_timeout", "hook_unavailable");
            meanwhile.orTimeout(20, TimeUnit.SECONDS).join();
        }
    }

    /** Holds all callers at a point in front of the guard. */
    private static void hold(LuaHookRig rig, Semaphore began, CountDownLatch door) {
        HookOptions patient =
                HookOptions.builder("door").timeout(Duration.ofMinutes(1)).build();
        rig.scripts.spell.hooks().register(HookPoint.TOOL_VALIDATION, patient, context -> {
            if (context.component().name().equals("vault")) {
                began.release();
                door.await();
            }
            return HookResult.proceed();
        });
    }

    private static List<CompletableFuture<String>> calls(LuaHookRig rig) {
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            calls.add(rig.scripts.elsewhere(() -> rig.call("vault", EVIL)));
            calls.add(rig.scripts.elsewhere(() -> outcome(() -> rig.scripts
                    .spell
                    .toolExecutor()
                    .invokeAsync("vault", JsonObject.of("input", EVIL), rig.scripts.spell.caller())
                    .block())));
        }
        return calls;
    }

    private static String outcome(Supplier<ToolResult> call) {
        try {
            ToolResult given = call.get();
            LlmSpellException error = given.error();
            return error == null
                    ? String.valueOf(given.result().get("result"))
                    : error.code().id();
        } catch (LlmSpellException refused) {
            return refused.code().id();
        }
    }

    private static void acquire(Semaphore began, int count) {
        try {
            assertThat(began.tryAcquire(count, 20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What happens when all callers have begun. */
    private static CompletableFuture<?> meanwhile(LuaHookRig rig, Weakness weakness) {
        switch (weakness) {
            case REMOVED -> assertThat(rig.call("remove", "x")).isEqualTo("true");
            case UNLOADED -> rig.unload();
            case BUSY -> {
                CountDownLatch toils = new CountDownLatch(1);
                rig.scripts.spell.hooks().register(HookPoint.BEFORE_TOOL_EXECUTION, "z-toil", context -> {
                    if (context.component().name().equals("toil")) {
                        toils.countDown();
                    }
                    return HookResult.proceed();
                });
                CompletableFuture<String> toil = rig.scripts.elsewhere(() -> rig.call("toil", "x"));
                try {
                    assertThat(toils.await(20, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return toil;
            }
            default -> {}
        }
        return CompletableFuture.completedFuture(null);
    }
}
