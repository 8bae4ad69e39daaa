package io.llmspell.state.sharing;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.state.StateAccess;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateCommit;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateOperation;
import io.llmspell.core.time.TimeSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes and finds channels between agents. What they hold is in the store of the state and outlives the process.
 *
 * <p>Members use a channel by a grant of its {@link Channel#scope()}, so a revocation of that grant, or a cut-off of the
 * agent, ends their use with the next call, and what is refused is in the audit log. Channels are made, found and removed
 * by the host, the runtime and top-level scripts. <b>Threads:</b> safe. <b>Errors:</b>
 * {@link io.llmspell.core.state.StateException} {@code access_denied} and the codes of state and storage.
 */
public final class Sharing {
    private final StateManager state;
    private final TimeSource time;

    private Sharing(StateManager state, TimeSource time) {
        this.state = Objects.requireNonNull(state, "state");
        this.time = Objects.requireNonNull(time, "time");
    }

    /**
     * Channels over a state manager.
     *
     * @param state where they are kept; stays its owner's
     * @param time the clock of the messages
     * @return the maker; cheap, nothing to close
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if {@link io.llmspell.state.States} did
     *     not make the manager
     */
    public static Sharing over(StateManager state, TimeSource time) {
        return new Sharing(state, time);
    }

    /**
     * Makes a channel and grants it to its members; a channel that is there as planned is completed and given.
     *
     * @param plan what it is to be
     * @param caller on whose behalf; not an agent
     * @return the channel
     * @throws InvalidStateException {@code invalid_state} if a channel of that id is there with another plan
     */
    public Channel create(ChannelPlan plan, Caller caller) {
        StateAccess access = state.access(caller);
        access.check(Channel.data(plan.id()), StateOperation.WRITE, Channel.PLAN);
        Optional<Channel> present = stored(plan.id(), caller);
        if (present.isPresent() && !present.get().plan().equals(plan)) {
            throw new InvalidStateException("there is a " + present.get().plan() + " of the members "
                    + present.get().plan().members() + " already; remove it first, or take another id");
        }
        Channel channel = present.or(() -> made(plan, caller)).orElse(null);
        if (channel == null) {
            return create(plan, caller); // somebody was faster
        }
        for (String member : plan.members()) {
            access.grant(channel.scope(), member, plan.access(member), null);
        }
        return channel;
    }

    private Optional<Channel> made(ChannelPlan plan, Caller caller) {
        StateKey key = Channel.key(plan.id(), Channel.PLAN);
        StateCommit commit = Channel.view(state, caller)
                .apply(List.of(
                        new StateChange.Check(key, 0),
                        StateChange.Put.of(key, plan.json()),
                        StateChange.Put.of(Channel.key(plan.id(), Channel.LEDGER), Ledger.NEW.json())));
        return commit instanceof StateCommit.Done done
                ? Optional.of(new Channel(state, time, plan, done.version()))
                : Optional.empty();
    }

    /**
     * Finds a channel.
     *
     * @param id its id
     * @param caller on whose behalf; the host, the runtime, a script or one of its members
     * @return the channel, empty if there is none
     */
    public Optional<Channel> find(String id, Caller caller) {
        state.access(caller).check(Channel.scope(id), StateOperation.LIST, null);
        return stored(id, caller);
    }

    private Optional<Channel> stored(String id, Caller caller) {
        return Channel.view(state, caller)
                .get(Channel.key(id, Channel.PLAN))
                .map(kept -> new Channel(state, time, ChannelPlan.read(id, kept.json()), kept.version()));
    }

    /**
     * Removes a channel with its messages and grants.
     *
     * @param id its id
     * @param caller on whose behalf; not an agent
     * @return whether it was there
     */
    public boolean remove(String id, Caller caller) {
        StateAccess access = state.access(caller);
        access.check(Channel.data(id), StateOperation.DELETE, null);
        Optional<Channel> channel = stored(id, caller);
        channel.ifPresent(present -> {
            present.plan().members().forEach(member -> access.revoke(Channel.scope(id), member));
            Channel.view(state, caller).clear(Channel.data(id));
        });
        return channel.isPresent();
    }
}
