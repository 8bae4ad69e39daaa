package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The runner that serves the tests says what the runner says that a user starts, and ends as that does. */
class ServedRunnerIT {
    @RegisterExtension
    static final ServedRunner SERVED = new ServedRunner();

    @TempDir
    private Path folder;

    static Stream<List<String>> commandLines() {
        return Stream.of(
                List.of("run", "s.lua", "x y", "ä😀"),
                List.of("exec", "error('broken')"),
                List.of("exec", "--timeout", "300ms", "while true do end"),
                List.of("exec", "os.exit(7)"),
                List.of("stat"),
                List.of("state", "list", "--limit", "0"),
                List.of("state", "get", "k", "--data-dir", "nowhere"));
    }

    @ParameterizedTest
    @MethodSource("commandLines")
    void run_givesWhatAProcessOfItsOwnGives(List<String> arguments) throws IOException {
        String script = "print(arg[0], ARGS[1], ARGS[2])\nio.write('no end')\nerror({message = 'ä'})\n";
        Files.writeString(folder.resolve("s.lua"), script);
        Files.writeString(SERVED.folder().resolve("s.lua"), script);
        String[] line = arguments.toArray(String[]::new);

        Runner.Result own = Runner.in(folder).run(line);
        Runner.Result served = SERVED.run(line);

        assertThat(served.exit()).as(served.err()).isEqualTo(own.exit());
        assertThat(served.out()).isEqualTo(own.out());
        assertThat(served.err().replace(SERVED.folder().toString(), "FOLDER"))
                .isEqualTo(own.err().replace(folder.toRealPath().toString(), "FOLDER"));
    }
}
