package io.llmspell.storage;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import java.time.Duration;

/**
 * How long records of the audit log stay; the section {@code [audit]} of the configuration.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param maxAge {@code max_age}: older records go, 0 for none; at most 100 years
 * @param maxCount {@code max_count}: beyond so many the oldest go, 1 or more
 * @param minCount {@code min_count}: so many of the newest stay, however old, at most {@code maxCount}
 * @param cleanupInterval {@code cleanup_interval}: how often it is looked, 1 s to 30 days
 */
public record AuditRetention(Duration maxAge, long maxCount, long minCount, Duration cleanupInterval) {
    private static final long MOST = 1_000_000_000_000L;
    private static final Duration OLDEST = Duration.ofDays(36_500);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(30);

    /** 90 days, 100,000 records, at least 1,000, once an hour. */
    public static final AuditRetention DEFAULT =
            new AuditRetention(Duration.ofDays(90), 100_000, 1_000, Duration.ofHours(1));

    /**
     * Checks the members.
     *
     * @param maxAge older records go, 0 for none
     * @param maxCount beyond so many the oldest go
     * @param minCount so many of the newest stay
     * @param cleanupInterval how often it is looked
     * @throws ArgumentException {@code invalid_argument} if one is out of range
     */
    public AuditRetention {
        if (maxAge.isNegative() || maxAge.compareTo(OLDEST) > 0) {
            throw new ArgumentException("audit.max_age", maxAge.toString(), "0 to 36500 days");
        }
        if (maxCount < 1 || maxCount > MOST) {
            throw new ArgumentException("audit.max_count", String.valueOf(maxCount), "1 to " + MOST);
        }
        if (minCount < 0 || minCount > maxCount) {
            throw new ArgumentException(
                    "audit.min_count", String.valueOf(minCount), "0 to audit.max_count, which is " + maxCount);
        }
        if (cleanupInterval.compareTo(SHORTEST) < 0 || cleanupInterval.compareTo(LONGEST) > 0) {
            throw new ArgumentException("audit.cleanup_interval", cleanupInterval.toString(), "1 s to 30 days");
        }
    }

    /**
     * Reads the section.
     *
     * @param section options {@code max_age}, {@code max_count}, {@code min_count} and {@code cleanup_interval}; what is
     *     left out has its default; read to the end
     * @return the retention
     * @throws io.llmspell.core.error.ConfigException {@code invalid_config} if an option is unknown or out of range
     */
    public static AuditRetention from(ConfigSection section) {
        long most = section.integer("max_count", DEFAULT.maxCount, 1, MOST);
        AuditRetention read = new AuditRetention(
                section.duration("max_age", DEFAULT.maxAge, Duration.ZERO, OLDEST),
                most,
                section.integer("min_count", Math.min(DEFAULT.minCount, most), 0, most),
                section.duration("cleanup_interval", DEFAULT.cleanupInterval, SHORTEST, LONGEST));
        section.end();
        return read;
    }

    /** Why records go, for the record that says so. */
    String text() {
        String age = maxAge.isZero() ? "of any age" : "not older than " + maxAge.toHours() + " h";
        return "retention: at most " + maxCount + " records " + age + ", at least " + minCount;
    }
}
