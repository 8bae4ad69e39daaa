package io.llmspell.cli.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares {@code docs/checks.md} with the tests of all modules: what is claimed, what is annotated with {@code @Check},
 * and whether each check has its sibling that expects red. Sources are read, because no module sees the tests of all.
 */
final class CheckList {
    private static final Pattern ROW =
            Pattern.compile("^\\| ([A-Z]\\d\\d) \\| (\\S.*) \\| `(\\w+)` \\| `(\\w+)` \\| ([a-z, ]+) \\|$");
    private static final Pattern CLAIM = Pattern.compile("^\\| *[A-Z]\\d\\d\\b.*");
    private static final Pattern ANNOTATION = Pattern.compile("(?m)^@Check\\(([^)]*)\\)");
    private static final Pattern ID = Pattern.compile("\"([^\"]*)\"");
    private static final Pattern TEST_METHOD =
            Pattern.compile("(?m)^ +@(Test|ParameterizedTest|RepeatedTest|TestFactory|Property|Example)\\b");
    private static final Pattern TYPE = Pattern.compile("(?m)^(?:public |final |abstract )*class ");

    private final Path list;
    private final Map<String, Path> tests = new TreeMap<>();
    private final Set<Claim> claimed = new LinkedHashSet<>();
    private final List<String> problems = new ArrayList<>();

    private CheckList(Path list) {
        this.list = list;
    }

    /** What is claimed of one check: its tests, the sibling and where they run. */
    private record Claim(String id, String test, String fault, String where) {}

    /** What is wrong in a repository, one sentence each; nothing if the list is right. */
    static List<String> problems(Path root) throws IOException {
        CheckList reading = new CheckList(root.resolve("docs").resolve("checks.md"));
        reading.findTests(root);
        reading.readClaims();
        reading.compare();
        return reading.problems;
    }

    private void findTests(Path root) throws IOException {
        List<Path> modules;
        try (Stream<Path> folders = Files.list(root)) {
            modules = folders.map(folder -> folder.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList();
        }
        for (Path module : modules) {
            try (Stream<Path> files = Files.walk(module)) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    String name = String.valueOf(file.getFileName()).replace(".java", "");
                    Path same = tests.put(name, file);
                    if (same != null && Files.readString(file).contains("@Check(")) {
                        problems.add(name + " is the name of two test classes: " + same + ", " + file);
                    }
                }
            }
        }
    }

    private void readClaims() throws IOException {
        for (String line : Files.readAllLines(list)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Claim claim = new Claim(row.group(1), row.group(3), row.group(4), row.group(5));
                if (!claimed.add(claim)) {
                    problems.add("listed twice: " + line);
                }
            } else if (CLAIM.matcher(line).matches()) {
                problems.add("no row of the form | ID | what | `Test` | `FaultTest` | where |: " + line);
            }
        }
    }

    private void compare() throws IOException {
        Set<String> annotated = new TreeSet<>();
        for (Map.Entry<String, Path> test : tests.entrySet()) {
            String source = Files.readString(test.getValue());
            for (String id : ids(source)) {
                annotated.add(id + " " + test.getKey());
                if (claimed.stream()
                        .noneMatch(
                                claim -> claim.id().equals(id) && claim.test().equals(test.getKey()))) {
                    problems.add(test.getKey() + " does check " + id + ", which is not in the list");
                }
            }
        }
        for (Claim claim : claimed) {
            if (annotated.contains(claim.id() + " " + claim.test())) {
                judge(claim);
            } else {
                problems.add(claim.id() + " is listed with " + claim.test() + ", which is not annotated @Check(\""
                        + claim.id() + "\")");
            }
        }
    }

    private static List<String> ids(String source) {
        Matcher annotation = ANNOTATION.matcher(source);
        if (!annotation.find()) {
            return List.of();
        }
        return ID.matcher(annotation.group(1))
                .results()
                .map(each -> each.group(1))
                .toList();
    }

    private void judge(Claim claim) throws IOException {
        Path test = Objects.requireNonNull(tests.get(claim.test()));
        String sibling = claim.test().replaceFirst("(Test|IT)$", "Fault$1");
        if (!claim.fault().equals(sibling)) {
            problems.add(claim.id() + ": the sibling of " + claim.test() + " is called " + sibling + ", not "
                    + claim.fault());
        }
        Path fault = test.resolveSibling(claim.fault() + ".java");
        if (!Files.exists(fault)) {
            problems.add(claim.id() + ": " + claim.fault() + " is not beside " + claim.test());
        } else if (!TEST_METHOD.matcher(Files.readString(fault)).find()) {
            problems.add(claim.id() + ": " + claim.fault() + " has no test");
        }
        String source = Files.readString(test);
        if (!TEST_METHOD.matcher(source).find()) {
            problems.add(claim.id() + ": " + claim.test() + " has no test");
        }
        String where = where(source, pom(test));
        if (!claim.where().equals(where)) {
            problems.add(claim.id() + ": " + claim.test() + " runs in: " + where + "; the list says: " + claim.where());
        }
    }

    /** The POM of the module of a test. */
    private static String pom(Path test) throws IOException {
        Path folder = test;
        while (!folder.endsWith("src")) {
            folder = Objects.requireNonNull(folder.getParent());
        }
        return Files.readString(folder.resolveSibling("pom.xml"));
    }

    /** The gate, unless the whole class is switched on elsewhere; the profiles that set properties which it reads. */
    private static String where(String source, String pom) {
        Matcher type = TYPE.matcher(source);
        String head = type.find() ? source.substring(0, type.start()) : source;
        boolean fuzz = source.contains("\"llmspell.fuzz\"");
        boolean soak = source.contains("\"llmspell.soak\"");
        boolean gate = !head.contains("\"llmspell.fuzz\"") && !head.contains("\"llmspell.soak\"");
        boolean crash = Stream.of("llmspell.kills", "llmspell.cuts")
                .anyMatch(name -> source.contains("\"" + name + "\"") && pom.contains("<" + name + ">"));
        return Stream.of(gate ? "gate" : "", crash ? "crash" : "", fuzz ? "fuzz" : "", soak ? "soak" : "")
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining(", "));
    }
}
