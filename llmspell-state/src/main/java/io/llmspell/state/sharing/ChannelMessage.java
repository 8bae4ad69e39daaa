package io.llmspell.state.sharing;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.storage.StorageException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One message in a channel, as one receiver gets it.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param number its number in the channel, from 1; the copies for several receivers have the same
 * @param kind what it is
 * @param from the agent that sent it, or {@code host}
 * @param to the agent that it is for
 * @param payload what was sent, a JSON value
 * @param answers the number of the request that it answers, 0 if it is no response
 * @param sentAt when it was sent, by the wall clock
 */
public record ChannelMessage(
        long number,
        MessageKind kind,
        String from,
        String to,
        @Nullable Object payload,
        long answers,
        Instant sentAt) {
    JsonObject json() {
        return JsonObject.of(
                "number", number,
                "kind", kind.id(),
                "from", from,
                "to", to,
                "payload", payload,
                "answers", answers,
                "sent_at", sentAt.toEpochMilli());
    }

    static ChannelMessage read(@Nullable Object json) {
        if (json instanceof JsonObject told
                && told.get("number") instanceof Long number
                && told.get("answers") instanceof Long answers
                && told.get("sent_at") instanceof Long millis) {
            MessageKind kind = MessageKind.of(told.text("kind"));
            if (kind != null) {
                return new ChannelMessage(
                        number,
                        kind,
                        told.text("from"),
                        told.text("to"),
                        told.get("payload"),
                        answers,
                        Instant.ofEpochMilli(millis));
            }
        }
        throw new StorageException(
                ErrorCode.STORE_CORRUPT,
                "a message of a channel has a form that no release writes; remove the channel");
    }
}
