package io.llmspell.hooks.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.Redactor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ExcerptsTest {
    private static final String SECRET = "sk-" + "aB3_".repeat(12);

    private final Counting redactor = new Counting();
    private final Excerpts excerpts = new Excerpts(redactor, JsonCodec.create());

    /** The redactor of the house, which counts the characters that it looks at. */
    private static final class Counting implements Redactor {
        private final Redactor real = Redactor.create();
        long characters;

        @Override
        public @Nullable Object value(@Nullable Object json) {
            throw new AssertionError("whole values are never masked");
        }

        @Override
        public @Nullable Object member(String name, @Nullable Object value) {
            return real.member(name, value);
        }

        @Override
        public String text(String text) {
            characters += text.length();
            return real.text(text);
        }

        @Override
        public boolean secretName(String name) {
            return real.secretName(name);
        }

        @Override
        public Redactor withNames(Collection<String> more) {
            throw new AssertionError("not needed here");
        }
    }

    @Test
    void text_ofAHugeValue_looksAtItsBeginningOnly() {
        String huge = "x ".repeat(1_000_000);
        List<Object> many = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            many.add(JsonObject.of("name" + i, "value"));
        }
        Object value = JsonObject.of("a", huge, "b", JsonArray.of(huge, huge), "c", JsonArray.of(many.toArray()));

        assertThat(excerpts.text(value, 1_024)).hasSizeLessThanOrEqualTo(1_024).startsWith("{\"a\":\"x x ");
        assertThat(redactor.characters).isLessThan(20_000);
    }

    @Test
    void text_ofManySmallMembers_stopsWithTheBudget() {
        List<Object> many = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            many.add(JsonObject.of("name" + i, "value"));
        }

        assertThat(excerpts.text(JsonArray.of(many.toArray()), 200))
                .hasSizeLessThanOrEqualTo(200)
                .endsWith("…");
        assertThat(redactor.characters).isLessThan(400);
    }

    @Test
    void secretAcrossTheWindow_isNotShownInPart() {
        for (int before = 16_000; before < 17_600; before += 25) {
            redactor.characters = 0;
            String text = "x ".repeat(before / 2) + "password=" + "y".repeat(40_000);
            assertThat(excerpts.text(text, 1_024)).doesNotContain("yyy");
            assertThat(excerpts.text(JsonArray.of(text), 20_000)).doesNotContain("yyy");
        }
    }

    @Test
    void windowFullOfSecrets_showsNoHalfOne() {
        String text = (SECRET + " ").repeat(2_000);
        for (int cut = 0; cut < 60; cut++) {
            assertThat(excerpts.text(text.substring(cut), 1_024))
                    .doesNotContain("aB3_aB3_aB3_aB3_aB3_aB3_aB3_aB3_aB3_aB3_aB3_aB3_");
        }
    }

    @Test
    void surrogatePairs_atTheWindow_stayWhole() {
        for (int shift = 0; shift < 3; shift++) {
            String text = "x".repeat(shift) + "😀".repeat(30_000);
            assertThat(excerpts.text(text, 1_024)).endsWith("😀…");
        }
    }

    @Property(tries = 300)
    void cut_anyText_isShortEnoughAndABeginning(@ForAll String text, @ForAll @IntRange(max = 40) int bytes) {
        String clean = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        String cut = Excerpts.cut(clean, bytes);

        assertThat(cut.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(bytes);
        boolean whole = cut.equals(clean);
        assertThat(whole || cut.isEmpty() || clean.startsWith(cut.substring(0, cut.length() - 1)))
                .isTrue();
    }
}
