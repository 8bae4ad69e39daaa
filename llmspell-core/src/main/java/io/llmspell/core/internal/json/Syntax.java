package io.llmspell.core.internal.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.llmspell.core.json.JsonValueException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Errors about JSON text, in the words of the house where those of the library would leak its insides. */
final class Syntax {
    /** Where the library begins to talk of its sources and of options that nobody here can set. */
    private static final List<String> REMARKS = List.of(
            " (start marker",
            ", from `",
            " at [Source",
            " (through reference",
            ": enable `",
            " (not recognized as one since");

    private Syntax() {}

    static JsonValueException error(String problem, @Nullable JsonLocation at) {
        return JsonValueException.syntax("JSON parse error: " + problem + place(at), null);
    }

    static JsonValueException error(JsonProcessingException cause) {
        return JsonValueException.syntax("JSON parse error: " + reason(cause) + place(cause.getLocation()), cause);
    }

    static JsonValueException tooLarge(JsonProcessingException cause) {
        String reason = reason(cause);
        return JsonValueException.tooLarge(
                "JSON text", "is beyond a limit: " + reason, reason.contains("depth") ? "depth" : "bytes");
    }

    /** The first line of the library's message without its remarks on sources and options. */
    static String reason(JsonProcessingException cause) {
        String message = cause.getOriginalMessage().lines().findFirst().orElse("");
        for (String remark : REMARKS) {
            int at = message.indexOf(remark);
            if (at >= 0) {
                message = message.substring(0, at) + (remark.startsWith(",") ? ")" : "");
            }
        }
        return message;
    }

    static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }

    private static String place(@Nullable JsonLocation at) {
        return at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }
}
