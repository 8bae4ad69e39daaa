package io.llmspell.cli.architecture;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class ArchitectureTest {
    @TestFactory
    Stream<DynamicTest> allModules_eachRule_holds() {
        return ArchitectureRules.all().entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getKey(), () -> rule.getValue().check(HouseClasses.ALL)));
    }
}
