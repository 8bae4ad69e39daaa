package io.llmspell.core.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InternalException;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.json.PlainText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The codec of the house on Jackson 2. Safe for threads: all that is shared was set up once.
 *
 * <p>Text is read, and printed in lines, with the library's small streaming half; compact text is printed by
 * {@link JsonPrinter}, which writes texts that need no escapes as a whole; the large binding half is loaded only by
 * {@link #as} and {@link #from}, because many short scripts never need it.
 */
public final class JacksonJsonCodec implements JsonCodec {
    /** Whatever was checked under any limits prints. */
    private static final JsonLimits PRINTABLE = new JsonLimits(1_000, Integer.MAX_VALUE, Long.MAX_VALUE);

    private static final int SCALAR = 32;
    private static final int MOST_AT_ONCE = 1 << 30;
    private static final char REPLACEMENT = '\uFFFD';

    /** Makes a codec; the library is loaded with the first value. */
    public JacksonJsonCodec() {}

    @Override
    public @Nullable Object parse(byte[] text, JsonLimits limits) {
        String decoded = new String(text, StandardCharsets.UTF_8);
        if (decoded.indexOf(REPLACEMENT) >= 0) {
            checkEncoding(text);
        }
        return parse(decoded, limits);
    }

    /** Decoding put a replacement character; it stands for a fault unless the text has one itself. */
    private static void checkEncoding(byte[] text) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            throw JsonValueException.syntax("JSON parse error: the text is not UTF-8", e);
        }
    }

    @Override
    public @Nullable Object parse(String text, JsonLimits limits) {
        try (JsonParser in = JsonText.FACTORY.createParser(text)) {
            return JsonValues.checked(new JsonReader(in, limits).whole(), limits);
        } catch (StreamConstraintsException e) {
            throw Syntax.tooLarge(e);
        } catch (JsonProcessingException e) {
            throw Syntax.error(e);
        } catch (IOException e) {
            throw new InternalException("reading JSON from memory", e);
        }
    }

    @Override
    public byte[] bytes(@Nullable Object value) {
        byte[] plain = value instanceof String text ? PlainText.utf8(text) : null;
        if (plain != null) { // what is written as it is needs no check
            return JsonPrinter.quoted(plain);
        }
        Object checked = JsonValues.checked(value, PRINTABLE);
        return new JsonPrinter(room(checked)).printed(checked);
    }

    @Override
    public String text(@Nullable Object value) {
        return new String(bytes(value), StandardCharsets.UTF_8);
    }

    @Override
    public String pretty(@Nullable Object value, int indent) {
        Separators separators = Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withObjectEmptySeparator("")
                .withArrayEmptySeparator("");
        DefaultIndenter lines = new DefaultIndenter(" ".repeat(Math.max(1, Math.min(16, indent))), "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(separators);
        printer.indentObjectsWith(lines);
        printer.indentArraysWith(lines);
        return new String(print(value, printer), StandardCharsets.UTF_8);
    }

    /** How many bytes a value takes, or nearly so. */
    private static int room(@Nullable Object checked) {
        if (checked instanceof String text) {
            return text.length() + 2;
        }
        boolean large = checked instanceof Map || checked instanceof List;
        return large ? (int) Math.min(MOST_AT_ONCE, JsonValues.bytes(checked, PRINTABLE)) : SCALAR;
    }

    private static byte[] print(@Nullable Object value, DefaultPrettyPrinter printer) {
        Object checked = JsonValues.checked(value, PRINTABLE);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = JsonText.FACTORY.createGenerator(out)) {
            generator.setPrettyPrinter(printer);
            new JsonWriter(generator).write(checked);
        } catch (IOException e) {
            throw new InternalException("printing JSON into memory", e);
        }
        return out.toByteArray();
    }

    @Override
    public <T> T as(@Nullable Object value, Class<T> type) {
        return Binding.as(JsonValues.checked(value, PRINTABLE), type);
    }

    @Override
    public @Nullable Object from(@Nullable Object object, JsonLimits limits) {
        byte[] text;
        try {
            text = Binding.bytes(object);
        } catch (IOException e) {
            throw JsonValueException.notConvertible("value", Binding.reason(e));
        }
        try {
            return parse(text, limits);
        } catch (JsonValueException e) {
            throw e.code().equals(ErrorCode.JSON_ERROR)
                    ? JsonValueException.notConvertible("value", "a number of it is NaN or infinite")
                    : e;
        }
    }
}
