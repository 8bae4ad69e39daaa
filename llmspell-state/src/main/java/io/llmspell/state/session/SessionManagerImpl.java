package io.llmspell.state.session;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Cancellation;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Lineage;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.session.Session;
import io.llmspell.core.session.SessionInfo;
import io.llmspell.core.session.SessionManager;
import io.llmspell.core.session.SessionOptions;
import io.llmspell.core.session.SessionStatus;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateOperation;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ties the parts together.
 *
 * <p>{@code closed} and {@code swept} only ever go from false to true; {@code ends} counts down to the next look for old
 * records.
 */
final class SessionManagerImpl implements SessionManager {
    private static final Logger LOG = LoggerFactory.getLogger(SessionManagerImpl.class);

    private final SessionHouse house;
    private final SessionOperations operations;
    private final String manager;
    private final SessionSweep sweep;
    private final SessionUses uses;
    private final Redactor redactor;
    private final SessionRules rules;
    private final RunSessions runs = new RunSessions();
    private final AtomicBoolean swept = new AtomicBoolean();
    private final AtomicInteger ends = new AtomicInteger();
    private volatile boolean closed;

    SessionManagerImpl(SessionHouse house, SessionOperations operations, Redactor redactor, SessionRules rules) {
        this.house = house;
        this.operations = operations;
        this.manager = house.nextId();
        this.sweep = new SessionSweep(house, operations, manager, rules.keepSessions());
        this.uses = new SessionUses(house, operations, rules.idleTimeout(), sweep::caller, this::ended);
        this.redactor = redactor;
        this.rules = rules;
    }

    SessionHouse house() {
        return house;
    }

    SessionOperations operations() {
        return operations;
    }

    void enter() {
        if (closed) {
            throw new InvalidStateException("the session manager is closed; open a new one to go on");
        }
        if (swept.compareAndSet(false, true)) {
            uses.begin(sweep.atOpening());
        }
    }

    void enter(Scope scope, StateOperation operation, Caller caller) {
        enter();
        house.scopes().require(scope, operation, caller);
    }

    @Override
    public Session start(SessionOptions options, Caller caller) {
        Session session = begin(options, current(caller).map(Session::id).orElse(null), false, caller);
        runs.started(caller.correlation(), session.id());
        return session;
    }

    private Session begin(SessionOptions options, @Nullable String parent, boolean bound, Caller caller) {
        String id = house.nextId();
        enter(Scope.session(id), StateOperation.WRITE, caller);
        runs.requireRoom();
        SessionInfo info = new SessionInfo(
                id,
                options.name() == null ? null : redactor.text(options.name()),
                parent,
                SessionStatus.ACTIVE,
                house.now(),
                null,
                List.of(),
                options.tags(),
                JsonValues.object(
                        (Map<?, ?>) Objects.requireNonNull(redactor.value(options.metadata())), JsonLimits.VALUE),
                options.keepState() == null ? rules.keepState() : options.keepState());
        operations.start(new SessionRow(info, bound ? manager : null, false), caller);
        if (uses.on() && !bound) {
            uses.used(house.store().get(id));
        }
        return new LiveSession(this, id);
    }

    @Override
    public Optional<Session> current(Caller caller) {
        enter();
        for (String id = runs.current(caller.correlation()); id != null; id = runs.current(caller.correlation())) {
            if (goesOn(id)) {
                house.scopes().require(Scope.session(id), StateOperation.READ, caller);
                return Optional.of(new LiveSession(this, id));
            }
            runs.ended(id); // it has ended without this manager
        }
        return Optional.empty();
    }

    private boolean goesOn(String id) {
        try {
            SessionStore.Found found = house.store().get(id);
            uses.used(found);
            return found.row().active();
        } catch (LlmSpellException gone) {
            if (gone.code().equals(ErrorCode.SESSION_NOT_FOUND)) {
                return false;
            }
            throw gone;
        }
    }

    @Override
    public Session ofRun(Caller caller) {
        Optional<Session> present = current(caller);
        return present.isPresent() ? present.get() : own(caller);
    }

    /** Made without a lock, since hooks run; of two threads that make one at once, the later gives its own up. */
    private Session own(Caller caller) {
        Session made = begin(SessionOptions.DEFAULT, null, true, caller);
        String faster = runs.own(caller.correlation(), made.id());
        if (faster == null) {
            return made;
        }
        finishQuietly(made.id(), caller);
        return new LiveSession(this, faster);
    }

    @Override
    public void endRun(Caller caller) {
        String own = runs.forget(caller.correlation());
        if (own != null && !closed) {
            finishQuietly(own, unstoppable(caller));
        }
    }

    private void finishQuietly(String id, Caller caller) {
        try {
            finish(id, caller);
        } catch (LlmSpellException failed) {
            LOG.warn("session {} could not be ended: {}", id, LogText.masked(failed.getMessage()));
        }
    }

    /** The end of a run that its limits have stopped is cleaned up all the same. */
    private static Caller unstoppable(Caller caller) {
        return new Caller(
                caller.principal(),
                caller.language(),
                caller.correlation(),
                null,
                Cancellation.none(),
                Awaiter.NO_DEADLINE,
                Lineage.TOP,
                caller.traceparent());
    }

    void finish(String id, Caller caller) {
        enter(Scope.session(id), StateOperation.WRITE, caller);
        house.store().active(id, "its end");
        operations.end(id, caller);
        uses.forget(id);
        ended(id);
    }

    private void ended(String id) {
        runs.ended(id);
        if (ends.incrementAndGet() % sweep.endsBetweenLooks() == 0) {
            sweep.prune();
        }
    }

    /** The session, which goes on, and is used until the handle is closed. */
    Handle using(String id, String call) {
        return uses.using(house.store().active(id, call));
    }

    /** The session, which goes on, and is used by that. */
    SessionStore.Found used(String id, String call) {
        SessionStore.Found found = house.store().active(id, call);
        uses.used(found);
        return found;
    }

    @Override
    public Session get(String id, Caller caller) {
        enter();
        SessionStore.Found found = house.store().get(id);
        house.scopes().require(Scope.session(id), StateOperation.READ, caller);
        uses.used(found);
        return new LiveSession(this, id);
    }

    @Override
    public List<SessionInfo> list(Caller caller) {
        enter();
        return house.store().all().stream()
                .map(SessionRow::info)
                .filter(info -> house.scopes().readable(Scope.session(info.id()), caller))
                .toList();
    }

    @Override
    public void close() {
        closed = true;
        uses.close();
    }
}
