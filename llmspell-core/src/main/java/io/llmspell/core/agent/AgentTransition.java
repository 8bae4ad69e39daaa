package io.llmspell.core.agent;

import java.time.Instant;

/**
 * One change of an agent's state that has happened.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param from the state before
 * @param to the state after
 * @param trigger what set it off: {@code run}, {@code start}, {@code resume}, {@code stop} or {@code pause}
 * @param reason why, as whoever asked for it said; empty without
 * @param at when, by the wall clock
 */
public record AgentTransition(AgentState from, AgentState to, String trigger, String reason, Instant at) {}
