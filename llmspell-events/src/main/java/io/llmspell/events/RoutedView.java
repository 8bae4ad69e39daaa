package io.llmspell.events;

import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import org.jspecify.annotations.Nullable;

/** Shows an event that has been routed already; nothing can be changed. */
final class RoutedView implements View<Emission, Emission> {
    @Override
    public Object input(Emission emission) {
        return emission.view();
    }

    @Override
    public Object output(Emission emission) {
        return emission.view();
    }

    @Override
    public Object data(HookPoint point, Emission emission, @Nullable Emission output) {
        return emission.view();
    }

    @Override
    public Emission modified(HookPoint point, Emission emission, @Nullable Object data) {
        throw HookException.resultNotAllowed("a hook", point, HookResultKind.MODIFIED, "continue and skipped");
    }

    @Override
    public Emission answer(HookPoint point, Emission emission, @Nullable Object value) {
        throw HookException.resultNotAllowed("a hook", point, HookResultKind.REPLACE, "continue and skipped");
    }
}
