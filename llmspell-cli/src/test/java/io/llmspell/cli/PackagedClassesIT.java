package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.storage.Space;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The class files of the packaged runner, which the build has rewritten. */
class PackagedClassesIT {
    private static final Path LIB = Runner.root().resolve("llmspell-cli/target/runner/lib");
    private static final int OLDEST_SHARED = 50;
    private static final String OPTIONAL = "NoClassDefFoundError: io/micrometer/";

    @Test
    void everyRewrittenClass_linksAndIsInitialized() throws IOException {
        List<String> broken = new ArrayList<>();
        int fine = 0;
        try (URLClassLoader loader = loader()) {
            for (Path jar : jars()) {
                for (String name : classes(jar)) {
                    try {
                        Class.forName(name, true, loader);
                        fine++;
                    } catch (ReflectiveOperationException | LinkageError e) {
                        broken.add(name + ": " + e);
                    }
                }
            }
        }

        assertThat(broken)
                .filteredOn(each -> each.startsWith("io.llmspell.") || each.startsWith("org.luaj."))
                .filteredOn(each -> !each.contains(OPTIONAL)) // users add it themselves
                .isEmpty();
        assertThat(fine).isGreaterThan(1_000);
    }

    @Test
    void everyClass_isNewEnoughForTheArchive() throws IOException {
        List<String> old = new ArrayList<>();
        for (Path path : jars()) {
            try (JarFile jar = new JarFile(path.toFile())) {
                for (ZipEntry entry : (Iterable<ZipEntry>) jar.stream().map(ZipEntry.class::cast)::iterator) {
                    if (entry.getName().endsWith(".class") && version(jar, entry) < OLDEST_SHARED) {
                        old.add(path.getFileName() + ": " + entry.getName());
                    }
                }
            }
        }

        assertThat(old).isEmpty();
    }

    @Test
    void recordMethods_rewritten_answerAsBefore() throws ReflectiveOperationException, IOException {
        try (URLClassLoader loader = loader()) {
            Constructor<?> make = loader.loadClass(Space.class.getName()).getConstructor(String.class, boolean.class);
            Object space = make.newInstance("one", true);

            assertThat(space.getClass()).isNotEqualTo(Space.class);
            assertThat(space)
                    .hasToString(new Space("one", true).toString())
                    .hasSameHashCodeAs(new Space("one", true))
                    .isEqualTo(make.newInstance("one", true))
                    .isNotEqualTo(make.newInstance("one", false))
                    .isNotEqualTo(make.newInstance("two", true))
                    .isNotEqualTo(null)
                    .isNotEqualTo("one");
        }
    }

    /** The training script must run without an error, or every start would be slow and nobody told. */
    @Test
    void archive_afterTheFirstStart_isThere(@TempDir Path folder) throws IOException {
        Runner.in(folder).run("version");

        try (Stream<Path> made = Files.list(LIB.resolveSibling("cds"))) {
            assertThat(made.map(Path::toString))
                    .anyMatch(each -> each.endsWith(Runtime.version().feature() < 25 ? ".jsa" : ".aot"));
        }
    }

    private static int version(JarFile jar, ZipEntry entry) throws IOException {
        try (DataInputStream in = new DataInputStream(jar.getInputStream(entry))) {
            in.readInt();
            in.readUnsignedShort();
            return in.readUnsignedShort();
        }
    }

    private static List<Path> jars() throws IOException {
        try (Stream<Path> all = Files.list(LIB)) {
            return all.filter(each -> each.toString().endsWith(".jar")).sorted().toList();
        }
    }

    /** Apart from the class path of the tests, which has the classes as they were compiled. */
    private static URLClassLoader loader() throws IOException {
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars()) {
            urls.add(jar.toUri().toURL());
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    private static List<String> classes(Path path) throws IOException {
        String file = path.getFileName().toString();
        if (!file.startsWith("llmspell-") && !file.startsWith("luaj-")) {
            return List.of();
        }
        try (JarFile jar = new JarFile(path.toFile())) {
            return jar.stream()
                    .map(ZipEntry::getName)
                    .filter(each -> each.endsWith(".class") && !each.startsWith("META-INF/"))
                    .map(each ->
                            each.substring(0, each.length() - ".class".length()).replace('/', '.'))
                    .toList();
        }
    }
}
