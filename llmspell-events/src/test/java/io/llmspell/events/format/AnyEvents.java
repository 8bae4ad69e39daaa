package io.llmspell.events.format;

import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventStamp;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.jspecify.annotations.Nullable;

/** Events of all shapes, for properties. */
final class AnyEvents {
    private AnyEvents() {}

    static Arbitrary<UniversalEvent> events() {
        return Combinators.combine(drafts(), stamps()).as(UniversalEvent::of);
    }

    /** Texts of all characters but lone surrogates. */
    static Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings()
                        .all()
                        .ofMaxLength(12)
                        .filter(text -> text.chars().noneMatch(c -> Character.isSurrogate((char) c))),
                Arbitraries.of("\"", "%41", "a b", "\u007f\u0085", "😀", "\ufffe", "null", "1"));
    }

    private static Arbitrary<EventDraft> drafts() {
        Arbitrary<String> names = texts().filter(text -> !text.isBlank());
        Arbitrary<Component> sources = Combinators.combine(names, names, uuids())
                .as((type, name, id) -> new Component(new ComponentType(type), name, id));
        Arbitrary<Duration> lives = Combinators.combine(
                        Arbitraries.longs().between(0, Long.MAX_VALUE),
                        Arbitraries.integers().between(1, 999_999_999))
                .as(Duration::ofSeconds);
        return Combinators.combine(
                        Arbitraries.of("a", "tool.run.completed", "Größe mit Leerzeichen.x", "com/ex"),
                        values(2).injectNull(0.2),
                        sources,
                        texts().injectNull(0.5),
                        texts().injectNull(0.5),
                        Arbitraries.integers().injectNull(0.5),
                        texts().set().ofMaxSize(3),
                        Combinators.combine(
                                        lives.injectNull(0.5),
                                        Arbitraries.maps(texts(), values(1)).ofMaxSize(3))
                                .as(Rest::new))
                .as((type, payload, source, causation, target, priority, tags, rest) -> new EventDraft(
                        type,
                        payload,
                        source,
                        causation,
                        target,
                        priority,
                        Set.copyOf(tags),
                        JsonValues.object(rest.attributes, JsonLimits.VALUE),
                        rest.ttl,
                        false));
    }

    private record Rest(@Nullable Duration ttl, java.util.Map<String, Object> attributes) {}

    private static Arbitrary<EventStamp> stamps() {
        Arbitrary<Instant> times = Combinators.combine(
                        Arbitraries.longs().between(-60_000_000_000L, 250_000_000_000L),
                        Arbitraries.integers().between(0, 999_999_999))
                .as(Instant::ofEpochSecond);
        return Combinators.combine(
                        uuids(),
                        times,
                        Arbitraries.longs().between(0, Long.MAX_VALUE),
                        Arbitraries.of(Language.values()),
                        Arbitraries.strings()
                                .withCharRange('!', '~')
                                .ofMinLength(1)
                                .ofMaxLength(128),
                        Arbitraries.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "odd \u0001")
                                .injectNull(0.5),
                        Arbitraries.of("1.0", "2.0"))
                .as((id, time, sequence, language, run, trace, version) ->
                        new EventStamp(id, time, sequence, language, new CorrelationId(run), trace, version));
    }

    private static Arbitrary<UUID> uuids() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(UUID::new);
    }

    private static Arbitrary<Object> values(int depth) {
        Arbitrary<Object> plain = Arbitraries.oneOf(
                texts().map(text -> text),
                Arbitraries.longs().map(number -> number),
                Arbitraries.of(true, false, 1.5, 1e300, new BigDecimal("12345678901234567890.123456789")));
        return depth == 0
                ? plain
                : Arbitraries.oneOf(
                        plain,
                        values(depth - 1).list().ofMaxSize(3).map(list -> list),
                        Arbitraries.maps(texts(), values(depth - 1))
                                .ofMaxSize(3)
                                .map(map -> map));
    }
}
