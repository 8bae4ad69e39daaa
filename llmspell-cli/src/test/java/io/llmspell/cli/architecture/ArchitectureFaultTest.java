package io.llmspell.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each rule is red on the fault planted for it: a rule that cannot fail guards nothing. */
final class ArchitectureFaultTest {
    /** For each rule a word that its message must hold; its faults are the classes in {@code …archfixture.<rule>}. */
    private static final Map<String, String> FAULTS = Map.ofEntries(
            Map.entry("modulesAreSeen", "llmspell-workflows"),
            Map.entry("floors", "ReachesUp"),
            Map.entry("noCycleOfModules", "Cycle"),
            Map.entry("noCycleOfPackages", "Cycle"),
            Map.entry("libraries", "HomelessCache"),
            Map.entry("rocksdb", "OpensRocksDb"),
            Map.entry("scriptEngines", "RunsLua"),
            Map.entry("internals", "ReadsInternals"),
            Map.entry("nullMarked", "Unmarked"),
            Map.entry("finalClasses", "Extensible"),
            Map.entry("exceptions", "Uncoded"),
            Map.entry("standardStreams", "Prints"),
            Map.entry("noGenericException", "ThrowsAnything"),
            Map.entry("noJavaUtilLogging", "LogsElsewhere"),
            Map.entry("clocks", "ReadsTheClock"),
            Map.entry("blockingWaits", "WaitsItself"),
            Map.entry("leaves", "llmspell-storage-rocksdb"),
            Map.entry("publicShare", "llmspell-hooks"),
            Map.entry("runnerShowsMain", "AnotherMain"),
            Map.entry("signatures", "ShowsLibrary"),
            Map.entry("builtins", "Nameless"));

    @TestFactory
    Stream<DynamicTest> plantedFault_itsRule_isRed() {
        JavaClasses all = new ClassFileImporter()
                .withImportOption(location -> location.contains("/archfixture/"))
                .importPackages("io.llmspell");
        return ArchitectureRules.all().entrySet().stream()
                .map(rule ->
                        DynamicTest.dynamicTest(rule.getKey(), () -> assertRed(rule.getKey(), rule.getValue(), all)));
    }

    @Test
    void rules_withoutPlantedFault_areNone() {
        assertThat(FAULTS).containsOnlyKeys(ArchitectureRules.all().keySet());
    }

    private static void assertRed(String name, ArchRule rule, JavaClasses all) {
        String home = "..archfixture." + name.toLowerCase(Locale.ROOT) + "..";
        JavaClasses planted = all.that(JavaClass.Predicates.resideInAPackage(home));
        assertThat(planted).as("faults planted in %s", home).isNotEmpty();
        assertThatThrownBy(() -> rule.check(planted))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(FAULTS.get(name));
    }
}
