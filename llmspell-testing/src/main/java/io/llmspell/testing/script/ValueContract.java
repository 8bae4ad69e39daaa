package io.llmspell.testing.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Values cross exactly, or not at all. */
interface ValueContract extends ScriptEngineFixture {
    /** Values that go to a script and back are the same. */
    @Test
    default void values_thereAndBack_areTheSame() {
        List<Object> values = List.of(
                0L,
                -1L,
                (long) Integer.MAX_VALUE + 1,
                1L << 53,
                -(1L << 53),
                1.5,
                -2.25e-9,
                1e300,
                Double.MIN_VALUE,
                true,
                false,
                "",
                "grüße, 漢字, 😀 \u0000 \"'\\",
                List.of(),
                Map.of(),
                List.of(List.of(), Map.of()),
                List.of(1L, "two", 3.5, true),
                Map.of("a", 1L, "b", Map.of("c", List.of(1L, 2L))),
                List.of(Map.of("x", List.of(Map.of("y", "z")))));
        try (Bench bench = Bench.open(this)) {
            for (Object value : values) {
                assertThat(roundTrip(bench, value)).as("%s", value).isEqualTo(value);
            }
        }
    }

    /** Values of any shape that go to a script and back are the same. */
    @Test
    default void values_atRandom_areTheSame() {
        Random random = new Random(20_251_121L);
        try (Bench bench = Bench.open(this)) {
            for (int i = 0; i < 200; i++) {
                Object value = random(random, 5);
                assertThat(roundTrip(bench, value)).as("value %d: %s", i, value).isEqualTo(value);
            }
        }
    }

    /** Large integers print, compare and go back unchanged. */
    @Test
    default void integers_beyondTwoToThe53_goBackUnchanged() {
        try (Bench bench = Bench.open(this)) {
            for (Number large : List.of((1L << 53) + 1, Long.MIN_VALUE, Long.MAX_VALUE, BigInteger.TWO.pow(70))) {
                assertThat(roundTrip(bench, large)).isEqualTo(large);
                assertThat(bench.value(dialect().text("Probe.given()"))).isEqualTo(large.toString());
                assertThat(bench.value(dialect().same("Probe.given()", "Probe.given()")))
                        .isEqualTo(true);
            }
        }
    }

    /** Minus zero crosses where the language has it. */
    @Test
    default void minusZero_staysOne_whereTheLanguageHasIt() {
        try (Bench bench = Bench.open(this)) {
            assertThat(roundTrip(bench, -0.0)).isEqualTo(dialect().hasMinusZero() ? (Object) (-0.0) : (Object) 0L);
        }
    }

    /** Nulls in arrays and maps come back as nulls. */
    @Test
    default void nulls_inArraysAndMaps_comeBack() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("gone", null);
        map.put("here", 1L);
        List<@Nullable Object> array = Arrays.asList(null, 1L, null, null);
        try (Bench bench = Bench.open(this)) {
            assertThat(roundTrip(bench, map)).isEqualTo(map);
            assertThat(roundTrip(bench, array)).isEqualTo(array);
            assertThat(roundTrip(bench, Collections.singletonList(null))).isEqualTo(Collections.singletonList(null));
            assertThat(roundTrip(bench, null)).isNull();
            assertThat(bench.run(
                            "Probe.take(" + dialect().array("1", "JSON.null", "2") + ")",
                            dialect().result("1")))
                    .isEqualTo(1L);
            assertThat(bench.probe.taken.get()).isEqualTo(Arrays.asList(1L, null, 2L));
        }
    }

    /** A null member that a script assigns is what it assigned. */
    @Test
    default void nullMember_assigned_isNoLongerNull() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("gone", null);
        try (Bench bench = Bench.open(this)) {
            bench.probe.given.set(map);
            bench.run(dialect().let("m", "Probe.given()"), "m.gone = 5", "Probe.take(m)");
            assertThat(bench.probe.taken.get()).isEqualTo(Map.of("gone", 5L));
        }
    }

    /** Literals of a script have the JSON kinds of the reference. */
    @Test
    default void literals_haveTheirKinds() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.value(dialect().array())).isEqualTo(List.of());
            assertThat(bench.value(dialect().map())).isEqualTo(Map.of());
            assertThat(bench.value(dialect().array("1", "\"a\"", "true", "0.5")))
                    .isEqualTo(List.of(1L, "a", true, 0.5));
            assertThat(bench.value(dialect().map("a", dialect().array(dialect().map("b", "2")))))
                    .isEqualTo(Map.of("a", List.of(Map.of("b", 2L))));
        }
    }

    /** A part may occur twice. */
    @Test
    default void shared_partsAreFine() {
        try (Bench bench = Bench.open(this)) {
            bench.run(
                    dialect().let("part", dialect().map("a", "1")),
                    "Probe.take(" + dialect().array("part", "part") + ")");
            assertThat(bench.probe.taken.get()).isEqualTo(List.of(Map.of("a", 1L), Map.of("a", 1L)));
        }
    }

    /** What has no JSON form is refused with its path. */
    @Test
    default void unconvertible_values_areRefusedWithTheirPath() {
        try (Bench bench = Bench.open(this)) {
            dialect().unconvertible().forEach((name, expression) -> {
                String taking = "Probe.take(" + dialect().map("list", dialect().array("1", expression)) + ")";
                assertThat(bench.run(dialect().failure(taking, "code")))
                        .as(name)
                        .isEqualTo("value_not_convertible");
                assertThat(bench.run(dialect().failure(taking, "details.path")))
                        .as(name)
                        .asString()
                        .startsWith("value.list[1]");
                assertThat(bench.run(dialect().failure(taking, "details.problem")))
                        .as(name)
                        .asString()
                        .isNotEmpty();
            });
            assertThat(bench.probe.taken.get()).isNull();
        }
    }

    /** A value that contains itself is refused. */
    @Test
    default void cycle_isRefused() {
        try (Bench bench = Bench.open(this)) {
            String script = String.join(
                    "\n",
                    dialect().let("a", dialect().map()),
                    "a.b = " + dialect().map("back", "a"),
                    dialect().failure("Probe.take(a)", "details.path"));
            assertThat(bench.run(script)).isEqualTo("value.b.back");
        }
    }

    /** A value may be 64 levels deep, not more. */
    @Test
    default void depth_beyond64_isRefused() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.run(nested(64), "Probe.take(x)")).isNull();
            assertThat(bench.run(nested(65), dialect().failure("Probe.take(x)", "code")))
                    .isEqualTo("value_too_large");
        }
    }

    /** A value of the deepest kind crosses. */
    @Test
    default void deepValues_fromTheHost_areNoStackOverflow() {
        Object deep = List.of();
        for (int i = 1; i < 64; i++) {
            deep = List.of(deep);
        }
        try (Bench bench = Bench.open(this)) {
            assertThat(roundTrip(bench, deep)).isEqualTo(deep);
        }
    }

    /** A function is no JSON value. */
    @Test
    default void function_asAValue_isRefusedWhereJsonIsWanted() {
        try (Bench bench = Bench.open(this)) {
            String taking = "Probe.take("
                    + dialect().map("f", dialect().function("", dialect().result("1"))) + ")";
            assertThat(bench.run(dialect().failure(taking, "code"))).isEqualTo("value_not_convertible");
            assertThat(bench.run(dialect().failure(taking, "details.path"))).isEqualTo("value.f");
        }
    }

    private static @Nullable Object random(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextLong();
            case 3 -> (long) random.nextInt(2_000) - 1_000;
            case 4 -> random.nextInt(1_000_000) / 7.0 + 0.01;
            case 5 -> text(random);
            case 6 -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    list.add(random(random, depth - 1));
                }
                yield list;
            }
            default -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    map.put(text(random), random(random, depth - 1));
                }
                yield map;
            }
        };
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            int point = random.nextBoolean() ? random.nextInt(0x250) : 0x1F600 + random.nextInt(50);
            text.appendCodePoint(point);
        }
        return text.toString();
    }

    /** A statement per level; a literal of that depth is not to every parser's taste. */
    private String nested(int levels) {
        List<String> lines = new ArrayList<>();
        lines.add(dialect().let("x", dialect().map()));
        lines.add(dialect().let("inner", "x"));
        for (int i = 1; i < levels; i++) {
            lines.add("inner.x = " + dialect().map());
            lines.add("inner = inner.x");
        }
        return String.join("\n", lines);
    }

    private @Nullable Object roundTrip(Bench bench, @Nullable Object value) {
        bench.probe.given.set(value);
        bench.run("Probe.take(Probe.given())");
        Object taken = bench.probe.taken.get();
        assertThat(bench.value("Probe.given()")).as("result of the script").isEqualTo(taken);
        return taken;
    }
}
