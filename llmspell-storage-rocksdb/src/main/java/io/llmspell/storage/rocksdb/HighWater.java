package io.llmspell.storage.rocksdb;

import io.llmspell.core.concurrent.Handle;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file that remembers the last synced commit and the write-ahead logs of that moment, because RocksDB does not
 * notice a log that was deleted or cut.
 *
 * <p>Two slots of 1 KiB are written in turn and synced, so a cut while one is written leaves the other. Slot: magic (4),
 * turn (8), commit (8), number of logs (4), each log's number (8) and size (8), CRC32C of all before (4). <b>Threads:</b>
 * for the opening thread, then for the leader of the commit queue.
 */
final class HighWater implements Handle {
    private static final int MAGIC = 0x4C53_4857;
    private static final int SLOT = 1_024;
    private static final int MAX_LOGS = 60;
    private static final Pattern LOG = Pattern.compile("([0-9]+)\\.log");

    private final Path db;
    private final RandomAccessFile file;
    private long turn;
    private Mark mark;
    private Map<Long, Long> ends = Map.of();

    /**
     * What a slot says.
     *
     * @param commit the last synced commit
     * @param logs the logs in the order of their numbers
     */
    record Mark(long commit, List<Log> logs) {}

    /**
     * A write-ahead log.
     *
     * @param number its number
     * @param size its size in bytes, which can only grow; in a mark, without a torn write at its end
     */
    record Log(long number, long size) {}

    private HighWater(Path db, RandomAccessFile file, long turn, Mark mark) {
        this.db = db;
        this.file = file;
        this.turn = turn;
        this.mark = mark;
    }

    static HighWater create(Path generation, long commit) throws IOException {
        RandomAccessFile file =
                new RandomAccessFile(generation.resolve("high-water").toFile(), "rw");
        // Written and not only sized, so that a full disk cannot refuse the slots later.
        file.write(new byte[2 * SLOT]);
        HighWater fresh = new HighWater(generation.resolve("db"), file, 0, new Mark(0, List.of()));
        fresh.write(commit);
        return fresh;
    }

    /** Opens the file of a generation; empty if it is missing or neither slot is whole. */
    static @Nullable HighWater open(Path generation) throws IOException {
        return open(generation, "rw");
    }

    /** What the file of a generation says, also while another process writes it; null if it is missing or damaged. */
    static @Nullable Mark peek(Path generation) throws IOException {
        HighWater found = open(generation, "r");
        if (found == null) {
            return null;
        }
        found.close();
        return found.mark;
    }

    private static @Nullable HighWater open(Path generation, String access) throws IOException {
        Path path = generation.resolve("high-water");
        if (!Files.isRegularFile(path)) {
            return null;
        }
        RandomAccessFile file = new RandomAccessFile(path.toFile(), access);
        HighWater newest = null;
        for (int slot = 0; slot < 2; slot++) {
            HighWater found = read(generation.resolve("db"), file, slot);
            if (found != null && (newest == null || found.turn > newest.turn)) {
                newest = found;
            }
        }
        if (newest == null) {
            file.close();
        }
        return newest;
    }

    private static @Nullable HighWater read(Path db, RandomAccessFile file, int slot) throws IOException {
        byte[] bytes = new byte[SLOT];
        if (file.length() < (slot + 1L) * SLOT) {
            return null;
        }
        file.seek((long) slot * SLOT);
        file.readFully(bytes);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int logs = in.getInt(20);
        int end = 24 + 16 * logs;
        if (in.getInt(0) != MAGIC || logs < 0 || logs > MAX_LOGS || in.getInt(end) != crc(bytes, end)) {
            return null;
        }
        List<Log> found = new ArrayList<>();
        for (int i = 0; i < logs; i++) {
            found.add(new Log(in.getLong(24 + 16 * i), in.getLong(32 + 16 * i)));
        }
        return new HighWater(db, file, in.getLong(4), new Mark(in.getLong(12), List.copyOf(found)));
    }

    Mark mark() {
        return mark;
    }

    /**
     * Tells how far the logs of earlier processes can be read: what is behind that is the torn write of one that died, and
     * must not be missed later.
     *
     * @param readable the bytes by the number of the log
     */
    void ends(Map<Long, Long> readable) {
        ends = Map.copyOf(readable);
    }

    /** Remembers that everything up to a commit is synced. */
    void write(long commit) throws IOException {
        List<Log> logs = logs(db);
        List<Log> newest = new ArrayList<>();
        for (Log log : logs.subList(Math.max(0, logs.size() - MAX_LOGS), logs.size())) {
            newest.add(new Log(log.number, Math.min(log.size, ends.getOrDefault(log.number, log.size))));
        }
        ByteBuffer out = ByteBuffer.allocate(SLOT);
        out.putInt(MAGIC).putLong(turn + 1).putLong(commit).putInt(newest.size());
        for (Log log : newest) {
            out.putLong(log.number).putLong(log.size);
        }
        out.putInt(crc(out.array(), out.position()));
        file.seek((turn + 1) % 2 * SLOT);
        file.write(out.array());
        file.getFD().sync();
        turn++;
        mark = new Mark(commit, List.copyOf(newest));
    }

    /** The logs that are there now. */
    static List<Log> logs(Path db) throws IOException {
        List<Log> logs = new ArrayList<>();
        try (Stream<Path> files = Files.list(db)) {
            for (Path each : files.toList()) {
                Matcher matcher = LOG.matcher(String.valueOf(each.getFileName()));
                if (matcher.matches()) {
                    logs.add(new Log(Long.parseLong(matcher.group(1)), sizeIfThere(each)));
                }
            }
        }
        // not Comparator.comparingLong, for which the JDK makes a class at run time
        logs.sort((one, other) -> Long.compare(one.number, other.number));
        return logs;
    }

    /** RocksDB may remove a log that it no longer needs between the listing and the look at it. */
    private static long sizeIfThere(Path log) throws IOException {
        try {
            return Files.size(log);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            // Everything that counts was synced when it was written.
        }
    }
}
