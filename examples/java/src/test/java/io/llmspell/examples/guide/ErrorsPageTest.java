package io.llmspell.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ErrorCode;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of errors has each code once, with the classes that carry it and whether it is retryable. */
class ErrorsPageTest {
    private static final Pattern ENTRY =
            Pattern.compile("^### (\\w+)\n\n(\\*Retryable\\.\\* )?((?:`\\w+`(?:, )?)+)\\.", Pattern.MULTILINE);

    private static Map<String, MatchResult> entries() throws IOException {
        String page = Files.readString(Path.of("..", "..", "docs", "guide", "errors.md"));
        return ENTRY.matcher(page)
                .results()
                .collect(Collectors.toMap(entry -> entry.group(1), entry -> entry, (one, two) -> one, TreeMap::new));
    }

    private static List<ErrorCode> codes() {
        return Stream.of(ErrorCode.class.getFields())
                .filter(field -> field.getType() == ErrorCode.class)
                .map(ErrorsPageTest::value)
                .toList();
    }

    private static ErrorCode value(Field field) {
        try {
            return (ErrorCode) field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(field.getName(), e);
        }
    }

    @Test
    void everyCode_hasAnEntry() throws IOException {
        assertThat(entries().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        codes().stream().map(ErrorCode::id).toList());
    }

    @Test
    void retryableCodes_areMarked() throws IOException {
        Map<String, MatchResult> entries = entries();

        assertThat(codes())
                .allSatisfy(code -> assertThat(entries.get(code.id()).group(2) != null)
                        .as(code.id())
                        .isEqualTo(code.retryable()));
    }
}
