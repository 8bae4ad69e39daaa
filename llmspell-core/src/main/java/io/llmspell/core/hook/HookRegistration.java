package io.llmspell.core.hook;

/**
 * What one hook of a bulk registration is.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param point where it runs
 * @param options how
 * @param hook the hook
 */
public record HookRegistration(HookPoint point, HookOptions options, Hook hook) {}
