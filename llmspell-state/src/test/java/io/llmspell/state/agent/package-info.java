/** Tests of the records of agents. */
@NullMarked
package io.llmspell.state.agent;

import org.jspecify.annotations.NullMarked;
