package io.llmspell.hooks;

import io.llmspell.core.concurrent.Ticker;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookMetrics;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.IdGenerator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All registered hooks by point.
 *
 * <p>Writers work under {@code lock}: they raise {@code version} to an odd number, change the sorted sets of the points,
 * and raise it again. Readers take no lock: {@link #read} repeats what it read until the version was even and the same
 * before and after, so nobody sees half of a bulk registration. No foreign code runs under the lock.
 */
final class HookTable {
    private static final int FEW = 16;

    private final Object lock = new Object();
    private final Map<HookPoint, Entry> points = new ConcurrentHashMap<>();
    private final IdGenerator ids;
    private final Guards guards;
    private final Listeners listeners;
    private final Ticker time;

    /** Brings figures that are gathered elsewhere up to date; set once, before the first hook. */
    private volatile LongConsumer beforeMetrics = now -> {};

    /** Even at rest; written under {@code lock}. */
    private volatile long version;

    /** Guarded by {@code lock}. */
    private boolean closed;

    HookTable(IdGenerator ids, Guards guards, Listeners listeners, Ticker time) {
        this.ids = ids;
        this.guards = guards;
        this.listeners = listeners;
        this.time = time;
    }

    void beforeMetrics(LongConsumer task) {
        beforeMetrics = task;
    }

    /** Makes what stands between operations and a hook. */
    @FunctionalInterface
    interface Guards {
        HookGuard of(HookInfo hook);
    }

    /** What was read of the table, and its version then. */
    record Read<T>(long version, T value) {}

    /** Reads the table as it was at one moment. */
    <T> Read<T> read(Supplier<T> reader) {
        for (int tries = 0; tries < FEW; tries++) {
            long before = version;
            T value = reader.get();
            if ((before & 1) == 0 && before == version) {
                return new Read<>(before, value);
            }
            Thread.onSpinWait(); // a writer changes some sets in memory, which takes microseconds
        }
        synchronized (lock) { // unless it lost its processor meanwhile
            return new Read<>(version, reader.get());
        }
    }

    /** One change of the version; under the lock. */
    private void step() {
        long next = version + 1;
        version = next;
    }

    /** A number that changes with every registration; what was made of another version is stale. */
    long version() {
        return version;
    }

    /** The hooks of a point in running order, disabled ones included. */
    List<Registration> at(HookPoint point) {
        Entry entry = points.get(point);
        return entry == null ? List.of() : List.copyOf(entry.ordered);
    }

    /** The figures of hooks together. */
    HookMetrics metrics(List<Registration> hooks) {
        long now = time.nanos();
        beforeMetrics.accept(now);
        return HookGuard.metrics(hooks.stream().map(Registration::guard).toList(), now);
    }

    /** The figures of several groups of hooks, with one look at the shares. */
    Map<String, HookMetrics> metrics(Map<String, List<Registration>> groups) {
        long now = time.nanos();
        beforeMetrics.accept(now);
        Map<String, HookMetrics> figures = new LinkedHashMap<>();
        groups.forEach((name, hooks) -> figures.put(
                name, HookGuard.metrics(hooks.stream().map(Registration::guard).toList(), now)));
        return figures;
    }

    /** The points that have hooks. */
    List<HookPoint> points() {
        return List.copyOf(points.keySet());
    }

    Registration add(Band band, HookPoint point, HookOptions options, HookCode code, @Nullable Caller by) {
        return addAll(band, List.of(new Wanted(point, options, code)), by).get(0);
    }

    /**
     * What is to be registered.
     *
     * @param point where
     * @param options how
     * @param code what runs
     */
    record Wanted(HookPoint point, HookOptions options, HookCode code) {}

    /** Registers all or none. */
    List<Registration> addAll(Band band, List<Wanted> wanted, @Nullable Caller by) {
        List<Registration> added =
                wanted.stream().map(each -> registration(band, each, by)).toList();
        synchronized (lock) {
            if (closed && !added.isEmpty()) {
                HookInfo info = added.get(0).info();
                throw new InvalidStateException("hook \"" + info.name() + "\" cannot be registered at " + info.point()
                        + ": the hooks are closed");
            }
            insertAll(added);
        }
        added.forEach(each -> listeners.registered(each.info(), by));
        return added;
    }

    private Registration registration(Band band, Wanted wanted, @Nullable Caller by) {
        String id = ids.next().toString();
        HookOptions options = wanted.options;
        HookInfo info = new HookInfo(id, wanted.point, options, options.enabled(), band.system());
        return new Registration(this, band, wanted.code, info, guards.of(info), by);
    }

    private void insertAll(List<Registration> added) {
        step(); // odd: what is read now may be half of it
        List<Registration> done = new ArrayList<>(added.size());
        try {
            for (Registration each : added) {
                HookInfo info = each.info();
                Entry entry = points.computeIfAbsent(info.point(), ignored -> new Entry());
                Registration present = entry.byName.putIfAbsent(info.name(), each);
                if (present != null) {
                    throw exists(present);
                }
                entry.ordered.add(each);
                done.add(each);
            }
        } catch (HookException taken) {
            done.forEach(this::delete);
            throw taken;
        } finally {
            step();
        }
    }

    private boolean delete(Registration hook) {
        Entry entry = points.get(hook.info().point());
        if (entry == null || !entry.byName.remove(hook.info().name(), hook)) {
            return false;
        }
        entry.ordered.remove(hook);
        if (entry.byName.isEmpty()) {
            points.remove(hook.info().point());
        }
        return true;
    }

    private static HookException exists(Registration present) {
        HookInfo info = present.info();
        return new HookException(
                ErrorCode.HOOK_EXISTS,
                "a hook named \"" + info.name() + "\" exists at " + info.point()
                        + " already; choose another name or unregister that one first",
                Map.of("hook", info.name(), "point", info.point().name()),
                null);
    }

    boolean remove(Registration hook) {
        return removeAll(List.of(hook)) == 1;
    }

    /** Unregisters hooks; gives how many of them were registered. */
    int removeAll(List<Registration> hooks) {
        List<Registration> gone;
        synchronized (lock) {
            step();
            gone = hooks.stream().filter(this::delete).toList();
            step();
        }
        gone.forEach(each -> listeners.unregistered(each.info(), each.by()));
        return gone.size();
    }

    boolean enable(Registration hook, boolean on) {
        synchronized (lock) {
            HookInfo info = hook.info();
            Entry entry = points.get(info.point());
            if (entry == null || entry.byName.get(info.name()) != hook) {
                throw new InvalidStateException("hook already unregistered: \"" + info.name() + "\" at " + info.point()
                        + "; register it again");
            }
            if (info.enabled() != on) {
                hook.describe(new HookInfo(info.id(), info.point(), info.options(), on, info.system()));
                step();
                step();
            }
            return info.enabled();
        }
    }

    /** Disables a hook that failed, unless it is gone already. */
    void quarantine(Registration hook) {
        synchronized (lock) {
            Entry entry = points.get(hook.info().point());
            if (entry != null && entry.byName.get(hook.info().name()) == hook) {
                enable(hook, false);
            }
        }
    }

    /** Refuses registrations from now on; the hooks stay, so that no guard goes before the last operation. */
    void close() {
        synchronized (lock) {
            closed = true;
        }
    }

    /** The hooks of one point. */
    private static final class Entry {
        /** Guarded by the table's lock. */
        final Map<String, Registration> byName = new HashMap<>();

        /** Written under the table's lock, read without. */
        final Set<Registration> ordered = new ConcurrentSkipListSet<>(Registration.ORDER);
    }
}
