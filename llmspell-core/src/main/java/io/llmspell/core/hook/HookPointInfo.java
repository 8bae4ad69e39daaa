package io.llmspell.core.hook;

/**
 * What the catalogue says of a hook point.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param name the exact name
 * @param group such as {@code Agent}
 * @param phase when it is passed
 */
public record HookPointInfo(String name, String group, HookPhase phase) {}
