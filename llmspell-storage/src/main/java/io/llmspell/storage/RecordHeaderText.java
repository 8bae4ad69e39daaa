package io.llmspell.storage;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.storage.RecordHeader;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;

/** The variable part of a record's header, as {@link BinaryRecordCodec} describes it. */
final class RecordHeaderText {
    private static final int EXPIRES = 1;
    private static final int CORRELATED = 2;
    private static final int SEALED = 4;
    private static final int MAX_TEXT = 4_096;

    private RecordHeaderText() {}

    static int flags(RecordHeader header) {
        return (header.expiresAt() == null ? 0 : EXPIRES)
                | (header.correlation() == null ? 0 : CORRELATED)
                | (header.keyId() == null ? 0 : SEALED);
    }

    static byte[] write(RecordHeader header) {
        Instant expiry = header.expiresAt();
        CorrelationId correlation = header.correlation();
        String keyId = header.keyId();
        byte[][] texts = {
            utf8("schema id", header.schemaId()),
            utf8("schema version", header.schemaVersion()),
            utf8("class", header.stateClass()),
            utf8("correlation id", correlation == null ? "" : correlation.text()),
            utf8("key id", keyId == null ? "" : keyId)
        };
        int size = 6 + texts[0].length + texts[1].length + texts[2].length;
        size += (expiry == null ? 0 : 12) + (correlation == null ? 0 : 2 + texts[3].length);
        size += keyId == null ? 0 : 2 + texts[4].length;
        ByteBuffer out = ByteBuffer.allocate(size);
        for (int i = 0; i < 3; i++) {
            out.putShort((short) texts[i].length).put(texts[i]);
        }
        if (expiry != null) {
            out.putLong(expiry.getEpochSecond()).putInt(expiry.getNano());
        }
        if (correlation != null) {
            out.putShort((short) texts[3].length).put(texts[3]);
        }
        if (keyId != null) {
            out.putShort((short) texts[4].length).put(texts[4]);
        }
        return out.array();
    }

    private static byte[] utf8(String what, String text) {
        if (text.length() <= MAX_TEXT && isAscii(text)) {
            return text.getBytes(StandardCharsets.ISO_8859_1); // needs no encoder
        }
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            if (bytes.remaining() <= MAX_TEXT) {
                byte[] exact = new byte[bytes.remaining()];
                bytes.get(exact);
                return exact;
            }
        } catch (CharacterCodingException e) {
            throw new ArgumentException(what + " of a record", "malformed", "text without half surrogate pairs");
        }
        throw new ArgumentException(what + " of a record", text, "at most " + MAX_TEXT + " bytes of UTF-8");
    }

    private static void checkFlags(int flags) {
        if ((flags & ~(EXPIRES | CORRELATED | SEALED)) != 0) {
            throw BinaryRecordCodec.damaged("it has unknown flags");
        }
    }

    /** Whether the flags tell of an expiry. */
    static boolean expires(int flags) {
        checkFlags(flags);
        return (flags & EXPIRES) != 0;
    }

    /** The expiry alone, where there is one; the texts before it are passed over. */
    static Instant expiry(ByteBuffer in) {
        try {
            for (int text = 0; text < 3; text++) {
                int length = Short.toUnsignedInt(in.getShort());
                in.position(in.position() + length);
            }
            return instant(in.getLong(), in.getInt());
        } catch (BufferUnderflowException | DateTimeException | IllegalArgumentException e) {
            throw damaged(e);
        }
    }

    static RecordHeader read(ByteBuffer in, int flags) {
        checkFlags(flags);
        try {
            String schema = text(in);
            String version = text(in);
            String stateClass = text(in);
            Instant expiry = (flags & EXPIRES) == 0 ? null : instant(in.getLong(), in.getInt());
            CorrelationId correlation = (flags & CORRELATED) == 0 ? null : new CorrelationId(text(in));
            String keyId = (flags & SEALED) == 0 ? null : text(in);
            return complete(in, new RecordHeader(schema, version, stateClass, expiry, correlation, keyId));
        } catch (BufferUnderflowException | CharacterCodingException | DateTimeException | ArgumentException e) {
            throw damaged(e);
        }
    }

    private static RecordHeader complete(ByteBuffer in, RecordHeader header) {
        if (in.hasRemaining()) {
            throw BinaryRecordCodec.damaged("its header is too long");
        }
        return header;
    }

    private static Instant instant(long seconds, int nanos) {
        if (nanos < 0 || nanos > 999_999_999) {
            throw BinaryRecordCodec.damaged("its expiry is no instant");
        }
        return Instant.ofEpochSecond(seconds, nanos);
    }

    private static String text(ByteBuffer in) throws CharacterCodingException {
        byte[] bytes = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(bytes);
        if (isAscii(bytes)) {
            return new String(bytes, StandardCharsets.ISO_8859_1); // needs no decoder
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte each : bytes) {
            if (each < 0) {
                return false;
            }
        }
        return true;
    }

    private static LlmSpellException damaged(Exception why) {
        return BinaryRecordCodec.damaged(
                "its header cannot be read (" + why.getClass().getSimpleName() + ")");
    }
}
