package io.llmspell.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The faults that {@link CheckListTest} is there for, each planted in a small repository. */
final class CheckListFaultTest {
    private static final String ROW = "| H01 | failures | `FooTest` | `FooFaultTest` | gate |\n";

    @TempDir
    private Path root;

    @BeforeEach
    void repository() throws IOException {
        test("FooTest", "@Check(\"H01\")\nclass FooTest {\n    @Test\n    void foo() {}\n}\n");
        test("FooFaultTest", "class FooFaultTest {\n    @Test\n    void foo() {}\n}\n");
        list(ROW);
        Files.writeString(root.resolve("module/pom.xml"), "<id>crash</id> <llmspell.kills>200</llmspell.kills>");
    }

    private void test(String name, String source) throws IOException {
        Path file = root.resolve("module/src/test/java/p").resolve(name + ".java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
    }

    private void list(String rows) throws IOException {
        Path file = root.resolve("docs/checks.md");
        Files.createDirectories(file.getParent());
        Files.writeString(
                file, "| check | what | test | planted fault | where |\n|---|---|---|---|---|\n" + rows + "\nProse.\n");
    }

    private void assertRed(String problem) throws IOException {
        assertThat(CheckList.problems(root)).singleElement().asString().contains(problem);
    }

    @Test
    void repository_withoutFault_isGreen() throws IOException {
        assertThat(CheckList.problems(root)).isEmpty();
    }

    @Test
    void severalIdsOfOneClass_areGreenIfAllAreListed() throws IOException {
        test("FooTest", "@Check({\"H01\", \"H02\"})\n@Timeout(1)\nclass FooTest {\n    @ParameterizedTest\n");
        assertRed("FooTest does check H02, which is not in the list");

        list(ROW + ROW.replace("H01", "H02"));
        assertThat(CheckList.problems(root)).isEmpty();
    }

    @Test
    void siblingMissing_isRed() throws IOException {
        Files.delete(root.resolve("module/src/test/java/p/FooFaultTest.java"));
        assertRed("H01: FooFaultTest is not beside FooTest");
    }

    @Test
    void siblingWithoutTest_isRed() throws IOException {
        test("FooFaultTest", "/** Has no @Test. */\nclass FooFaultTest {}\n");
        assertRed("H01: FooFaultTest has no test");
    }

    @Test
    void siblingOfAnotherName_isRed() throws IOException {
        test("BarFaultTest", "class BarFaultTest {\n    @Test\n    void foo() {}\n}\n");
        list(ROW.replace("FooFault", "BarFault"));
        assertRed("the sibling of FooTest is called FooFaultTest, not BarFaultTest");
    }

    @Test
    void annotatedButNotListed_isRed() throws IOException {
        list("");
        assertRed("FooTest does check H01, which is not in the list");
    }

    @Test
    void listedButNotAnnotated_isRed() throws IOException {
        test("FooTest", "class FooTest {\n    @Test\n    void foo() {}\n}\n");
        assertRed("H01 is listed with FooTest, which is not annotated @Check(\"H01\")");
    }

    @Test
    void listedWithoutAnyTest_isRed() throws IOException {
        list(ROW + "| H02 | loop | `BarTest` | `BarFaultTest` | gate |\n");
        assertRed("H02 is listed with BarTest, which is not annotated");
    }

    @Test
    void checkWithoutTest_isRed() throws IOException {
        test("FooTest", "@Check(\"H01\")\nclass FooTest {}\n");
        assertRed("H01: FooTest has no test");
    }

    @Test
    void rowOfAnotherForm_isRed() throws IOException {
        list(ROW + "| H02 | loop | FooTest | FooFaultTest | gate |\n");
        assertRed("no row of the form");
    }

    @Test
    void rowTwice_isRed() throws IOException {
        list(ROW + ROW);
        assertRed("listed twice");
    }

    @Test
    void placeThatIsNotTheRealOne_isRed() throws IOException {
        String fuzz = "@EnabledIfSystemProperty(named = \"llmspell.fuzz\", matches = \"true\")\n";
        test("FooTest", "@Check(\"H01\")\n" + fuzz + "class FooTest {\n    @Test\n    void foo() {}\n}\n");
        assertRed("H01: FooTest runs in: fuzz; the list says: gate");

        test("FooTest", "@Check(\"H01\")\nclass FooTest {\n    @Test\n    " + fuzz + "    void foo() {}\n}\n");
        assertRed("H01: FooTest runs in: gate, fuzz; the list says: gate");

        String soak = fuzz.replace("fuzz", "soak");
        test("FooTest", "@Check(\"H01\")\nclass FooTest {\n    @Test\n    " + soak + "    void foo() {}\n}\n");
        assertRed("H01: FooTest runs in: gate, soak; the list says: gate");

        test("FooTest", "@Check(\"H01\")\nclass FooTest {\n    @Test\n    void foo() { \"llmspell.kills\" }\n}\n");
        assertRed("H01: FooTest runs in: gate, crash; the list says: gate");

        Files.writeString(root.resolve("module/pom.xml"), "<id>other</id>");
        assertThat(CheckList.problems(root)).isEmpty();
    }
}
