package io.llmspell.tools.archfixture.nogenericexception;

/** Planted: an exception that has no code. */
final class ThrowsAnything {
    void fail() {
        throw new IllegalStateException("planted");
    }
}
