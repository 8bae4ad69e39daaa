package io.llmspell.cli.architecture;

import static io.llmspell.cli.architecture.Module.AGENTS;
import static io.llmspell.cli.architecture.Module.BRIDGE;
import static io.llmspell.cli.architecture.Module.BRIDGE_LUA;
import static io.llmspell.cli.architecture.Module.CLI;
import static io.llmspell.cli.architecture.Module.EVENTS;
import static io.llmspell.cli.architecture.Module.HOOKS;
import static io.llmspell.cli.architecture.Module.STATE;
import static io.llmspell.cli.architecture.Module.STORAGE;
import static io.llmspell.cli.architecture.Module.STORAGE_ROCKSDB;
import static io.llmspell.cli.architecture.Module.TESTING;
import static io.llmspell.cli.architecture.Module.TOOLS;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which module may import which library; what is in no row may be imported nowhere. */
final class Libraries {
    /** The JDK, and the three libraries that the API itself is made of. */
    private static final Set<String> EVERYWHERE = Set.of(
            "java.",
            "javax.",
            "com.sun.management.",
            "org.slf4j.",
            "org.jspecify.",
            "reactor.",
            "org.reactivestreams.",
            "io.llmspell.");

    private static final Set<String> API =
            Set.of("java.", "javax.", "reactor.", "org.reactivestreams.", "io.llmspell.");

    private static final Map<String, Set<Module>> OWNERS = Map.ofEntries(
            Map.entry("org.rocksdb.", Set.of(STORAGE_ROCKSDB)),
            Map.entry("org.luaj.", Set.of(BRIDGE_LUA)),
            Map.entry("org.graalvm.", Set.of()),
            Map.entry("com.github.benmanes.caffeine.", Set.of(HOOKS, STATE)),
            Map.entry("io.github.bucket4j.", Set.of(HOOKS)),
            Map.entry("org.HdrHistogram.", Set.of(HOOKS)),
            Map.entry("io.micrometer.", Set.of(HOOKS)),
            Map.entry("io.cloudevents.", Set.of(EVENTS)),
            Map.entry("com.fasterxml.jackson.core.", Set.of(STORAGE, TOOLS)),
            Map.entry("com.fasterxml.jackson.dataformat.smile.", Set.of(STORAGE)),
            Map.entry("com.fasterxml.jackson.", Set.of(TOOLS)),
            Map.entry("com.networknt.", Set.of(STATE)),
            Map.entry("com.ezylang.", Set.of(TOOLS)),
            Map.entry("dev.langchain4j.", Set.of(AGENTS)),
            Map.entry("org.tomlj.", Set.of(BRIDGE)),
            Map.entry("picocli.", Set.of(CLI)),
            Map.entry("org.jline.", Set.of(CLI)),
            Map.entry("ch.qos.logback.", Set.of(CLI)),
            Map.entry("org.junit.", Set.of(TESTING)),
            Map.entry("org.assertj.", Set.of(TESTING)),
            Map.entry("org.awaitility.", Set.of(TESTING)));

    private Libraries() {}

    /** Whether {@code user} may import {@code used}. */
    static boolean mayImport(JavaClass user, JavaClass used) {
        String name = used.getName();
        if (startsWithOne(EVERYWHERE, name) || used.isPrimitive()) {
            return true;
        }
        if (name.startsWith("com.fasterxml.jackson.")
                && user.getPackageName().startsWith("io.llmspell.core.internal.json")) {
            return true;
        }
        Optional<Module> module = Module.of(user);
        return OWNERS.entrySet().stream()
                .filter(row -> name.startsWith(row.getKey()))
                .anyMatch(row -> module.filter(row.getValue()::contains).isPresent());
    }

    /** Whether {@code used} may stand in a public signature of {@code user}. */
    static boolean maySignWith(JavaClass user, JavaClass used) {
        return startsWithOne(API, used.getName())
                || used.isPrimitive()
                || (Module.of(user).filter(TESTING::equals).isPresent() && mayImport(user, used));
    }

    private static boolean startsWithOne(Set<String> prefixes, String name) {
        return prefixes.stream().anyMatch(name::startsWith);
    }
}
