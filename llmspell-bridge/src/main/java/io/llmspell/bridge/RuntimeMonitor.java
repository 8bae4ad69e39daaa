package io.llmspell.bridge;

import io.llmspell.bridge.config.MonitorSettings;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.time.TimeSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures memory and processors at an interval and gives a notice each time that one crosses its limit.
 *
 * <p>The timer only starts a measurement on the executor, one at a time, because hooks run there. {@code settings} may
 * be replaced by any thread; what was measured belongs to the thread of the measurement, handed on by {@code measuring}.
 */
final class RuntimeMonitor implements Handle {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeMonitor.class);

    /** One measured load of the processors. */
    private record Load(long atNanos, double share) {}

    private final TimeSource time;
    private final MonitorProbes probes;
    private final Notices notices;
    private final Component runtime;
    private final Supplier<Caller> callers;
    private final Executor executor;
    private final AtomicBoolean measuring = new AtomicBoolean();
    private final Deque<Load> loads = new ArrayDeque<>();
    private final Object lock = new Object();
    private volatile MonitorSettings settings;
    private Handle timer = Handle.noop();
    private boolean closed;
    private boolean memoryHigh;
    private boolean cpuHigh;

    RuntimeMonitor(
            TimeSource time,
            MonitorSettings settings,
            MonitorProbes probes,
            Notices notices,
            Component runtime,
            Supplier<Caller> callers,
            Executor executor) {
        this.time = time;
        this.settings = settings;
        this.probes = probes;
        this.notices = notices;
        this.runtime = runtime;
        this.callers = callers;
        this.executor = executor;
    }

    /** Begins to measure. */
    RuntimeMonitor start() {
        next();
        return this;
    }

    MonitorSettings settings() {
        return settings;
    }

    /** Measures by other settings from now on. */
    void change(MonitorSettings other) {
        settings = other;
        next();
    }

    private void next() {
        Handle before;
        Handle mine = time.schedule(settings.interval(), this::tick);
        synchronized (lock) {
            before = closed ? mine : timer;
            timer = closed ? timer : mine;
        }
        before.close();
    }

    private void tick() {
        if (measuring.compareAndSet(false, true)) {
            try {
                executor.execute(this::measure);
            } catch (RuntimeException rejected) { // the executor is closing, and so is the runtime
                measuring.set(false);
            }
        }
        next();
    }

    private void measure() {
        try {
            MonitorSettings limits = settings;
            memory(limits);
            cpu(limits);
        } catch (RuntimeException failed) { // a probe that fails now may work the next time
            LOG.warn("the monitor could not measure: {}", LogText.masked(failed.toString()));
        } finally {
            measuring.set(false);
        }
    }

    private void memory(MonitorSettings limits) {
        double share = probes.memory();
        boolean crossed = share > limits.memoryHigh() && !memoryHigh;
        memoryHigh = share > limits.memoryHigh();
        if (crossed) {
            notices.memoryHigh(share, limits.memoryHigh(), runtime, callers.get());
        }
    }

    private void cpu(MonitorSettings limits) {
        double present = probes.cpu();
        long now = time.nanos();
        if (present < 0 || Double.isNaN(present)) {
            return;
        }
        loads.addLast(new Load(now, present));
        long oldest = now - limits.cpuWindow().toNanos();
        boolean whole = loads.getFirst().atNanos() - oldest <= 0;
        while (loads.size() > 1 && loads.getFirst().atNanos() - oldest < 0) {
            loads.removeFirst();
        }
        double share = loads.stream().mapToDouble(Load::share).average().orElse(0);
        boolean high = whole && share > limits.cpuHigh();
        boolean crossed = high && !cpuHigh;
        cpuHigh = high || (cpuHigh && share > limits.cpuHigh());
        if (crossed) {
            notices.cpuHigh(share, limits.cpuHigh(), runtime, callers.get());
        }
    }

    @Override
    public void close() {
        Handle last;
        synchronized (lock) {
            closed = true;
            last = timer;
        }
        last.close();
    }
}
