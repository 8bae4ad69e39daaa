package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookResultKind;
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
            assertThat(execution.elapsed()).isGreaterThanOrEqualTo(java.time.Duration.ZERO);
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
}
