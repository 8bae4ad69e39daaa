package io.llmspell.hooks;

import java.util.Locale;

/** Why a breaker opened. */
enum BreakerReason {
    /** Too many failures. */
    FAILURES,
    /** Too many slow calls. */
    SLOW,
    /** It was the costliest hook of a component whose hooks took too large a share. */
    OVERHEAD,
    /** Somebody opened it. */
    MANUAL;

    /** The name as events and records show it. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
