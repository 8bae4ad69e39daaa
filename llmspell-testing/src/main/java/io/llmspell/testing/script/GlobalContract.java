package io.llmspell.testing.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How the description of a global becomes a global. */
interface GlobalContract extends ScriptEngineFixture {
    @Test
    default void function_hasItsAliasesAndCamelCase() {
        try (Bench bench = Bench.open(this)) {
            for (String name : new String[] {"long_name", "other_name", "longName", "otherName"}) {
                assertThat(bench.value("Probe." + name + "()")).as(name).isEqualTo("named");
            }
        }
    }

    @Test
    default void group_hasItsFunctions() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.value("Probe.group.inner()")).isEqualTo("inside");
        }
    }

    @Test
    default void member_notListed_isLookedUp() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.value("Probe.looked_up")).isEqualTo("found");
            assertThat(bench.value("Probe.absent")).isNull();
        }
    }

    @Test
    default void argument_ofTheWrongKind_namesFunctionArgumentAndType() {
        try (Bench bench = Bench.open(this)) {
            String wrong = "Probe.text(" + dialect().map("a", "1") + ")";
            assertThat(bench.run(dialect().failure(wrong, "code"))).isEqualTo("invalid_argument");
            assertThat(bench.run(dialect().failure(wrong, "message")))
                    .isEqualTo("Probe.text: argument 1 (text) must be a text, but is a map");
        }
    }

    @Test
    default void caller_ofTheScript_hasItsRun() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.value("Probe.who()")).isEqualTo(Bench.RUN.text());
            assertThat(bench.caller().language())
                    .isEqualTo(bench.engine.session().language());
            assertThat(bench.caller().principal().text()).contains(dialect().file());
        }
    }

    @Test
    default void callback_beyondItsCall_runsInTheRunOfItsCaller() {
        try (Bench bench = Bench.open(this)) {
            bench.run("Probe.keep(" + dialect().function("", dialect().result("Probe.who()")) + ")");
            assertThat(bench.kept().call(bench.stranger(), Bench.LONG)).isEqualTo("another-run");
            assertThat(bench.value("Probe.who()")).isEqualTo(Bench.RUN.text());
        }
    }

    @Test
    default void record_printsAsItsText() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.value(dialect().text("Probe.shown()"))).isEqualTo("as text");
            assertThat(bench.value(dialect().concat("Probe.shown()", "\"!\""))).isEqualTo("as text!");
            assertThat(bench.value("Probe.shown().text")).isEqualTo("plain");
        }
    }
}
