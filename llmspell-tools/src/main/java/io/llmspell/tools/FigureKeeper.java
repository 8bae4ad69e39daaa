package io.llmspell.tools;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Cancellation;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.identity.Language;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.ScopeKind;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateCommit;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the calls of tools and keeps the counts under {@code statistics} in the scope of each tool, across restarts.
 *
 * <p>Calls only count; a second after the first of them everything that has been counted is written in the background, as
 * one change, and once more at the end. {@code counts} has an entry for each tool that was called, so no more than there are
 * tools; {@code timed} tells whether a write is on its way, {@code timer} when; {@code writing} is the write in progress, one at a time, which
 * alone changes {@code written}; {@code closed} goes from false to true once. No lock is held meanwhile, as hooks may guard the write. The counters of calls are never
 * taken back: what is to be written is what they say beyond {@code written}.
 */
final class FigureKeeper implements Handle {
    private static final Logger LOG = LoggerFactory.getLogger(FigureKeeper.class);
    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private static final class Counts {
        private final LongAdder calls = new LongAdder();
        private final LongAdder failures = new LongAdder();
        private final LongAdder nanos = new LongAdder();

        ToolFigures now() {
            return new ToolFigures(calls.sum(), failures.sum(), Duration.ofNanos(nanos.sum()));
        }
    }

    private final StateManager state;
    private final TimeSource time;
    private final IdGenerator ids;
    private final Executor executor;
    private final Map<String, Counts> counts = new ConcurrentHashMap<>();
    private final Map<String, ToolFigures> written = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable CompletableFuture<@Nullable Void>> writing = new AtomicReference<>();
    private final AtomicBoolean timed = new AtomicBoolean();
    private volatile Handle timer = Handle.noop();
    private volatile boolean closed;

    FigureKeeper(StateManager state, TimeSource time, IdGenerator ids, Executor executor) {
        this.state = state;
        this.time = time;
        this.ids = ids;
        this.executor = executor;
    }

    /** Counts one call. */
    void ran(String tool, boolean failed, Duration took) {
        Counts present = counts.computeIfAbsent(tool, name -> new Counts());
        present.calls.increment();
        if (failed) {
            present.failures.increment();
        }
        present.nanos.add(took.toNanos());
        later();
    }

    private void later() {
        if (!closed && timed.compareAndSet(false, true)) {
            Handle mine = time.schedule(DELAY, this::begin);
            timer = mine;
            if (closed) {
                mine.close();
            }
        }
    }

    private void begin() {
        try {
            executor.execute(() -> {
                timed.set(false);
                if (!closed && !write()) {
                    later();
                }
            });
        } catch (RuntimeException rejected) { // the executor is closing; the end writes what is left
            timed.set(false);
        }
    }

    /** What is kept of a tool, and what was counted since; not exact while a write is in progress. */
    ToolFigures figures(String tool) {
        Counts present = counts.get(tool);
        ToolFigures fresh = present == null ? ToolFigures.NONE : present.now();
        StateKey key = key(tool);
        ToolFigures kept = key == null
                ? ToolFigures.NONE
                : ToolFigures.of(view().get(key).map(StateValue::json).orElse(null));
        return kept.plus(fresh.minus(written.getOrDefault(tool, ToolFigures.NONE)));
    }

    private StateView view() {
        return state.as(Caller.of(
                new Principal.RuntimePart("tools"),
                Language.JAVA,
                new CorrelationId(ids.next().toString())));
    }

    /** The place of a tool's figures; null for a name that cannot be a scope. */
    private static @Nullable StateKey key(String tool) {
        try {
            return StateKey.of(Scope.of(ScopeKind.TOOL, tool), "statistics");
        } catch (LlmSpellException unfit) {
            return null;
        }
    }

    /** Writes, unless a write is in progress; gives whether it has. */
    private boolean write() {
        CompletableFuture<@Nullable Void> mine = new CompletableFuture<>();
        if (!writing.compareAndSet(null, mine)) {
            return false;
        }
        try {
            writeNew();
            return true;
        } finally {
            writing.set(null);
            mine.complete(null);
        }
    }

    private void writeNew() {
        Map<String, ToolFigures> upTo = new LinkedHashMap<>();
        try {
            StateView view = view();
            List<StateChange> changes = new ArrayList<>();
            counts.forEach((tool, present) -> {
                ToolFigures now = present.now();
                ToolFigures fresh = now.minus(written.getOrDefault(tool, ToolFigures.NONE));
                StateKey key = fresh.equals(ToolFigures.NONE) ? null : key(tool);
                if (key != null) {
                    StateValue old = view.get(key).orElse(new StateValue(null, 0));
                    changes.add(new StateChange.Check(key, old.version()));
                    changes.add(new StateChange.Put(
                            key, ToolFigures.of(old.json()).plus(fresh).json(), null, StateClass.TRUSTED));
                    upTo.put(tool, now);
                }
            });
            if (!changes.isEmpty() && view.apply(changes) instanceof StateCommit.Done) {
                written.putAll(upTo);
            }
        } catch (LlmSpellException failed) { // the next write has these counts too
            LOG.warn("the statistics of tools could not be kept: {}", LogText.masked(failed.text()));
        }
    }

    /** Writes what has been counted; what is counted later is written by the next close. */
    @Override
    public void close() {
        closed = true;
        timer.close();
        long deadline = time.nanos() + LONGEST_WAIT.toNanos();
        while (!write()) {
            CompletableFuture<@Nullable Void> other = writing.get();
            if (other != null && !ended(other, deadline)) {
                return;
            }
        }
    }

    private boolean ended(CompletableFuture<@Nullable Void> other, long deadline) {
        try {
            Awaiter.blocking(time).await(other, deadline, Cancellation.none());
            return true;
        } catch (LlmSpellException late) {
            LOG.warn("the statistics of tools were still being written at the end: {}", LogText.masked(late.text()));
            return false;
        }
    }
}
