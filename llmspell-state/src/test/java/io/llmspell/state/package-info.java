/** Tests of state. */
@NullMarked
package io.llmspell.state;

import org.jspecify.annotations.NullMarked;
