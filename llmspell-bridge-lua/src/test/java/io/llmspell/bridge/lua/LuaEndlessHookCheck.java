package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.bridge.lua.LuaHookRig.Plant;
import io.llmspell.core.hook.BreakerState;
import io.llmspell.core.script.ScriptLimits;
import io.llmspell.core.time.SystemTimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A Lua hook without end is stopped at its deadline, its breaker opens, and its engine stays usable. */
final class LuaEndlessHookCheck {
    private static final Duration DEADLINE = Duration.ofMillis(400);

    /** Twice the deadline: how much a busy machine adds is no matter of this check. */
    private static final Duration BAR = DEADLINE.multipliedBy(2);

    /** A machine that stands still makes some tries late, a fault makes all of them late. */
    private static final int TRIES = 20;

    private static final int MOST_THREADS = 2;

    /** What ends a script that nothing else ends. */
    private static final ScriptLimits LAST_RESORT = new ScriptLimits(Duration.ofSeconds(3), 0, 128L << 20, 16);

    /** Ways to go on for ever. */
    enum Form {
        LOOP("while true do end"),
        GOTO("::again:: goto again"),
        PROTECTED("while true do pcall(function() while true do end end) end"),
        HANDLED("while true do xpcall(function() while true do end end, function() while true do end end) end"),
        COROUTINE("coroutine.wrap(function() while true do end end)()"),
        TAIL_CALL("local function f() return f() end f()"),
        PATTERN("while true do string.find(('a'):rep(28), ('a?'):rep(28) .. ('a'):rep(28)) end"),
        /** Waits in the host. */
        WAITING("Event.receive(Event.subscribe('never'), 60000)"),
        /** In an engine of its own. */
        ISOLATED("while true do end");

        private final String body;

        Form(String body) {
            this.body = body;
        }

        private String function() {
            return "function(ctx) if ctx.tool_name ~= 'calculator' then return end n = (n or 0) + 1 " + body + " end";
        }

        Map<String, String> modules() {
            return this == ISOLATED ? Map.of("endless", "return " + function()) : Map.of();
        }

        String handler() {
            return this == ISOLATED ? "'endless'" : function();
        }

        String options(String name, long timeoutMillis, String onError) {
            return "{name = '" + name + "', timeout_ms = " + timeoutMillis + ", on_error = '" + onError
                    + "', isolated = " + (this == ISOLATED) + "}";
        }
    }

    private final Plant plant;
    private final int tries;

    LuaEndlessHookCheck(Plant plant) {
        this(plant, TRIES);
    }

    LuaEndlessHookCheck(Plant plant, int tries) {
        this.plant = plant;
        this.tries = tries;
    }

    private LuaHookRig rig(Form form, Duration deadline, String onError) {
        return new LuaHookRig(
                plant,
                builder -> builder.scriptLimits(LAST_RESORT),
                form.modules(),
                "register('BeforeToolExecution', " + form.handler() + ", "
                        + form.options("endless", deadline.toMillis(), onError) + ")");
    }

    /** The caller is back at the deadline with what the policy says, and the script still answers. */
    void callerIsBack(Form form, String onError) {
        boolean guard = onError.equals("refuse");
        List<Duration> all = new ArrayList<>();
        Duration took = BAR.multipliedBy(2);
        while (took.compareTo(BAR) > 0 && all.size() < tries) {
            try (LuaHookRig rig = rig(form, DEADLINE, onError)) {
                assertThat(rig.alive()).isEqualTo("0");
                took = timed(rig, guard ? "hook_timeout" : "6");
                all.add(took);
                if (took.compareTo(BAR) <= 0) {
                    assertThat(rig.alive())
                            .as(form + ": what the script answers afterwards")
                            .isEqualTo(form == Form.ISOLATED ? "0" : "1");
                    assertThat(rig.metrics("endless").failures()).isOne();
                }
            }
        }
        assertThat(took)
                .as("%s, %s: the caller was back after %s", form, onError, all)
                .isLessThanOrEqualTo(BAR);
    }

    /** How long a call took; twice the bar if it did not end. */
    private static Duration timed(LuaHookRig rig, String expected) {
        try (SystemTimeSource time = new SystemTimeSource()) {
            long began = time.nanos();
            CompletableFuture<String> call = rig.scripts.elsewhere(() -> rig.call("calculator", "2 * 3"));
            String given = call.get(2 * BAR.toMillis(), TimeUnit.MILLISECONDS);
            Duration took = Duration.ofNanos(time.nanos() - began);
            assertThat(given).isEqualTo(expected);
            return took;
        } catch (TimeoutException never) {
            return BAR.multipliedBy(2);
        } catch (ExecutionException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** After three overruns nobody enters the hook any more, and the script goes on. */
    void breaker_opens(Form form, String onError) {
        try (LuaHookRig rig = rig(form, Duration.ofMillis(50), onError)) {
            String late = onError.equals("refuse") ? "hook_timeout" : "6";
            for (int i = 0; i < 3; i++) {
                assertThat(rig.call("calculator", "2 * 3")).isEqualTo(late);
            }
            for (int i = 0; i < 3; i++) {
                assertThat(rig.call("calculator", "2 * 3"))
                        .as("%s: a call after three overruns", form)
                        .isEqualTo(onError.equals("refuse") ? "hook_unavailable" : "6");
            }
            assertThat(rig.metrics("endless").breaker())
                    .as("%s: the breaker after three overruns", form)
                    .isEqualTo(BreakerState.OPEN);
            assertThat(rig.metrics("endless").notStarted()).isGreaterThanOrEqualTo(3);
        }
    }

    /** However many hooks run away at once, they hold a bounded number of threads, which come back. */
    void hooksWithoutEnd_holdFewThreads() throws InterruptedException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 3 * MOST_THREADS; i++) {
            lines.add("register('custom:storm" + i + "', 'endless', "
                    + Form.ISOLATED.options("endless-" + i, 600, "continue") + ")");
        }
        String module = "return function(ctx) while true do end end";
        Plant capped = plant.hooks().isEmpty()
                ? new Plant(plant.register(), Map.of("max_isolated_threads", (long) MOST_THREADS))
                : plant;
        try (LuaHookRig rig = new LuaHookRig(capped, Map.of("endless", module), lines.toArray(String[]::new))) {
            List<CompletableFuture<String>> calls = new ArrayList<>();
            AtomicInteger most = new AtomicInteger();
            for (int i = 0; i < 3 * MOST_THREADS; i++) {
                String fire = "return Hook.fire('custom:storm" + i + "').result";
                calls.add(rig.scripts.elsewhere(() -> String.valueOf(rig.scripts.run(fire))));
            }
            CompletableFuture<?> all = CompletableFuture.allOf(calls.toArray(CompletableFuture<?>[]::new));
            while (!all.isDone()) {
                most.accumulateAndGet((int) isolatedThreads(), Math::max);
                Thread.onSpinWait();
            }
            assertThat(calls).allSatisfy(call -> assertThat(call).isCompletedWithValue("continue"));
            assertThat(most.get()).as("threads of hooks without end").isBetween(1, MOST_THREADS);
            assertThat(rig.alive()).isEqualTo("0");
        }
    }

    private static long isolatedThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("llmspell-isolated-hook"))
                .count();
    }
}
