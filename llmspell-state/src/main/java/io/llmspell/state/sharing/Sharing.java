package io.llmspell.state.sharing;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.state.StateAccess;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateCommit;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateOperation;
import io.llmspell.core.state.StateValue;
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
        Optional<ChannelPlan> present = stored(plan.id(), caller);
        Channel channel = new Channel(state, time, present.orElse(plan)); // the order of members is that of the store
        if (present.isPresent() && !present.get().equals(plan)) {
            throw new InvalidStateException("there is a " + present.get() + " of the members "
                    + present.get().members() + " already; remove it first, or take another id");
        }
        if (present.isEmpty()) {
            StateCommit made = Channel.view(state, caller)
                    .apply(List.of(
                            new StateChange.Check(channel.key(Channel.PLAN), 0),
                            StateChange.Put.of(channel.key(Channel.PLAN), plan.json()),
                            StateChange.Put.of(channel.key(Channel.LEDGER), Ledger.NEW.json())));
            if (made instanceof StateCommit.Conflict) {
                return create(plan, caller); // somebody was faster
            }
        }
        for (String member : plan.members()) {
            access.grant(channel.scope(), member, plan.access(member), null);
        }
        return channel;
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
        return stored(id, caller).map(plan -> new Channel(state, time, plan));
    }

    private Optional<ChannelPlan> stored(String id, Caller caller) {
        return Channel.view(state, caller)
                .get(Channel.key(id, Channel.PLAN))
                .map(StateValue::json)
                .map(json -> ChannelPlan.read(id, json));
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
        Optional<ChannelPlan> plan = stored(id, caller);
        plan.ifPresent(present -> {
            present.members().forEach(member -> access.revoke(Channel.scope(id), member));
            Channel.view(state, caller).clear(Channel.data(id));
        });
        return plan.isPresent();
    }
}
