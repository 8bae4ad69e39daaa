package io.llmspell.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BinaryRecordCodecTest {
    private static final RecordCodec CODEC = RecordCodecs.create(JsonCodec.create());
    private static final Bytes KEY = Bytes.utf8("key");
    private static final RecordHeader HEADER = new RecordHeader(
            "app.note",
            "1.2.0",
            "standard",
            Instant.parse("2030-01-02T03:04:05.000000006Z"),
            new CorrelationId("run-1"));

    @Provide
    static Arbitrary<@Nullable Object> values() {
        Arbitrary<Object> some = Arbitraries.oneOf(
                Arbitraries.of(true, false).map(each -> each),
                Arbitraries.longs().map(each -> each),
                Arbitraries.doubles().map(each -> each),
                Arbitraries.strings().excludeChars('\0').map(BinaryRecordCodecTest::whole));
        Arbitrary<@Nullable Object> leaves = some.injectNull(0.2);
        return Arbitraries.recursive(() -> leaves, BinaryRecordCodecTest::nested, 0, 3);
    }

    private static Arbitrary<@Nullable Object> nested(Arbitrary<@Nullable Object> inner) {
        return Arbitraries.oneOf(
                inner,
                inner.list().ofMaxSize(3).map(each -> each),
                Arbitraries.maps(Arbitraries.strings().alpha(), inner)
                        .ofMaxSize(3)
                        .map(each -> each));
    }

    /** Without half surrogate pairs, which no JSON text can hold. */
    private static String whole(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    @Provide
    static Arbitrary<RecordHeader> headers() {
        Arbitrary<String> texts = Arbitraries.strings().ofMaxLength(40).map(BinaryRecordCodecTest::whole);
        Arbitrary<@Nullable Instant> instants = Arbitraries.longs()
                .between(-4_000_000_000L, 400_000_000_000L)
                .map(seconds -> Instant.ofEpochSecond(seconds, Math.floorMod(seconds * 7919, 1_000_000_000)))
                .injectNull(0.3);
        Arbitrary<@Nullable CorrelationId> ids = Arbitraries.strings()
                .withCharRange('!', '~')
                .ofMinLength(1)
                .ofMaxLength(128)
                .map(CorrelationId::new)
                .injectNull(0.3);
        return Combinators.combine(texts, texts, texts, instants, ids).as(RecordHeader::new);
    }

    @Property(tries = 300)
    void decode_whatWasEncoded_isTheSame(
            @ForAll("values") @Nullable Object value, @ForAll("headers") RecordHeader header, @ForAll byte[] rawKey) {
        Object checked = JsonValues.checked(value, JsonLimits.VALUE);
        Bytes key = Bytes.copyOf(rawKey);
        Bytes record = CODEC.encode(key, header, checked);
        assertThat(JsonValues.same(CODEC.decode(key, record), checked)).isTrue();
        assertThat(CODEC.header(record)).isEqualTo(header);
    }

    @Property(tries = 100)
    void decode_underAnotherKey_isRefused(@ForAll byte[] rawKey, @ForAll byte[] rawOther) {
        if (!Arrays.equals(rawKey, rawOther)) {
            Bytes record = CODEC.encode(Bytes.copyOf(rawKey), HEADER, "value");
            assertCode(ErrorCode.STORE_CORRUPT, () -> CODEC.decode(Bytes.copyOf(rawOther), record));
        }
    }

    @Test
    void decode_everyFlippedBit_isFound() {
        byte[] record = CODEC.encode(KEY, HEADER, Map.of("text", "ä", "n", 1)).toArray();
        for (int bit = 0; bit < record.length * 8; bit++) {
            byte[] damaged = record.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertCode(ErrorCode.STORE_CORRUPT, () -> CODEC.decode(KEY, Bytes.own(damaged)));
        }
    }

    @Test
    void decode_everyCut_isFound() {
        byte[] record = CODEC.encode(KEY, HEADER, "value").toArray();
        for (int length = 0; length < record.length; length++) {
            Bytes cut = Bytes.own(Arrays.copyOf(record, length));
            assertCode(ErrorCode.STORE_CORRUPT, () -> CODEC.decode(KEY, cut));
        }
        Bytes longer = Bytes.own(Arrays.copyOf(record, record.length + 1));
        assertCode(ErrorCode.STORE_CORRUPT, () -> CODEC.decode(KEY, longer));
    }

    @Test
    void header_everyFlippedBitOfTheHeader_isFound() {
        byte[] record = CODEC.encode(KEY, HEADER, "value").toArray();
        int end = record.length - "\"value\"".length() - 4;
        for (int bit = 0; bit < end * 8; bit++) {
            byte[] damaged = record.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertCode(ErrorCode.STORE_CORRUPT, () -> CODEC.header(Bytes.own(damaged)));
        }
    }

    @Test
    void decode_newerFormatOrCodec_isTooNew() {
        for (int at : new int[] {2, 3}) {
            byte[] record = CODEC.encode(KEY, HEADER, "value").toArray();
            record[at] = 3;
            byte[] sealed = seal(record, "\"value\"".length());
            assertCode(ErrorCode.STORE_TOO_NEW, () -> CODEC.decode(KEY, Bytes.own(sealed)));
            assertCode(ErrorCode.STORE_TOO_NEW, () -> CODEC.header(Bytes.own(sealed)));
            record[at] = 0;
            byte[] zero = seal(record, "\"value\"".length());
            assertCode(ErrorCode.STORE_CORRUPT, () -> CODEC.header(Bytes.own(zero)));
        }
    }

    /** Gives a record right checksums again, as its author of a newer release would. */
    private static byte[] seal(byte[] record, int payload) {
        byte[] sealed = record.clone();
        ByteBuffer out = ByteBuffer.wrap(sealed);
        int body = sealed.length - 4;
        CRC32C head = new CRC32C();
        head.update(sealed, 0, body - payload - 4);
        out.putInt(body - payload - 4, (int) head.getValue());
        CRC32C all = new CRC32C();
        all.update(ByteBuffer.allocate(4).putInt(0, KEY.length()));
        all.update(KEY.toArray());
        all.update(sealed, 0, body);
        out.putInt(body, (int) all.getValue());
        return sealed;
    }

    @Test
    void encode_headerTextThatCannotBeKept_isRefused() {
        RecordHeader half = new RecordHeader("\uD800", "0.0.0", "standard", null, null);
        assertThatThrownBy(() -> CODEC.encode(KEY, half, 1)).isInstanceOf(ArgumentException.class);
        RecordHeader huge = new RecordHeader("x".repeat(5_000), "0.0.0", "standard", null, null);
        assertThatThrownBy(() -> CODEC.encode(KEY, huge, 1)).isInstanceOf(ArgumentException.class);
    }

    /** The file is never changed: whatever it holds must be readable for ever. */
    @Test
    void decode_goldenRecordsOfFormatOne_readAsTheyWereWritten() throws IOException {
        Map<String, Bytes> golden = golden();
        Bytes plain = Objects.requireNonNull(golden.get("plain"));
        assertThat(CODEC.decode(KEY, plain)).isEqualTo(JsonValues.checked(value(), JsonLimits.VALUE));
        assertThat(CODEC.header(plain)).isEqualTo(RecordHeader.of("standard", null));
        Bytes full = Objects.requireNonNull(golden.get("full"));
        assertThat(CODEC.decode(KEY, full)).isEqualTo(JsonValues.checked(value(), JsonLimits.VALUE));
        assertThat(CODEC.header(full)).isEqualTo(HEADER);
        int head = full.length() - text(full).length();
        Bytes written = CODEC.encode(KEY, HEADER, JsonValues.checked(value(), JsonLimits.VALUE));
        assertThat(written.slice(0, head))
                .as("the envelope of format 1 is still what is written; another one needs its own golden file")
                .isEqualTo(full.slice(0, head));
    }

    /** The payload and the last checksum; how a text is escaped in JSON may differ between releases. */
    private static String text(Bytes record) {
        String latin = new String(record.toArray(), StandardCharsets.ISO_8859_1);
        return latin.substring(latin.indexOf("[\""));
    }

    private static List<Object> value() {
        return List.of("ä€😀", 1, -7.5, true, Map.of("deep", List.of()));
    }

    private static Map<String, Bytes> golden() throws IOException {
        Map<String, Bytes> records = new HashMap<>();
        try (InputStream in = BinaryRecordCodecTest.class.getResourceAsStream("records-format-1.txt")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.lines().toList()) {
                if (!line.startsWith("#")) {
                    String[] parts = line.split("=", 2);
                    records.put(parts[0], Bytes.own(HexFormat.of().parseHex(parts[1])));
                }
            }
        }
        return records;
    }

    private static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StorageException.class,
                        error -> assertThat(error.code()).isEqualTo(code));
    }

    @Property(tries = 200)
    void expiry_ofTheBeginning_isThatOfTheWhole(@ForAll("headers") RecordHeader header) {
        Bytes record = CODEC.encode(KEY, header, "x".repeat(500));
        int head = CODEC.headLength(record);
        assertThat(head).isLessThan(record.length());
        assertThat(CODEC.headLength(record.slice(0, 8))).isEqualTo(head);
        assertThat(CODEC.headLength(record.slice(0, 7))).isEqualTo(Integer.MAX_VALUE);
        assertThat(CODEC.expiresAt(record.slice(0, head))).isEqualTo(header.expiresAt());
        byte[] damaged = record.slice(0, head).toArray();
        damaged[head - 9] ^= 1;
        assertThatThrownBy(() -> CODEC.expiresAt(Bytes.own(damaged))).isInstanceOf(StorageException.class);
    }
}
