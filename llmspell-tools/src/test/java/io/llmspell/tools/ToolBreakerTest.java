package io.llmspell.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.tool.SecurityLevel;
import io.llmspell.core.tool.Tool;
import io.llmspell.core.tool.ToolException;
import io.llmspell.core.tool.ToolInfo;
import io.llmspell.core.tool.ToolResult;
import io.llmspell.hooks.HookSettings;
import io.llmspell.hooks.Hooks;
import io.llmspell.state.Schemas;
import io.llmspell.testing.event.RecordingEventBus;
import io.llmspell.testing.time.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One breaker per tool. */
class ToolBreakerTest {
    private final ManualTime time = new ManualTime();
    private final Caller caller = Caller.host(new CorrelationId("run-1"));
    private final AtomicInteger calls = new AtomicInteger();
    private Hooks hooks = Hooks.builder().time(time).build();
    private Tools tools = tools();

    private Tools tools() {
        return Tools.builder()
                .gate(hooks.gate())
                .breakers(hooks::breaker)
                .events(new RecordingEventBus())
                .schemas(Schemas.compiler())
                .time(time)
                .build();
    }

    @AfterEach
    void close() {
        hooks.close();
    }

    /** What a tool does in a call. */
    private interface Work {
        JsonObject run() throws Exception;
    }

    private void tool(String name, Work work) {
        tools.registry().register(new Tool() {
            @Override
            public ToolInfo info() {
                return new ToolInfo(
                        name, "1.0.0", "utility", "for tests", JsonObject.of("type", "object"), SecurityLevel.SAFE);
            }

            @Override
            public JsonObject execute(JsonObject parameters, ToolRun run) throws Exception {
                calls.incrementAndGet();
                return work.run();
            }
        });
    }

    /** The code of the call's failure, with the state of the breaker if that refused it; "ok" if there was none. */
    private String call(String tool) {
        try {
            ToolResult result = tools.executor().invoke(tool, JsonObject.empty(), caller);
            LlmSpellException error = result.error();
            return error == null ? "ok" : error.code().id() + (error.details().get("breaker") == null ? "" : " open");
        } catch (LlmSpellException refused) {
            return "refused " + refused.code().id();
        }
    }

    private void breakIt(String tool) {
        for (int i = 0; i < 3; i++) {
            assertThat(call(tool)).isEqualTo("tool_failed");
        }
    }

    @Test
    void toolThatFails_isNotCalledForAWhileAndThenTried() {
        tool("flaky", () -> {
            if (calls.get() <= 3) {
                throw new IOException("no route");
            }
            return JsonObject.empty();
        });
        breakIt("flaky");
        assertThat(call("flaky")).isEqualTo("tool_failed open");
        assertThat(calls).hasValue(3);
        LlmSpellException error =
                tools.executor().invoke("flaky", JsonObject.empty(), caller).error();
        assertThat(error).isNotNull();
        assertThat(error.text()).contains("its breaker is open; the next try is possible in 15000 ms");
        assertThat(error.details()).containsEntry("retry_after_ms", 15_000L);

        time.advance(Duration.ofSeconds(15));
        assertThat(call("flaky")).isEqualTo("ok");
        assertThat(call("flaky")).isEqualTo("ok");
        assertThat(call("flaky")).isEqualTo("ok");
    }

    @Test
    void otherTools_areNotHeldBack() {
        tool("bad", () -> {
            throw new IOException("no route");
        });
        tool("good", JsonObject::empty);
        breakIt("bad");

        assertThat(call("good")).isEqualTo("ok");
        assertThat(call("bad")).isEqualTo("tool_failed open");
    }

    @Test
    void failuresThatAreNoFaultOfTheTool_neverOpenIt() {
        tool("strict", () -> {
            throw ToolException.failed("no such file", "not_found");
        });
        tool("stopped", () -> {
            throw new CancelledException("the tool");
        });
        for (int i = 0; i < 10; i++) {
            assertThat(call("strict")).isEqualTo("tool_failed");
            assertThat(call("stopped")).doesNotContain("open");
            assertThat(call("calculator")).startsWith("refused validation_failed");
        }
    }

    @Test
    void vetoes_areNotCounted() {
        tool("fine", JsonObject::empty);
        var veto = hooks.registry()
                .register(HookPoint.BEFORE_TOOL_EXECUTION, "veto", context -> HookResult.cancel("not now"));
        for (int i = 0; i < 10; i++) {
            assertThat(call("fine")).isEqualTo("refused operation_cancelled");
        }
        veto.close();
        assertThat(call("fine")).isEqualTo("ok");
    }

    @Test
    void openBreaker_errorHooksMayGiveAFallback() {
        tool("bad", () -> {
            throw new IOException("no route");
        });
        breakIt("bad");
        hooks.registry()
                .register(HookPoint.TOOL_ERROR, "fallback", context -> HookResult.replace(JsonObject.of("x", 1)));

        assertThat(call("bad")).isEqualTo("ok");
        assertThat(calls).hasValue(3);
    }

    @Test
    void breakersSwitchedOff_neverOpen() {
        hooks.close();
        hooks = Hooks.builder()
                .time(time)
                .settings(HookSettings.builder().enableCircuitBreaker(false).build())
                .build();
        tools = tools();
        tool("bad", () -> {
            throw new IOException("no route");
        });
        breakIt("bad");
        breakIt("bad");

        assertThat(calls).hasValue(6);
    }
}
