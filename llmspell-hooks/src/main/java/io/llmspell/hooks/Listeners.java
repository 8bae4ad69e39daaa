package io.llmspell.hooks;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.BreakerState;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.redact.LogText;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners: to executions, which cost every hook something, and to news alone; read without lock. */
final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final List<Entry> entries = new CopyOnWriteArrayList<>();
    private final List<Entry> ofExecutions = new CopyOnWriteArrayList<>();

    /** Whether {@code ofExecutions} is empty: each hook asks. */
    private volatile boolean noneOfExecutions = true;

    Handle add(HookListener listener) {
        Entry entry = new Entry(listener);
        entries.add(entry);
        synchronized (ofExecutions) {
            ofExecutions.add(entry);
            noneOfExecutions = false;
        }
        return () -> {
            synchronized (ofExecutions) {
                ofExecutions.remove(entry);
                noneOfExecutions = ofExecutions.isEmpty();
            }
            entries.remove(entry);
        };
    }

    /** Adds one that hears of everything but executions. */
    Handle addForNews(HookListener listener) {
        Entry entry = new Entry(listener);
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    /** Whether nobody hears of executions. */
    boolean isEmpty() {
        return noneOfExecutions;
    }

    void executed(HookExecution execution) {
        tell(ofExecutions, execution.hook().name(), listener -> listener.executed(execution));
    }

    void starts(HookRun run) {
        tell(ofExecutions, run.hook().name(), listener -> listener.starts(run));
    }

    void chainStarts(HookChain chain) {
        tell(ofExecutions, chain.point().name(), listener -> listener.chainStarts(chain));
    }

    void chainEnded(HookChain chain, int results) {
        tell(ofExecutions, chain.point().name(), listener -> listener.chainEnded(chain, results));
    }

    void registered(HookInfo hook, @Nullable Caller by) {
        tell(hook.name(), listener -> listener.registered(hook, by));
    }

    void unregistered(HookInfo hook, @Nullable Caller by) {
        tell(hook.name(), listener -> listener.unregistered(hook, by));
    }

    void breakerChanged(HookInfo hook, BreakerState from, BreakerState to, String reason, Duration openFor) {
        tell(hook.name(), listener -> listener.breakerChanged(hook, from, to, reason, openFor));
    }

    void guardFailed(HookInfo hook, Component component, Caller caller, LlmSpellException problem) {
        tell(hook.name(), listener -> listener.guardFailed(hook, component, caller, problem));
    }

    void refused(HookInfo hook, Component component, Caller caller, LlmSpellException problem) {
        tell(hook.name(), listener -> listener.refused(hook, component, caller, problem));
    }

    void thresholdExceeded(String component, String metric, double value, double threshold) {
        tell(component, listener -> listener.thresholdExceeded(component, metric, value, threshold));
    }

    private void tell(String about, Consumer<HookListener> news) {
        tell(entries, about, news);
    }

    private static void tell(List<Entry> hearing, String about, Consumer<HookListener> news) {
        for (Entry entry : hearing) {
            try {
                news.accept(entry.listener);
            } catch (Throwable failure) { // whatever a listener throws must not reach the operation
                LOG.warn("a listener failed to hear of \"{}\"", about, LogText.maskedError(failure));
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
