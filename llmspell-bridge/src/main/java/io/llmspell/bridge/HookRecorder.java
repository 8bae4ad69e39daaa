package io.llmspell.bridge;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Notes the hooks of a runtime in its store, every 10 s and at the end, for {@link HookSnapshots}.
 *
 * <pre>
 * lock     guards ended, explained, next and closed; nothing foreign runs under it.
 * order    a periodic note replaces only the revision that it saw before it looked at the hooks, so it can never come
 *          after the last one.
 * due      ticks since the hooks were last noted; whoever takes it from 0 makes notes until it is 0 again, so that there is
 *          one at a time and the last tick is never forgotten.
 * ended    hooks that went with their script since the last note: a script that has run to its end would else leave no
 *          trace of its hooks. Bounded; the oldest go.
 * </pre>
 */
final class HookRecorder implements Handle {
    private static final Logger LOG = LoggerFactory.getLogger(HookRecorder.class);
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final int MOST_ENDED = 1_000;

    private final HookRegistry hooks;
    private final StorageBackend store;
    private final TimeSource time;
    private final String version;
    private final Redactor redactor;
    private final Object lock = new Object();
    private final AtomicInteger due = new AtomicInteger();
    private final List<Map<String, @Nullable Object>> ended = new ArrayList<>();
    private final Map<String, String> explained = new LinkedHashMap<>();
    private Handle next = Handle.noop();
    private boolean closed;

    private HookRecorder(HookRegistry hooks, StorageBackend store, TimeSource time, String version, Redactor redactor) {
        this.hooks = hooks;
        this.store = store;
        this.time = time;
        this.version = version;
        this.redactor = redactor;
    }

    static HookRecorder start(
            HookRegistry hooks, StorageBackend store, TimeSource time, String version, Redactor redactor) {
        HookRecorder recorder = new HookRecorder(hooks, store, time, version, redactor);
        recorder.again();
        return recorder;
    }

    private void again() {
        Handle timer = time.schedule(EVERY, this::tick);
        synchronized (lock) {
            next = closed ? Handle.noop() : timer;
        }
        if (isClosed()) {
            timer.close();
        }
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    /** A timer must not block, but a commit may. Notes that take longer than the time between two do not pile up. */
    private void tick() {
        if (due.getAndIncrement() == 0) {
            Mono.fromRunnable(this::noteDue)
                    .doOnError(failed -> due.set(0))
                    .subscribeOn(Schedulers.boundedElastic())
                    .subscribe(
                            done -> {},
                            failed -> LOG.warn("the hooks were not noted in the store", LogText.maskedError(failed)));
        }
        again();
    }

    private void noteDue() {
        int seen;
        do {
            seen = due.get();
            note();
        } while (!due.compareAndSet(seen, 0));
    }

    private void note() {
        try {
            long revision = HookSnapshots.revision(store);
            HookNotes notes = HookNotes.of(hooks);
            if (isClosed() || (revision == 0 && notes.isEmpty())) {
                return; // there is nothing to see, and nothing old that would be taken for it
            }
            synchronized (lock) {
                ended.clear();
                explained.clear();
            }
            store.commit(HookSnapshots.replacing(note(notes, false), revision));
        } catch (LlmSpellException failed) {
            LOG.warn("the hooks were not noted in the store: {}", LogText.masked(failed.getMessage()));
        }
    }

    /** Runs the end of a script and remembers the hooks that went with it. */
    void around(Runnable end) {
        HookNotes before = HookNotes.of(hooks);
        end.run();
        if (before.isEmpty()) {
            return;
        }
        List<Map<String, @Nullable Object>> gone = before.goneFrom(hooks);
        synchronized (lock) {
            for (Map<String, @Nullable Object> row : gone) {
                row.put("ended", true);
                ended.add(row);
                String point = String.valueOf(row.get("hook_point"));
                explained.put(point, before.points().getOrDefault(point, ""));
            }
            while (ended.size() > MOST_ENDED) {
                ended.remove(0);
            }
        }
    }

    private JsonObject note(HookNotes notes, boolean last) {
        Map<String, String> points = new LinkedHashMap<>();
        List<Object> rows = new ArrayList<>();
        if (last) {
            synchronized (lock) {
                points.putAll(explained);
                rows.addAll(ended);
            }
        }
        rows.addAll(notes.rows().values());
        notes.points().forEach(points::putIfAbsent);
        JsonObject note = JsonObject.of(
                "timestamp",
                time.now().truncatedTo(ChronoUnit.MILLIS).toString(),
                "version",
                version,
                "pid",
                ProcessHandle.current().pid(),
                "closed",
                last,
                "hooks",
                rows,
                "points",
                points);
        return redactor.value(note) instanceof JsonObject masked ? masked : note; // people describe hooks in words
    }

    /** Notes the hooks for the last time. */
    @Override
    public void close() {
        Handle timer;
        boolean first;
        synchronized (lock) {
            first = !closed;
            closed = true;
            timer = next;
        }
        timer.close();
        if (first) {
            last();
        }
    }

    private void last() {
        try {
            JsonObject note = note(HookNotes.of(hooks), true);
            boolean empty = note.get("hooks") instanceof List<?> rows && rows.isEmpty();
            if (!empty || HookSnapshots.revision(store) > 0) {
                store.commit(HookSnapshots.replacing(note));
            }
        } catch (LlmSpellException failed) {
            LOG.warn("the hooks were not noted in the store: {}", LogText.masked(failed.getMessage()));
        }
    }
}
