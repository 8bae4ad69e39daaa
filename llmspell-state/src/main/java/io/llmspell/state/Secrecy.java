package io.llmspell.state;

/** How much of a value is secret. */
enum Secrecy {
    /** Nothing that is known to be. */
    NONE,
    /** Some members, or parts of some texts. */
    PARTS,
    /** All of it. */
    WHOLE
}
