package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class ListenerTest {
    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void listener_ofExecutions_hearsEachWithTheDataItSaw() {
        List<String> heard = new ArrayList<>();
        rig.hooks.executions(execution -> {
            HookResult result = execution.result();
            LlmSpellException failure = execution.failure();
            heard.add(execution.hook().name() + " " + execution.context().get().data() + " "
                    + (result == null ? "-" : result.kind().id()) + " "
                    + (failure == null ? "-" : failure.code().id()));
            assertThat(execution.elapsed()).isGreaterThanOrEqualTo(Duration.ZERO);
        });
        rig.open(Rig.FIRST, "a", context -> HookResult.modified("new"));
        rig.open(Rig.FIRST, "b", context -> HookResult.redirect("probe"));
        rig.open(Rig.FIRST, "c", context -> {
            throw new UnsupportedOperationException("planted");
        });
        rig.reactive(
                Rig.AFTER,
                Rig.at("d", 0),
                context -> Mono.just(HookResult.replace("ans")).publishOn(Schedulers.boundedElastic()));

        assertThat(rig.call("in")).isEqualTo("ans");

        assertThat(heard)
                .containsExactly(
                        "a in modified -", "b new redirect redirect_loop", "c new - internal", "d out(new) replace -");
    }

    @Test
    void listener_closedOrThrowing_changesNothing() {
        List<HookResultKind> heard = new ArrayList<>();
        Handle failing = rig.hooks.executions(execution -> {
            throw new AssertionError("planted");
        });
        Handle hearing = rig.hooks.executions(execution -> heard.add(HookResultKind.CONTINUE));
        rig.open(Rig.FIRST, "a", context -> HookResult.proceed());

        assertThat(rig.call("in")).isEqualTo("out(in)");
        failing.close();
        hearing.close();
        hearing.close();
        assertThat(rig.call("in")).isEqualTo("out(in)");

        assertThat(heard).hasSize(1);
    }

    /** Writes down starts, ends and chains. */
    private static HookListener course(List<String> heard) {
        return new HookListener() {
            @Override
            public void starts(HookRun run) {
                heard.add("start=" + run.hook().name() + "@" + run.component() + "@"
                        + run.caller().correlation());
            }

            @Override
            public void executed(HookExecution execution) {
                heard.add("end=" + execution.hook().name());
            }

            @Override
            public void chainStarts(HookChain chain) {
                heard.add("chain=" + chain.point() + ":" + chain.hooks());
            }

            @Override
            public void chainEnded(HookChain chain, int results) {
                heard.add("done=" + chain.point() + ":" + results);
            }
        };
    }

    @Test
    void listener_ofExecutions_hearsStartsAndChainsInOrder() {
        rig.hooks.executions(course(rig.trace));
        rig.open(Rig.FIRST, "a", context -> HookResult.proceed());
        rig.open(Rig.FIRST, "b", context -> {
            throw new UnsupportedOperationException("planted");
        });
        rig.open(Rig.BEFORE, "c", context -> HookResult.proceed());
        rig.reactive(
                Rig.LAST,
                Rig.at("d", 0),
                context -> Mono.just(HookResult.proceed()).publishOn(Schedulers.boundedElastic()));
        rig.call("in");
        String sync = rig.written();
        rig.callAsync("in");

        assertThat(sync)
                .isEqualTo(
                        "chain=ToolValidation:2 start=a@tool/probe@run-1 end=a start=b@tool/probe@run-1 end=b"
                                + " check=in done=ToolValidation:1 chain=BeforeToolExecution:1 start=c@tool/probe@run-1 end=c"
                                + " done=BeforeToolExecution:1 body=in"
                                + " chain=tool_resource_released:1 start=d@tool/probe@run-1 end=d done=tool_resource_released:1");
        assertThat(rig.written()).isEqualTo(sync);
    }

    @Test
    void listener_chains_endWithAVetoAndBeginAgainWithARetry() {
        rig.hooks.executions(course(rig.trace));
        rig.open(
                Rig.FIRST,
                "a",
                context -> context.attempt() == 1 ? HookResult.retry(Duration.ZERO, 2) : HookResult.cancel("no"));
        rig.open(Rig.FIRST, "b", context -> HookResult.proceed());
        rig.call("in");

        assertThat(rig.written().replace("@tool/probe@run-1", ""))
                .isEqualTo("chain=ToolValidation:2 start=a end=a done=ToolValidation:1"
                        + " chain=ToolValidation:2 start=a end=a done=ToolValidation:1");
    }

    @Test
    void listener_aroundHooks_areToldToo() {
        rig.hooks.executions(course(rig.trace));
        rig.hooks
                .registry()
                .registerAround(OperationKind.TOOL_CALL, HookOptions.named("around"), (context, rest) -> rest);
        rig.call("in");

        assertThat(rig.written()).isEqualTo("start=around@tool/probe@run-1 check=in body=in end=around");
    }
}
