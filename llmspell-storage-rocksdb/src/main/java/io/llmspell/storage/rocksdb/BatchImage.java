package io.llmspell.storage.rocksdb;

import io.llmspell.core.storage.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A write batch in the form in which RocksDB logs it, built on the heap: one call into the library hands over a whole
 * group, where each put, save point and removal would be a call of its own.
 *
 * <p>Format: RocksDB's {@code write_batch.cc}, the same that its logs hold: sequence (8, set by RocksDB), number of records
 * (4), then records of a tag, the family unless it is the default one, and texts behind their lengths. For the leader of
 * the commit queue.
 */
final class BatchImage {
    private static final int HEADER = 12;
    private static final int MOST_KEPT = 1 << 22;
    private static final byte DELETE = 0x0;
    private static final byte PUT = 0x1;
    private static final byte FAMILY_DELETE = 0x4;
    private static final byte FAMILY_PUT = 0x5;
    private static final byte FAMILY_DELETE_RANGE = 0xE;
    private static final byte DELETE_RANGE = 0xF;

    private byte[] content = new byte[4_096];
    private int length = HEADER;
    private int records;

    /** A moment to which the batch can go back. */
    record Point(int length, int records) {}

    void clear() {
        if (content.length > MOST_KEPT) {
            content = new byte[4_096];
        }
        length = HEADER;
        records = 0;
    }

    Point point() {
        return new Point(length, records);
    }

    void rollback(Point to) {
        length = to.length;
        records = to.records;
    }

    void put(int family, Bytes key, Bytes value) {
        begin(family, PUT, FAMILY_PUT);
        text(key);
        text(value);
    }

    /** Adds a value behind its revision. */
    void put(int family, Bytes key, long revision, Bytes value) {
        begin(family, PUT, FAMILY_PUT);
        text(key);
        number(Long.BYTES + value.length());
        room(Long.BYTES);
        ByteBuffer.wrap(content).putLong(length, revision);
        length += Long.BYTES;
        raw(value);
    }

    void delete(int family, Bytes key) {
        begin(family, DELETE, FAMILY_DELETE);
        text(key);
    }

    /** Removes all keys from one up to another, which stays. */
    void deleteRange(int family, Bytes from, Bytes to) {
        begin(family, DELETE_RANGE, FAMILY_DELETE_RANGE);
        text(from);
        text(to);
    }

    /** The batch as RocksDB reads it. */
    byte[] image() {
        byte[] image = Arrays.copyOf(content, length);
        ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).putInt(Long.BYTES, records);
        return image;
    }

    private void begin(int family, byte plain, byte inFamily) {
        records++;
        room(1);
        content[length++] = family == 0 ? plain : inFamily;
        if (family != 0) {
            number(family);
        }
    }

    private void text(Bytes text) {
        number(text.length());
        raw(text);
    }

    private void raw(Bytes bytes) {
        room(bytes.length());
        bytes.copyTo(content, length);
        length += bytes.length();
    }

    /** Seven bits to a byte, the lowest first. */
    private void number(int value) {
        room(5);
        int rest = value;
        while (rest >= 0x80) {
            content[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        content[length++] = (byte) rest;
    }

    private void room(int more) {
        int needed = Math.addExact(length, more);
        if (needed > content.length) {
            content = Arrays.copyOf(content, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, 2L * length)));
        }
    }
}
