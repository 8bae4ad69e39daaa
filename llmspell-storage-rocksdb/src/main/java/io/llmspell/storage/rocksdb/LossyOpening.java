package io.llmspell.storage.rocksdb;

import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a damaged store with what can be saved, because the operator accepted the loss.
 *
 * <p>What stays is whole commits up to the first that is damaged or missing; logs behind a missing one or a gap are set aside as
 * {@code .lost}. Only if tables are gone RocksDB goes back to the newest state whose files are all there, and all logs are
 * set aside. Commit numbers go on above the lost ones, so that no number means two things.
 */
final class LossyOpening {
    /** What was lost cannot be told, because the mark is lost too. */
    static final long UNKNOWN = -1;

    private static final String LOST = ".lost";

    private static final Logger LOG = LoggerFactory.getLogger(LossyOpening.class);

    private final RocksDbStorage settings;
    private final Path generation;

    LossyOpening(RocksDbStorage settings, Path generation) {
        this.settings = settings;
        this.generation = generation;
    }

    /** The mark, made anew if it is lost. */
    HighWater mark() throws IOException {
        HighWater found = HighWater.open(generation);
        return found != null ? found : HighWater.create(generation, UNKNOWN);
    }

    NativeStore open(HighWater high, Set<Space> spaces) throws IOException {
        pointAgain();
        setAsideBehindAHole(high);
        try {
            return NativeStore.open(settings, generation, Recovery.TO_THE_DAMAGE, spaces);
        } catch (StorageException damaged) {
            LOG.warn("{}; looking for the newest state whose files are all there", damaged.text());
            setAside(0);
            return NativeStore.open(settings, generation, Recovery.WITHOUT_FILES, spaces);
        }
    }

    private void setAsideBehindAHole(HighWater high) throws IOException {
        List<HighWater.Log> logs = HighWater.logs(generation.resolve("db"));
        LogCheck check = new LogCheck(settings.folder(), high.mark().logs(), logs);
        LogScan.Found found = LogScan.of(generation.resolve("db"), logs);
        high.ends(found.readable());
        cutForeign(found);
        long needed = NativeStore.oldestNeededLog(settings, generation);
        for (long log : check.damaged(found)) {
            if (log >= needed) {
                setAside(log + 1);
                break;
            }
        }
        OptionalLong hole = check.firstGone(needed);
        if (hole.isPresent()) {
            setAside(hole.getAsLong());
        }
    }

    /** What RocksDB must not be given is cut off; the log as it was is set aside. */
    private void cutForeign(LogScan.Found found) throws IOException {
        for (long log : found.foreign()) {
            Path file = generation.resolve("db").resolve(LogCheck.name(log));
            Files.copy(file, file.resolveSibling(file.getFileName() + LOST), StandardCopyOption.REPLACE_EXISTING);
            try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
                cut.setLength(found.readable().getOrDefault(log, 0L));
                cut.getFD().sync();
            }
        }
    }

    private void setAside(long from) throws IOException {
        for (HighWater.Log log : HighWater.logs(generation.resolve("db"))) {
            if (log.number() >= from) {
                Path file = generation.resolve("db").resolve(LogCheck.name(log.number()));
                Files.move(file, file.resolveSibling(file.getFileName() + LOST));
            }
        }
    }

    /** Makes the database's own pointer again, to its newest list of tables. */
    private void pointAgain() throws IOException {
        Path db = generation.resolve("db");
        if (Files.exists(db.resolve("CURRENT"))) {
            return;
        }
        Optional<String> newest;
        try (Stream<Path> files = Files.list(db)) {
            newest = files.map(each -> String.valueOf(each.getFileName()))
                    .filter(each -> each.startsWith("MANIFEST-"))
                    .max(Comparator.naturalOrder());
        }
        if (newest.isPresent()) {
            StoreFolder.replace(db, "CURRENT", (newest.get() + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** How many commits are lost; says so in the log. */
    long lost(HighWater.Mark before, long commit) {
        long lost = before.commit() == UNKNOWN ? UNKNOWN : Math.max(0, before.commit() - commit);
        if (lost != 0) {
            LOG.warn(
                    "the store {} was opened with a loss that was accepted: it ends at commit {}, {} are missing",
                    settings.folder(),
                    commit,
                    lost == UNKNOWN ? "nobody knows how many" : lost + " commits");
        }
        return lost;
    }
}
