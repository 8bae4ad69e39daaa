package io.llmspell.storage.rocksdb;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file system made for one test; where the machine forbids that, the test is not run and says so. */
final class Mount implements AutoCloseable {
    final Path folder;

    private Mount(Path folder) {
        this.folder = folder;
    }

    /** An empty file system in memory. */
    static Mount inMemory(Path folder, String size) throws IOException, InterruptedException {
        return mount(folder, "-t", "tmpfs", "-o", "size=" + size, "tmpfs");
    }

    /** The ext4 file system in an image file. */
    static Mount image(Path image, Path folder) throws IOException, InterruptedException {
        return mount(folder, "-o", "loop", image.toString());
    }

    /** The same folder again, where nothing can be written. */
    static Mount readOnly(Path original, Path folder) throws IOException, InterruptedException {
        Mount mount = mount(folder, "--bind", original.toString());
        assumeTrue(run("mount", "-o", "remount,ro,bind", folder.toString()), "NOT RUN: no read-only mounts here");
        return mount;
    }

    /** An image file with an empty ext4 file system. */
    static Path ext4(Path image, long bytes) throws IOException, InterruptedException {
        Files.write(image, new byte[0]);
        try (var file = new java.io.RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(bytes);
        }
        assumeTrue(run("mkfs.ext4", "-q", "-F", image.toString()), "NOT RUN: mkfs.ext4 is not here");
        return image;
    }

    private static Mount mount(Path folder, String... how) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(how));
        command.add(folder.toString());
        assumeTrue(run(command.toArray(String[]::new)), "NOT RUN: this process may not mount");
        return new Mount(folder);
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException notThere) {
            return false;
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " does not end: " + said);
        }
        return process.exitValue() == 0;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (!run("umount", folder.toString()) && !run("umount", "-l", folder.toString())) {
            throw new IOException("cannot unmount " + folder);
        }
    }
}
