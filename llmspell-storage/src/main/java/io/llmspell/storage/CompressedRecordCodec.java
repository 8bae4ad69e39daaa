package io.llmspell.storage;

import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Stores large records of another codec compressed, and reads both forms.
 *
 * <pre>
 * magic 'L' 'Z', format (1 byte), method (1 byte, 1 is deflate), length of the record (4 bytes), the deflated record,
 * CRC32C of all before (4 bytes)
 * </pre>
 *
 * The record within has its own checksums; this one also covers the bits that expanding does not look at.
 */
final class CompressedRecordCodec implements RecordCodec {
    private static final short MAGIC = 0x4C5A;
    private static final byte FORMAT = 1;
    private static final byte DEFLATE = 1;
    private static final int HEAD = 8;
    private static final int CRC = 4;
    private static final int LARGEST = 64 << 20;

    private final RecordCodec records;
    private final int threshold;

    CompressedRecordCodec(RecordCodec records, int threshold) {
        this.records = records;
        this.threshold = threshold;
    }

    @Override
    public Bytes encode(Bytes key, RecordHeader header, @Nullable Object value) {
        Bytes plain = records.encode(key, header, value);
        return plain.length() < threshold || plain.length() > LARGEST ? plain : compressed(plain);
    }

    /** Not compressed: what is sealed does not get smaller, and the length of what is compressed first tells of it. */
    @Override
    public Bytes seal(Bytes key, RecordHeader header, @Nullable Object value) {
        return records.seal(key, header, value);
    }

    @Override
    public String sealingKey() {
        return records.sealingKey();
    }

    /** The smaller form. */
    private static Bytes compressed(Bytes plain) {
        byte[] raw = plain.toArray();
        byte[] out = new byte[raw.length + HEAD];
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try {
            deflater.setInput(raw);
            deflater.finish();
            int length = deflater.deflate(out, HEAD, out.length - HEAD - CRC);
            if (!deflater.finished()) {
                return plain;
            }
            ByteBuffer.wrap(out).putShort(MAGIC).put(FORMAT).put(DEFLATE).putInt(raw.length);
            int end = HEAD + length;
            ByteBuffer.wrap(out).putInt(end, crc(ByteBuffer.wrap(out, 0, end)));
            return Bytes.own(Arrays.copyOf(out, end + CRC));
        } finally {
            deflater.end();
        }
    }

    @Override
    public RecordHeader header(Bytes record) {
        return records.header(begin(record));
    }

    @Override
    public int headLength(Bytes begin) {
        boolean packed = begin.length() < Short.BYTES || begin.view().getShort() == MAGIC;
        return packed ? Integer.MAX_VALUE : records.headLength(begin);
    }

    @Override
    public @Nullable Instant expiresAt(Bytes record) {
        return records.expiresAt(begin(record));
    }

    /** Expands the header alone, which has a checksum of its own: whoever reads the value too checks the whole. */
    private static Bytes begin(Bytes record) {
        ByteBuffer in = record.view();
        return compressed(in) ? expanded(in, in.limit() - CRC, false) : record;
    }

    @Override
    public @Nullable Object decode(Bytes key, Bytes record) {
        return records.decode(key, plain(record));
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static boolean compressed(ByteBuffer in) {
        return in.remaining() >= HEAD + CRC && in.getShort(0) == MAGIC;
    }

    private static Bytes plain(Bytes record) {
        ByteBuffer in = record.view();
        if (!compressed(in)) {
            return record;
        }
        int end = in.limit() - CRC;
        if (crc(record.view().limit(end)) != in.getInt(end)) {
            throw BinaryRecordCodec.damaged("the checksum of its compressed form does not fit");
        }
        return expanded(in, end, true);
    }

    /** Expands a record, or as much of it as its header takes. */
    private static Bytes expanded(ByteBuffer in, int end, boolean whole) {
        int length = in.getInt(4);
        if (in.get(2) != FORMAT || in.get(3) != DEFLATE || length < 0 || length > LARGEST) {
            throw BinaryRecordCodec.damaged("its compression is not known");
        }
        in.limit(end).position(HEAD);
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(in);
            byte[] out = new byte[whole ? length : Math.min(length, BinaryRecordCodec.BEGIN)];
            int got = inflater.inflate(out);
            if (!whole && got == BinaryRecordCodec.BEGIN) {
                out = Arrays.copyOf(out, Math.min(length, BinaryRecordCodec.withHeader(out)));
                got += inflater.inflate(out, got, out.length - got);
            }
            if (got != out.length || (whole && inflater.getRemaining() > 0)) {
                throw BinaryRecordCodec.damaged("it cannot be expanded to its length");
            }
            return Bytes.own(out);
        } catch (DataFormatException e) {
            throw BinaryRecordCodec.damaged("it cannot be expanded");
        } finally {
            inflater.end();
        }
    }
}
