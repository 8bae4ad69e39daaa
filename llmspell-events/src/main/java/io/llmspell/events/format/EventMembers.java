package io.llmspell.events.format;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.event.EventException;
import io.llmspell.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the members of an event that somebody else may have written. */
final class EventMembers {
    private final JsonObject json;

    EventMembers(JsonObject json) {
        this.json = json;
    }

    String text(String name) {
        if (json.get(name) instanceof String text) {
            return text;
        }
        throw wrong(name, "a text");
    }

    @Nullable String optionalText(String name) {
        return json.get(name) == null ? null : text(name);
    }

    long number(String name) {
        if (json.get(name) instanceof Long number) {
            return number;
        }
        throw wrong(name, "an integer");
    }

    @Nullable Integer optionalInt(String name) {
        if (json.get(name) == null) {
            return null;
        }
        long number = number(name);
        if (number != (int) number) {
            throw wrong(name, "an integer of 32 bits");
        }
        return (int) number;
    }

    JsonObject object(String name) {
        if (json.get(name) instanceof JsonObject object) {
            return object;
        }
        throw wrong(name, "an object");
    }

    Set<String> texts(String name) {
        Set<String> texts = new HashSet<>();
        if (json.get(name) instanceof List<?> list) {
            for (Object each : list) {
                if (!(each instanceof String text)) {
                    throw wrong(name, "an array of texts");
                }
                texts.add(text);
            }
            return texts;
        }
        throw wrong(name, "an array of texts");
    }

    UUID uuid(String name) {
        String text = text(name);
        try {
            UUID uuid = UUID.fromString(text);
            if (uuid.toString().equals(text)) {
                return uuid;
            }
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw wrong(name, "a UUID");
    }

    Instant instant(String name) {
        try {
            return Instant.parse(text(name));
        } catch (DateTimeException e) {
            throw wrong(name, "a time such as 2025-01-31T12:00:00Z");
        }
    }

    @Nullable Duration life(String name) {
        if (json.get(name) == null) {
            return null;
        }
        Duration life = EventJson.life(json.get(name));
        if (life == null) {
            throw wrong(name, "a number of seconds above 0");
        }
        return life;
    }

    /** Makes a part of the event; what its own check refuses is refused as an event. */
    <T> T checked(Supplier<T> maker) {
        try {
            return maker.get();
        } catch (ArgumentException wrong) {
            throw new EventException(ErrorCode.INVALID_EVENT, "this is no event: " + wrong.getMessage());
        }
    }

    EventException wrong(String name, String wanted) {
        String shown = String.valueOf(json.get(name));
        return new EventException(
                ErrorCode.INVALID_EVENT,
                "the member \"" + name + "\" of an event is "
                        + (shown.length() > 80 ? shown.substring(0, 77) + "..." : shown) + ", but must be " + wanted);
    }
}
