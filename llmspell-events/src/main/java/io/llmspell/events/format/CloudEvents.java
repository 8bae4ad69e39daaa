package io.llmspell.events.format;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.event.EventException;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.storage.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Events as CloudEvents 1.0, in structured and in binary mode, and back without loss.
 *
 * <p>What CloudEvents have no attribute for goes into extensions: {@code sequence} (19 digits), {@code correlationid},
 * {@code causationid}, {@code traceparent}, {@code language}, {@code target}, {@code priority}, {@code tags} and
 * {@code eventattributes} (JSON texts), {@code ttl}, {@code schemaversion}. A CloudEvent from elsewhere becomes an event
 * whose attribute {@code cloudevent} holds all of its context, and goes out again as it came.
 *
 * <p><b>Threads:</b> safe. <b>Errors:</b> what is read and is no CloudEvent 1.0, or has a type that no event may have, is
 * {@link EventException} {@code invalid_event}.
 */
public final class CloudEvents {
    private static final JsonCodec JSON = JsonCodec.create();
    private static final String CONTENT_TYPE = "datacontenttype";
    private static final String BASE64 = "data_base64";

    private CloudEvents() {}

    /**
     * An event in structured mode, to be sent as {@code application/cloudevents+json}.
     *
     * @param event the event
     * @return the JSON object
     */
    public static JsonObject structured(UniversalEvent event) {
        CloudContext context = CloudContext.of(event);
        Map<String, @Nullable Object> members = new LinkedHashMap<>(context.members());
        if (context.isBase64()) {
            members.put(BASE64, event.payload());
        } else if (event.payload() != null) {
            members.put("data", event.payload());
        }
        return JsonValues.object(members, JsonLimits.TOOL);
    }

    /**
     * Reads an event in structured mode.
     *
     * @param json the JSON object
     * @param received the time for an event that has none
     * @return the event
     * @throws EventException {@code invalid_event} if it is no CloudEvent 1.0
     */
    public static UniversalEvent fromStructured(JsonObject json, Instant received) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>(json);
        Object data = members.remove("data");
        Object base64 = members.remove(BASE64);
        if (base64 != null) {
            if (data != null || !(base64 instanceof String)) {
                throw wrong("data_base64", "a text, and no data beside it");
            }
            return CloudContext.read(members, true).event(base64, received);
        }
        return CloudContext.read(members, false).event(data, received);
    }

    /**
     * An event in binary mode.
     *
     * @param event the event
     * @return headers and body
     */
    public static CloudEventMessage binary(UniversalEvent event) {
        CloudContext context = CloudContext.of(event);
        Map<String, String> headers = new LinkedHashMap<>();
        context.members().forEach((name, value) -> {
            String text = String.valueOf(value);
            if (name.equals(CONTENT_TYPE)) {
                headers.put("content-type", text);
            } else {
                headers.put("ce-" + name, PercentText.header(text));
            }
        });
        return new CloudEventMessage(headers, body(context, event.payload()));
    }

    private static @Nullable Bytes body(CloudContext context, @Nullable Object payload) {
        if (payload == null) {
            return null;
        }
        if (context.isBase64()) {
            return Bytes.copyOf(Base64.getDecoder().decode(String.valueOf(payload)));
        }
        return payload instanceof String text && !isJson(context.contentType())
                ? Bytes.utf8(text)
                : Bytes.copyOf(JSON.bytes(payload));
    }

    /**
     * Reads an event in binary mode.
     *
     * @param message headers in any case, and body
     * @param received the time for an event that has none
     * @return the event
     * @throws EventException {@code invalid_event} if it is no CloudEvent 1.0
     */
    public static UniversalEvent fromBinary(CloudEventMessage message, Instant received) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        message.headers().forEach((header, value) -> {
            String name = header.toLowerCase(Locale.ROOT);
            if (name.equals("content-type")) {
                members.put(CONTENT_TYPE, value);
            } else if (name.startsWith("ce-")) {
                members.put(name.substring(3), PercentText.plain(value));
            }
        });
        Bytes body = message.body();
        if (body == null) {
            return CloudContext.read(members, false).event(null, received);
        }
        Object type = members.get(CONTENT_TYPE);
        if (isJson(type instanceof String text ? text : null)) {
            return CloudContext.read(members, false).event(JSON.parse(body.toArray(), JsonLimits.TOOL), received);
        }
        String text = utf8(body.toArray());
        return text != null && String.valueOf(type).startsWith("text/")
                ? CloudContext.read(members, false).event(text, received)
                : CloudContext.read(members, true).event(Base64.getEncoder().encodeToString(body.toArray()), received);
    }

    private static @Nullable String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException binary) {
            return null;
        }
    }

    /** Data without a content type is JSON. */
    static boolean isJson(@Nullable String contentType) {
        String type = Objects.requireNonNullElse(contentType, "application/json");
        int end = type.indexOf(';');
        String media = (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return media.equals("application/json") || media.equals("text/json") || media.endsWith("+json");
    }

    static EventException wrong(String attribute, String wanted) {
        return new EventException(
                ErrorCode.INVALID_EVENT, "the CloudEvents attribute \"" + attribute + "\" must be " + wanted);
    }
}
