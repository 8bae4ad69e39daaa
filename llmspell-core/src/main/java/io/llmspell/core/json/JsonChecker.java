package io.llmspell.core.json;

import io.llmspell.core.internal.json.DoubleText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks one raw value: copies, counts and measures in one pass, and stops at the first thing that is wrong. */
final class JsonChecker {
    private static final int LARGEST_EXPONENT = 1_000;
    private static final int LONGEST_NUMBER = 1_000;
    private static final int MOST_BITS = 3_322; // of an integer of 1,000 digits

    /** How many bytes each ASCII character takes in a text; never changed. */
    private static final byte[] ASCII_BYTES = asciiBytes();

    private final JsonLimits limits;
    /** Empty until the first container. */
    private Set<Object> open = Set.of();

    /** Names and, for elements, boxed positions; made into text only for an error. */
    private final Deque<Object> path = new ArrayDeque<>(4);

    private long nodes;
    private long bytes;
    private int deepest;

    JsonChecker(JsonLimits limits) {
        this.limits = limits;
    }

    long bytes() {
        return bytes;
    }

    @Nullable Object check(@Nullable Object raw) {
        if (raw instanceof CheckedObject trusted && trusted.measure().within(limits)) {
            return counted(trusted, trusted.measure());
        }
        if (raw instanceof CheckedArray trusted && trusted.measure().within(limits)) {
            return counted(trusted, trusted.measure());
        }
        count(1);
        if (raw == null) {
            return sized(null, 4);
        }
        if (raw instanceof String text) {
            return sized(text, textBytes(text));
        }
        if (raw instanceof Boolean flag) {
            return sized(flag, flag ? 4 : 5);
        }
        if (raw instanceof Number number) {
            return number(number);
        }
        if (raw instanceof Map<?, ?> map) {
            return object(map);
        }
        if (raw instanceof Iterable<?> iterable) {
            return array(iterable);
        }
        throw refuse("a " + raw.getClass().getSimpleName() + " is no JSON value; use null, a boolean, a number,"
                + " a text, a list or a map");
    }

    private Object counted(Object trusted, Measure measure) {
        count(measure.nodes());
        deepest = Math.max(deepest, path.size() + measure.depth());
        if (deepest > limits.depth()) {
            throw tooDeep();
        }
        return java.util.Objects.requireNonNull(sized(trusted, measure.bytes()));
    }

    private void count(int more) {
        nodes += more;
        if (nodes > limits.nodes()) {
            throw JsonValueException.tooLarge(where(), "has more than " + limits.nodes() + " nodes", "nodes");
        }
    }

    private @Nullable Object sized(@Nullable Object value, long size) {
        bytes += size;
        if (bytes > limits.bytes()) {
            throw JsonValueException.tooLarge(where(), "is larger than " + limits.bytes() + " bytes of JSON", "bytes");
        }
        return value;
    }

    private Number number(Number raw) {
        Number value = normal(raw);
        int length = (value instanceof Double real ? DoubleText.of(real) : value.toString()).length();
        if (length > LONGEST_NUMBER) {
            throw longNumber();
        }
        sized(value, length);
        return value;
    }

    private Number normal(Number raw) {
        if (raw instanceof Long || raw instanceof Integer || raw instanceof Short || raw instanceof Byte) {
            return raw.longValue();
        }
        if (raw instanceof Double || raw instanceof Float) {
            double value = raw.doubleValue();
            if (Double.isNaN(value) || Double.isInfinite(value)) {
                throw refuse(value + " is no JSON number");
            }
            return value;
        }
        if (raw instanceof BigInteger whole) {
            refuseLong(whole);
            return whole.bitLength() < 64 ? (Number) whole.longValue() : whole;
        }
        if (raw instanceof BigDecimal exact) {
            refuseLong(exact.unscaledValue());
            if (Math.abs((long) exact.precision() - exact.scale()) > LARGEST_EXPONENT) {
                throw refuse("the exponent of a number is beyond " + LARGEST_EXPONENT);
            }
            return exact;
        }
        throw refuse("a " + raw.getClass().getSimpleName() + " is no JSON number");
    }

    /** By its bits, because the digits of a very long number take minutes to compute. */
    private void refuseLong(BigInteger digits) {
        if (digits.bitLength() > MOST_BITS) {
            throw longNumber();
        }
    }

    private JsonValueException longNumber() {
        return refuse("a number has more than " + LONGEST_NUMBER + " digits");
    }

    private JsonObject object(Map<?, ?> map) {
        long nodesBefore = nodes - 1;
        long bytesBefore = bytes;
        int deepestBefore = enter(map);
        sized(null, 2);
        LinkedHashMap<String, @Nullable Object> members = new LinkedHashMap<>();
        for (Map.Entry<?, ?> member : map.entrySet()) {
            if (!(member.getKey() instanceof String name)) {
                throw refuse("a key is " + keyName(member.getKey()) + ", but must be a text");
            }
            path.addLast(name);
            sized(null, textBytes(name) + (members.isEmpty() ? 1 : 2));
            int before = members.size();
            members.put(name, check(member.getValue()));
            if (members.size() == before) {
                throw refuse("the key occurs twice");
            }
            path.removeLast();
        }
        return new CheckedObject(members, leave(map, nodesBefore, bytesBefore, deepestBefore));
    }

    private JsonArray array(Iterable<?> iterable) {
        long nodesBefore = nodes - 1;
        long bytesBefore = bytes;
        int deepestBefore = enter(iterable);
        sized(null, 2);
        ArrayList<@Nullable Object> elements = new ArrayList<>();
        for (Iterator<?> each = iterable.iterator(); each.hasNext(); ) {
            path.addLast(elements.size());
            sized(null, elements.isEmpty() ? 0 : 1);
            elements.add(check(each.next()));
            path.removeLast();
        }
        elements.trimToSize();
        return new CheckedArray(elements, leave(iterable, nodesBefore, bytesBefore, deepestBefore));
    }

    private int enter(Object container) {
        if (open.isEmpty()) {
            open = Collections.newSetFromMap(new IdentityHashMap<>());
        }
        if (!open.add(container)) {
            throw refuse("it contains itself");
        }
        int before = deepest;
        deepest = path.size() + 1;
        if (deepest > limits.depth()) {
            throw tooDeep();
        }
        return before;
    }

    private Measure leave(Object container, long nodesBefore, long bytesBefore, int deepestBefore) {
        open.remove(container);
        Measure measure = new Measure(deepest - path.size(), (int) (nodes - nodesBefore), bytes - bytesBefore);
        deepest = Math.max(deepest, deepestBefore);
        return measure;
    }

    private long textBytes(String text) {
        int length = text.length();
        if (bytes + length > limits.bytes()) {
            return length; // too large, whatever it takes to write it
        }
        return PlainText.isPlain(text) ? length + 2L : slowTextBytes(text);
    }

    private long slowTextBytes(String text) {
        long size = 2;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                size += ASCII_BYTES[c];
            } else if (c < 0x800) {
                size += 2;
            } else if (!Character.isSurrogate(c)) {
                size += 3;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                size += 4;
                i++;
            } else {
                throw refuse("a text has a lone surrogate at position " + i);
            }
        }
        return size;
    }

    private static byte[] asciiBytes() {
        byte[] sizes = new byte[0x80];
        Arrays.fill(sizes, 0, 0x20, (byte) 6);
        Arrays.fill(sizes, 0x20, sizes.length, (byte) 1);
        for (char escaped : "\"\\\n\r\t\b\f".toCharArray()) {
            sizes[escaped] = 2;
        }
        return sizes;
    }

    private JsonValueException tooDeep() {
        return JsonValueException.tooLarge(where(), "is nested deeper than " + limits.depth() + " levels", "depth");
    }

    private JsonValueException refuse(String problem) {
        return JsonValueException.notConvertible(where(), problem);
    }

    private String where() {
        StringBuilder text = new StringBuilder("value");
        int shown = 0;
        for (Object step : path) {
            if (shown++ == 12) {
                return text.append("…").toString();
            }
            text.append(step instanceof String name ? "." + shortened(name) : "[" + step + "]");
        }
        return text.toString();
    }

    private static String shortened(String name) {
        int end = Math.min(name.length(), 40);
        StringBuilder text = new StringBuilder(end);
        for (int i = 0; i < end; i++) {
            text.append(Character.isSurrogate(name.charAt(i)) ? '\uFFFD' : name.charAt(i));
        }
        return name.length() > end ? text.append("…").toString() : text.toString();
    }

    private static String keyName(@Nullable Object key) {
        return key == null ? "null" : key instanceof Number ? "the number " + key : JsonValueException.typeName(key);
    }
}
