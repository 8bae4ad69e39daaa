package io.llmspell.core.config;

import io.llmspell.core.error.ConfigException;
import io.llmspell.core.text.Nearest;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A section of the configuration: options by name, read with their types, bounds and defaults.
 *
 * <p>Each reading method notes the name it was asked for; {@link #end} then refuses options that nobody asked for. All
 * methods that read throw {@link ConfigException} {@code invalid_config}, naming the option, where it stands, its value
 * and what would be right. <b>Threads:</b> for one thread.
 */
public final class ConfigSection {
    private final String path;
    private final Map<String, @Nullable Object> values;
    private final UnaryOperator<String> place;
    private final Set<String> known = new TreeSet<>();

    private ConfigSection(String path, Map<String, @Nullable Object> values, UnaryOperator<String> place) {
        this.path = path;
        this.values = values;
        this.place = place;
    }

    /**
     * A section from values that stand in no file.
     *
     * @param path its name in messages, such as {@code hooks.caching}
     * @param values the options; JSON values, sections are maps
     * @return the section
     */
    public static ConfigSection of(String path, Map<String, @Nullable Object> values) {
        return of(path, values, option -> option);
    }

    /**
     * A section from values whose places are known.
     *
     * @param path its name, such as {@code hooks.caching}; empty for the whole configuration
     * @param values the options; JSON values, sections are maps
     * @param place gives the words that name an option in messages, such as {@code llmspell.toml:12: hooks.deadline},
     *     from its full name
     * @return the section
     */
    public static ConfigSection of(String path, Map<String, @Nullable Object> values, UnaryOperator<String> place) {
        return new ConfigSection(path, new LinkedHashMap<>(values), place);
    }

    /**
     * The name of the section.
     *
     * @return such as {@code hooks.caching}
     */
    public String path() {
        return path;
    }

    /**
     * The names of all options and sections that are set.
     *
     * @return the names in their order
     */
    public Set<String> names() {
        return values.keySet();
    }

    /**
     * Whether what is set under a name is a section; it is not read by that.
     *
     * @param name the option or section
     * @return true if it is a section
     */
    public boolean isSection(String name) {
        return values.get(name) instanceof Map<?, ?>;
    }

    /**
     * Whether an option is set.
     *
     * @param name the option
     * @return true if it has a value
     */
    public boolean has(String name) {
        known.add(name);
        return values.get(name) != null;
    }

    /**
     * The value as it is.
     *
     * @param name the option
     * @return a JSON value, null if it is not set
     */
    public @Nullable Object raw(String name) {
        known.add(name);
        return values.get(name);
    }

    /**
     * A text.
     *
     * @param name the option
     * @param fallback the default
     * @return the value or the default
     */
    public String text(String name, String fallback) {
        String text = optionalText(name);
        return text == null ? fallback : text;
    }

    /**
     * A text that may be absent.
     *
     * @param name the option
     * @return the value, null if it is not set
     */
    public @Nullable String optionalText(String name) {
        Object value = raw(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw wrong(name, "a text");
    }

    /**
     * A truth value.
     *
     * @param name the option
     * @param fallback the default
     * @return the value or the default
     */
    public boolean flag(String name, boolean fallback) {
        Object value = raw(name);
        if (value == null) {
            return fallback;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, "true or false");
    }

    /**
     * An integer.
     *
     * @param name the option
     * @param fallback the default
     * @param least the smallest value allowed
     * @param most the largest value allowed
     * @return the value or the default
     */
    public long integer(String name, long fallback, long least, long most) {
        BigDecimal value = number(name);
        if (value == null) {
            return fallback;
        }
        boolean whole = value.stripTrailingZeros().scale() <= 0;
        if (!whole || value.compareTo(BigDecimal.valueOf(least)) < 0 || value.compareTo(BigDecimal.valueOf(most)) > 0) {
            throw wrong(name, "an integer from " + least + " to " + most);
        }
        return value.longValueExact();
    }

    /**
     * A decimal number.
     *
     * @param name the option
     * @param fallback the default
     * @param least the smallest value allowed
     * @param most the largest value allowed
     * @return the exact value or the default
     */
    public BigDecimal decimal(String name, BigDecimal fallback, BigDecimal least, BigDecimal most) {
        BigDecimal value = number(name);
        if (value == null) {
            return fallback;
        }
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw wrong(name, "a number from " + least.toPlainString() + " to " + most.toPlainString());
        }
        return value;
    }

    /**
     * A number.
     *
     * @param name the option
     * @param fallback the default
     * @param least the smallest value allowed
     * @param most the largest value allowed
     * @return the value or the default
     */
    public double number(String name, double fallback, double least, double most) {
        if (raw(name) == null) {
            return fallback; // before BigDecimal, whose tables cost JDK 25 some 15 ms of each start
        }
        return decimal(name, BigDecimal.ZERO, BigDecimal.valueOf(least), BigDecimal.valueOf(most))
                .doubleValue();
    }

    private @Nullable BigDecimal number(String name) {
        Object value = raw(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Number number
                && !Double.isNaN(number.doubleValue())
                && !Double.isInfinite(number.doubleValue())) {
            return new BigDecimal(number.toString());
        }
        throw wrong(name, "a number");
    }

    /**
     * A duration, written as a number and one of {@code ns us ms s m h d}.
     *
     * @param name the option
     * @param fallback the default
     * @param least the shortest allowed
     * @param most the longest allowed
     * @return the value or the default
     */
    public Duration duration(String name, Duration fallback, Duration least, Duration most) {
        Object value = raw(name);
        if (value == null) {
            return fallback;
        }
        Duration read = value instanceof String text ? Quantities.duration(text).orElse(null) : null;
        if (read == null || read.compareTo(least) < 0 || read.compareTo(most) > 0) {
            throw wrong(
                    name,
                    "a duration from " + Quantities.text(least) + " to " + Quantities.text(most)
                            + ", such as \"250ms\", \"5s\", \"10m\", \"1h\" or \"7d\"");
        }
        return read;
    }

    /**
     * A size in bytes, written as a number or as a number and one of {@code B KiB MiB GiB TiB}.
     *
     * @param name the option
     * @param fallback the default
     * @param least the smallest allowed
     * @param most the largest allowed
     * @return the value or the default
     */
    public long bytes(String name, long fallback, long least, long most) {
        Object value = raw(name);
        if (value == null) {
            return fallback;
        }
        long read = value instanceof String text
                ? Quantities.bytes(text).orElse(-1L)
                : integer(name, -1, 0, Long.MAX_VALUE);
        if (read < least || read > most) {
            throw wrong(name, "a size from " + least + " to " + most + " bytes, such as 1024 or \"64KiB\"");
        }
        return read;
    }

    /**
     * One of the values of an enum, written in lower case.
     *
     * @param name the option
     * @param fallback the default
     * @param <E> the enum
     * @return the value or the default
     */
    public <E extends Enum<E>> E choice(String name, E fallback) {
        Object value = raw(name);
        if (value == null) {
            return fallback;
        }
        E[] all = fallback.getDeclaringClass().getEnumConstants();
        for (E each : all) {
            if (each.name().toLowerCase(Locale.ROOT).equals(value)) {
                return each;
            }
        }
        List<String> words = Arrays.stream(all)
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .toList();
        throw wrong(name, "one of " + String.join(", ", words));
    }

    /**
     * A list of texts.
     *
     * @param name the option
     * @param fallback the default
     * @return the value or the default, unmodifiable
     */
    public List<String> texts(String name, List<String> fallback) {
        Object value = raw(name);
        if (value == null) {
            return List.copyOf(fallback);
        }
        List<String> texts = new ArrayList<>();
        for (Object each : value instanceof List<?> list ? list : List.of(value)) {
            if (!(each instanceof String text)) {
                throw wrong(name, "a list of texts");
            }
            texts.add(text);
        }
        return List.copyOf(texts);
    }

    /**
     * A section inside this one; its own {@code end} is called by whoever reads it.
     *
     * @param name the section
     * @return the section, empty if it is not set
     */
    public ConfigSection section(String name) {
        return inner(name, raw(name));
    }

    /**
     * A list of sections, written as a list of tables.
     *
     * @param name the option
     * @return the sections in their order, empty if it is not set
     */
    public List<ConfigSection> sections(String name) {
        Object value = raw(name);
        List<ConfigSection> all = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                all.add(inner(name + "[" + i + "]", list.get(i)));
            }
        } else if (value != null) {
            throw wrong(name, "a list of tables");
        }
        return all;
    }

    @SuppressWarnings("unchecked") // JSON objects have text keys
    private ConfigSection inner(String name, @Nullable Object value) {
        if (value == null || value instanceof Map<?, ?>) {
            Map<String, @Nullable Object> inside = value == null ? Map.of() : (Map<String, @Nullable Object>) value;
            return of(full(name), inside, place);
        }
        throw new ConfigException(place.apply(full(name)), "is " + shown(value) + ", but must be a table of options");
    }

    /**
     * Refuses options that nobody asked for.
     *
     * @throws ConfigException {@code invalid_config} naming the first one and the nearest known names
     */
    public void end() {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                String hint = Nearest.hint(name, known);
                throw new ConfigException(
                        place.apply(full(name)),
                        "no such option" + (hint.isEmpty() ? "; known are " + String.join(", ", known) : ", " + hint));
            }
        }
    }

    /**
     * An error for an option with a wrong value.
     *
     * @param name the option
     * @param wanted what would be right
     * @return the error, code {@code invalid_config}
     */
    public ConfigException wrong(String name, String wanted) {
        return new ConfigException(
                place.apply(full(name)), "is " + shown(values.get(name)) + ", but must be " + wanted);
    }

    /**
     * An error for an option with a wrong value that may be a secret by mistake, so that it is not repeated.
     *
     * @param name the option
     * @param wanted what would be right
     * @return the error, code {@code invalid_config}
     */
    public ConfigException wrongSecret(String name, String wanted) {
        return new ConfigException(place.apply(full(name)), "must be " + wanted);
    }

    private String full(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String shown(@Nullable Object value) {
        String text = String.valueOf(value);
        String cut = text.length() <= 80 ? text : text.substring(0, 77) + "...";
        return value instanceof String ? "\"" + cut + "\"" : cut;
    }
}
