package io.llmspell.storage.rocksdb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks how far write-ahead logs can be read, and for commits that are missing between two of them.
 *
 * <p>A record whose length or type was damaged looks to RocksDB like the last write of a process that died: it ends the
 * log there and reads on in the next one, and what followed is lost unseen. The sequence numbers of the batches show it:
 * those of one log begin where those of the log before ended. Where there is no log before, the end shows it: what was
 * synced is no torn write. Format: RocksDB's wiki, "Write Ahead Log File Format"; checksums are left to RocksDB, which
 * does refuse what they find.
 *
 * <p><b>Threads:</b> for the opening thread.
 */
final class LogScan {
    private static final int BLOCK = 32 << 10;
    private static final int HEADER = 7;
    private static final int RECYCLED_HEADER = 11;
    private static final int BATCH_HEADER = 12;
    private static final int FULL = 1;
    private static final int FIRST = 2;
    private static final int MIDDLE = 3;
    private static final int LAST = 4;
    private static final int RECYCLED = 4;
    private static final long UNKNOWN = -1;

    private final ByteBuffer batch = ByteBuffer.allocate(BATCH_HEADER).order(ByteOrder.LITTLE_ENDIAN);

    /** The sequence number of the first batch of the log, and the one behind its last. */
    private long first = UNKNOWN;

    private long next = UNKNOWN;

    /** How many bytes can be read. */
    private long readable;

    /** Whether it ends with a record that says it is the left-over of a log that was used again. */
    private boolean foreign;

    private final int number;

    private LogScan(long number) {
        this.number = (int) number;
    }

    /**
     * What is found in logs.
     *
     * @param gaps the numbers of the logs behind whose end commits are missing, usually none
     * @param readable by the number of a log, how many bytes of it can be read; the rest is a torn write or damage
     * @param foreign the numbers of the logs with a record of another log. We never use a log again, so it is damage; and
     *     RocksDB would read on at it for ever
     */
    record Found(List<Long> gaps, Map<Long, Long> readable, List<Long> foreign) {}

    /**
     * Reads the logs.
     *
     * @param db the folder of the logs
     * @param logs the logs in the order of their numbers
     */
    static Found of(Path db, List<HighWater.Log> logs) throws IOException {
        List<Long> gaps = new ArrayList<>();
        Map<Long, Long> readable = new HashMap<>();
        List<Long> foreign = new ArrayList<>();
        long before = UNKNOWN;
        long expected = UNKNOWN;
        for (HighWater.Log log : logs) {
            LogScan scan = new LogScan(log.number());
            try (InputStream in = Files.newInputStream(db.resolve(LogCheck.name(log.number())))) {
                scan.read(in);
            }
            readable.put(log.number(), scan.readable);
            if (scan.foreign) {
                foreign.add(log.number());
            }
            if (scan.first != UNKNOWN && expected != UNKNOWN && scan.first > expected) {
                gaps.add(before);
            }
            if (log.size() > 0) {
                before = log.number(); // also if nothing in it can be read: then what is missing stood there
            }
            if (scan.first != UNKNOWN) {
                expected = scan.next;
            }
        }
        return new Found(gaps, readable, foreign);
    }

    private void read(InputStream log) throws IOException {
        byte[] block = new byte[BLOCK];
        int length;
        boolean whole;
        do {
            length = log.readNBytes(block, 0, BLOCK);
            ByteBuffer in = ByteBuffer.wrap(block, 0, length).order(ByteOrder.LITTLE_ENDIAN);
            whole = readBlock(in);
            readable += whole && length == BLOCK ? BLOCK : in.position();
        } while (whole && length == BLOCK);
    }

    /** Reads the records of a block and stops behind the last one; false at the end of what can be read. */
    private boolean readBlock(ByteBuffer block) {
        while (block.remaining() >= HEADER) {
            int start = block.position();
            int length = block.getShort(start + 4) & 0xffff;
            int type = block.get(start + 6);
            boolean recycled = type > RECYCLED && type <= 2 * RECYCLED;
            int header = recycled ? RECYCLED_HEADER : HEADER;
            if (type == 0 || header + length > block.remaining()) {
                return false;
            }
            if (recycled && block.getInt(start + HEADER) != number) {
                foreign = true;
                return false;
            }
            block.position(start + header);
            fragment(recycled ? type - RECYCLED : type, block, length);
            block.position(start + header + length);
        }
        return true;
    }

    /** Takes the head of a batch from its fragments; the batch counts when its last one is there. */
    private void fragment(int type, ByteBuffer block, int length) {
        if (type < FULL || type > LAST) {
            return; // about the log itself
        }
        if (type == FULL || type == FIRST) {
            batch.clear();
        }
        int part = Math.min(length, batch.remaining());
        batch.put(block.slice(block.position(), part));
        if (type != FIRST && type != MIDDLE && !batch.hasRemaining()) {
            long sequence = batch.getLong(0);
            first = first == UNKNOWN ? sequence : first;
            next = sequence + batch.getInt(8);
        }
    }
}
