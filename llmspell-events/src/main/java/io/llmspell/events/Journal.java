package io.llmspell.events;

import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Write;
import io.llmspell.events.format.EventJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the records that keep events.
 *
 * <p>Payload and attributes are redacted, because the journal is a copy that leaves the house. The position of a record
 * is not known when it is packed, so the name of the space stands for the key in its checksum. <b>Threads:</b> safe.
 */
final class Journal {
    private final RecordCodec codec;
    private final Space space;
    private final Redactor redactor;

    Journal(RecordCodec codec, Space space, Redactor redactor) {
        this.codec = codec;
        this.space = space;
        this.redactor = redactor;
    }

    /** An event; a reader puts the revision of the record into the named member of the payload, if one is named. */
    Write append(UniversalEvent event, @Nullable String versionMember) {
        JsonObject value = EventJson.record(event, redactor.value(event.payload()), redactor.value(event.attributes()));
        if (versionMember != null) {
            value = value.with("version_member", versionMember);
        }
        Bytes record = codec.encode(Bytes.utf8(space.name()), RecordHeader.of("standard", event.correlation()), value);
        return new Write.Append(space, record, List.of());
    }
}
