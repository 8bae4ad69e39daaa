package io.llmspell.state.session;

import io.llmspell.core.error.LimitException;
import io.llmspell.core.identity.CorrelationId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions each run has begun: those that it started, and the one of its own. Everything under the lock;
 * {@code beginners} tells of each session that {@code runs} holds whose it is.
 */
final class RunSessions {
    private static final int MOST = 10_000;

    private final Object lock = new Object();
    private final Map<CorrelationId, Run> runs = new HashMap<>();
    private final Map<String, CorrelationId> beginners = new HashMap<>();

    /** What one run has. */
    private static final class Run {
        private final Deque<String> started = new ArrayDeque<>();
        private @Nullable String own;

        private boolean isEmpty() {
            return started.isEmpty() && own == null;
        }
    }

    /** Refuses one session too many, before it is made. */
    void requireRoom() {
        synchronized (lock) {
            if (beginners.size() >= MOST) {
                throw LimitException.exceeded(
                        "sessions.active", String.valueOf(MOST), "too many sessions go on; finish some of them first");
            }
        }
    }

    void started(CorrelationId run, String session) {
        synchronized (lock) {
            runs.computeIfAbsent(run, key -> new Run()).started.push(session);
            beginners.put(session, run);
        }
    }

    /** Notes the run's own session; gives the one that another thread was faster with, or null. */
    @Nullable String own(CorrelationId run, String session) {
        synchronized (lock) {
            Run present = runs.computeIfAbsent(run, key -> new Run());
            if (present.own != null) {
                return present.own;
            }
            present.own = session;
            beginners.put(session, run);
            return null;
        }
    }

    /** The session that counts, or null. */
    @Nullable String current(CorrelationId run) {
        synchronized (lock) {
            Run present = runs.get(run);
            if (present == null) {
                return null;
            }
            String started = present.started.peek();
            return started != null ? started : present.own;
        }
    }

    /** The session has ended, whoever did it. */
    void ended(String session) {
        synchronized (lock) {
            CorrelationId run = beginners.remove(session);
            Run present = run == null ? null : runs.get(run);
            if (present == null) {
                return;
            }
            if (session.equals(present.own)) {
                present.own = null;
            } else {
                present.started.remove(session);
            }
            if (present.isEmpty()) {
                runs.remove(run);
            }
        }
    }

    /** Forgets a run and gives its own session, or null. */
    @Nullable String forget(CorrelationId run) {
        synchronized (lock) {
            Run present = runs.remove(run);
            if (present == null) {
                return null;
            }
            present.started.forEach(beginners::remove);
            if (present.own != null) {
                beginners.remove(present.own);
            }
            return present.own;
        }
    }
}
