package io.llmspell.state;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.state.StateOperation;
import io.llmspell.core.state.StateUpdate;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateWatch;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

/** A watch as one caller may see it: the rights are checked at its begin and at each change, and guards see each change. */
final class BoundWatch {
    private static final Logger LOG = LoggerFactory.getLogger(BoundWatch.class);

    private final StateManagerImpl manager;
    private final Caller caller;
    private final StateWatch watch;

    BoundWatch(StateManagerImpl manager, Caller caller, StateWatch watch) {
        this.manager = manager;
        this.caller = caller;
        this.watch = watch;
    }

    Flux<StateUpdate> updates() {
        return Flux.defer(() -> {
            manager.enter(caller, watch.scope(), StateOperation.WATCH, null);
            return manager.store().watches().changes(watch, manager.store()).<StateUpdate>handle((told, sink) -> {
                manager.enter(
                        caller, watch.scope(), StateOperation.WATCH, told.key().key());
                shown(told).ifPresentOrElse(sink::next, () -> watch.counter().accept(-1));
            });
        });
    }

    /** What guards leave of a change: a read that they would refuse is not told. */
    private Optional<StateUpdate> shown(StateWatches.Told told) {
        try {
            Optional<StateValue> after = manager.quiet().shown(told.key(), told.after(), caller);
            Cell old = told.before();
            Optional<StateValue> before = old == null || !old.present()
                    ? Optional.empty()
                    : manager.quiet().shown(told.key(), old, caller);
            return Optional.of(new StateUpdate(told.key(), before, after, told.version()));
        } catch (LlmSpellException refused) {
            LOG.debug("a guard kept a change of {} back: {}", told.key(), LogText.masked(refused.getMessage()));
            return Optional.empty();
        }
    }
}
