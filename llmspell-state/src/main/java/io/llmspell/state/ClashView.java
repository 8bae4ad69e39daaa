package io.llmspell.state;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows conflicts to hooks, which can neither change nor answer them. */
final class ClashView implements View<Clash, Long> {
    @Override
    public Object input(Clash clash) {
        return clash.data();
    }

    @Override
    public Object output(Long version) {
        return version;
    }

    @Override
    public JsonObject data(HookPoint point, Clash clash, @Nullable Long output) {
        return clash.data();
    }

    @Override
    public Clash modified(HookPoint point, Clash clash, @Nullable Object data) {
        throw refused(point);
    }

    @Override
    public Long answer(HookPoint point, Clash clash, @Nullable Object value) {
        throw refused(point);
    }

    private static HookException refused(HookPoint point) {
        return new HookException(
                ErrorCode.RESULT_NOT_ALLOWED,
                "a hook changed or answered a conflict of state at " + point + ", which it can only remark on",
                Map.of("point", point.name()),
                null);
    }

    @Override
    public Map<String, String> metadata(Clash clash) {
        return Map.of(
                "scope", clash.key().scope().text(),
                "key", clash.key().key(),
                "class", clash.stateClass().id(),
                "principal", clash.principal().text());
    }
}
