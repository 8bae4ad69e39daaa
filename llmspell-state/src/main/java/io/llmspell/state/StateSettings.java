package io.llmspell.state;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ConfigException;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.text.Nearest;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How values are classed and bounded: the section {@code [state]}.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param defaultClass {@code default_class}: the class of values whose key implies no other
 * @param autoInfer {@code auto_infer}: whether keys such as {@code cache:page} and {@code api_key} imply a class
 * @param keyPatterns {@code key_patterns}: the class by a pattern of the key, the first that matches, before what keys
 *     imply; {@code *} stands for any characters, {@code ?} for one; copied
 * @param maxValueBytes {@code max_value_bytes}: how large a value may be as compact JSON, 1 KiB to 1 MiB
 * @param cacheSize {@code cache_size}: how many values of up to 4 KiB the cache holds, 1 to 10,000,000
 * @param ephemeralLimit {@code ephemeral_limit}: how many ephemeral values are kept, 1 to 10,000,000
 * @param compressionThreshold {@code compression_threshold}: from how many bytes on a record of an agent is compressed,
 *     256 bytes to 64 MiB; single values are not, since the tables of the store are
 */
public record StateSettings(
        StateClass defaultClass,
        boolean autoInfer,
        Map<String, StateClass> keyPatterns,
        long maxValueBytes,
        int cacheSize,
        int ephemeralLimit,
        int compressionThreshold) {
    static final int LARGEST_SIZE = 10_000_000;
    private static final int DEFAULT_SIZE = 10_000;
    private static final long LEAST_BYTES = 1L << 10;
    private static final long MOST_BYTES = JsonLimits.VALUE.bytes();
    private static final int MOST_PATTERNS = 1_000;
    private static final int DEFAULT_THRESHOLD = 1 << 10;
    private static final int LEAST_THRESHOLD = 256;
    private static final int MOST_THRESHOLD = 64 << 20;

    /** What holds if nothing is said: class standard, keys imply classes, 1 MiB, 10,000 values in cache and memory, 1 KiB. */
    public static final StateSettings DEFAULT = new StateSettings(
            StateClass.STANDARD, true, Map.of(), MOST_BYTES, DEFAULT_SIZE, DEFAULT_SIZE, DEFAULT_THRESHOLD);

    /**
     * Checks the bounds and copies the patterns in their order.
     *
     * @param defaultClass the class of values whose key implies no other; not trusted
     * @param autoInfer whether keys imply a class
     * @param keyPatterns the class by a pattern of the key, at most 1,000
     * @param maxValueBytes how large a value may be
     * @param cacheSize how many values the cache holds
     * @param ephemeralLimit how many ephemeral values are kept
     * @param compressionThreshold from how many bytes on a record of an agent is compressed
     * @throws ArgumentException {@code invalid_argument} if one is out of range
     */
    public StateSettings {
        if (defaultClass == StateClass.TRUSTED) {
            throw new ArgumentException("default class", "trusted", "standard, sensitive, external or ephemeral");
        }
        check("maxValueBytes", maxValueBytes, LEAST_BYTES, MOST_BYTES);
        check("cacheSize", cacheSize, 1, LARGEST_SIZE);
        check("ephemeralLimit", ephemeralLimit, 1, LARGEST_SIZE);
        check("compressionThreshold", compressionThreshold, LEAST_THRESHOLD, MOST_THRESHOLD);
        check("keyPatterns", keyPatterns.size(), 0, MOST_PATTERNS);
        keyPatterns = Collections.unmodifiableMap(new LinkedHashMap<>(keyPatterns));
    }

    private static void check(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new ArgumentException(name, String.valueOf(value), "between " + least + " and " + most);
        }
    }

    /**
     * Reads the section {@code [state]}.
     *
     * @param section the section
     * @return the settings
     * @throws ConfigException {@code invalid_config} if an option is unknown or wrong
     */
    public static StateSettings from(ConfigSection section) {
        return from(section, Set.of());
    }

    /**
     * Reads the section {@code [state]} where it has options of others too.
     *
     * @param section the section
     * @param others the names of options that others read
     * @return the settings
     * @throws ConfigException {@code invalid_config} if an option is unknown or wrong
     */
    public static StateSettings from(ConfigSection section, Set<String> others) {
        others.forEach(section::has);
        StateClass usual = section.choice("default_class", StateClass.STANDARD);
        if (usual == StateClass.TRUSTED) {
            throw section.wrong("default_class", "standard, sensitive, external or ephemeral");
        }
        StateSettings read = new StateSettings(
                usual,
                section.flag("auto_infer", true),
                patterns(section.section("key_patterns")),
                section.bytes("max_value_bytes", MOST_BYTES, LEAST_BYTES, MOST_BYTES),
                (int) section.integer("cache_size", DEFAULT_SIZE, 1, LARGEST_SIZE),
                (int) section.integer("ephemeral_limit", DEFAULT_SIZE, 1, LARGEST_SIZE),
                (int) section.bytes("compression_threshold", DEFAULT_THRESHOLD, LEAST_THRESHOLD, MOST_THRESHOLD));
        section.end();
        return read;
    }

    private static Map<String, StateClass> patterns(ConfigSection section) {
        Map<String, StateClass> patterns = new LinkedHashMap<>();
        for (String pattern : section.names()) {
            patterns.put(pattern, stateClass(section, pattern));
        }
        if (patterns.size() > MOST_PATTERNS) {
            throw new ConfigException(section.path(), "has " + patterns.size() + " patterns, at most " + MOST_PATTERNS);
        }
        return patterns;
    }

    private static StateClass stateClass(ConfigSection section, String pattern) {
        Object name = section.raw(pattern);
        for (StateClass each : StateClass.values()) {
            if (each.id().equals(name)) {
                return each;
            }
        }
        List<String> ids =
                Arrays.stream(StateClass.values()).map(StateClass::id).toList();
        throw section.wrong(pattern, "one of " + String.join(", ", ids) + hint(name, ids));
    }

    private static String hint(@Nullable Object name, List<String> ids) {
        String hint = name instanceof String text ? Nearest.hint(text, ids) : "";
        return hint.isEmpty() ? "" : "; " + hint;
    }

    /**
     * How large a value may be.
     *
     * @return the limits of a value with the configured size
     */
    JsonLimits limits() {
        return new JsonLimits(JsonLimits.VALUE.depth(), JsonLimits.VALUE.nodes(), maxValueBytes);
    }
}
