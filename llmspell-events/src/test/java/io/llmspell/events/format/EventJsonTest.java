package io.llmspell.events.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventException;
import io.llmspell.core.event.EventStamp;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventJsonTest {
    private static final JsonCodec JSON = JsonCodec.create();
    private static final UniversalEvent SIMPLE = UniversalEvent.of(
            EventDraft.of("a", null, Component.named(ComponentType.TOOL, "calc")),
            new EventStamp(new UUID(1, 2), Instant.EPOCH, 7, Language.LUA, new CorrelationId("run"), null, "1.0"));

    @Provide
    Arbitrary<UniversalEvent> events() {
        return AnyEvents.events();
    }

    @Property(tries = 1000)
    void read_whatWasWritten_isTheSameEvent(@ForAll("events") UniversalEvent event) {
        Object parsed = JSON.parse(JSON.bytes(EventJson.write(event)), JsonLimits.TOOL);

        UniversalEvent read = EventJson.read((JsonObject) parsed);

        assertThat(JsonValues.same(EventJson.write(read), EventJson.write(event)))
                .isTrue();
        assertThat(read.stamp()).isEqualTo(event.stamp());
        assertThat(read.ttl()).isEqualTo(event.ttl());
        assertThat(read.source()).isEqualTo(event.source());
    }

    @Test
    void write_simpleEvent_hasTheNamesOfTheGuide() {
        assertThat(JSON.text(EventJson.write(SIMPLE)))
                .isEqualTo("{\"id\":\"00000000-0000-0001-0000-000000000002\",\"type\":\"a\",\"payload\":null,"
                        + "\"source\":{\"type\":\"tool\",\"name\":\"calc\",\"id\":\""
                        + SIMPLE.source().id() + "\"},\"language\":\"lua\",\"timestamp\":\"1970-01-01T00:00:00Z\","
                        + "\"correlation_id\":\"run\",\"tags\":[],\"attributes\":{},\"schema_version\":\"1.0\","
                        + "\"sequence\":7}");
    }

    @ParameterizedTest
    @CsvSource({
        "id, x", "id, 1-1-1-1-1", "type, a*", "type,", "source, x", "timestamp, yesterday", "correlation_id, a b",
        "tags, x", "attributes,", "ttl_seconds, x", "ttl_seconds, -1", "priority, x", "sequence, x", "schema_version,",
        "target, 5", "language, 5"
    })
    void read_wrongMember_isNamed(String name, @Nullable String text) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>(EventJson.write(SIMPLE));
        boolean number = text != null && text.matches("-?\\d");
        members.put(name, number ? (Object) Long.valueOf(text) : text);

        assertThatThrownBy(() -> EventJson.read(JsonValues.object(members, JsonLimits.TOOL)))
                .isInstanceOf(EventException.class)
                .hasMessageContaining("event")
                .hasMessageEndingWith("[invalid_event]");
    }
}
