package io.llmspell.hooks.archfixture.floors;

import io.llmspell.agents.archfixture.floors.Target;

/** Planted: a module of floor 1 that uses one of floor 4. */
record ReachesUp(Target target) {}
