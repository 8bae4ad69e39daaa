package io.llmspell.testing.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FakeHookContextTest {
    @Test
    void context_showsWhatTheTestSet() {
        ArgumentException failure = new ArgumentException("planted");
        FakeHookContext context =
                FakeHookContext.at(HookPoint.TOOL_ERROR, "in").withOutput("out").withError(failure);
        context.putMetadata("key", "value");

        assertThat(context.data()).isEqualTo("in");
        assertThat(context.operation().input()).isEqualTo("in");
        assertThat(context.operation().output()).isEqualTo("out");
        assertThat(context.operation().error()).isSameAs(failure);
        assertThat(context.metadata()).containsEntry("key", "value");
        assertThatThrownBy(context::state).hasMessageContaining("[invalid_state]");
    }

    @Test
    void end_runsEachActionOnce() {
        List<Object> ended = new ArrayList<>();
        FakeHookContext context = FakeHookContext.at(HookPoint.BEFORE_TOOL_EXECUTION, "in");
        context.onEnd(view -> ended.add(view.kind()));

        context.end();
        context.end();

        assertThat(ended).hasSize(1);
    }

    @Test
    void recordingHook_directAndReactive_recordsWhatItSaw() {
        RecordingHook hook = RecordingHook.answering(HookResult.cancel("no"));
        FakeHookContext context = FakeHookContext.at(HookPoint.BEFORE_TOOL_EXECUTION, "in");

        assertThat(hook.execute(context)).isEqualTo(HookResult.cancel("no"));
        assertThat(hook.reactive().execute(context).block()).isEqualTo(HookResult.cancel("no"));

        assertThat(hook.count()).isEqualTo(2);
        assertThat(hook.seen()).extracting(HookSnapshot::data).containsOnly("in");
    }
}
