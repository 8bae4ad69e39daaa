package io.llmspell.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EventTypesTest {
    private static final Component SOURCE = Component.named(ComponentType.SYSTEM, "test");

    @ParameterizedTest
    @ValueSource(strings = {"a", "report.ready", "a-b_c:d/e f.g", "ü.名", "😀", "a!.b", "$x", "1.2.3"})
    void type_wellFormed_isAccepted(String type) {
        assertThat(EventDraft.of(type, null, SOURCE).type()).isEqualTo(type);
        assertThat(EventPattern.compile("**").matches(type)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | is empty",
                "`.a` | has an empty segment",
                "`a.` | has an empty segment",
                "`a..b` | has an empty segment",
                "`.` | has an empty segment",
                "`a*` | has the character U+002A at position 1",
                "`?a` | has the character U+003F at position 0",
                "`a[` | has the character U+005B at position 1",
                "`a]` | has the character U+005D at position 1",
                "`a{` | has the character U+007B at position 1",
                "`a}` | has the character U+007D at position 1",
                "`a\\` | has the character U+005C at position 1",
            })
    void type_malformed_isRefusedWithItsPlace(String type, String problem) {
        refused(() -> EventDraft.of(type, null, SOURCE), problem);
    }

    @Test
    void type_withControlsOrHalfAPair_isRefused() {
        refused(() -> EventDraft.of("a\n", null, SOURCE), "U+000A at position 1");
        refused(() -> EventDraft.of("a\u0085", null, SOURCE), "U+0085 at position 1");
        refused(() -> EventDraft.of("\u0000", null, SOURCE), "U+0000 at position 0");
        for (String bad : List.of("a\uD83D", "\uDE00", "\uD83Dx", "x\uDE00\uD83D")) {
            refused(() -> EventDraft.of(bad, null, SOURCE), "has half a surrogate pair at position");
        }
    }

    @Test
    void type_atItsBorder_isChecked() {
        assertThat(EventDraft.of("x".repeat(256), null, SOURCE).type()).hasSize(256);
        refused(() -> EventDraft.of("x".repeat(257), null, SOURCE), "is 257 characters long");
        assertThatThrownBy(() -> EventDraft.of("x".repeat(100_000), null, SOURCE))
                .message()
                .hasSizeLessThan(300);
    }

    @Test
    void draft_copies_changeOneThingEach() {
        EventDraft draft = EventDraft.of("a", Map.of("n", 1), SOURCE);

        assertThat(draft)
                .isEqualTo(new EventDraft(
                        "a",
                        JsonObject.of("n", 1),
                        SOURCE,
                        null,
                        null,
                        null,
                        Set.of(),
                        JsonObject.empty(),
                        null,
                        false));
        EventDraft all = draft.withTags(Set.of("t"))
                .withLinks("cause", "receiver")
                .withAttributes(JsonObject.of("k", "v"))
                .withTtl(Duration.ofSeconds(1))
                .withPriority(-3)
                .withPersistent(true)
                .withPayload(List.of(2));
        assertThat(all)
                .isEqualTo(new EventDraft(
                        "a",
                        JsonArray.of(2),
                        SOURCE,
                        "cause",
                        "receiver",
                        -3,
                        Set.of("t"),
                        JsonObject.of("k", "v"),
                        Duration.ofSeconds(1),
                        true));
        assertThat(draft.ttl()).isNull();
    }

    @Test
    void draft_badLifeOrPayload_isRefused() {
        EventDraft draft = EventDraft.of("a", null, SOURCE);

        assertThat(draft.withTtl(Duration.ofNanos(1)).ttl()).isEqualTo(Duration.ofNanos(1));
        refused(() -> draft.withTtl(Duration.ZERO), "the time to live of event \"a\" is PT0S, but must be positive");
        refused(() -> draft.withTtl(Duration.ofSeconds(-1)), "must be positive");
        assertThatThrownBy(() -> draft.withPayload(Double.NaN)).isInstanceOf(JsonValueException.class);
        assertThatThrownBy(() -> draft.withPayload("x".repeat(1 << 20)))
                .isInstanceOf(JsonValueException.class)
                .hasMessageEndingWith("[value_too_large]");
    }

    @Test
    void draft_wordsBeyondTheirBounds_areRefused() {
        EventDraft draft = EventDraft.of("a", null, SOURCE);
        String longest = "x".repeat(256);
        Set<String> many = IntStream.range(0, 64).mapToObj(i -> "t" + i).collect(Collectors.toSet());

        assertThat(draft.withTags(many).withLinks(longest, longest).tags()).hasSize(64);
        refused(() -> draft.withTags(Set.of("x".repeat(100_000))), "the tag of event \"a\" is 100000 characters long");
        refused(() -> draft.withLinks(longest + "x", null), "the causation of event \"a\" is 257 characters long");
        refused(
                () -> draft.withLinks(null, "x\uD83D"),
                "the target of event \"a\" has half a surrogate pair at position 1");
        refused(
                () -> draft.withTags(Set.of("\uDE00")),
                "the tag of event \"a\" has half a surrogate pair at position 0");
        many.add("one more");
        refused(() -> draft.withTags(many), "event \"a\" has 65 tags, but at most 64 are allowed");
    }

    @Test
    void draftAndEvent_tags_areCopied() {
        Set<String> tags = new HashSet<>(Set.of("a"));
        EventDraft draft = EventDraft.of("x", null, SOURCE).withTags(tags);
        EventStamp stamp =
                new EventStamp(new UUID(1, 2), Instant.EPOCH, 1, Language.JAVA, new CorrelationId("r"), null, "1.0");
        UniversalEvent event = UniversalEvent.of(draft, stamp);
        tags.add("b");

        assertThat(draft.tags()).containsExactly("a");
        assertThat(event.tags()).containsExactly("a");
        assertThat(event.draft()).isEqualTo(draft);
        assertThat(event.stamp()).isEqualTo(stamp);
    }

    @Test
    void publishResult_orThrow_givesTheNumberOrTheError() {
        PublishResult.Accepted accepted = new PublishResult.Accepted(7, 2);
        PublishResult rejected = new PublishResult.Rejected(8, List.of("s-1"), "s-1 is full");

        assertThat(accepted.orThrow()).isSameAs(accepted);
        assertThatThrownBy(rejected::orThrow)
                .isInstanceOfSatisfying(EventException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.EVENT_REJECTED);
                    assertThat(error.code().retryable()).isTrue();
                    assertThat(error.details()).isEqualTo(Map.of("subscriptions", List.of("s-1")));
                })
                .hasMessage("s-1 is full [event_rejected]");
    }

    @Test
    void subscribeOptions_default_leavesAllToTheBus() {
        assertThat(SubscribeOptions.DEFAULT)
                .isEqualTo(new SubscribeOptions(false, FlowOptions.UNSET, HandlingOptions.UNSET));
        assertThat(List.of(Overflow.values()))
                .extracting(Overflow::id)
                .containsExactly("drop_oldest", "drop_newest", "block", "reject");
    }

    @Test
    void subscribeOptions_copies_changeOneThingEach() {
        SubscribeOptions options = SubscribeOptions.DEFAULT
                .onPublisherThread()
                .withOverflow(Overflow.BLOCK)
                .withBufferSize(3)
                .withBlockTimeout(Duration.ofMillis(1))
                .withWaterMarks(2, 1)
                .withNotices(false)
                .withConcurrency(5)
                .withHandlerTimeout(Duration.ofMillis(7))
                .withQuarantineAfter(0);

        assertThat(options)
                .isEqualTo(new SubscribeOptions(
                        true,
                        new FlowOptions(Overflow.BLOCK, 3, Duration.ofMillis(1), 2, 1, false),
                        new HandlingOptions(5, Duration.ofMillis(7), 0)));
    }

    @Test
    void subscribeOptions_outOfRange_areRefused() {
        SubscribeOptions options = SubscribeOptions.DEFAULT;

        assertThat(options.withBufferSize(1).flow().bufferSize()).isEqualTo(1);
        assertThat(options.withBufferSize(10_000_000).flow().bufferSize()).isEqualTo(10_000_000);
        assertThat(options.withHandlerTimeout(Duration.ZERO).handling().timeout())
                .isZero();
        for (ThrowingCallable bad : List.<ThrowingCallable>of(
                () -> options.withBufferSize(0),
                () -> options.withBufferSize(10_000_001),
                () -> options.withBlockTimeout(Duration.ZERO),
                () -> options.withBlockTimeout(Duration.ofNanos(-1)),
                () -> options.withWaterMarks(0, 0),
                () -> options.withWaterMarks(2, 2),
                () -> options.withWaterMarks(2, -1),
                () -> options.withBufferSize(5).withWaterMarks(6, 1),
                () -> options.withConcurrency(0),
                () -> options.withConcurrency(1025),
                () -> options.withHandlerTimeout(Duration.ofNanos(-1)),
                () -> options.withQuarantineAfter(-1))) {
            assertThatThrownBy(bad).isInstanceOf(ArgumentException.class);
        }
    }

    private static void refused(ThrowingCallable call, String problem) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EventException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_EVENT))
                .hasMessageContaining(problem)
                .hasMessageEndingWith("[invalid_event]");
    }
}
