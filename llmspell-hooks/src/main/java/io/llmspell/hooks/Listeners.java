package io.llmspell.hooks;

import io.llmspell.core.concurrent.Handle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners to hook executions; read without lock. */
final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final List<Entry> entries = new CopyOnWriteArrayList<>();

    Handle add(HookListener listener) {
        Entry entry = new Entry(listener);
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    void executed(HookExecution execution) {
        for (Entry entry : entries) {
            try {
                entry.listener.executed(execution);
            } catch (Throwable failure) { // whatever a listener throws must not reach the operation
                LOG.warn(
                        "a listener failed to hear of hook \"{}\"",
                        execution.hook().name(),
                        failure);
            }
        }
    }

    /** One subscription; identity counts, so that a listener may be added twice. */
    private static final class Entry {
        final HookListener listener;

        Entry(HookListener listener) {
            this.listener = listener;
        }
    }
}
