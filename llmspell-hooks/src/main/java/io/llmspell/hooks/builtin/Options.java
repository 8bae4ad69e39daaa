package io.llmspell.hooks.builtin;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ConfigException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/** What reading and showing options has in common. */
final class Options {
    private static final long[] NANOS = {
        86_400_000_000_000L, 3_600_000_000_000L, 60_000_000_000L, 1_000_000_000L, 1_000_000L, 1_000L
    };
    private static final String[] UNITS = {"d", "h", "m", "s", "ms", "us"};

    private Options() {}

    /** Makes settings from a section; what the settings refuse is an error of the configuration. */
    static <C> C checked(ConfigSection section, Supplier<C> settings) {
        try {
            return settings.get();
        } catch (ArgumentException refused) {
            throw new ConfigException(section.path(), refused.text());
        }
    }

    /** The shortest text that a configuration reads as the same duration. */
    static String text(Duration duration) {
        long nanos = duration.toNanos();
        for (int i = 0; nanos != 0 && i < UNITS.length; i++) {
            if (nanos % NANOS[i] == 0) {
                return nanos / NANOS[i] + UNITS[i];
            }
        }
        return nanos == 0 ? "0s" : nanos + "ns";
    }

    /** A word of a configuration. */
    static String id(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
