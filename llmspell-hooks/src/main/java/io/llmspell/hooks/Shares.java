package io.llmspell.hooks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.llmspell.core.concurrent.Lazy;
import org.jspecify.annotations.Nullable;

/**
 * Watches, per component, what share hooks take in the time of its operations, and switches off the costliest observer
 * where it is too much.
 *
 * <p>Of at most 10,000 components; those not used for longest are forgotten. <b>Threads:</b> safe.
 */
final class Shares {
    private static final int MOST_COMPONENTS = 10_000;

    /** Hears of components whose hooks take too large a share, outside all locks. */
    @FunctionalInterface
    interface Listener {
        /**
         * The share of a component's hooks in a window that has just ended was above the target.
         *
         * @param component the component's name
         * @param percent the share
         * @param costliest the costliest hook that fails open, whose breaker was opened; null if there was none
         */
        void exceeded(String component, double percent, @Nullable HookGuard costliest);
    }

    private final HookSettings settings;
    private final Listener listener;
    private final Lazy<Cache<String, Share>> shares = new Lazy<>(() -> Caffeine.newBuilder()
            .maximumSize(MOST_COMPONENTS)
            .executor(Runnable::run)
            .build());

    /**
     * Makes an empty record.
     *
     * @param settings target, window and least amounts
     * @param listener hears of shares above the target
     */
    Shares(HookSettings settings, Listener listener) {
        this.settings = settings;
        this.listener = listener;
    }

    /**
     * The share of one component; to be kept by who uses it often.
     *
     * @param component the component's name
     * @param now the present nanoseconds
     * @return its share
     */
    Share of(String component, long now) {
        return shares.get().get(component, name -> new Share(name, settings, listener, now));
    }

    /**
     * The share in the last window, or so far if the first one has not ended.
     *
     * @param component the component's name
     * @return the time of its hooks as percentage of the time of its operations; 0 for an unknown one
     */
    double percent(String component) {
        Share share = shares.get().getIfPresent(component);
        return share == null ? 0 : share.percent();
    }

    /**
     * Whether the share in the last window was above the target.
     *
     * @param component the component's name
     * @return whether it was
     */
    boolean warning(String component) {
        Share share = shares.get().getIfPresent(component);
        return share != null && share.warning();
    }

    /**
     * Hands what has been gathered so far to the meters of the hooks; to be called before metrics are read.
     *
     * @param now the present nanoseconds
     */
    void collect(long now) {
        shares.get().asMap().values().forEach(share -> share.collect(now));
    }
}
