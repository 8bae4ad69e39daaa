package io.llmspell.state;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateUpdate;
import io.llmspell.core.state.StateValue;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

/** A watch as one caller may see it: the rights are checked at its begin and at each change, and guards see each change. */
final class BoundWatch {
    private static final Logger LOG = LoggerFactory.getLogger(BoundWatch.class);
    private static final int LONGEST_GLOB = 1_024;

    private final StateManagerImpl manager;
    private final Caller caller;
    private final Scope scope;
    private final String keys;

    BoundWatch(StateManagerImpl manager, Caller caller, Scope scope, String keys) {
        if (keys.isEmpty() || keys.length() > LONGEST_GLOB) {
            throw new ArgumentException("pattern of keys", keys, "1 to 1,024 characters, such as user_* or *");
        }
        this.manager = manager;
        this.caller = caller;
        this.scope = scope;
        this.keys = keys;
    }

    Flux<StateUpdate> live() {
        return shown(manager.store().watches().live(scope, keys));
    }

    Flux<StateUpdate> after(long version) {
        return shown(manager.store().watches().after(version, scope, keys, manager.store()));
    }

    private Flux<StateUpdate> shown(Flux<StateWatches.Told> changes) {
        return Flux.defer(() -> {
            manager.enter(caller, scope, "watch");
            return changes.<StateUpdate>handle((told, sink) -> {
                manager.enter(caller, scope, "watch");
                shown(told).ifPresent(sink::next);
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
            LOG.debug("a guard kept a change of {} back: {}", told.key(), refused.getMessage());
            return Optional.empty();
        }
    }
}
