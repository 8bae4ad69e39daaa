package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every example runs and prints what stands beside it. In an expected file {@code <...>} stands for any text within a
 * line. A file {@code X.expected.2} is the output of the second run on the same data.
 */
class ExamplesIT {
    private static final Path EXAMPLES = Runner.root().resolve("examples/lua");

    @RegisterExtension
    static final ServedRunner SERVED = new ServedRunner();

    private final Path folder = SERVED.folder();

    static List<String> examples() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".lua"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void example_run_printsWhatIsExpected(String name) throws IOException {
        Path expected = EXAMPLES.resolve(name.replace(".lua", ".expected"));

        runAndCompare(name, expected);
        Path second = EXAMPLES.resolve(name.replace(".lua", ".expected.2"));
        if (Files.exists(second)) {
            runAndCompare(name, second);
        }
    }

    private void runAndCompare(String name, Path expected) throws IOException {
        String script = EXAMPLES.resolve(name).toString();
        Runner.Result result =
                name.equals("quickstart.lua") ? Runner.in(folder).run("run", script) : SERVED.run("run", script);

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.out()).matches(pattern(Files.readString(expected)));
    }

    private static Pattern pattern(String expected) {
        return Pattern.compile(
                Stream.of(expected.split("<\\.\\.\\.>", -1)).map(Pattern::quote).collect(Collectors.joining("[^\n]*")));
    }

    @Test
    void readme_showsTheOutputOfTheQuickstart() throws IOException {
        String readme = Files.readString(Runner.root().resolve("README.md"));
        String expected = Files.readString(EXAMPLES.resolve("quickstart.expected"));

        assertThat(examples()).contains("quickstart.lua");
        for (String line : expected.split("\n", -1)) {
            if (!line.isBlank() && !line.contains("<...>")) {
                assertThat(readme).contains(line);
            }
        }
    }
}
