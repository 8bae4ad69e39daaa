package io.llmspell.hooks.builtin;

import io.llmspell.core.meter.Meters;
import org.jspecify.annotations.Nullable;

/** Finds the metrics system that the user's program has; names no class of it, so that it works without. */
final class UserMeters {
    private static final String MICROMETER = "io.micrometer.core.instrument.MeterRegistry";

    private UserMeters() {}

    /** Meters that feed Micrometer's global registry, or null if Micrometer is not on the class path. */
    static @Nullable Meters find() {
        try {
            Class.forName(MICROMETER, false, UserMeters.class.getClassLoader());
        } catch (ClassNotFoundException absent) {
            return null;
        }
        return MicrometerMeters.global();
    }
}
