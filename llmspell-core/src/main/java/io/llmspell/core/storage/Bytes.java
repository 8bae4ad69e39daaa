package io.llmspell.core.storage;

import io.llmspell.core.error.ArgumentException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * An immutable sequence of bytes, ordered as unsigned bytes.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class Bytes implements Comparable<Bytes> {
    private static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /**
     * No bytes at all.
     *
     * @return the empty sequence
     */
    public static Bytes empty() {
        return EMPTY;
    }

    /**
     * Copies an array.
     *
     * @param content the bytes
     * @return the sequence
     */
    public static Bytes copyOf(byte[] content) {
        return new Bytes(content.clone());
    }

    /**
     * Takes an array over without a copy; the caller must not touch it any more.
     *
     * @param content the bytes
     * @return the sequence
     */
    public static Bytes own(byte[] content) {
        return new Bytes(content);
    }

    /**
     * The UTF-8 form of a text.
     *
     * @param text the text
     * @return the sequence
     */
    public static Bytes utf8(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A number as 8 bytes, big-endian, so that order is kept for numbers that are not negative.
     *
     * @param number the number
     * @return the sequence
     */
    public static Bytes ofLong(long number) {
        return new Bytes(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    /**
     * How many bytes there are.
     *
     * @return the length
     */
    public int length() {
        return content.length;
    }

    /**
     * One byte.
     *
     * @param index from 0
     * @return the byte
     */
    public byte at(int index) {
        return content[index];
    }

    /**
     * A fresh array with the bytes.
     *
     * @return the copy
     */
    public byte[] toArray() {
        return content.clone();
    }

    /**
     * A read-only view without a copy.
     *
     * @return the view, position 0
     */
    public ByteBuffer view() {
        return ByteBuffer.wrap(content).asReadOnlyBuffer();
    }

    /**
     * Reads 8 bytes as a big-endian number.
     *
     * @param offset where they begin
     * @return the number
     */
    public long longAt(int offset) {
        return ByteBuffer.wrap(content).getLong(offset);
    }

    /**
     * The CRC32C of the first bytes, without a copy.
     *
     * @param length how many bytes, at most all
     * @return the checksum
     */
    public int crc32c(int length) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, length);
        return (int) crc.getValue();
    }

    /**
     * Copies all bytes into an array.
     *
     * @param into the array
     * @param at where the first byte goes
     * @throws IndexOutOfBoundsException if they do not fit
     */
    public void copyTo(byte[] into, int at) {
        System.arraycopy(content, 0, into, at, content.length);
    }

    /**
     * Has all bytes counted in a checksum, without a copy.
     *
     * @param checksum the checksum
     */
    public void addTo(Checksum checksum) {
        checksum.update(content, 0, content.length);
    }

    /**
     * The bytes as UTF-8 text.
     *
     * @return the text
     */
    public String text() {
        return new String(content, StandardCharsets.UTF_8);
    }

    /**
     * The end of the sequence as UTF-8 text, without a copy of it first.
     *
     * @param from the offset of the first byte
     * @return the text; malformed bytes read as the replacement character
     */
    public String text(int from) {
        return new String(content, from, content.length - from, StandardCharsets.UTF_8);
    }

    /**
     * Whether the sequence begins with another.
     *
     * @param prefix the other
     * @return true if it does
     */
    public boolean startsWith(Bytes prefix) {
        return content.length >= prefix.content.length
                && Arrays.equals(content, 0, prefix.content.length, prefix.content, 0, prefix.content.length);
    }

    /**
     * This sequence with another behind it.
     *
     * @param tail the other
     * @return the joined sequence
     */
    public Bytes plus(Bytes tail) {
        byte[] joined = Arrays.copyOf(content, content.length + tail.content.length);
        System.arraycopy(tail.content, 0, joined, content.length, tail.content.length);
        return new Bytes(joined);
    }

    /**
     * A part of the sequence.
     *
     * @param from the first byte, from 0
     * @param to behind the last byte
     * @return the part
     * @throws ArgumentException {@code invalid_argument} if the borders are outside
     */
    public Bytes slice(int from, int to) {
        if (from < 0 || to < from || to > content.length) {
            throw new ArgumentException("slice", from + " to " + to, "within 0 to " + content.length);
        }
        return new Bytes(Arrays.copyOfRange(content, from, to));
    }

    /**
     * The smallest sequence above all that begin with this one.
     *
     * @return the end of the prefix range, or the empty sequence if there is none
     */
    public Bytes prefixEnd() {
        for (int i = content.length - 1; i >= 0; i--) {
            if (content[i] != (byte) 0xFF) {
                byte[] end = Arrays.copyOf(content, i + 1);
                end[i]++;
                return new Bytes(end);
            }
        }
        return EMPTY;
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(content, other.content);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    /** The first bytes in hexadecimal; values may be secret, so at most 16 are shown. */
    @Override
    public String toString() {
        int shown = Math.min(16, content.length);
        return HexFormat.of().formatHex(content, 0, shown)
                + (shown < content.length ? "… (" + content.length + ")" : "");
    }
}
