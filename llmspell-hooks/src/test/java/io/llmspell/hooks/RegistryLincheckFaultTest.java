package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Shows that {@link RegistryLincheckTest} turns red if the table is read without looking at its version. */
@EnabledIfSystemProperty(
        named = "llmspell.fuzz",
        matches = "true",
        disabledReason = "belongs to a test of the profile fuzz")
class RegistryLincheckFaultTest {
    @Test
    void halfOfABulkRegistration_isFound() {
        assertThatThrownBy(() -> RegistryLincheckTest.options()
                        .invocationsPerIteration(500)
                        .minimizeFailedScenario(false)
                        .check(Unversioned.class))
                .isInstanceOf(Throwable.class)
                .hasMessageContaining("Invalid execution results");
    }

    /** Lists what is there just then. */
    public static final class Unversioned {
        private final RegistryLincheckTest.Subject subject = new RegistryLincheckTest.Subject();

        @Operation
        public boolean addBoth() {
            return subject.addBoth();
        }

        @Operation
        public String list() {
            return subject.names();
        }
    }
}
