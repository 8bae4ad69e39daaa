package io.llmspell.hooks;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.identity.IdGenerator;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All registered hooks by point.
 *
 * <p>Writers work under {@code lock}: they publish a new array for the point, then raise {@code version}. Readers take
 * no lock: they read the version first and the arrays after it, so what they built from the arrays is never older than
 * its version says. No foreign code runs under the lock.
 */
final class HookTable {
    private final Object lock = new Object();
    private final Map<HookPoint, Entry> points = new ConcurrentHashMap<>();
    private final IdGenerator ids;
    private volatile long version;

    /** Guarded by {@code lock}. */
    private boolean closed;

    HookTable(IdGenerator ids) {
        this.ids = ids;
    }

    /** A number that changes with every registration; plans of another version are stale. */
    long version() {
        return version;
    }

    /** The hooks of a point in running order, disabled ones included. */
    List<Registration> at(HookPoint point) {
        Entry entry = points.get(point);
        return entry == null ? List.of() : entry.ordered;
    }

    /** The points that have hooks. */
    List<HookPoint> points() {
        return List.copyOf(points.keySet());
    }

    Registration add(Band band, HookPoint point, HookOptions options, HookCode code) {
        String id = ids.next().toString();
        Registration added =
                new Registration(this, band, code, new HookInfo(id, point, options, options.enabled(), band.system()));
        synchronized (lock) {
            if (closed) {
                throw new InvalidStateException(
                        "hook \"" + options.name() + "\" cannot be registered at " + point + ": the hooks are closed");
            }
            Entry entry = points.computeIfAbsent(point, ignored -> new Entry());
            Registration present = entry.byName.putIfAbsent(options.name(), added);
            if (present != null) {
                throw exists(present);
            }
            entry.insert(added);
            version++;
        }
        return added;
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
        synchronized (lock) {
            Entry entry = points.get(hook.info().point());
            if (entry == null || !entry.byName.remove(hook.info().name(), hook)) {
                return false;
            }
            entry.delete(hook);
            if (entry.byName.isEmpty()) {
                points.remove(hook.info().point());
            }
            version++;
            return true;
        }
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
                version++;
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

        /** Replaced as a whole, read without lock. */
        volatile List<Registration> ordered = List.of();

        void insert(Registration added) {
            Registration[] old = ordered.toArray(new Registration[0]);
            int place = -Arrays.binarySearch(old, added, Registration.ORDER) - 1;
            Registration[] changed = new Registration[old.length + 1];
            System.arraycopy(old, 0, changed, 0, place);
            changed[place] = added;
            System.arraycopy(old, place, changed, place + 1, old.length - place);
            ordered = List.of(changed);
        }

        void delete(Registration gone) {
            ordered = ordered.stream().filter(hook -> hook != gone).toList();
        }
    }
}
