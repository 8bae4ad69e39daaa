package io.llmspell.events.format;

import io.llmspell.core.storage.Bytes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A CloudEvent in binary mode, as HTTP carries it: context attributes in headers, data in the body.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param headers {@code ce-…} and {@code content-type}, names in lower case, values percent-encoded; copied
 * @param body the data, or null if there is none
 */
public record CloudEventMessage(
        Map<String, String> headers, @Nullable Bytes body) {
    /**
     * Copies the headers.
     *
     * @param headers the headers
     * @param body the data, or null
     */
    public CloudEventMessage {
        headers = Map.copyOf(headers);
    }
}
