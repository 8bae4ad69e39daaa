package io.llmspell.core.session;

import io.llmspell.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a session's state at one moment.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param id its id
 * @param name its name, or null
 * @param createdAt when it was made
 * @param keys how many keys it holds
 * @param annotations what hooks wrote to it
 */
public record Checkpoint(String id, @Nullable String name, Instant createdAt, long keys, JsonObject annotations) {}
