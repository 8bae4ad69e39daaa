package io.llmspell.tools.archfixture.standardstreams;

/** Planted: prints outside the runner. */
final class Prints {
    void print() {
        System.out.println("planted");
    }
}
