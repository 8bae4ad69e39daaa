package io.llmspell.agents.archfixture.internals;

import io.llmspell.hooks.archfixture.internals.internal.Hidden;

/** Planted: a use of another module's internals. */
record ReadsInternals(Hidden hidden) {}
