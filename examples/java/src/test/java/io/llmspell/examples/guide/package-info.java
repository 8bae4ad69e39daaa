/**
 * The Java blocks of the guide, one class for each page: a block stands between {@code // region} and {@code // endregion},
 * as it is in the page, with what makes it run around it. {@link io.llmspell.examples.guide.GuidePagesTest} compares them.
 * Start there.
 */
@NullMarked
package io.llmspell.examples.guide;

import org.jspecify.annotations.NullMarked;
