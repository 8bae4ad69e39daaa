package io.llmspell.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.StorageException;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

final class CompressedRecordCodecTest {
    private static final Bytes KEY = Bytes.utf8("key");
    private static final RecordHeader HEADER = RecordHeader.of("standard", null);

    private final RecordCodec plain = RecordCodecs.create(JsonCodec.create());
    private final RecordCodec codec = RecordCodecs.compressed(plain, 100);

    private static JsonObject text(int length) {
        return JsonObject.of("text", "tides ".repeat(length));
    }

    @Test
    void largeRecord_isSmallerAndComesBack() {
        Bytes record = codec.encode(KEY, HEADER, text(1_000));
        assertThat(record.length())
                .isLessThan(plain.encode(KEY, HEADER, text(1_000)).length() / 10);
        assertThat(codec.decode(KEY, record)).isEqualTo(text(1_000));
        assertThat(codec.header(record)).isEqualTo(HEADER);
    }

    @Test
    void expiry_isReadWithoutTheRest() {
        Instant expiry = Instant.ofEpochSecond(1_000, 5);
        RecordHeader expires = new RecordHeader("schema", "1.0.0", "standard", expiry, new CorrelationId("run"));

        assertThat(codec.expiresAt(codec.encode(KEY, expires, text(1_000)))).isEqualTo(expiry);
        assertThat(codec.expiresAt(plain.encode(KEY, expires, text(1)))).isEqualTo(expiry);
        assertThat(codec.expiresAt(codec.encode(KEY, HEADER, text(1_000)))).isNull();
    }

    @Test
    void beginning_ofACompressedRecord_isNotEnough() {
        Bytes packed = codec.encode(KEY, HEADER, text(1_000));
        assertThat(codec.headLength(packed.slice(0, 100))).isEqualTo(Integer.MAX_VALUE);
        Bytes small = codec.encode(KEY, HEADER, 1);
        assertThat(codec.headLength(small)).isEqualTo(plain.headLength(small));
    }

    /** It does not expand the rest: a header is asked for with each look at a record, and the value with the next call. */
    @Test
    void header_ofARecordDamagedBehindIt_isRead() {
        byte[] bytes = codec.encode(KEY, HEADER, text(1_000)).toArray();
        bytes[bytes.length - 6] ^= 1;
        assertThat(codec.header(Bytes.own(bytes))).isEqualTo(HEADER);
        assertThatThrownBy(() -> codec.decode(KEY, Bytes.own(bytes))).isInstanceOf(StorageException.class);
    }

    @Property(tries = 300)
    void header_flippedBit_isRightOrCorrupt(@ForAll @IntRange(max = 1_000_000) int place) {
        byte[] bytes = codec.encode(KEY, HEADER, text(500)).toArray();
        bytes[place / 8 % bytes.length] ^= (byte) (1 << place % 8);
        try {
            assertThat(codec.header(Bytes.own(bytes))).isEqualTo(HEADER);
        } catch (StorageException refused) {
            assertThat(refused.code()).isIn(ErrorCode.STORE_CORRUPT, ErrorCode.STORE_TOO_NEW);
        }
    }

    @Test
    void compressedRecord_isReadByTheCodecThatDoesNotCompress() {
        Bytes record = codec.encode(KEY, HEADER, text(1_000));
        assertThat(plain.decode(KEY, record)).isEqualTo(text(1_000));
        assertThat(plain.header(record)).isEqualTo(HEADER);
        assertThat(plain.encode(KEY, HEADER, text(1_000)).length()).isGreaterThan(6_000);
    }

    @Test
    void smallRecord_staysAsItIs() {
        assertThat(codec.encode(KEY, HEADER, 1)).isEqualTo(plain.encode(KEY, HEADER, 1));
        Bytes before = plain.encode(KEY, HEADER, text(1_000));
        assertThat(codec.decode(KEY, before)).as("what was there before").isEqualTo(text(1_000));
    }

    @Property(tries = 200)
    void anyText_comesBack(@ForAll @StringLength(max = 2_000) String text) {
        String valid = text.codePoints()
                .filter(c -> !(c >= 0xD800 && c <= 0xDFFF))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        assertThat(codec.decode(KEY, codec.encode(KEY, HEADER, valid))).isEqualTo(valid);
    }

    @Property(tries = 300)
    void flippedBit_isCorruptOrTooNew(@ForAll @IntRange(max = 1_000_000) int place) {
        byte[] bytes = codec.encode(KEY, HEADER, text(500)).toArray();
        bytes[place / 8 % bytes.length] ^= (byte) (1 << place % 8);
        assertThatThrownBy(() -> codec.decode(KEY, Bytes.own(bytes)))
                .isInstanceOfSatisfying(
                        StorageException.class,
                        error -> assertThat(error.code()).isIn(ErrorCode.STORE_CORRUPT, ErrorCode.STORE_TOO_NEW));
    }

    @Test
    void cutRecord_isCorrupt() {
        Bytes whole = codec.encode(KEY, HEADER, text(500));
        for (int length : new int[] {0, 1, 7, 8, 9, whole.length() - 1}) {
            assertThatThrownBy(() -> codec.decode(KEY, whole.slice(0, length)))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.STORE_CORRUPT));
        }
        assertThatThrownBy(() -> codec.decode(KEY, whole.plus(Bytes.utf8("more"))))
                .isInstanceOf(StorageException.class);
    }
}
