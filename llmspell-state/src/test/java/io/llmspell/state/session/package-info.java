/**
 * Tests of sessions.
 * Not here: tests of state and artifacts.
 * Start with {@link io.llmspell.state.session.SessionsTest}.
 */
@NullMarked
package io.llmspell.state.session;

import org.jspecify.annotations.NullMarked;
