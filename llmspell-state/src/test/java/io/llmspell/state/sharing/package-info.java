/** Tests of channels. */
@NullMarked
package io.llmspell.state.sharing;

import org.jspecify.annotations.NullMarked;
