package io.llmspell.bridge.globals;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.InternalException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptCallback;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptObject;
import io.llmspell.core.script.ScriptObjectType;
import io.llmspell.core.script.ScriptSession;
import io.llmspell.core.state.StateUpdate;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import io.llmspell.core.state.StateWatch;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * A watch of a script: a function that hears of changes, one at a time and in the order of their commits. While changes
 * are on their way the engine stays open.
 */
final class StateWatchObject implements ScriptObject {
    private static final Logger LOG = LoggerFactory.getLogger(StateWatchObject.class);
    private static final Duration HANDLER_LIMIT = Duration.ofSeconds(5);

    private static final ScriptObjectType TYPE = ScriptObjectType.of(
            "watch",
            Map.of(),
            List.of(
                    ScriptFunction.plain(
                            "stats", "", "The counters.", call -> self(call).counters()),
                    ScriptFunction.plain(
                            "unsubscribe",
                            "",
                            "Ends the watch.",
                            call -> self(call).end())));

    private final ScriptSession session;

    /** The handler runs as whoever watches. */
    private final Caller watcher;

    private final String id;
    private final ScriptCallback handler;
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicLong handled = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicBoolean open = new AtomicBoolean(true);
    private final Handle kept;
    private final Handle busy;
    private final Handle counted;
    private final Disposable.Swap subscription = Disposables.swap();
    private volatile Handle owned = Handle.noop();
    private volatile @Nullable LlmSpellException error;

    private StateWatchObject(ScriptCall call, ScriptCallback handler, Handle counted) {
        this.session = call.session();
        this.watcher = session.caller().as(call.caller().principal());
        this.id = "watch-" + session.id() + "-" + session.nextNumber();
        this.handler = handler;
        this.counted = counted;
        this.kept = handler.retain();
        this.busy = session.busyWhile(() -> open.get() && pending.get() > 0);
    }

    /** Begins a watch; what is refused at once, such as a foreign scope, is the error of the call. */
    static StateWatchObject begin(
            ScriptCall call, StateView view, StateWatch watch, ScriptCallback handler, Handle counted) {
        StateWatchObject made = new StateWatchObject(call, handler, counted);
        made.subscription.update(view.watch(watch.counting(made.pending::addAndGet))
                .concatMap(made::tell, 1)
                .subscribe(done -> {}, made::failed));
        LlmSpellException refused = made.error;
        if (refused != null) {
            throw refused;
        }
        made.owned = call.session().own(made::end);
        return made;
    }

    private static StateWatchObject self(ScriptCall call) {
        return call.self(StateWatchObject.class);
    }

    private Mono<Boolean> tell(StateUpdate update) {
        if (!open.get()) {
            return Mono.empty();
        }
        return Mono.fromCompletionStage(handler.post(watcher, HANDLER_LIMIT, event(update)))
                .thenReturn(true)
                .onErrorResume(LlmSpellException.class, this::handlerFailed)
                .doFinally(end -> {
                    handled.incrementAndGet();
                    pending.decrementAndGet();
                });
    }

    private Mono<Boolean> handlerFailed(LlmSpellException failure) {
        failed.incrementAndGet();
        LOG.warn("the function of a watch at {} failed: {}", handler.place(), LogText.masked(failure.getMessage()));
        return Mono.empty();
    }

    private static Map<String, @Nullable Object> event(StateUpdate update) {
        Map<String, @Nullable Object> event = new LinkedHashMap<>();
        event.put("scope", update.key().scope().text());
        event.put("key", update.key().key());
        event.put("old_value", update.before().map(StateValue::json).orElse(null));
        event.put("new_value", update.after().map(StateValue::json).orElse(null));
        event.put("version", update.version());
        return event;
    }

    /** The stream has ended by itself: too slow, or without the right. */
    private void failed(Throwable why) {
        error = why instanceof LlmSpellException coded ? coded : new InternalException("a watch of state", why);
        if (end()) {
            LOG.warn("a watch at {} has ended: {}", handler.place(), LogText.masked(why.getMessage()));
        }
    }

    private Map<String, @Nullable Object> counters() {
        Map<String, @Nullable Object> counters = new LinkedHashMap<>();
        counters.put("handled", handled.get());
        counters.put("failed", failed.get());
        counters.put("pending", open.get() ? (long) pending.get() : 0L);
        counters.put("active", open.get());
        LlmSpellException why = error;
        counters.put("error", why == null ? null : why.code().id());
        return counters;
    }

    /** Nothing is told after it has returned, but what runs already. */
    private boolean end() {
        if (!open.compareAndSet(true, false)) {
            return false;
        }
        subscription.dispose();
        busy.close();
        kept.close();
        counted.close();
        owned.close();
        return true;
    }

    @Override
    public ScriptObjectType type() {
        return TYPE;
    }

    @Override
    public String id() {
        return id;
    }
}
