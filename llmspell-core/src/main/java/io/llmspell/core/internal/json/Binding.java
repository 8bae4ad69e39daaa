package io.llmspell.core.internal.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.json.JsonValueException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The binding half of the library: JSON values as Java types and back. Loaded only by those who ask for it. */
final class Binding {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonText.FACTORY)
            .addModule(new JavaTimeModule())
            .addModule(new Jdk8Module())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .build();

    private Binding() {}

    static <T> T as(@Nullable Object value, Class<T> type) {
        try {
            return MAPPER.convertValue(value, type);
        } catch (IllegalArgumentException e) {
            throw e.getCause() instanceof JsonMappingException misfit
                    ? misfit(misfit, value, type)
                    : JsonValueException.mismatch("value", name(type), value);
        }
    }

    /** JSON text of an object; the object's own errors come as {@code IOException}. */
    static byte[] bytes(@Nullable Object object) throws IOException {
        return MAPPER.writeValueAsBytes(object);
    }

    static String reason(IOException e) {
        LlmSpellException coded = coded(e);
        if (coded != null) {
            return coded.text();
        }
        return e instanceof JsonProcessingException json
                ? Syntax.reason(json)
                : e.getClass().getSimpleName();
    }

    private static JsonValueException misfit(JsonMappingException misfit, @Nullable Object value, Class<?> type) {
        StringBuilder path = new StringBuilder("value");
        Object found = value;
        for (JsonMappingException.Reference step : misfit.getPath()) {
            String member = step.getFieldName();
            path.append(member == null ? "[" + step.getIndex() + "]" : "." + member);
            found = member == null ? element(found, step.getIndex()) : member(found, member);
        }
        return JsonValueException.mismatch(path.toString(), wanted(misfit, type), found);
    }

    private static String wanted(JsonMappingException misfit, Class<?> type) {
        LlmSpellException coded = coded(misfit);
        if (misfit instanceof UnrecognizedPropertyException unknown) {
            return "left out; " + name(unknown.getReferringClass()) + " has only " + unknown.getKnownPropertyIds();
        }
        Class<?> target = misfit instanceof MismatchedInputException input && input.getTargetType() != null
                ? input.getTargetType()
                : type;
        return name(target) + (coded == null ? "" : ": " + coded.text());
    }

    private static @Nullable LlmSpellException coded(Throwable error) {
        for (Throwable each = error; each != null; each = each.getCause()) {
            if (each instanceof LlmSpellException coded) {
                return coded;
            }
        }
        return null;
    }

    private static @Nullable Object member(@Nullable Object found, String name) {
        return found instanceof Map<?, ?> map ? map.get(name) : null;
    }

    private static @Nullable Object element(@Nullable Object found, int index) {
        return found instanceof List<?> list && index >= 0 && index < list.size() ? list.get(index) : null;
    }

    private static String name(Class<?> type) {
        return "a value of type " + type.getSimpleName();
    }
}
