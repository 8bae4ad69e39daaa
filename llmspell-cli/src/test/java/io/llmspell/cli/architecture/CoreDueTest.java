package io.llmspell.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Core is designed ahead of the modules. What no module reaches yet stands in one list with the work that brings it; here
 * the list is counted down. A module reaches the types of core that its classes name, and what those name in turn.
 */
final class CoreDueTest {
    private static final Path LIST = Path.of("..", "docs", "decisions", "0002-core-types-due.md");
    private static final Pattern ROW = Pattern.compile("^\\| `([A-Za-z.]+)` \\| \\S.*\\|$");
    private static final String CORE = "io.llmspell.core.";

    @Test
    void listedTypes_usedByNow_areStruckOffTheList() throws IOException {
        Set<String> done = listed();
        done.removeAll(unused());

        assertThat(done)
                .as("in use now, or gone: count the list down and take these rows out of %s", LIST)
                .isEmpty();
    }

    @Test
    void typesWithoutUse_areOnTheList() throws IOException {
        Set<String> forgotten = unused();
        forgotten.removeAll(listed());

        assertThat(forgotten)
                .as(
                        "public in core and used by no module: take them away, or add them to %s with what brings them",
                        LIST)
                .isEmpty();
    }

    @Test
    void scan_knownTypes_tellsUsedFromUnused() {
        assertThat(publicTypes().map(CoreDueTest::shortName))
                .contains("hook.Hook", "hook.HookResult.Cancel", "storage.StorageBackend");
        assertThat(unused()).doesNotContain("hook.Hook", "storage.StorageBackend", "json.JsonObject");
    }

    private static Set<String> listed() throws IOException {
        try (Stream<String> lines = Files.lines(LIST)) {
            return lines.map(ROW::matcher)
                    .filter(Matcher::matches)
                    .map(row -> row.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> unused() {
        Set<JavaClass> reached = reached();
        return publicTypes()
                .filter(type -> !reached.contains(type))
                .filter(type -> type.getEnclosingClass().map(reached::contains).orElse(true))
                .map(CoreDueTest::shortName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<JavaClass> reached() {
        Deque<JavaClass> open = HouseClasses.ALL.stream()
                .filter(type -> isInCore(type)
                        && type.getDirectDependenciesToSelf().stream().anyMatch(CoreDueTest::comesFromAModule))
                .collect(Collectors.toCollection(ArrayDeque::new));
        Set<JavaClass> reached = new HashSet<>();
        while (!open.isEmpty()) {
            JavaClass type = open.removeFirst();
            if (reached.add(type)) {
                type.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                        .filter(CoreDueTest::isInCore)
                        .forEach(open::addLast);
            }
        }
        return reached;
    }

    /** The kits of llmspell-testing serve tests only, so what they use is not in use. */
    private static boolean comesFromAModule(Dependency dependency) {
        return Module.of(dependency.getOriginClass())
                .filter(origin -> origin != Module.CORE && origin != Module.TESTING)
                .isPresent();
    }

    private static Stream<JavaClass> publicTypes() {
        return HouseClasses.ALL.stream()
                .filter(type -> isInCore(type) && !type.getName().startsWith(CORE + "internal."))
                .filter(CoreDueTest::isPublic);
    }

    private static boolean isInCore(JavaClass type) {
        return type.getName().startsWith(CORE);
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && !type.getSimpleName().equals("package-info")
                && type.getEnclosingClass().map(CoreDueTest::isPublic).orElse(true);
    }

    private static String shortName(JavaClass type) {
        return type.getName().substring(CORE.length()).replace('$', '.');
    }
}
