package io.llmspell.hooks.archfixture.exceptions;

/** Planted: an exception without a code. */
public final class UncodedException extends Exception {
    private static final long serialVersionUID = 1;
}
