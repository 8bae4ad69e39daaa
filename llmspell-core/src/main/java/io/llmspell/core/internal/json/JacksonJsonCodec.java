package io.llmspell.core.internal.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The codec of the house on Jackson 2. Safe for threads: the mapper is configured once. */
public final class JacksonJsonCodec implements JsonCodec {
    private static final int LONGEST_NUMBER = 1_000;

    /** Makes a codec; the library is loaded with the first value, because many short scripts never need it. */
    public JacksonJsonCodec() {}

    private static StreamReadConstraints constraints() {
        JsonLimits largest = JsonLimits.TOOL;
        return StreamReadConstraints.builder()
                .maxNestingDepth(largest.depth() + 1)
                .maxDocumentLength(2 * largest.bytes())
                .maxStringLength((int) largest.bytes())
                .maxNumberLength(LONGEST_NUMBER)
                .build();
    }

    @Override
    public @Nullable Object parse(byte[] text, JsonLimits limits) {
        return parse(new String(text, StandardCharsets.UTF_8), limits);
    }

    @Override
    public @Nullable Object parse(String text, JsonLimits limits) {
        if (text.isBlank()) {
            throw JsonValueException.syntax("JSON parse error: the text is empty", null);
        }
        try {
            return JsonValues.checked(Jackson.READER.readValue(text), limits);
        } catch (StreamConstraintsException e) {
            throw JsonValueException.tooLarge("JSON text", firstLine(e), "bytes");
        } catch (JsonProcessingException e) {
            throw JsonValueException.syntax("JSON parse error: " + firstLine(e) + place(e.getLocation()), e);
        }
    }

    private static String firstLine(JsonProcessingException e) {
        String message = e.getOriginalMessage();
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    private static String place(@Nullable JsonLocation at) {
        return at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }

    @Override
    public byte[] bytes(@Nullable Object value) {
        try {
            return Jackson.MAPPER.writeValueAsBytes(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a checked value always prints
        }
    }

    @Override
    public String text(@Nullable Object value) {
        return new String(bytes(value), StandardCharsets.UTF_8);
    }

    @Override
    public String pretty(@Nullable Object value, int indent) {
        DefaultIndenter lines = new DefaultIndenter(" ".repeat(Math.max(1, Math.min(16, indent))), "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(lines);
        printer.indentArraysWith(lines);
        try {
            return Jackson.MAPPER.writer(printer).writeValueAsString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a checked value always prints
        }
    }

    @Override
    public <T> T as(@Nullable Object value, Class<T> type) {
        try {
            return Jackson.MAPPER.convertValue(value, type);
        } catch (IllegalArgumentException e) {
            throw JsonValueException.mismatch("value", "a " + type.getSimpleName() + " (" + reason(e) + ")", value);
        }
    }

    @Override
    public @Nullable Object from(@Nullable Object object, JsonLimits limits) {
        try {
            return JsonValues.checked(Jackson.READER.readValue(Jackson.MAPPER.writeValueAsBytes(object)), limits);
        } catch (IOException e) {
            throw JsonValueException.notConvertible("value", reason(e));
        }
    }

    private static String reason(Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause instanceof JsonProcessingException json
                ? firstLine(json)
                : cause.getClass().getSimpleName();
    }

    /** The library with the limits of the largest value that the house accepts. */
    private static final class Jackson {
        static final JsonMapper MAPPER = mapper();
        static final ObjectReader READER = MAPPER.readerFor(Object.class)
                .with(DeserializationFeature.USE_LONG_FOR_INTS)
                .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

        private static JsonMapper mapper() {
            JsonMapper made = JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .addModule(new Jdk8Module())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                    .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                    .build();
            made.getFactory().setStreamReadConstraints(constraints());
            return made;
        }
    }
}
