package io.llmspell.testing.event;

import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Records as JSON text with the key inside, so that a record under a wrong key is found. */
final class TextCodec implements RecordCodec {
    private final JsonCodec json = JsonCodec.create();

    @Override
    public Bytes encode(Bytes key, RecordHeader header, @Nullable Object value) {
        return Bytes.utf8(json.text(JsonObject.of("key", key.text(), "class", header.stateClass(), "value", value)));
    }

    @Override
    public RecordHeader header(Bytes record) {
        return RecordHeader.of((String) Objects.requireNonNull(members(record).get("class")), null);
    }

    @Override
    public @Nullable Object decode(Bytes key, Bytes record) {
        Map<?, ?> members = members(record);
        if (!key.text().equals(members.get("key"))) {
            throw new AssertionError("a record of key " + members.get("key") + " is read under " + key.text());
        }
        return members.get("value");
    }

    private Map<?, ?> members(Bytes record) {
        return (Map<?, ?>) Objects.requireNonNull(json.parse(record.text(), JsonLimits.TOOL));
    }
}
