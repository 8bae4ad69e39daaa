package io.llmspell.state;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.StateCommit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows conflicts to hooks, which can neither change nor answer them, but have the change tried again. */
final class ClashView implements View<Retrial, StateWrites.Outcome> {
    @Override
    public Object input(Retrial lost) {
        return lost.clash().data();
    }

    @Override
    public Object output(StateWrites.Outcome outcome) {
        return outcome.commit() instanceof StateCommit.Done done ? done.version() : 0L;
    }

    @Override
    public JsonObject data(HookPoint point, Retrial lost, StateWrites.@Nullable Outcome output) {
        return lost.clash().data();
    }

    @Override
    public Retrial modified(HookPoint point, Retrial lost, @Nullable Object data) {
        throw refused(point);
    }

    @Override
    public StateWrites.Outcome answer(HookPoint point, Retrial lost, @Nullable Object value) {
        throw refused(point);
    }

    private static HookException refused(HookPoint point) {
        return new HookException(
                ErrorCode.RESULT_NOT_ALLOWED,
                "a hook changed or answered a conflict of state at " + point
                        + ", which it can only remark on or have tried again",
                Map.of("point", point.name()),
                null);
    }

    /** A change that was tried again may fail otherwise than by a conflict. */
    @Override
    public boolean passes(HookPoint point, Retrial lost, @Nullable LlmSpellException error) {
        return lost.is(error);
    }

    @Override
    public Map<String, String> metadata(Retrial lost) {
        Clash clash = lost.clash();
        return Map.of(
                "scope", clash.key().scope().text(),
                "key", clash.key().key(),
                "class", clash.stateClass().id(),
                "principal", clash.principal().text());
    }
}
