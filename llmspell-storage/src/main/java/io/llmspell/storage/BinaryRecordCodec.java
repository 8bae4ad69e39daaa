package io.llmspell.storage;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.Sealer;
import io.llmspell.core.storage.StorageException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Record format 1; all numbers big-endian.
 *
 * <pre>
 *  0  2  magic "LS"
 *  2  1  format, 1
 *  3  1  codec of the payload: 1 JSON as UTF-8, 2 the same sealed as {@link AesGcm} does
 *  4  2  flags: 1 expires, 2 has a correlation id, 4 is sealed; the rest is 0
 *  6  2  length of the header text n
 *  8  n  schema id, schema version, class (each 2 bytes length and UTF-8),
 *        if flag 1: seconds (8) and nanoseconds (4) of the expiry, if flag 2: correlation id (as a text),
 *        if flag 4: id of the key (as a text)
 *     4  CRC32C of everything before, so that the header can be trusted alone
 *     p  payload
 *     4  CRC32C of the length of the key (4), the key and everything before
 * </pre>
 *
 * What stands around a sealed payload, and is protected by its seal, is everything before the first checksum, and the
 * key of the record: so nobody without the key can move a sealed value or change its class or expiry. The checksums come before the format: a damaged format byte reads as damage, and only an intact one as a newer release.
 */
final class BinaryRecordCodec implements RecordCodec {
    private static final short MAGIC = 0x4C53;
    private static final byte FORMAT = 1;
    private static final byte CODEC_JSON = 1;
    private static final byte CODEC_SEALED = 2;
    private static final int FIXED = 8;
    private static final int CRC = 4;

    /** How much of a record tells how long its header is. */
    static final int BEGIN = FIXED;

    private final JsonCodec json;
    private final Sealer keys;

    BinaryRecordCodec(JsonCodec json, Sealer keys) {
        this.json = json;
        this.keys = keys;
    }

    @Override
    public Bytes encode(Bytes key, RecordHeader header, @Nullable Object value) {
        return record(key, head(header.withKey(null), CODEC_JSON), json.bytes(value));
    }

    @Override
    public Bytes seal(Bytes key, RecordHeader header, @Nullable Object value) {
        String given = header.keyId();
        String keyId = given == null ? keys.activeKey() : given;
        byte[] head = head(header.withKey(keyId), CODEC_SEALED);
        return record(key, head, keys.seal(keyId, json.bytes(value), around(head, key)));
    }

    @Override
    public String sealingKey() {
        return keys.activeKey();
    }

    private static byte[] head(RecordHeader header, byte codec) {
        byte[] text = RecordHeaderText.write(header);
        ByteBuffer out = ByteBuffer.allocate(FIXED + text.length);
        out.putShort(MAGIC).put(FORMAT).put(codec);
        out.putShort((short) RecordHeaderText.flags(header)).putShort((short) text.length);
        return out.put(text).array();
    }

    private static Bytes record(Bytes key, byte[] head, byte[] payload) {
        ByteBuffer out = ByteBuffer.allocate(head.length + CRC + payload.length + CRC);
        out.put(head);
        out.putInt(crc(head, head.length));
        out.put(payload);
        out.putInt(crc(key, out.array(), out.position()));
        return Bytes.own(out.array());
    }

    private static byte[] around(byte[] head, Bytes key) {
        return ByteBuffer.allocate(head.length + key.length())
                .put(head)
                .put(key.view())
                .array();
    }

    @Override
    public RecordHeader header(Bytes record) {
        int end = headerEnd(record);
        ByteBuffer in = record.view();
        in.position(FIXED);
        in.limit(end);
        return RecordHeaderText.read(in, in.getShort(4));
    }

    /** A checksum of its own covers the header, so nothing behind it is needed. */
    @Override
    public int headLength(Bytes begin) {
        return begin.length() < FIXED ? Integer.MAX_VALUE : FIXED + shortAt(begin, 6) + CRC + CRC;
    }

    @Override
    public @Nullable Instant expiresAt(Bytes record) {
        int end = headerEnd(record);
        int flags = shortAt(record, 4);
        if (!RecordHeaderText.expires(flags)) {
            return null;
        }
        ByteBuffer in = record.view();
        in.position(FIXED);
        in.limit(end);
        return RecordHeaderText.expiry(in);
    }

    @Override
    public @Nullable Object decode(Bytes key, Bytes record) {
        byte[] bytes = record.toArray();
        int body = bytes.length - CRC;
        if (body < FIXED + CRC) {
            throw corrupt(key, "it is only " + bytes.length + " bytes long");
        }
        if (crc(key, bytes, body) != ByteBuffer.wrap(bytes).getInt(body)) {
            throw corrupt(key, "its checksum does not fit");
        }
        int end = headerEnd(record);
        byte[] payload = Arrays.copyOfRange(bytes, end + CRC, body);
        byte[] text = bytes[3] == CODEC_SEALED ? open(key, record, Arrays.copyOf(bytes, end), payload) : payload;
        try {
            return json.parse(text, JsonLimits.TOOL);
        } catch (LlmSpellException e) {
            throw new StorageException(
                    ErrorCode.STORE_CORRUPT, "the record under key " + key + " holds no JSON value", Map.of(), e);
        }
    }

    private byte[] open(Bytes key, Bytes record, byte[] head, byte[] sealed) {
        String keyId = header(record).keyId();
        if (keyId == null) {
            throw corrupt(key, "it is sealed, but names no key");
        }
        return keys.open(keyId, sealed, around(head, key));
    }

    /** How much of a record that begins so is needed to read its header. */
    static int withHeader(byte[] begin) {
        return FIXED + Short.toUnsignedInt(ByteBuffer.wrap(begin).getShort(6)) + CRC + CRC;
    }

    /** Checks the fixed part and the header's checksum and gives the offset of that checksum. */
    private static int headerEnd(Bytes in) {
        int size = in.length();
        if (size < FIXED + CRC + CRC) {
            throw damaged("it is only " + size + " bytes long");
        }
        int end = FIXED + shortAt(in, 6);
        if (end + CRC + CRC > size) {
            throw damaged("its header is cut off");
        }
        if (in.crc32c(end) != (shortAt(in, end) << 16 | shortAt(in, end + 2))) {
            throw damaged("the checksum of its header does not fit");
        }
        if (shortAt(in, 0) != MAGIC) {
            throw damaged("it does not begin like a record");
        }
        if (in.at(2) > FORMAT || in.at(3) > CODEC_SEALED) {
            throw new StorageException(
                    ErrorCode.STORE_TOO_NEW,
                    "a record has format " + in.at(2) + " with codec " + in.at(3) + ", but this release reads up to "
                            + FORMAT + " with codec " + CODEC_SEALED
                            + "; use the release that wrote it or a newer one");
        }
        if (in.at(2) < 1 || in.at(3) < 1) {
            throw damaged("its format or codec is not known");
        }
        return end;
    }

    private static int shortAt(Bytes in, int offset) {
        return Byte.toUnsignedInt(in.at(offset)) << 8 | Byte.toUnsignedInt(in.at(offset + 1));
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static int crc(Bytes key, byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            crc.update(key.length() >>> shift);
        }
        key.addTo(crc);
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    static StorageException damaged(String why) {
        return new StorageException(
                ErrorCode.STORE_CORRUPT, "a record is damaged: " + why + "; restore it from a backup");
    }

    private static StorageException corrupt(Bytes key, String why) {
        return new StorageException(
                ErrorCode.STORE_CORRUPT,
                "the record under key " + key + " is damaged: " + why + "; restore it from a backup");
    }
}
