package io.llmspell.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.StorageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SealedRecordTest {
    private static final Bytes KEY = Bytes.utf8("key");
    private static final RecordHeader HEADER = new RecordHeader(
            "app.note", "1.2.0", "sensitive", Instant.parse("2030-01-02T03:04:05Z"), new CorrelationId("run-1"));

    private final KeyRing keys = KeyRing.inMemory();
    private final RecordCodec codec = RecordCodecs.create(JsonCodec.create(), keys);

    private static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StorageException.class,
                        error -> assertThat(error.code()).isEqualTo(code));
    }

    @Property(tries = 300)
    void decode_whatWasSealed_isTheSameAndNotInTheRecord(
            @ForAll String rawText, @ForAll long number, @ForAll byte[] rawKey) {
        String text = new String(rawText.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        Object value = JsonValues.checked(
                Map.of("text", text, "list", List.of(number, "canary-0123456789")), JsonLimits.VALUE);
        Bytes key = Bytes.copyOf(rawKey);
        Bytes record = codec.seal(key, HEADER, value);

        assertThat(JsonValues.same(codec.decode(key, record), value)).isTrue();
        assertThat(codec.header(record)).isEqualTo(HEADER.withKey(keys.activeKey()));
        assertThat(new String(record.toArray(), StandardCharsets.ISO_8859_1)).doesNotContain("canary-0123456789");
    }

    @Test
    void seal_namedKey_isUsed() {
        String old = keys.activeKey();
        keys.newKey();

        assertThat(codec.header(codec.seal(KEY, HEADER.withKey(old), 1)).keyId())
                .isEqualTo(old);
        assertThat(codec.header(codec.seal(KEY, HEADER, 1)).keyId()).isEqualTo(codec.sealingKey());
        assertThat(codec.header(codec.encode(KEY, HEADER.withKey(old), 1)).keyId())
                .isNull();
    }

    @Test
    void decode_everyFlippedBitAndCut_isFound() {
        byte[] record = codec.seal(KEY, HEADER, "value").toArray();
        for (int bit = 0; bit < record.length * 8; bit++) {
            byte[] damaged = record.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertCode(ErrorCode.STORE_CORRUPT, () -> codec.decode(KEY, Bytes.own(damaged)));
        }
        for (int length = 0; length < record.length; length++) {
            Bytes cut = Bytes.own(Arrays.copyOf(record, length));
            assertCode(ErrorCode.STORE_CORRUPT, () -> codec.decode(KEY, cut));
        }
    }

    /** The checksums are no protection against people: they work them out anew. */
    @Test
    void decode_recordForgedWithRightChecksums_isRefused() {
        Bytes record = codec.seal(KEY, HEADER, "value");
        byte[] other = record.toArray();
        int at = new String(other, StandardCharsets.ISO_8859_1).indexOf("sensitive");
        byte[] standard = "trusted__".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(standard, 0, other, at, standard.length);

        assertCode(ErrorCode.STORE_CORRUPT, () -> codec.decode(KEY, checksummed(other, KEY)));
        Bytes moved = Bytes.utf8("other");
        assertCode(ErrorCode.STORE_CORRUPT, () -> codec.decode(moved, checksummed(record.toArray(), moved)));
        assertThat(codec.decode(KEY, checksummed(record.toArray(), KEY))).isEqualTo("value");
    }

    private static Bytes checksummed(byte[] record, Bytes key) {
        ByteBuffer out = ByteBuffer.wrap(record);
        int head = 8 + Short.toUnsignedInt(out.getShort(6));
        CRC32C first = new CRC32C();
        first.update(record, 0, head);
        out.putInt(head, (int) first.getValue());
        CRC32C all = new CRC32C();
        all.update(ByteBuffer.allocate(4).putInt(0, key.length()));
        all.update(key.view());
        all.update(record, 0, record.length - 4);
        out.putInt(record.length - 4, (int) all.getValue());
        return Bytes.own(record);
    }

    @Test
    void decode_withoutKeys_saysSo() {
        Bytes record = codec.seal(KEY, HEADER, "value");
        RecordCodec without = RecordCodecs.create(JsonCodec.create());

        assertThat(without.header(record).keyId()).isEqualTo(keys.activeKey());
        assertCode(ErrorCode.STORE_KEY_MISSING, () -> without.decode(KEY, record));
        assertCode(ErrorCode.STORE_KEY_MISSING, () -> without.seal(KEY, HEADER, 1));
        RecordCodec wrong = RecordCodecs.create(JsonCodec.create(), other());
        assertCode(ErrorCode.STORE_KEY_WRONG, () -> wrong.decode(KEY, record));
    }

    private static KeyRing other() {
        KeyRing ring = KeyRing.inMemory();
        ring.newKey();
        return ring;
    }
}
