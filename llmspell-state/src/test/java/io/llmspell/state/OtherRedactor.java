package io.llmspell.state;

import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.Redactor;
import java.util.Collection;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A redactor with a fault: another idea of names, or no eye for texts. */
final class OtherRedactor implements Redactor {
    private final Redactor right = SecretCopiesCheck.redactor();
    private final Predicate<String> names;
    private final boolean texts;

    OtherRedactor(Predicate<String> names, boolean texts) {
        this.names = names;
        this.texts = texts;
    }

    @Override
    public @Nullable Object value(@Nullable Object json) {
        if (json instanceof JsonObject object) {
            JsonObject masked = object;
            for (Map.Entry<String, @Nullable Object> member : object.entrySet()) {
                masked = masked.with(member.getKey(), member(member.getKey(), member.getValue()));
            }
            return masked;
        }
        return json instanceof String text ? text(text) : json;
    }

    @Override
    public @Nullable Object member(String name, @Nullable Object value) {
        return names.test(name) && value != null ? MASK : value(value);
    }

    @Override
    public String text(String text) {
        return texts ? right.text(text) : text;
    }

    @Override
    public boolean secretName(String name) {
        return names.test(name);
    }

    @Override
    public Redactor withNames(Collection<String> more) {
        return this;
    }
}
