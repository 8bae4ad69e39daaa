package io.llmspell.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.llmspell.LlmSpell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The code in the README and the guide is true. A Java block is a region of the test class of its page, white space
 * apart, and each region stands in the page; a Lua block runs and prints what its comments say; a TOML block is a
 * configuration that a runtime takes. A comment {@code <!-- before: ... -->} above a Lua block is run before it.
 */
class GuidePagesTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern BLOCK = Pattern.compile(
            "(?:^<!-- before: ([^\n]*) -->\n)?^```(\\w+)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern REGION =
            Pattern.compile("^ *// region\n(.*?)^ *// endregion$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern PRINTED = Pattern.compile("^ *print\\(.*\\) +-- (.*)$", Pattern.MULTILINE);

    private static final Pattern LINK = Pattern.compile("\\]\\(((?!https?:)[^)#]*)(?:#([^)]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

    @TempDir
    private Path folder;

    /** A block of code of a page. */
    record Block(String page, int line, String language, String before, String code) {
        @Override
        public String toString() {
            return page + ", line " + line;
        }
    }

    static List<Block> blocks(String language) throws IOException {
        List<Block> found = new ArrayList<>();
        for (Path page : pages()) {
            String text = Files.readString(page);
            Matcher block = BLOCK.matcher(text);
            while (block.find()) {
                int line = (int) text.substring(0, block.start(2)).lines().count();
                found.add(new Block(
                        page.getFileName().toString(),
                        line,
                        block.group(2),
                        Objects.toString(block.group(1), ""),
                        block.group(3)));
            }
        }
        return found.stream().filter(each -> each.language().equals(language)).toList();
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> guide = Files.list(ROOT.resolve("docs/guide"))) {
            return Stream.concat(
                            Stream.of(ROOT.resolve("README.md")),
                            guide.filter(each -> each.toString().endsWith(".md")))
                    .sorted()
                    .toList();
        }
    }

    static List<Block> lua() throws IOException {
        return blocks("lua");
    }

    static List<Block> toml() throws IOException {
        return blocks("toml");
    }

    @Test
    void javaBlocks_areThoseThatTheTestsRun() throws IOException {
        Map<String, List<String>> shown = new TreeMap<>();
        for (Block block : blocks("java")) {
            shown.computeIfAbsent(testOf(block.page()), page -> new ArrayList<>())
                    .add(plain(block.code()));
        }
        Map<String, List<String>> run = new TreeMap<>();
        try (Stream<Path> tests = Files.list(Path.of("src/test/java/io/llmspell/examples/guide"))) {
            for (Path test : tests.filter(each -> each.toString().endsWith("GuideTest.java"))
                    .toList()) {
                Matcher region = REGION.matcher(Files.readString(test));
                List<String> regions = run.computeIfAbsent(test.getFileName().toString(), page -> new ArrayList<>());
                while (region.find()) {
                    regions.add(plain(region.group(1)));
                }
            }
        }

        assertThat(shown).isNotEmpty();
        assertThat(run.keySet()).isEqualTo(shown.keySet());
        shown.forEach((test, code) -> assertThat(run.get(test)).as(test).containsExactlyInAnyOrderElementsOf(code));
    }

    @ParameterizedTest
    @MethodSource("lua")
    void luaBlock_printsWhatItSays(Block block) {
        StringBuffer printed = new StringBuffer();
        try (LlmSpell spell = LlmSpell.builder()
                .scriptOutput(text -> printed.append(text.text()))
                .build()) {
            spell.lua().eval(block.before() + "\n" + block.code());
        }

        List<String> said = PRINTED.matcher(block.code())
                .results()
                .map(each -> each.group(1))
                .toList();
        if (!said.isEmpty()) {
            assertThat(printed.toString().lines().map(GuidePagesTest::spaced))
                    .isEqualTo(said.stream().map(GuidePagesTest::spaced).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("toml")
    void tomlBlock_isAConfiguration(Block block) throws IOException {
        String code = block.code().replace("\"data\"", "'" + folder.resolve("data") + "'");
        Path file = Files.writeString(folder.resolve("llmspell.toml"), code);

        assertThatCode(() -> LlmSpell.builder().config(file).build().close()).doesNotThrowAnyException();
    }

    @Test
    void links_leadSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : documents()) {
            for (MatchResult link :
                    LINK.matcher(Files.readString(page)).results().toList()) {
                Path target = link.group(1).isEmpty()
                        ? page
                        : page.resolveSibling(link.group(1)).normalize();
                String anchor = Objects.toString(link.group(2), "");
                if (!Files.exists(target)
                        || !(anchor.isEmpty() || anchors(target).contains(anchor))) {
                    broken.add(page + ": " + link.group());
                }
            }
        }

        assertThat(broken).isEmpty();
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(each -> each.toString().endsWith(".md"))
                    .toList();
        }
    }

    /** The anchors of a page, as the usual sites make them of its headings. */
    private static Set<String> anchors(Path page) throws IOException {
        return HEADING.matcher(Files.readString(page))
                .results()
                .map(heading -> heading.group(1).strip().toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    /** {@code hooks-together.md} is tested by {@code HooksTogetherGuideTest}. */
    private static String testOf(String page) {
        String name = page.replace(".md", "").toLowerCase(Locale.ROOT);
        return Pattern.compile("(?:^|-)(.)")
                        .matcher(name)
                        .replaceAll(first -> first.group(1).toUpperCase(Locale.ROOT)) + "GuideTest.java";
    }

    private static String plain(String code) {
        return code.replaceAll("\\s+", "");
    }

    private static String spaced(String line) {
        return line.strip().replaceAll("\\s+", " ");
    }
}
