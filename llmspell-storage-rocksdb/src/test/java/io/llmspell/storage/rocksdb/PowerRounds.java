package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Starts {@link KillWriter} on a file system in an image file, copies the image while the writer is stopped, which is
 * what a power cut would leave, and compares what was acknowledged with what the copy holds.
 */
final class PowerRounds {
    private static final long IMAGE = 256L << 20;

    /** A buffered write may be lost if it is younger; the window is 100 ms, and a busy machine is late. */
    private static final long YOUNG = TimeUnit.SECONDS.toNanos(2);

    private final Path temp;
    private final TimeSource time;
    private final WriteMode mode;
    private final String variant;
    private final Random random;
    private long acknowledged;

    PowerRounds(Path temp, TimeSource time, WriteMode mode, String variant, long seed) {
        this.temp = temp;
        this.time = time;
        this.mode = mode;
        this.variant = variant;
        this.random = new Random(seed);
    }

    private record Ack(int thread, int kind, long sequence, long number, long nanos) {}

    long acknowledged() {
        return acknowledged;
    }

    /** One round; gives what is wrong after the cut, empty if nothing is. */
    List<String> round(long lengthMillis) throws IOException, InterruptedException {
        Path cut = temp.resolve("cut.img");
        List<Ack> acks;
        Path image = Mount.ext4(temp.resolve("live.img"), IMAGE);
        try (Mount live = Mount.image(image, temp.resolve("live"))) {
            acks = writeAndCut(live.folder, image, cut, lengthMillis);
        }
        acknowledged += acks.size();
        try (Mount after = Mount.image(cut, temp.resolve("after"));
                StorageBackend store =
                        RocksDbStorage.at(after.folder.resolve("store")).open(Sandbox.SPACES, time)) {
            return check(store, acks, acks.get(acks.size() - 1).nanos);
        } catch (StorageException refused) {
            return List.of("refused: " + refused.getMessage());
        } finally {
            Files.delete(cut);
            Files.delete(image);
        }
    }

    private List<Ack> writeAndCut(Path disk, Path image, Path cut, long lengthMillis)
            throws IOException, InterruptedException {
        List<Ack> acks = new ArrayList<>();
        String store = disk.resolve("store").toString();
        try (Child child = new Child(temp, KillWriter.class, store, mode.name(), "1000000", variant)) {
            String line = child.out.readLine();
            long moment = time.nanos() + TimeUnit.MILLISECONDS.toNanos(lengthMillis + random.nextInt(500));
            while (line != null && time.nanos() < moment) {
                acks.add(ack(line));
                line = child.out.readLine();
            }
            assertThat(line)
                    .as("the writer lives: %s", Files.readString(temp.resolve("stderr.txt")))
                    .isNotNull();
            acks.add(ack(line));
            stop(child.pid());
            run("cp", "--sparse=always", image.toString(), cut.toString());
            child.kill();
            // What the writer told until it was stopped came before the copy too.
            for (line = child.out.readLine(); line != null; line = child.out.readLine()) {
                if (line.split(" ", -1).length == 5) {
                    acks.add(ack(line));
                }
            }
            child.exit();
        }
        return acks;
    }

    private Ack ack(String line) {
        String[] parts = line.split(" ", -1);
        return new Ack(
                Integer.parseInt(parts[0]),
                Integer.parseInt(parts[1]),
                Long.parseLong(parts[2]),
                Long.parseLong(parts[3]),
                time.nanos());
    }

    /** Stops the writer and waits until none of its threads runs. */
    private static void stop(long pid) throws IOException, InterruptedException {
        run("kill", "-STOP", Long.toString(pid));
        Awaitility.await().ignoreException(IOException.class).until(() -> stopped(pid));
    }

    private static boolean stopped(long pid) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks.toList()) {
                String stat = Files.readString(task.resolve("stat"), StandardCharsets.ISO_8859_1);
                if (!stat.substring(stat.lastIndexOf(')')).startsWith(") T")) {
                    return false;
                }
            }
            return true;
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    }

    private List<String> check(StorageBackend store, List<Ack> acks, long end) {
        List<String> wrong = new ArrayList<>();
        long commits = store.statistics().getOrDefault("commits", 0L);
        for (Ack ack : acks) {
            boolean mustBeThere = mode == WriteMode.DURABLE || ack.nanos < end - YOUNG || ack.number <= commits;
            Bytes key = ack.kind == 0
                    ? KillWriter.single(ack.thread, ack.sequence)
                    : ack.kind == 1 ? KillWriter.together(ack.thread, 0) : null;
            if (mustBeThere && ack.number > commits) {
                wrong.add("lost: commit " + ack.number + " was acknowledged, the store ends at " + commits);
            } else if (mustBeThere && key != null && KillRounds.sequence(store, Space.STATE, key) < ack.sequence) {
                wrong.add("lost: " + key.text() + " is older than the acknowledged " + ack.sequence);
            }
        }
        KillRounds.checkTorn(store, wrong);
        return wrong;
    }
}
