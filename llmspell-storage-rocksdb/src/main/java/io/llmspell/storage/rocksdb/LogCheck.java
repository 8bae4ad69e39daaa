package io.llmspell.storage.rocksdb;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares the write-ahead logs that are there with those that the high-water mark remembers.
 *
 * @param folder the data folder, for the errors
 * @param known the logs of the mark, in the order of their numbers
 * @param there the logs that are there, in the order of their numbers
 */
record LogCheck(Path folder, List<HighWater.Log> known, List<HighWater.Log> there) {
    private static final int DIGITS = 6;

    /** How much the logs hold. */
    long bytes() {
        long sum = 0;
        for (HighWater.Log log : there) {
            sum += log.size();
        }
        return sum;
    }

    /** Refuses if the newest log is gone or a log is shorter than it was: RocksDB would open with less. */
    void refuseLost() {
        if (known.isEmpty()) {
            return;
        }
        long newest = known.get(known.size() - 1).number();
        if (there.isEmpty() || there.get(there.size() - 1).number() < newest) {
            throw Errors.corrupt(folder, "the log " + name(newest) + " is missing with the newest commits", null);
        }
        for (HighWater.Log log : there) {
            for (HighWater.Log before : known) {
                if (before.number() == log.number() && log.size() < before.size()) {
                    String sizes = log.size() + " bytes instead of at least " + before.size();
                    throw Errors.corrupt(folder, "the log " + name(log.number()) + " was cut to " + sizes, null);
                }
            }
        }
    }

    /** Refuses if a log in the middle is gone: that is a hole, which neither RocksDB nor the number of commits shows. */
    void refuseHole(long oldestNeeded) {
        OptionalLong gone = firstGone(oldestNeeded);
        if (gone.isPresent()) {
            throw Errors.corrupt(folder, "the log " + name(gone.getAsLong()) + " is missing", null);
        }
    }

    /** The logs in which commits are damaged or missing, oldest first: their end was on the disk, and is not read. */
    List<Long> damaged(LogScan.Found found) {
        Set<Long> damaged = new TreeSet<>(found.gaps());
        for (HighWater.Log log : known) {
            Long readable = found.readable().get(log.number());
            if (readable != null && readable < log.size()) {
                damaged.add(log.number());
            }
        }
        return List.copyOf(damaged);
    }

    /** Refuses logs that RocksDB must not be given. */
    void refuseForeign(LogScan.Found found) {
        for (long log : found.foreign()) {
            throw Errors.corrupt(folder, "the log " + name(log) + " has a record that is not its own", null);
        }
    }

    /** Refuses if commits in a log that is needed are damaged or missing. */
    void refuseDamaged(List<Long> damaged, long oldestNeeded) {
        for (long log : damaged) {
            if (log >= oldestNeeded) {
                throw Errors.corrupt(
                        folder, "commits at the end of the log " + name(log) + " are damaged or missing", null);
            }
        }
    }

    /** The oldest log that is needed and gone. */
    OptionalLong firstGone(long oldestNeeded) {
        for (HighWater.Log log : known) {
            if (log.number() >= oldestNeeded && !isThere(log.number())) {
                return OptionalLong.of(log.number());
            }
        }
        return OptionalLong.empty();
    }

    private boolean isThere(long number) {
        for (HighWater.Log log : there) {
            if (log.number() == number) {
                return true;
            }
        }
        return false;
    }

    /** At least six digits. By hand, because the first {@code String.format} of a process loads its locales: 6 ms of a start. */
    static String name(long log) {
        String digits = Long.toString(log);
        return "0".repeat(Math.max(0, DIGITS - digits.length())) + digits + ".log";
    }
}
