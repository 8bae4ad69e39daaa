package io.llmspell.events.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.SpecVersion;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.data.BytesCloudEventData;
import io.cloudevents.core.format.EventFormat;
import io.cloudevents.core.message.impl.BaseGenericBinaryMessageReaderImpl;
import io.cloudevents.core.v1.CloudEventV1;
import io.cloudevents.jackson.JsonFormat;
import io.llmspell.core.event.EventException;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.storage.Bytes;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Our mapping against the official SDK, in both directions and both modes. */
class CloudEventsTest {
    private static final JsonCodec JSON = JsonCodec.create();
    private static final EventFormat SDK = new JsonFormat();
    private static final Instant RECEIVED = Instant.parse("2025-01-01T00:00:00Z");

    @Provide
    Arbitrary<UniversalEvent> events() {
        return AnyEvents.events();
    }

    private static void same(UniversalEvent read, UniversalEvent event) {
        assertThat(JsonValues.same(EventJson.write(read), EventJson.write(event)))
                .as("%s is %s", EventJson.write(read), EventJson.write(event))
                .isTrue();
        assertThat(read.stamp()).isEqualTo(event.stamp());
    }

    /** The SDK reads numbers of data as doubles, so it gets none that are none. */
    @Provide
    Arbitrary<UniversalEvent> eventsForTheSdk() {
        return AnyEvents.events()
                .map(event -> event.payload() instanceof Boolean || event.payload() instanceof String
                        ? event
                        : UniversalEvent.of(
                                event.draft().withPayload(JsonObject.of("x", 1.5, "y", -7)), event.stamp()));
    }

    @Property(tries = 500)
    void bothModes_withoutTheSdk_comeBackTheSame(@ForAll("events") UniversalEvent event) {
        byte[] text = JSON.bytes(CloudEvents.structured(event));
        same(CloudEvents.fromStructured(object(text), RECEIVED), event);
        same(CloudEvents.fromBinary(CloudEvents.binary(event), RECEIVED), event);
    }

    @Property(tries = 500)
    void structured_throughTheSdk_comesBackTheSame(@ForAll("eventsForTheSdk") UniversalEvent event) {
        CloudEvent theirs = SDK.deserialize(JSON.bytes(CloudEvents.structured(event)));

        assertThat(theirs.getId()).isEqualTo(event.id().toString());
        assertThat(theirs.getType()).isEqualTo(event.type());
        assertThat(Objects.requireNonNull(theirs.getTime()).toInstant()).isEqualTo(event.timestamp());
        assertThat(theirs.getExtension("correlationid"))
                .isEqualTo(event.correlation().text());
        same(CloudEvents.fromStructured(object(SDK.serialize(theirs)), RECEIVED), event);
    }

    @Property(tries = 500)
    void binary_throughTheSdk_comesBackTheSame(@ForAll("eventsForTheSdk") UniversalEvent event) {
        CloudEventMessage ours = CloudEvents.binary(event);
        assertThat(ours.headers().values()).allMatch(value -> value.chars().allMatch(c -> c >= 32 && c < 127));
        CloudEvent theirs = new Headers(ours).toEvent();

        same(CloudEvents.fromBinary(binary(theirs), RECEIVED), event);
        same(CloudEvents.fromStructured(object(SDK.serialize(theirs)), RECEIVED), event);
    }

    private static JsonObject object(byte[] text) {
        return (JsonObject) Objects.requireNonNull(JSON.parse(text, JsonLimits.TOOL));
    }

    /** How the SDK's HTTP binding reads headers. */
    private static final class Headers extends BaseGenericBinaryMessageReaderImpl<String, String> {
        private final CloudEventMessage message;

        Headers(CloudEventMessage message) {
            super(
                    SpecVersion.V1,
                    message.body() == null
                            ? null
                            : BytesCloudEventData.wrap(message.body().toArray()));
            this.message = message;
        }

        @Override
        protected boolean isContentTypeHeader(String key) {
            return key.equals("content-type");
        }

        @Override
        protected boolean isCloudEventsHeader(String key) {
            return key.startsWith("ce-");
        }

        @Override
        protected String toCloudEventsKey(String key) {
            return key.substring(3);
        }

        @Override
        protected void forEachHeader(BiConsumer<String, String> each) {
            message.headers().forEach(each);
        }

        @Override
        protected String toCloudEventsValue(String value) {
            return PercentText.plain(value);
        }
    }

    private static CloudEventMessage binary(CloudEvent event) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : event.getAttributeNames()) {
            String value = String.valueOf(event.getAttribute(name));
            if (name.equals("datacontenttype")) {
                headers.put("Content-Type", value);
            } else {
                headers.put("CE-" + name, PercentText.header(value));
            }
        }
        for (String name : event.getExtensionNames()) {
            headers.put("ce-" + name, PercentText.header(String.valueOf(event.getExtension(name))));
        }
        CloudEventData data = event.getData();
        return new CloudEventMessage(headers, data == null ? null : Bytes.copyOf(data.toBytes()));
    }

    private static CloudEventBuilder foreign() {
        return CloudEventBuilder.v1()
                .withId("A-1")
                .withSource(URI.create("https://shop.example/orders?x=1"))
                .withType("com.example.order.placed");
    }

    private static List<CloudEvent> foreigners() {
        return List.of(
                foreign().build(),
                foreign()
                        .withTime(OffsetDateTime.parse("2020-02-03T04:05:06.789+02:00"))
                        .withSubject("order/7")
                        .withDataSchema(URI.create("https://shop.example/schema"))
                        .withExtension("partitionkey", "7")
                        .withExtension("count", 5)
                        .withExtension("sampled", true)
                        .withExtension("sequence", "00042")
                        .withData("application/json", "{\"a\":[1,null]}".getBytes(StandardCharsets.UTF_8))
                        .build(),
                foreign()
                        .withData("text/plain; charset=utf-8", "Grüße".getBytes(StandardCharsets.UTF_8))
                        .build(),
                foreign()
                        .withData("application/octet-stream", new byte[] {0, -1, 5})
                        .build());
    }

    @Test
    void foreign_events_goOutAsTheyCame() {
        for (CloudEvent theirs : foreigners()) {
            UniversalEvent event = CloudEvents.fromStructured(object(SDK.serialize(theirs)), RECEIVED);

            assertThat(event.type()).isEqualTo("com.example.order.placed");
            assertThat(event.source().name()).isEqualTo("https://shop.example/orders?x=1");
            assertThat(event.timestamp())
                    .isEqualTo(
                            theirs.getTime() == null
                                    ? RECEIVED
                                    : theirs.getTime().toInstant());
            CloudEvent back = SDK.deserialize(JSON.bytes(CloudEvents.structured(event)));
            assertThat(JsonValues.same(object(SDK.serialize(back)), object(SDK.serialize(theirs))))
                    .isTrue();
            CloudEventMessage message = CloudEvents.binary(event);
            assertThat(message).isEqualTo(inLowerCase(binary(theirs)));
            same(CloudEvents.fromBinary(message, RECEIVED), CloudEvents.fromBinary(binary(theirs), RECEIVED));
            same(EventJson.read(EventJson.write(event)), event);
        }
    }

    private static CloudEventMessage inLowerCase(CloudEventMessage message) {
        Map<String, String> headers = new LinkedHashMap<>();
        message.headers().forEach((name, value) -> {
            String lower = name.toLowerCase(java.util.Locale.ROOT);
            headers.put(lower, value);
        });
        return new CloudEventMessage(headers, message.body());
    }

    @Test
    void own_eventWithAnExtensionMore_isOursAndKeepsIt() {
        UniversalEvent event = AnyEvents.events().sample();
        JsonObject more = CloudEvents.structured(event).with("partitionkey", "7");

        UniversalEvent read = CloudEvents.fromStructured(more, RECEIVED);

        assertThat(read.stamp()).isEqualTo(event.stamp());
        assertThat(read.attributes().get("cloudevent")).isEqualTo(JsonObject.of("partitionkey", "7"));
        assertThat(JsonValues.same(CloudEvents.structured(read), more)).isTrue();
    }

    @Test
    void malformed_events_areRefusedByName() {
        JsonObject good = JsonObject.of("specversion", "1.0", "id", "1", "source", "/x", "type", "a");
        assertThat(CloudEvents.fromStructured(good, RECEIVED).type()).isEqualTo("a");
        refused(good.with("specversion", "0.3"), "specversion");
        refused(good.with("id", ""), "id");
        refused(good.with("source", 5), "source");
        refused(good.with("type", "a*"), "U+002A");
        refused(good.with("time", "today"), "time");
        refused(good.with("Upper", "x"), "Upper");
        refused(good.with("nested", JsonObject.empty()), "nested");
        refused(good.with("big", 1L << 40), "big");
        refused(good.with("data", 1).with("data_base64", "AA=="), "data_base64");
        assertThat(CloudEventV1.SPECVERSION).isEqualTo("specversion");
    }

    private static void refused(JsonObject json, String named) {
        assertThatThrownBy(() -> CloudEvents.fromStructured(json, RECEIVED))
                .isInstanceOf(EventException.class)
                .hasMessageContaining(named)
                .hasMessageEndingWith("[invalid_event]");
    }
}
