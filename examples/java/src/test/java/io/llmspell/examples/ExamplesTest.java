package io.llmspell.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each example prints what stands beside it. */
class ExamplesTest {
    @TempDir
    private Path folder;

    @Test
    void embedding_run_printsWhatIsExpected() throws IOException {
        assertThat(output(out -> Embedding.run(folder.resolve("store"), out))).isEqualTo(expected("Embedding"));
    }

    @Test
    void embedding_secondRun_opensTheStoreOfTheFirst() throws IOException {
        output(out -> Embedding.run(folder.resolve("store"), out));

        assertThat(output(out -> Embedding.run(folder.resolve("store"), out))).isEqualTo(expected("Embedding"));
    }

    @Test
    void customHook_run_printsWhatIsExpected() throws IOException {
        assertThat(output(CustomHook::run)).isEqualTo(expected("CustomHook"));
    }

    @Test
    void sessions_run_printsWhatIsExpected() throws IOException {
        assertThat(output(Sessions::run)).isEqualTo(expected("Sessions"));
    }

    @Test
    void sharedState_run_printsWhatIsExpected() throws IOException {
        assertThat(output(SharedState::run)).isEqualTo(expected("SharedState"));
    }

    @Test
    void guardedState_run_printsWhatIsExpected() throws IOException {
        assertThat(output(GuardedState::run)).isEqualTo(expected("GuardedState"));
    }

    private static String output(Consumer<PrintStream> example) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        example.accept(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String expected(String name) throws IOException {
        return Files.readString(Path.of("src/main/java/io/llmspell/examples", name + ".expected"));
    }
}
