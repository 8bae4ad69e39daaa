package io.llmspell.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class EventPatternTest {
    private static void matches(String pattern, String... types) {
        for (String type : types) {
            assertThat(EventPattern.compile(pattern).matches(type))
                    .as("%s matches %s", pattern, type)
                    .isTrue();
        }
    }

    private static void misses(String pattern, String... types) {
        for (String type : types) {
            assertThat(EventPattern.compile(pattern).matches(type))
                    .as("%s matches %s", pattern, type)
                    .isFalse();
        }
    }

    private static void malformed(String pattern, int position, String hint) {
        assertThatThrownBy(() -> EventPattern.compile(pattern)).isInstanceOfSatisfying(EventException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.INVALID_PATTERN);
            assertThat(error.details()).containsEntry("position", (long) position);
            assertThat(error.text()).contains("position " + position).contains(hint);
        });
    }

    @Test
    void words_matchThemselvesAlone() {
        matches("a.b", "a.b");
        misses("a.b", "a", "a.b.c", "a.B", "A.b", "aXb", "b.a", "a.bb");
    }

    @Test
    void star_aloneLastAndWithin_meansWhatTheCatalogueSays() {
        matches("*", "a", "a.b", "a.b.c");
        matches("user.*", "user.a", "user.a.b");
        misses("user.*", "user", "users.a");
        matches("*.error", "svc.error");
        misses("*.error", "svc.db.error", "error");
        matches("a.*.c", "a.b.c");
        misses("a.*.c", "a.c", "a.b.b.c");
        matches("*.*", "a.b", "a.b.c");
        misses("*.*", "a");
    }

    @Test
    void doubleStar_isAnyNumberOfSegments() {
        matches("**", "a", "a.b.c");
        matches("**.error", "error", "svc.error", "svc.db.error");
        misses("**.error", "error.x", "svc.error.x");
        matches("a.**", "a", "a.b", "a.b.c");
        matches("a.**.z", "a.z", "a.b.z", "a.z.z", "a.b.c.z");
        misses("a.**.z", "a", "z", "a.z.b");
        matches("**.b.**.b", "b.b", "a.b.b", "b.x.y.b");
        misses("**.b.**.b", "b", "a.b");
    }

    @Test
    void insideASegment_runsCharactersSetsAndAlternatives() {
        matches("to*l.x", "tol.x", "tool.x", "to-and-l.x");
        misses("to*l.x", "tool", "to.l.x");
        matches("*ed", "ended", "ed");
        misses("*ed", "a.ended");
        matches("a?c", "abc", "a\uD83D\uDE00c");
        misses("a?c", "ac", "abbc");
        matches("[abc]1", "a1", "c1");
        misses("[abc]1", "d1", "ab1");
        matches("[a-cx]", "b", "x");
        matches("[!a-c]", "d");
        misses("[!a-c]", "b", "dd");
        matches("[-a]", "-", "a");
        matches("[a-]", "-");
        matches("run.{started,failed}", "run.started", "run.failed");
        misses("run.{started,failed}", "run.ended", "run.{started,failed}");
        matches("{a,b}{1,2}", "a1", "a2", "b1", "b2");
        matches("a{,b}", "a", "ab");
        matches("{tool*,[xy]?}", "tools", "x1");
    }

    @Test
    void backslash_takesTheNextCharacterAsItIs() {
        matches("a\\,b", "a,b");
        matches("[\\]]", "]");
        matches("{a\\,b,c}", "a,b", "c");
        matches("\\a", "a");
        misses("\\*", "a");
    }

    @Test
    void malformed_patterns_sayWhereAndWhatWouldBeRight() {
        malformed("", 0, "1 to 1024");
        malformed("a".repeat(1025), 0, "1 to 1024");
        malformed("a..b", 2, "empty");
        malformed(".a", 0, "empty");
        malformed("a.", 2, "empty");
        malformed("a.b**", 3, "alone between two dots");
        malformed("***", 0, "alone between two dots");
        malformed("a[bc", 1, "not closed");
        malformed("a[b.c]", 1, "not closed");
        malformed("a[]", 1, "empty");
        malformed("a[!]", 1, "empty");
        malformed("[z-a]", 1, "backwards");
        malformed("a]", 1, "no [");
        malformed("a}", 1, "no {");
        malformed("a.{b", 2, "not closed");
        malformed("{a.b}", 0, "not closed");
        malformed("{a,{b,c}}", 3, "within braces");
        malformed("{}", 0, "empty");
        malformed("a\\", 1, "backslash");
        malformed("a\nb", 1, "control");
        malformed("a\uD800b", 1, "surrogate");
        malformed("{a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b}", 27, "64");
    }

    @Test
    void alternatives_sixtyFour_areAllowed() {
        matches("{a,b,c,d}{a,b,c,d}{a,b,c,d}", "aaa", "dcb");
    }

    @Test
    void text_andEquality_areThoseOfThePattern() {
        EventPattern pattern = EventPattern.compile("a.*");
        assertThat(pattern.text()).isEqualTo("a.*");
        assertThat(pattern)
                .hasToString("a.*")
                .isEqualTo(EventPattern.compile("a.*"))
                .hasSameHashCodeAs("a.*");
        assertThat(pattern).isNotEqualTo(EventPattern.compile("a.**"));
    }

    @Test
    void hostilePatterns_areQuick() {
        String manyRuns = "*a".repeat(60) + "b";
        String manyStars = "**.a.".repeat(60) + "b";
        String alternatives = "{*a*a*a,*b*b*b}{*a*a*a,*b*b*b}{*a*a*a,*b*b*b}c";
        Assertions.assertTimeout(Duration.ofSeconds(5), () -> {
            for (int i = 0; i < 100; i++) {
                misses(manyRuns, "a".repeat(256));
                misses(manyStars, "a.".repeat(127) + "a");
                misses(alternatives, "ab".repeat(128));
            }
        });
    }

    @Property(tries = 4000)
    void matches_anyPatternAndType_agreesWithTheNaiveMatcher(
            @ForAll("patterns") String pattern, @ForAll("types") String type) {
        assertThat(EventPattern.compile(pattern).matches(type))
                .as("%s matches %s", pattern, type)
                .isEqualTo(NaiveGlob.matches(pattern, type));
    }

    @Property
    void compile_anyText_compilesOrIsRefusedWithAPosition(@ForAll @StringLength(max = 40) String text) {
        try {
            EventPattern.compile(text).matches(text);
        } catch (EventException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_PATTERN);
            assertThat((Long) refused.details().get("position")).isBetween(0L, (long) text.length());
        }
    }

    @Provide
    Arbitrary<String> types() {
        return Arbitraries.of("a", "b", "ab", "ba", "aab", "c")
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(segments -> String.join(".", segments));
    }

    @Provide
    Arbitrary<String> patterns() {
        Arbitrary<String> pieces = Arbitraries.of("a", "b", "?", "[ab]", "[!a]", "[a-b]", "{a,b}", "{ab,}", "\\a");
        Arbitrary<String> mixed = pieces.list().ofMinSize(1).ofMaxSize(3).map(list -> String.join("", list));
        Arbitrary<String> withRun = mixed.flatMap(left -> mixed.map(right -> left + "*" + right));
        Arbitrary<String> fixed = Arbitraries.of(List.of("*", "**", "**", "a*", "*b", "a", "b"));
        return Arbitraries.oneOf(mixed, withRun, fixed, fixed)
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(segments -> String.join(".", segments));
    }
}
