/**
 * Who and what: components, principals, correlation ids and the {@link io.llmspell.core.identity.Caller} that every
 * call between modules carries.
 * Not here: rights themselves; a principal only names whose rights count.
 * Start with {@link io.llmspell.core.identity.Caller}.
 */
@NullMarked
package io.llmspell.core.identity;

import org.jspecify.annotations.NullMarked;
