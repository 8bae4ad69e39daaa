package io.llmspell.core.identity;

/**
 * How long operations ran within a hook, which is their time and not the hook's.
 *
 * <p>Operations that run at once, or within each other, count once. <b>Threads:</b> safe; all fields are guarded by this
 * object.
 */
public final class NestedTime {
    private int running;
    private long since;
    private long total;

    /** Makes one that has counted nothing. */
    public NestedTime() {}

    /**
     * An operation within the hook begins.
     *
     * @param now the present nanoseconds
     */
    public synchronized void begins(long now) {
        if (running++ == 0) {
            since = now;
        }
    }

    /**
     * An operation that began has ended.
     *
     * @param now the present nanoseconds
     */
    public synchronized void ends(long now) {
        if (--running == 0) {
            total += now - since;
        }
    }

    /**
     * How long at least one operation ran.
     *
     * @param now the present nanoseconds; up to here counts one that still runs
     * @return nanoseconds
     */
    public synchronized long nanos(long now) {
        return running > 0 ? total + now - since : total;
    }
}
