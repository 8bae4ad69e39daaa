package io.llmspell.tools.archfixture.nojavautillogging;

import java.util.logging.Logger;

/** Planted: the logger of the JDK. */
record LogsElsewhere(Logger logger) {}
