package io.llmspell.storage.rocksdb;

import io.llmspell.core.storage.StorageException;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The layout of a data folder: {@code LOCK}, the pointer {@code CURRENT}, and {@code generations/000001/} with the
 * database in {@code db/} and the file {@code high-water}.
 *
 * <p>A generation that is being made holds the file {@code NEW}, which goes when {@code CURRENT} points to it. So a
 * creation that was cut short is told from a store whose pointer was lost. <b>Threads:</b> for the opening thread, under
 * the lock.
 */
final class StoreFolder {
    private static final Logger LOG = LoggerFactory.getLogger(StoreFolder.class);
    private static final String FIRST = "000001";
    private static final int FORMAT = 1;
    private static final Pattern POINTER =
            Pattern.compile("llmspell store, format ([0-9]{1,6})\ngeneration ([0-9]{6})\n");

    private final Path root;

    StoreFolder(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    private Path generations() {
        return root.resolve("generations");
    }

    private Path pointer() {
        return root.resolve("CURRENT");
    }

    /** Refuses what is no store before anything is written; makes the folder if that was asked for. */
    void prepare(boolean create) {
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw Errors.notAFolder(root);
        }
        if (!create && !Files.exists(pointer()) && !hasGeneration()) {
            throw Errors.notFound(root, Files.exists(root) ? "the folder holds no store" : "the folder does not exist");
        }
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw Errors.of(e, "making the data folder", root);
        }
    }

    /** Whether there is a generation that was once complete; refuses if it cannot tell. */
    private boolean hasGeneration() {
        try {
            for (Path generation : list(generations())) {
                if (!list(generation).isEmpty() && !isNew(generation)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw Errors.of(e, "looking for a store", root);
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
    }

    /** The folder of the generation that counts, or of a new one that {@link #finish} must complete. */
    Path generation(boolean create) {
        if (!Files.exists(pointer())) {
            if (hasGeneration()) {
                throw Errors.corrupt(root, "the file CURRENT is missing", null);
            }
            if (!create) {
                throw Errors.notFound(root, "the folder holds no store");
            }
            return begin();
        }
        Path generation = pointedGeneration();
        deleteMarker(generation);
        return generation;
    }

    /** The folder of the generation that counts; changes nothing. */
    Path existing() {
        prepare(false);
        if (!Files.exists(pointer())) {
            throw Errors.corrupt(root, "the file CURRENT is missing", null);
        }
        return pointedGeneration();
    }

    /** The generation that counts, or the newest one if the pointer is lost; for a store whose loss was accepted. */
    Path anyGeneration() {
        try {
            return existing();
        } catch (StorageException damaged) {
            try {
                return list(generations()).stream()
                        .filter(each -> Files.isDirectory(each.resolve("db")) && !isNew(each))
                        .max(Comparator.naturalOrder())
                        .orElseThrow(() -> damaged);
            } catch (IOException e) {
                throw Errors.of(e, Errors.OPENING, root);
            }
        }
    }

    private Path pointedGeneration() {
        Path generation = generations().resolve(pointed());
        if (!Files.isDirectory(generation.resolve("db"))) {
            throw Errors.corrupt(root, "the folder " + root.relativize(generation) + "/db is missing", null);
        }
        return generation;
    }

    private String pointed() {
        String text;
        try {
            text = Files.readString(pointer(), StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw Errors.corrupt(root, "the file CURRENT is no text", e);
        } catch (IOException e) {
            throw Errors.of(e, "reading the file CURRENT", root);
        }
        Matcher matcher = POINTER.matcher(text);
        if (!matcher.matches()) {
            throw Errors.corrupt(root, "the file CURRENT has an unknown content", null);
        }
        int format = Integer.parseInt(matcher.group(1));
        if (format > FORMAT) {
            throw Errors.tooNew(root, "its format is " + format + ", this release reads " + FORMAT, null);
        }
        return matcher.group(2);
    }

    /** Whether a generation is new, so that its database must be made. */
    static boolean isNew(Path generation) {
        return Files.exists(generation.resolve("NEW"));
    }

    private Path begin() {
        Path generation = generations().resolve(FIRST);
        try {
            deleteTree(generation);
            Files.createDirectories(generation);
            Files.createFile(generation.resolve("NEW"));
            Files.createDirectory(generation.resolve("db"));
            return generation;
        } catch (IOException e) {
            throw Errors.of(e, "making a store", root);
        }
    }

    /** Points to a new generation whose database and high-water mark are on the disk. */
    void finish(Path generation) {
        String text = "llmspell store, format " + FORMAT + "\ngeneration " + generation.getFileName() + "\n";
        try {
            syncFolder(generation);
            syncFolder(generations());
            replace(root, "CURRENT", text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw Errors.of(e, "making a store", root);
        }
        deleteMarker(generation);
    }

    private void deleteMarker(Path generation) {
        try {
            Files.deleteIfExists(generation.resolve("NEW"));
        } catch (IOException e) {
            throw Errors.of(e, "making a store", root);
        }
    }

    /** Replaces a small file so that a reader, also one after a power cut, finds the old content or the new. */
    static void replace(Path folder, String name, byte[] content) throws IOException {
        Path beside = folder.resolve(name + ".tmp");
        try (FileOutputStream out = new FileOutputStream(beside.toFile())) {
            out.write(content);
            out.getFD().sync();
        }
        Files.move(beside, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncFolder(folder);
    }

    private static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows cannot open folders; its renames are journaled.
            if (File.separatorChar == '/') {
                throw e;
            }
        }
    }

    /** Removes what is left of a folder that could not be finished. */
    static void discard(Path folder) {
        try {
            deleteTree(folder);
        } catch (IOException e) {
            // What is left holds no pointer, so it is no store.
            LOG.warn("the folder {} could not be removed", folder, e);
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        if (Files.exists(folder)) {
            List<Path> doomed;
            try (Stream<Path> found = Files.walk(folder)) {
                doomed = found.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path each : doomed) {
                Files.delete(each);
            }
        }
    }
}
