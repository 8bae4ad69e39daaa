package io.llmspell.state.sharing;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateCommit;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateOperation;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.time.TimeSource;
import io.llmspell.state.StateScopes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A channel between agents. The principal of the caller says who sends and receives; the host sends as {@code host}.
 *
 * <p>At most {@value #MOST_MESSAGES} messages wait for each receiver: then sending fails until it receives. A message is
 * stored, and one that was received is gone, when the call returns; copies for several receivers are stored together.
 * <b>Threads:</b> safe. <b>Errors:</b> {@link StateException} {@code access_denied} for those who are no members,
 * {@code state_conflict} if others were faster too often; {@link InvalidStateException} {@code invalid_state} once the
 * channel was removed, also if another of its id was made since.
 */
public final class Channel {
    /** How many messages wait for a receiver at most, and how many requests for their answers. */
    public static final int MOST_MESSAGES = 1_000;

    static final String PLAN = "plan";
    static final String LEDGER = "ledger";
    static final String HOST = "host";
    private static final int MOST_TRIES = 1_000;

    private final StateManager state;
    private final TimeSource time;
    private final StateScopes scopes;
    private final ChannelPlan plan;

    /** The version of the record of the plan: another channel of the same id has another. */
    private final long generation;

    Channel(StateManager state, TimeSource time, ChannelPlan plan, long generation) {
        this.state = state;
        this.time = time;
        this.scopes = StateScopes.of(state);
        this.plan = plan;
        this.generation = generation;
    }

    /** Where a channel is kept; nobody has a grant of it. */
    static Scope data(String id) {
        return Scope.custom("channel-data:" + id);
    }

    Scope data() {
        return data(plan.id());
    }

    static Scope scope(String id) {
        return Scope.custom("channel:" + id);
    }

    static StateKey key(String id, String key) {
        return StateKey.of(data(id), key);
    }

    StateKey key(String key) {
        return key(plan.id(), key);
    }

    /** State with the rights of this part of the runtime, in the run of a caller whose rights were checked. */
    static StateView view(StateManager state, Caller caller) {
        return state.as(own(caller));
    }

    private static Caller own(Caller caller) {
        return caller.as(new Principal.RuntimePart("sharing"));
    }

    static StorageException foreign(String id) {
        return new StorageException(
                ErrorCode.STORE_CORRUPT, "channel " + id + " has a form that no release writes; remove it");
    }

    /**
     * What the channel is.
     *
     * @return the plan
     */
    public ChannelPlan plan() {
        return plan;
    }

    /**
     * The scope whose grant lets an agent use the channel; nothing is kept in it.
     *
     * @return {@code custom:channel:ID}
     */
    public Scope scope() {
        return scope(plan.id());
    }

    // ---- sending ----

    /**
     * Sends to those whom the sender usually sends to: all receivers, the responder, all others, the next stage, those
     * below. The host sends to all receivers, to the first stage or to the root.
     *
     * @param payload a JSON value
     * @param caller who sends
     * @return the number of the message
     * @throws ArgumentException {@code invalid_argument} if there is nobody to send to, or several responders to choose from
     * @throws LimitException {@code limit_exceeded} if too many messages wait for a receiver; nobody gets it then
     */
    public long send(@Nullable Object payload, Caller caller) {
        String from = sender(caller);
        List<String> to = plan.usual(from);
        if (to.isEmpty() || (to.size() > 1 && plan.kind() == ChannelKind.REQUEST_RESPONSE)) {
            throw new ArgumentException(from + " sends in " + plan + " without saying to whom; it may send to "
                    + plan.reachable(from) + (to.isEmpty() ? "" : ", one of them"));
        }
        return send(from, to, payload, caller);
    }

    /**
     * Sends to one member.
     *
     * @param to the receiver: one of those whom the sender usually sends to, or who is above it
     * @param payload a JSON value
     * @param caller who sends
     * @return the number of the message
     * @throws ArgumentException {@code invalid_argument} if the sender does not send to that one
     * @throws LimitException {@code limit_exceeded} if too many messages wait for the receiver
     */
    public long send(String to, @Nullable Object payload, Caller caller) {
        String from = sender(caller);
        String receiver = ChannelPlan.member(to);
        if (!plan.reachable(from).contains(receiver)) {
            throw new ArgumentException(
                    "receiver of what " + from + " sends in " + plan, to, "one of " + plan.reachable(from));
        }
        return send(from, List.of(receiver), payload, caller);
    }

    private String sender(Caller caller) {
        state.access(caller).check(scope(), StateOperation.WRITE, null);
        return caller.principal() instanceof Principal.Agent agent ? ChannelPlan.member(agent.id()) : HOST;
    }

    private long send(String from, List<String> to, @Nullable Object payload, Caller caller) {
        boolean asks = plan.kind() == ChannelKind.REQUEST_RESPONSE;
        if (asks && from.equals(HOST)) {
            throw new ArgumentException("sender in " + plan, HOST, "one of its requesters, who gets the answer");
        }
        MessageKind kind = asks ? MessageKind.REQUEST : MessageKind.MESSAGE;
        return change(caller, ledger -> {
            Ledger next = ledger.numbered();
            List<StateChange> changes = new ArrayList<>();
            for (String receiver : to) {
                ChannelMessage message = new ChannelMessage(next.sent(), kind, from, receiver, payload, 0, time.now());
                checkRoom(ledger, receiver);
                changes.add(put(next, message));
                next = next.put(receiver);
            }
            if (asks) {
                checkOpen(ledger);
                next = next.open(1);
                changes.add(StateChange.Put.of(request(next.sent()), JsonObject.of("from", from, "to", to.get(0))));
            }
            return new Step<>(next, changes, next.sent());
        });
    }

    private void checkRoom(Ledger ledger, String receiver) {
        if (ledger.box(receiver).waiting() >= MOST_MESSAGES) {
            throw full(MOST_MESSAGES + " messages wait for " + receiver + " in " + plan + ", which must receive first");
        }
    }

    private void checkOpen(Ledger ledger) {
        if (ledger.open() >= MOST_MESSAGES) {
            throw full(
                    MOST_MESSAGES + " requests wait for their answers in " + plan + "; responders must answer first");
        }
    }

    private static LimitException full(String text) {
        return LimitException.exceeded("max_channel_messages", String.valueOf(MOST_MESSAGES), text);
    }

    private StateChange put(Ledger ledger, ChannelMessage message) {
        return StateChange.Put.of(message(message.to(), ledger.box(message.to()).next()), message.json());
    }

    private StateKey message(String member, long place) {
        return key(
                String.format(Locale.ROOT, "message:%03d:%016d", plan.members().indexOf(member), place));
    }

    private StateKey request(long number) {
        return key(String.format(Locale.ROOT, "request:%016d", number));
    }

    /**
     * Answers a request; each is answered once.
     *
     * @param request the request, as it was received
     * @param payload a JSON value
     * @param caller who answers: the receiver of the request
     * @return the number of the answer
     * @throws ArgumentException {@code invalid_argument} if the message is no request to the caller
     * @throws InvalidStateException {@code invalid_state} if it was answered already, or is none of this channel
     * @throws LimitException {@code limit_exceeded} if too many messages wait for the requester
     */
    public long respond(ChannelMessage request, @Nullable Object payload, Caller caller) {
        String from = sender(caller);
        if (request.kind() != MessageKind.REQUEST || !request.to().equals(from)) {
            throw new ArgumentException(
                    "message that " + from + " answers in " + plan,
                    request.kind().id() + " to " + request.to(),
                    "a request that it has received");
        }
        StateKey open = request(request.number());
        return change(caller, ledger -> {
            String requester = view(state, caller)
                    .get(open)
                    .map(StateValue::json)
                    .filter(asked ->
                            asked instanceof JsonObject is && is.text("to").equals(from))
                    .map(asked -> ((JsonObject) asked).text("from"))
                    .orElseThrow(() -> new InvalidStateException("no request " + request.number() + " to " + from
                            + " waits for an answer in " + plan + "; each is answered once"));
            checkRoom(ledger, requester);
            Ledger next = ledger.numbered().open(-1);
            ChannelMessage answer = new ChannelMessage(
                    next.sent(), MessageKind.RESPONSE, from, requester, payload, request.number(), time.now());
            List<StateChange> changes = List.of(put(next, answer), new StateChange.Delete(open));
            return new Step<>(next.put(requester), changes, next.sent());
        });
    }

    // ---- receiving ----

    /**
     * Takes the next message for the caller out of the channel.
     *
     * @param caller who receives: an agent that is a member
     * @return the oldest message that it has not received yet, empty if there is none
     * @throws ArgumentException {@code invalid_argument} if the caller is no agent
     */
    public Optional<ChannelMessage> receive(Caller caller) {
        String member = receiver(caller);
        return change(caller, ledger -> {
            Ledger.Box box = ledger.box(member);
            if (box.waiting() == 0) {
                return new Step<>(ledger, List.of(), Optional.empty());
            }
            StateKey key = message(member, box.first());
            return new Step<>(ledger.taken(member), List.of(new StateChange.Delete(key)), read(key, caller));
        });
    }

    /**
     * The next message for the caller, which stays in the channel: for receivers that must not lose one, and receive it
     * once it is handled.
     *
     * @param caller who looks: an agent that is a member
     * @return the oldest message that it has not received yet, empty if there is none
     * @throws ArgumentException {@code invalid_argument} if the caller is no agent
     */
    public Optional<ChannelMessage> peek(Caller caller) {
        String member = receiver(caller);
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Ledger.Box box = ledger(caller).ledger().box(member);
            if (box.waiting() == 0) {
                return Optional.empty();
            }
            Optional<ChannelMessage> found = read(message(member, box.first()), caller);
            if (found.isPresent()) {
                ledger(caller); // refuses if it is a message of another channel by now
                return found;
            }
        }
        throw tooManyWriters();
    }

    /**
     * How many messages wait for a member.
     *
     * @param member the member
     * @param caller on whose behalf; the host, the runtime, a script or a member that receives
     * @return 0 to {@value #MOST_MESSAGES}
     */
    public long waiting(String member, Caller caller) {
        state.access(caller).check(scope(), StateOperation.LIST, null);
        return ledger(caller).ledger().box(ChannelPlan.member(member)).waiting();
    }

    private String receiver(Caller caller) {
        state.access(caller).check(scope(), StateOperation.READ, null);
        if (caller.principal() instanceof Principal.Agent agent) {
            return ChannelPlan.member(agent.id());
        }
        throw new ArgumentException(
                "receiver in " + plan, caller.principal().text(), "an agent; the host receives with the caller of one");
    }

    private Optional<ChannelMessage> read(StateKey key, Caller caller) {
        return view(state, caller).get(key).map(StateValue::json).map(ChannelMessage::read);
    }

    // ---- changes ----

    /** What a change does: the ledger after it, what else is written, and what it gives. */
    private record Step<T>(Ledger after, List<StateChange> changes, T result) {}

    private record Counted(Ledger ledger, long version) {}

    /** What this channel counts; another one that came in its place is none of its business. */
    private Counted ledger(Caller caller) {
        StateView view = view(state, caller);
        return view.get(key(PLAN))
                .filter(present -> present.version() == generation)
                .flatMap(present -> view.get(key(LEDGER)))
                .map(stored -> new Counted(Ledger.read(plan.id(), stored.json()), stored.version()))
                .orElseThrow(() -> new InvalidStateException(plan + " was removed; find it or create it anew"));
    }

    /** Changes the channel with the messages that belong to it in one commit, again if somebody else was faster. */
    private <T> T change(Caller caller, Function<Ledger, Step<T>> work) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Counted present = ledger(caller);
            Step<T> step = work.apply(present.ledger());
            if (step.changes().isEmpty()) {
                return step.result();
            }
            List<StateChange> changes = new ArrayList<>();
            changes.add(new StateChange.Check(key(PLAN), generation));
            changes.add(new StateChange.Check(key(LEDGER), present.version()));
            changes.add(StateChange.Put.of(key(LEDGER), step.after().json()));
            changes.addAll(step.changes());
            boolean last = tries == MOST_TRIES - 1;
            if (scopes.attempt(changes, last, own(caller)) instanceof StateCommit.Done) {
                return step.result();
            }
        }
        throw tooManyWriters();
    }

    private StateException tooManyWriters() {
        return new StateException(
                ErrorCode.STATE_CONFLICT,
                plan + " was changed by others " + MOST_TRIES + " times in a row; try again with fewer of them");
    }
}
