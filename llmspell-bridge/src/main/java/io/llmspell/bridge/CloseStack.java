package io.llmspell.bridge;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.redact.LogText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what was opened, last first; script engines before everything else. Nothing is closed under the lock.
 */
final class CloseStack implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CloseStack.class);

    private final Object lock = new Object();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Set<Handle> scripts = new LinkedHashSet<>();
    private boolean scriptsClosed;

    <T extends AutoCloseable> T add(T part) {
        synchronized (lock) {
            parts.push(part);
        }
        return part;
    }

    Handle own(Handle script) {
        boolean tooLate;
        synchronized (lock) {
            tooLate = scriptsClosed;
            if (!tooLate) {
                scripts.add(script);
            }
        }
        if (tooLate) {
            script.close();
        }
        return () -> {
            synchronized (lock) {
                scripts.remove(script);
            }
        };
    }

    boolean isClosed() {
        synchronized (lock) {
            return scriptsClosed;
        }
    }

    /** Ends all scripts; false if that was done before. */
    boolean closeScripts() {
        List<Handle> open;
        synchronized (lock) {
            if (scriptsClosed) {
                return false;
            }
            scriptsClosed = true;
            open = new ArrayList<>(scripts);
            scripts.clear();
        }
        for (int i = open.size() - 1; i >= 0; i--) {
            closeQuietly(open.get(i));
        }
        return true;
    }

    @Override
    public void close() {
        closeScripts();
        for (AutoCloseable part = next(); part != null; part = next()) {
            closeQuietly(part);
        }
    }

    /** One part that fails must not keep the others open. */
    private static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception failed) {
            LOG.warn(
                    "a part of the runtime could not be closed: {}",
                    part.getClass().getSimpleName(),
                    LogText.maskedError(failed));
        }
    }

    private @Nullable AutoCloseable next() {
        synchronized (lock) {
            return parts.poll();
        }
    }
}
