package io.llmspell.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Every check that the repository claims is there, is seen to turn red, and is listed. */
final class CheckListTest {
    @Test
    void list_ofChecks_isThatOfTheTestsWithTheirFaults() throws IOException {
        assertThat(CheckList.problems(Path.of(".."))).isEmpty();
    }
}
