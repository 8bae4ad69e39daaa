package io.llmspell.events.journal;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.event.EventException;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import io.llmspell.events.format.EventJson;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events as records of a log, and back.
 *
 * <p>Payload and attributes are redacted, because the journal is a copy that leaves the house. The position of a record
 * is not known when it is packed, so the name of the space stands for the key in its checksum. <b>Threads:</b> safe.
 */
final class EventRecords {
    private final RecordCodec codec;
    private final Space space;
    private final Bytes key;

    EventRecords(RecordCodec codec, Space space) {
        this.codec = codec;
        this.space = space;
        this.key = Bytes.utf8(space.name());
    }

    Space space() {
        return space;
    }

    /**
     * The part of a batch that keeps an event.
     *
     * @param sequence its number, 0 if that is not known yet
     * @param versionMember the member of the payload that takes the revision of the record when it is read, or null
     */
    Write.Append append(UniversalEvent event, long sequence, @Nullable String versionMember, Redactor redactor) {
        JsonObject known = EventJson.record(event, redactor.value(event.payload()), redactor.value(event.attributes()));
        Map<String, @Nullable Object> members = new LinkedHashMap<>(known); // checked; what is added needs no check
        if (sequence > 0) {
            members.put("sequence", sequence);
        }
        if (versionMember != null) {
            members.put("version_member", versionMember);
        }
        Bytes record = codec.encode(key, RecordHeader.of("standard", event.correlation()), members);
        return new Write.Append(space, record, IndexPrefixes.of(event));
    }

    /** The event of a record, with the number that is written in it, or 0. */
    UniversalEvent event(long position, Stored stored) {
        if (!(codec.decode(key, stored.value()) instanceof JsonObject members)) {
            throw corrupt(position, "it holds no object");
        }
        if (members.get("version_member") instanceof String member
                && members.get("payload") instanceof JsonObject payload) {
            members = members.with("payload", payload.with(member, stored.revision()));
        }
        try {
            return EventJson.read(members, members.get("sequence") instanceof Long number ? number : 0);
        } catch (EventException | JsonValueException wrong) {
            throw corrupt(position, wrong.text());
        }
    }

    private StorageException corrupt(long position, String why) {
        return new StorageException(
                ErrorCode.STORE_CORRUPT,
                "record " + position + " of the log " + space.name() + " is no event (" + why
                        + "); restore the store from a backup");
    }
}
