package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.state.StateException;
import io.llmspell.core.storage.StorageException;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FailuresTest {
    @Test
    void code_storeThatFailsInTheMiddleOfAnImport_isThatOfTheEnvironment() {
        StorageException full = new StorageException(ErrorCode.STORE_FULL, "the disk is full", Map.of(), null);

        assertThat(Failures.code(full)).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(Failures.code(new StateException(full.code(), "3 values are imported", Map.of(), full)))
                .isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(Failures.code(new StateException(ErrorCode.STATE_CONFLICT, "lost", Map.of(), null)))
                .isEqualTo(ExitCode.SCRIPT);
    }
}
