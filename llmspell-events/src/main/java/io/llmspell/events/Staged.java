package io.llmspell.events;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.event.EventException;
import io.llmspell.core.event.StagedEvent;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Write;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An event of a change that is about to be committed.
 *
 * <p><b>Threads:</b> the owner and the committer take turns; the state word hands the emission over.
 */
final class Staged implements StagedEvent {
    private enum State {
        STAGED,
        QUEUED,
        REFUSED,
        ENDED
    }

    private final EventBusImpl bus;
    private final Emission emission;
    private final boolean live;
    private final @Nullable String versionMember;
    private final @Nullable Write write;
    private final AtomicReference<State> state = new AtomicReference<>(State.STAGED);

    Staged(EventBusImpl bus, Emission emission, boolean live, @Nullable String versionMember, @Nullable Write write) {
        this.bus = bus;
        this.emission = emission;
        this.live = live;
        this.versionMember = versionMember;
        this.write = write;
    }

    @Override
    public Optional<Write> write() {
        return Optional.ofNullable(write);
    }

    @Override
    public void committed(Commit.Done done) {
        if (state.get() != State.STAGED) {
            return;
        }
        if (live && versionMember != null) {
            emission.committed(versionMember, done.number());
        }
        State next = live && queued() ? State.QUEUED : State.REFUSED;
        if (state.compareAndSet(State.STAGED, next)) {
            bus.stagedEnded(next == State.QUEUED);
            if (write != null) {
                bus.stagedKept(emission, next == State.QUEUED, done);
            }
        }
    }

    private boolean queued() {
        try {
            bus.router().enqueueFromCommit(emission);
            return true;
        } catch (EventException closed) {
            return false; // the change is kept and its event with it; only nobody hears of it any more
        }
    }

    @Override
    public void publish() {
        if (state.get() == State.STAGED) {
            throw new InvalidStateException(
                    "the staged event \"" + emission.draft().type()
                            + "\" is published before its change was committed; call committed first");
        }
        if (state.compareAndSet(State.QUEUED, State.ENDED)) {
            bus.publishStaged(emission);
        }
    }

    @Override
    public void dropped() {
        if (state.compareAndSet(State.STAGED, State.ENDED)) {
            bus.stagedDropped();
        }
    }
}
