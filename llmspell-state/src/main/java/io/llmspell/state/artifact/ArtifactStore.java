package io.llmspell.state.artifact;

import io.llmspell.core.artifact.Artifact;
import io.llmspell.core.artifact.ArtifactInfo;
import io.llmspell.core.state.Scope;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageReader;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import io.llmspell.state.RecordBatch;
import io.llmspell.state.Sealing;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The records, contents and indexes of artifacts in the store. */
final class ArtifactStore {
    private static final int CHUNK = 256 << 10;
    private static final Bytes MARK = Bytes.utf8("1");

    private final StorageBackend backend;
    private final ArtifactCodec codec;

    ArtifactStore(StorageBackend backend, ArtifactCodec codec) {
        this.backend = backend;
        this.codec = codec;
    }

    StorageBackend backend() {
        return backend;
    }

    /**
     * The artifact that has a name.
     *
     * @param id its id
     * @param revision the revision of the name, which changes with each version
     */
    record Head(String id, long revision) {}

    @Nullable Head head(Scope owner, @Nullable String sessionId, String name) {
        Stored stored = backend.get(Space.SESSIONS, ArtifactKeys.name(owner, sessionId, name))
                .orElse(null);
        return stored == null ? null : new Head(stored.value().text(), stored.revision());
    }

    /** The newest version. */
    Optional<ArtifactInfo> newest(String id) {
        return newest(backend, id);
    }

    private Optional<ArtifactInfo> newest(StorageReader source, String id) {
        if (!ArtifactKeys.possible(id)) {
            return Optional.empty();
        }
        Range versions = Range.prefix(ArtifactKeys.records(id)).reversed();
        try (Cursor cursor = source.scan(Space.SESSIONS, versions)) {
            return cursor.next() ? Optional.of(info(cursor.entry())) : Optional.empty();
        }
    }

    private ArtifactInfo info(Entry entry) {
        return codec.read(entry.key(), entry.stored().value());
    }

    private Optional<ArtifactInfo> version(StorageReader source, String id, long version) {
        Bytes key = ArtifactKeys.record(id, version);
        return source.get(Space.SESSIONS, key).map(stored -> codec.read(key, stored.value()));
    }

    /** Reads record and content as they were at one moment; version 0 is the newest. */
    Optional<Artifact> read(String id, long version) {
        if (!ArtifactKeys.possible(id)) {
            return Optional.empty();
        }
        try (Snapshot moment = backend.snapshot()) {
            Optional<ArtifactInfo> info = version == 0 ? newest(moment, id) : version(moment, id, version);
            return info.map(found -> new Artifact(found, Packed.content(found, content(moment, found))));
        }
    }

    private Bytes content(StorageReader source, ArtifactInfo info) {
        Bytes clear = joined(
                source,
                info,
                ArtifactKeys.chunks(info.id(), info.version()),
                chunk -> chunk.stored().value().toArray());
        return clear.length() > 0
                ? clear
                : joined(
                        source,
                        info,
                        ArtifactKeys.sealed(info.id(), info.version()),
                        chunk -> codec.open(chunk.key(), chunk.stored().value()));
    }

    private static Bytes joined(
            StorageReader source, ArtifactInfo info, Bytes prefix, Function<Entry, byte[]> content) {
        ByteArrayOutputStream all = new ByteArrayOutputStream((int) info.size());
        try (Cursor cursor = source.scan(Space.SESSIONS, Range.prefix(prefix))) {
            while (cursor.next()) {
                all.writeBytes(content.apply(cursor.entry()));
            }
        }
        return Bytes.own(all.toByteArray());
    }

    /**
     * Adds a version to a batch.
     *
     * @param sealing seals record and content, or null if nothing in them is secret
     */
    void put(RecordBatch batch, ArtifactInfo info, Packed content, long headRevision, @Nullable Sealing sealing) {
        Bytes name = ArtifactKeys.name(ArtifactHouse.owner(info), info.origin().sessionId(), info.name());
        Bytes record = ArtifactKeys.record(info.id(), info.version());
        batch.add(new Write.Expect(Space.SESSIONS, name, headRevision));
        put(batch, name, Bytes.utf8(info.id()));
        put(batch, record, codec.write(record, info, sealing));
        int size = content.bytes().length();
        for (int from = 0; from < size; from += CHUNK) {
            putChunk(batch, info, from, content.bytes().slice(from, Math.min(size, from + CHUNK)), sealing);
        }
        if (sealing != null) {
            batch.add(sealing);
        }
        if (info.origin().sessionId() != null) {
            put(batch, ArtifactKeys.inSession(info.origin().sessionId(), info.id()), MARK);
        }
        put(batch, ArtifactKeys.inRun(info.origin().correlationId(), info.id(), info.version()), MARK);
    }

    private void putChunk(RecordBatch batch, ArtifactInfo info, int from, Bytes part, @Nullable Sealing sealing) {
        if (sealing == null) {
            put(batch, ArtifactKeys.chunk(info.id(), info.version(), from), part);
        } else {
            Bytes key = ArtifactKeys.sealed(info.id(), info.version(), from);
            put(batch, key, codec.seal(key, info, part, sealing));
        }
    }

    private static void put(RecordBatch batch, Bytes key, Bytes value) {
        batch.add(new Write.Put(Space.SESSIONS, key, value));
    }

    /** Adds the removal of all versions to a batch. */
    void remove(RecordBatch batch, ArtifactInfo newest, long headRevision) {
        String id = newest.id();
        String session = newest.origin().sessionId();
        Bytes name = ArtifactKeys.name(ArtifactHouse.owner(newest), session, newest.name());
        batch.add(new Write.Expect(Space.SESSIONS, name, headRevision));
        batch.add(new Write.Delete(Space.SESSIONS, name));
        for (ArtifactInfo version : scan(ArtifactKeys.records(id), info -> true, Integer.MAX_VALUE)) {
            batch.add(new Write.Delete(
                    Space.SESSIONS, ArtifactKeys.inRun(version.origin().correlationId(), id, version.version())));
        }
        batch.add(new Write.DeleteRange(Space.SESSIONS, Range.prefix(ArtifactKeys.records(id))));
        batch.add(new Write.DeleteRange(Space.SESSIONS, Range.prefix(ArtifactKeys.chunks(id))));
        batch.add(new Write.DeleteRange(Space.SESSIONS, Range.prefix(ArtifactKeys.sealed(id))));
        if (session != null) {
            batch.add(new Write.Delete(Space.SESSIONS, ArtifactKeys.inSession(session, id)));
        }
    }

    /** The newest versions of all artifacts that are wanted. */
    List<ArtifactInfo> all(Predicate<ArtifactInfo> wanted, int most) {
        List<ArtifactInfo> found = new ArrayList<>();
        ArtifactInfo last = null;
        try (Cursor cursor = backend.scan(Space.SESSIONS, Range.prefix(ArtifactKeys.records()))) {
            while (cursor.next() && found.size() < most) {
                ArtifactInfo info = info(cursor.entry());
                if (last != null && !last.id().equals(info.id()) && wanted.test(last)) {
                    found.add(last);
                }
                last = info;
            }
        }
        if (last != null && found.size() < most && wanted.test(last)) {
            found.add(last);
        }
        return found;
    }

    private List<ArtifactInfo> scan(Bytes prefix, Predicate<ArtifactInfo> wanted, int most) {
        List<ArtifactInfo> found = new ArrayList<>();
        try (Cursor cursor = backend.scan(Space.SESSIONS, Range.prefix(prefix))) {
            while (cursor.next() && found.size() < most) {
                ArtifactInfo info = info(cursor.entry());
                if (wanted.test(info)) {
                    found.add(info);
                }
            }
        }
        return found;
    }

    /** The newest versions of the artifacts of a session. */
    List<ArtifactInfo> ofSession(String sessionId, Predicate<ArtifactInfo> wanted, int most) {
        List<ArtifactInfo> found = new ArrayList<>();
        Bytes prefix = ArtifactKeys.ofSession(sessionId);
        for (String id : tails(prefix, 0)) {
            newest(id).filter(wanted).ifPresent(found::add);
            if (found.size() >= most) {
                return found;
            }
        }
        return found;
    }

    /** The versions that a run made. */
    List<ArtifactInfo> ofRun(String correlationId, Predicate<ArtifactInfo> wanted, int most) {
        List<ArtifactInfo> found = new ArrayList<>();
        Bytes prefix = ArtifactKeys.ofRun(correlationId);
        Set<String> ids = new HashSet<>(tails(prefix, Long.BYTES));
        for (String id : ids.stream().sorted().toList()) {
            int left = most - found.size();
            found.addAll(scan(
                    ArtifactKeys.records(id),
                    info -> info.origin().correlationId().equals(correlationId) && wanted.test(info),
                    left));
        }
        return found;
    }

    /** What stands in the keys of an index behind the prefix and a number of further bytes. */
    private List<String> tails(Bytes prefix, int skipped) {
        List<String> tails = new ArrayList<>();
        try (Cursor cursor = backend.scan(Space.SESSIONS, Range.prefix(prefix))) {
            while (cursor.next()) {
                Bytes key = cursor.entry().key();
                tails.add(key.slice(prefix.length() + skipped, key.length()).text());
            }
        }
        return tails;
    }
}
