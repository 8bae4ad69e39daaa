package io.llmspell.hooks;

import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookMetrics;
import io.llmspell.core.identity.Caller;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One registered hook and the handle to it.
 *
 * <p>Whether it is enabled and registered is written under the table's lock and read without; a change counts from the
 * next operation, because the table makes plans stale after it.
 */
final class Registration implements HookHandle {
    /** Band, priority, name; names are unique at a point, so the order is total. */
    static final Comparator<Registration> ORDER = Comparator.comparing(Registration::band)
            .thenComparingInt(hook -> hook.info.options().priority())
            .thenComparing(hook -> hook.info.name());

    private final HookTable table;
    private final Band band;
    private final HookCode code;
    private final HookGuard guard;
    private final @Nullable Caller by;

    /** Guarded by the table's lock for writing. */
    private volatile HookInfo info;

    Registration(HookTable table, Band band, HookCode code, HookInfo info, HookGuard guard, @Nullable Caller by) {
        this.table = table;
        this.band = band;
        this.code = code;
        this.info = info;
        this.guard = guard;
        this.by = by;
    }

    /** Who registered it, null for the host program outside any run. */
    @Nullable Caller by() {
        return by;
    }

    HookGuard guard() {
        return guard;
    }

    Band band() {
        return band;
    }

    HookCode code() {
        return code;
    }

    @Override
    public HookInfo info() {
        return info;
    }

    /** Called by the table, under its lock. */
    void describe(HookInfo changed) {
        this.info = changed;
    }

    @Override
    public boolean enabled(boolean on) {
        return table.enable(this, on);
    }

    @Override
    public HookMetrics metrics() {
        return table.metrics(List.of(this));
    }

    @Override
    public boolean unregister() {
        return table.remove(this);
    }

    @Override
    public String toString() {
        return info.id();
    }
}
