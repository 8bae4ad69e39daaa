package io.llmspell.core.script;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A plain map for scripts that prints and concatenates as a text, such as the response of an agent.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param members its members, script values
 * @param display the text
 */
public record ScriptRecord(Map<String, ? extends @Nullable Object> members, String display) {}
