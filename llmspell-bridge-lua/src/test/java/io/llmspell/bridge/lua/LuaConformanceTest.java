package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.luaj.vm2.LuaValue;

/** The language and its library, one expression a line of {@code conformance.lua}. */
class LuaConformanceTest {
    @TestFactory
    Stream<DynamicTest> conformance_eachLine_isTrue() throws IOException {
        return checks().stream()
                .map(check -> DynamicTest.dynamicTest(
                        check,
                        () -> assertThat(new SandboxFixture()
                                        .run("return " + check)
                                        .arg1())
                                .isEqualTo(LuaValue.TRUE)));
    }

    @Test
    void conformance_list_isNotEmpty() throws IOException {
        assertThat(checks()).hasSizeGreaterThan(150);
    }

    @Test
    void conformance_falseLine_isSeen() throws LuaSyntaxException {
        assertThat(new SandboxFixture().run("return 1 == 2").arg1()).isEqualTo(LuaValue.FALSE);
    }

    private static List<String> checks() throws IOException {
        InputStream file = Objects.requireNonNull(LuaConformanceTest.class.getResourceAsStream("conformance.lua"));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("--"))
                    .toList();
        }
    }
}
