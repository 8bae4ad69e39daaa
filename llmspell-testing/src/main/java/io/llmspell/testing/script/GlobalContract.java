package io.llmspell.testing.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How the description of a global becomes a global. */
interface GlobalContract extends ScriptEngineFixture {
    /** A function is found under all its names, in both spellings. */
    @Test
    default void function_hasItsAliasesAndCamelCase() {
        try (Bench bench = Bench.open(this)) {
            for (String name : new String[] {"long_name", "other_name", "longName", "otherName"}) {
                assertThat(bench.value("Probe." + name + "()")).as(name).isEqualTo("named");
            }
        }
    }

    /** A group of functions is a member of its global. */
    @Test
    default void group_hasItsFunctions() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.value("Probe.group.inner()")).isEqualTo("inside");
        }
    }

    /** A member that is not listed is looked up. */
    @Test
    default void member_notListed_isLookedUp() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.value("Probe.looked_up")).isEqualTo("found");
            assertThat(bench.value("Probe.absent")).isNull();
        }
    }

    /** An argument of the wrong kind is refused with function, argument and type. */
    @Test
    default void argument_ofTheWrongKind_namesFunctionArgumentAndType() {
        try (Bench bench = Bench.open(this)) {
            String wrong = "Probe.text(" + dialect().map("a", "1") + ")";
            assertThat(bench.run(dialect().failure(wrong, "code"))).isEqualTo("invalid_argument");
            assertThat(bench.run(dialect().failure(wrong, "message")))
                    .isEqualTo("Probe.text: argument 1 (text) must be a text, but is a map");
        }
    }

    /** A call has the run, the language and the principal of its script. */
    @Test
    default void caller_ofTheScript_hasItsRun() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.value("Probe.who()")).isEqualTo(Bench.RUN.text());
            assertThat(bench.caller().language())
                    .isEqualTo(bench.engine.session().language());
            assertThat(bench.caller().principal().text()).contains(dialect().file());
        }
    }

    /** What a function of a script calls belongs to the run of whoever called the function. */
    @Test
    default void callback_beyondItsCall_runsInTheRunOfItsCaller() {
        try (Bench bench = Bench.open(this)) {
            bench.run("Probe.keep(" + dialect().function("", dialect().result("Probe.who()")) + ")");
            assertThat(bench.kept().call(bench.stranger(), Bench.LONG)).isEqualTo("another-run");
            assertThat(bench.value("Probe.who()")).isEqualTo(Bench.RUN.text());
        }
    }

    /** A record prints and concatenates as its text. */
    @Test
    default void record_printsAsItsText() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.value(dialect().text("Probe.shown()"))).isEqualTo("as text");
            assertThat(bench.value(dialect().concat("Probe.shown()", "\"!\""))).isEqualTo("as text!");
            assertThat(bench.value("Probe.shown().text")).isEqualTo("plain");
        }
    }
}
