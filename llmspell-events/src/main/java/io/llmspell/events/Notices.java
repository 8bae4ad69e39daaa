package io.llmspell.events;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.LogText;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events that the bus publishes about itself, on threads of its own.
 *
 * <p><b>Threads:</b> safe. {@link #add} may be called under the order lock, {@link #wake} may not.
 */
final class Notices implements Drain.Work {
    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);
    private static final int MOST = 1024;

    /**
     * One event about the bus.
     *
     * @param type its type
     * @param payload what it says
     * @param caller in whose run
     */
    record Notice(String type, JsonObject payload, Caller caller) {}

    private final LinkedBlockingQueue<Notice> waiting = new LinkedBlockingQueue<>(MOST);
    private final LongAdder lost = new LongAdder();
    private final Drain drain;
    private volatile @Nullable Consumer<Notice> publisher;

    Notices(Executor threads) {
        this.drain = new Drain(this, threads);
    }

    /** Before any event is published. */
    void connect(Consumer<Notice> bus) {
        publisher = bus;
    }

    void add(Notice notice) {
        if (!waiting.offer(notice)) {
            lost.increment();
        }
    }

    /** Outside all locks, after {@link #add}. */
    void wake() {
        if (!waiting.isEmpty()) {
            drain.wake();
        }
    }

    @Override
    public boolean ready() {
        return !waiting.isEmpty();
    }

    @Override
    public void step() {
        Notice notice = waiting.poll();
        Consumer<Notice> bus = publisher;
        if (notice == null || bus == null) {
            return;
        }
        try {
            bus.accept(notice);
        } catch (RuntimeException refused) {
            LOG.debug("{} was not published: {}", notice.type(), LogText.masked(refused.getMessage()));
        }
    }

    @Override
    public void rested() {
        long missing = lost.sumThenReset();
        if (missing > 0) {
            LOG.warn("{} events about the bus itself were not published, because they came too fast", missing);
        }
    }
}
