package io.llmspell.core.json;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.internal.json.DoubleText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks and compares JSON values: {@code null}, {@code Boolean}, {@code String}, {@code Long}, {@code Double},
 * {@code BigInteger}, {@code BigDecimal}, {@link JsonArray} and {@link JsonObject}.
 *
 * <p>What has been checked is trusted by its class; checking it again costs nothing. <b>Threads:</b> safe.
 */
public final class JsonValues {
    private JsonValues() {}

    /**
     * Checks a raw value and gives its immutable form.
     *
     * <p>Smaller integer types become {@code Long}, {@code Float} becomes {@code Double}, a {@code BigInteger} that
     * fits becomes {@code Long}; maps and iterables are copied. The limits are checked on the way, so a value that is
     * too large is never copied whole.
     *
     * @param raw the value
     * @param limits how large it may be
     * @return the checked value
     * @throws JsonValueException {@code value_not_convertible} (cycle, NaN, infinity, lone surrogate, foreign type,
     *     key that is no text) or {@code value_too_large}, naming the path
     */
    public static @Nullable Object checked(@Nullable Object raw, JsonLimits limits) {
        return trusted(raw, limits) ? raw : new JsonChecker(limits).check(raw);
    }

    private static boolean trusted(@Nullable Object raw, JsonLimits limits) {
        return (raw instanceof CheckedObject object && object.measure().within(limits))
                || (raw instanceof CheckedArray array && array.measure().within(limits));
    }

    /**
     * Checks a raw map.
     *
     * @param raw the map
     * @param limits how large it may be
     * @return the checked object
     * @throws JsonValueException as {@link #checked}
     */
    public static JsonObject object(Map<?, ?> raw, JsonLimits limits) {
        return (JsonObject) java.util.Objects.requireNonNull(checked(raw, limits));
    }

    /**
     * Checks a raw list.
     *
     * @param raw the list
     * @param limits how large it may be
     * @return the checked array
     * @throws JsonValueException as {@link #checked}
     */
    public static JsonArray array(List<?> raw, JsonLimits limits) {
        return (JsonArray) java.util.Objects.requireNonNull(checked(raw, limits));
    }

    /**
     * The size of a value as compact JSON text in UTF-8.
     *
     * @param value a JSON value
     * @return bytes
     * @throws JsonValueException as {@link #checked}, under {@link JsonLimits#TOOL}
     */
    public static long bytes(@Nullable Object value) {
        return bytes(value, JsonLimits.TOOL);
    }

    /**
     * The size of a value as compact JSON text in UTF-8.
     *
     * @param value a JSON value
     * @param limits how large it may be
     * @return bytes
     * @throws JsonValueException as {@link #checked}
     */
    public static long bytes(@Nullable Object value, JsonLimits limits) {
        if (value instanceof CheckedObject object && object.measure().within(limits)) {
            return object.measure().bytes();
        }
        if (value instanceof CheckedArray array && array.measure().within(limits)) {
            return array.measure().bytes();
        }
        JsonChecker checker = new JsonChecker(limits);
        checker.check(value);
        return checker.bytes();
    }

    /**
     * The whole number that a value is: an integer, or a float without a fraction, as a division in a script gives one.
     *
     * @param value any value of JSON; null for null
     * @return the number, or null if the value is none, has a fraction or is beyond 2^53 as a float
     */
    public static @Nullable Long whole(@Nullable Object value) {
        if (value instanceof Double number) {
            return number == Math.rint(number) && Math.abs(number) <= 0x1p53 ? Long.valueOf(number.longValue()) : null;
        }
        return value instanceof Long number ? number : null;
    }

    /**
     * Whether two JSON values are the same: numbers by the value that their JSON text has, so {@code 1}, {@code 1.0} and
     * {@code 1.00} are the same and so are the {@code Double} and the {@code BigDecimal} that print as {@code 0.1};
     * objects without regard to order.
     *
     * @param a one value
     * @param b the other
     * @return true if they are the same
     */
    public static boolean same(@Nullable Object a, @Nullable Object b) {
        if (a == b) {
            return true;
        }
        if (a == null || b == null) {
            return false;
        }
        if (a instanceof Number x && b instanceof Number y) {
            return sameNumber(x, y);
        }
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            return sameMembers(x, y);
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            return sameElements(x, y);
        }
        return a.equals(b);
    }

    private static boolean sameNumber(Number a, Number b) {
        if (a.getClass() == b.getClass() && !(a instanceof BigDecimal)) {
            return a.equals(b) || (a instanceof Double && a.doubleValue() == b.doubleValue());
        }
        return decimal(a).compareTo(decimal(b)) == 0;
    }

    private static BigDecimal decimal(Number number) {
        if (number instanceof BigDecimal exact) {
            return exact;
        }
        if (number instanceof BigInteger whole) {
            return new BigDecimal(whole);
        }
        return number instanceof Double || number instanceof Float
                ? new BigDecimal(DoubleText.of(number.doubleValue()))
                : BigDecimal.valueOf(number.longValue());
    }

    private static boolean sameMembers(Map<?, ?> a, Map<?, ?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (Map.Entry<?, ?> member : a.entrySet()) {
            if (!b.containsKey(member.getKey()) || !same(member.getValue(), b.get(member.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameElements(List<?> a, List<?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        Iterator<?> other = b.iterator();
        for (Object element : a) {
            if (!same(element, other.next())) {
                return false;
            }
        }
        return true;
    }

    static Map<String, @Nullable Object> pairs(@Nullable Object... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new ArgumentException("names and values must come in pairs, but the last name has no value");
        }
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (!(namesAndValues[i] instanceof String name)) {
                throw new ArgumentException("member name", String.valueOf(namesAndValues[i]), "a text");
            }
            members.put(name, namesAndValues[i + 1]);
        }
        return members;
    }
}
