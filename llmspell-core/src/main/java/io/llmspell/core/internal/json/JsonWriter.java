package io.llmspell.core.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints checked values. For one thread. */
final class JsonWriter {
    private final JsonGenerator out;

    JsonWriter(JsonGenerator out) {
        this.out = out;
    }

    void write(@Nullable Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            for (Map.Entry<?, ?> member : map.entrySet()) {
                out.writeFieldName((String) member.getKey());
                write(member.getValue());
            }
            out.writeEndObject();
        } else if (value instanceof Iterable<?> array) {
            out.writeStartArray();
            for (Object element : array) {
                write(element);
            }
            out.writeEndArray();
        } else {
            scalar(value);
        }
    }

    private void scalar(@Nullable Object value) throws IOException {
        if (value instanceof String text) {
            out.writeString(text);
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value instanceof Number number) {
            number(number);
        } else {
            out.writeNull();
        }
    }

    private void number(Number number) throws IOException {
        if (number instanceof Double real) {
            out.writeNumber(real);
        } else if (number instanceof BigInteger whole) {
            out.writeNumber(whole);
        } else if (number instanceof BigDecimal exact) {
            out.writeNumber(exact);
        } else {
            out.writeNumber(number.longValue());
        }
    }
}
