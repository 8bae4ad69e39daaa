package io.llmspell.tools;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ConfigException;
import io.llmspell.core.tool.SecurityLevel;
import io.llmspell.core.tool.ToolLimits;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What holds for all tools: the section {@code [tools]}.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param level {@code level}: the level of all callers, which must reach that of a tool
 * @param timeout {@code timeout}: how long a call of a tool may take that does not say so itself; 1 ms to 1 day
 * @param maxOutput {@code max_output}: how many bytes the result of such a tool may have; 1 KiB to 10 MiB
 * @param maxConcurrent {@code max_concurrent}: how many calls of tools run at once, 1 to 10,000; calls within them not
 *     counted
 * @param cache {@code cache}: whether results are kept and given again for the same parameters of the same principal
 * @param cacheTtl {@code cache_ttl}: how long they are kept; 1 ms to 30 days
 * @param cached the tools of which it is said by name, {@code [tools.NAME] cache}; copied
 */
public record ToolSettings(
        SecurityLevel level,
        Duration timeout,
        long maxOutput,
        int maxConcurrent,
        boolean cache,
        Duration cacheTtl,
        Map<String, Boolean> cached) {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration LONGEST_TTL = Duration.ofDays(30);
    private static final int MOST_CONCURRENT = 10_000;
    private static final int CONCURRENT = 16;
    private static final long LEAST_OUTPUT = 1L << 10;

    /** What holds if nothing is said: level restricted, 30 s, 10 MiB, 16 calls at once, no cache, 5 min. */
    public static final ToolSettings DEFAULT = new ToolSettings(
            SecurityLevel.RESTRICTED,
            ToolLimits.DEFAULT.time(),
            ToolLimits.DEFAULT.outputBytes(),
            CONCURRENT,
            false,
            Duration.ofMinutes(5),
            Map.of());

    /**
     * Copies the names.
     *
     * @param level the level of all callers
     * @param timeout how long a call may take
     * @param maxOutput how many bytes a result may have
     * @param maxConcurrent how many calls of tools run at once
     * @param cache whether results are kept
     * @param cacheTtl how long they are kept
     * @param cached the tools of which it is said by name
     */
    public ToolSettings {
        cached = Map.copyOf(cached);
    }

    /**
     * Reads the section {@code [tools]}.
     *
     * @param section the section
     * @return the settings
     * @throws ConfigException {@code invalid_config} if an option is unknown or wrong
     */
    public static ToolSettings from(ConfigSection section) {
        SecurityLevel level = section.choice("level", DEFAULT.level);
        Duration timeout = section.duration("timeout", DEFAULT.timeout, SHORTEST, LONGEST);
        long most = section.bytes("max_output", DEFAULT.maxOutput, LEAST_OUTPUT, DEFAULT.maxOutput);
        int concurrent = (int) section.integer("max_concurrent", CONCURRENT, 1, MOST_CONCURRENT);
        boolean cache = section.flag("cache", false);
        Duration ttl = section.duration("cache_ttl", DEFAULT.cacheTtl, SHORTEST, LONGEST_TTL);
        Map<String, Boolean> cached = new LinkedHashMap<>();
        for (String name : section.names()) {
            if (section.isSection(name)) {
                ConfigSection tool = section.section(name);
                cached.put(name, tool.flag("cache", cache));
                tool.end();
            }
        }
        section.end();
        return new ToolSettings(level, timeout, most, concurrent, cache, ttl, cached);
    }

    /** Whether results of a tool are kept. */
    boolean keeps(String tool) {
        return cached.getOrDefault(tool, cache);
    }

    /** Whether results of any tool are kept. */
    boolean keepsAny() {
        return cache || cached.containsValue(true);
    }

    /** What a tool gets that says nothing else. */
    ToolLimits limits() {
        return ToolLimits.DEFAULT.withTime(timeout).withOutputBytes(maxOutput);
    }
}
