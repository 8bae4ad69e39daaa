package io.llmspell.testing.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;

/** Things of the host in scripts. */
interface HandleContract extends ScriptEngineFixture {
    /** One thing is one object, so that scripts can compare. */
    @Test
    default void handle_ofOneThing_isOneObject() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.value(dialect().same("Probe.thing()", "Probe.thing()")))
                    .isEqualTo(true);
            assertThat(bench.value(dialect().same("Probe.thing()", "Probe.other_thing()")))
                    .isEqualTo(false);
        }
    }

    /** A handle stands for its id wherever a text is wanted. */
    @Test
    default void handle_printsConcatenatesAndConvertsAsItsId() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.value(dialect().text("Probe.thing()"))).isEqualTo("thing-1");
            assertThat(bench.value(dialect().concat("Probe.thing()", "\"!\""))).isEqualTo("thing-1!");
            assertThat(bench.value(dialect().concat("\"!\"", "Probe.thing()"))).isEqualTo("!thing-1");
            assertThat(bench.value("Probe.text(Probe.thing())")).isEqualTo("thing-1");
            assertThat(bench.value(dialect().map("t", "Probe.thing()"))).isEqualTo(java.util.Map.of("t", "thing-1"));
        }
    }

    /** A handle has its members and methods. */
    @Test
    default void members_andMethods_answer() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.value("Probe.thing().size")).isEqualTo(3L);
            assertThat(bench.value(dialect().method("Probe.thing()", "add_one", "4")))
                    .isEqualTo(5L);
            assertThat(bench.value(dialect().method("Probe.thing()", "addOne", "4")))
                    .isEqualTo(5L);
            assertThat(bench.value(dialect().method("Probe.thing()", "id", ""))).isEqualTo("thing-1");
            assertThat(bench.value("Probe.thing().absent")).isNull();
        }
    }

    /** An assignment goes to the thing behind the handle. */
    @Test
    default void assignment_goesToTheThing() {
        try (Bench bench = Bench.open(this)) {
            bench.run(dialect().let("t", "Probe.thing()"), "t.note = \"kept\"");
            assertThat(bench.value("Probe.thing().note")).isEqualTo("kept");
        }
    }

    /** A method called in the wrong form says how to call it. */
    @Test
    default void method_inTheWrongForm_saysSo() {
        String wrong = dialect().wrongMethod("Probe.thing()", "add_one");
        assumeThat(wrong).isNotEmpty();
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.run(dialect().failure(wrong, "code"))).isEqualTo("wrong_call");
            assertThat(bench.run(dialect().failure(wrong, "message")))
                    .asString()
                    .contains("add_one", "thing");
        }
    }

    /** What the engine owns is closed with it, last first, whatever one of them does. */
    @Test
    default void ownedHandles_areClosedInReverseOrder_thoughOneFails() {
        try (Bench bench = Bench.open(this)) {
            bench.run("Probe.own(\"first\")", "Probe.own_failing()", "Probe.own(\"last\")");
            assertThat(bench.probe.closed).isEmpty();
            bench.engine.close();
            assertThat(bench.probe.closed).containsExactly("last", "first");
            bench.engine.close();
            assertThat(bench.probe.closed).hasSize(2);
        }
    }

    /** What comes after the end is closed at once. */
    @Test
    default void ownedHandle_afterTheEnd_isClosedAtOnce() {
        try (Bench bench = Bench.open(this)) {
            bench.engine.close();
            bench.engine.session().own(() -> bench.probe.closed.add("late"));
            assertThat(bench.probe.closed).containsExactly("late");
        }
    }
}
