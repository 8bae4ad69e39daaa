package io.llmspell.core.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValueException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds one raw value from the tokens of a text and stops at the first one too many. For one thread. */
final class JsonReader {
    /** Every decimal of so few digits is a {@code double} and back. */
    private static final int EXACT_DIGITS = 15;

    private static final int EXACT_MAGNITUDE = 290;
    private static final int LARGEST_MAGNITUDE = 1_000;

    private final JsonParser in;
    private final JsonLimits limits;
    private int nodes;

    JsonReader(JsonParser in, JsonLimits limits) {
        this.in = in;
        this.limits = limits;
    }

    /** Reads the only value of the text. */
    @Nullable Object whole() throws IOException {
        JsonToken first = in.nextToken();
        if (first == null) {
            throw Syntax.error("the text is empty", null);
        }
        Object value = value(first);
        if (in.nextToken() != null) {
            throw Syntax.error("there is more text behind the value", in.currentTokenLocation());
        }
        return value;
    }

    private @Nullable Object value(JsonToken token) throws IOException {
        if (++nodes > limits.nodes()) {
            throw JsonValueException.tooLarge("JSON text", "has more than " + limits.nodes() + " nodes", "nodes");
        }
        return switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> in.getText();
            case VALUE_NUMBER_INT ->
                in.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? in.getBigIntegerValue()
                        : (Number) in.getLongValue();
            case VALUE_NUMBER_FLOAT -> decimal(exact());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null; // the parser refuses all else, such as a bracket where a value must stand
        };
    }

    private Map<String, @Nullable Object> object() throws IOException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            if (members.containsKey(name)) {
                throw Syntax.error(
                        "the name \"" + Syntax.shortened(name) + "\" occurs twice", in.currentTokenLocation());
            }
            members.put(name, value(in.nextToken()));
        }
        return members;
    }

    private List<@Nullable Object> array() throws IOException {
        List<@Nullable Object> elements = new ArrayList<>();
        for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
            elements.add(value(token));
        }
        return elements;
    }

    private BigDecimal exact() throws IOException {
        try {
            return in.getDecimalValue();
        } catch (NumberFormatException e) {
            throw Syntax.error("the exponent of a number is out of range", in.currentTokenLocation());
        }
    }

    /** The {@code Double} that prints the same number, or the exact decimal where there is none. */
    private Number decimal(BigDecimal exact) throws IOException {
        if (exact.signum() == 0) {
            return in.getText().startsWith("-") ? -0.0 : 0.0;
        }
        long magnitude = (long) exact.precision() - exact.scale();
        if (Math.abs(magnitude) > LARGEST_MAGNITUDE) {
            return exact; // for the checker to refuse
        }
        double near = exact.doubleValue();
        if (exact.precision() <= EXACT_DIGITS && Math.abs(magnitude) <= EXACT_MAGNITUDE) {
            return near;
        }
        boolean same = !Double.isInfinite(near) && new BigDecimal(DoubleText.of(near)).compareTo(exact) == 0;
        return same ? (Number) near : exact;
    }
}
