package dev.weft.system.table;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.reflect.AccessFlag;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** Surefire's reports in the {@code target} folders of modules. */
final class SurefireReports {
    private static final String REPORTS = "target/surefire-reports";

    /** Patterns of a module's test classes that its lower levels of processor leave out. */
    private static final String SAME_AT_EVERY_LEVEL = "src/test/same-at-every-level.txt";

    /** Matches test classes, but neither nested classes nor classes that JMH generates. */
    private static final String TEST_CLASS = "[A-Za-z0-9]*(Test|IT)\\.class";

    /** The text that JUnit puts before the reason of a test that is left out. */
    private static final Pattern ABORTED =
            Pattern.compile("^(org\\.opentest4j\\.TestAbortedException: )?(Assumption failed: )?");

    private static final String CAUSED_BY = "Caused by: ";

    private static final int LONGEST = 300;

    private final Path root;

    /** Reads the reports of the project in that folder. */
    SurefireReports(Path root) {
        this.root = root;
    }

    /** The modules' runs, in Maven's order; a module whose tests have not run has none. */
    List<TestRun> runs() throws Exception {
        List<TestRun> runs = new ArrayList<>();
        for (Path module : modules(root)) {
            Path reports = module.resolve(REPORTS);
            for (Path folder : folders(reports)) {
                Set<String> expected = testClasses(module.resolve("target/test-classes"));
                String name = root.relativize(module).toString();
                if (!folder.equals(reports)) {
                    expected.removeIf(leftOut(module.resolve(SAME_AT_EVERY_LEVEL)));
                    name += " at " + folder.getFileName();
                }
                runs.add(run(folder, name, expected));
            }
        }
        return runs;
    }

    /** Modules that have tests but no report. */
    List<String> silent() throws Exception {
        List<String> silent = new ArrayList<>();
        for (Path module : modules(root)) {
            if (Files.isDirectory(module.resolve("src/test/java"))
                    && folders(module.resolve(REPORTS)).isEmpty()) {
                silent.add(root.relativize(module).toString());
            }
        }
        return silent;
    }

    /** The folder of reports itself, and one for each level of processor, if they have reports. */
    private static List<Path> folders(Path reports) throws IOException {
        if (!Files.isDirectory(reports)) {
            return List.of();
        }
        try (Stream<Path> inside = Files.list(reports)) {
            List<Path> all = new ArrayList<>(List.of(reports));
            inside.filter(Files::isDirectory).sorted().forEach(all::add);
            List<Path> reported = new ArrayList<>();
            for (Path folder : all) {
                if (!files(folder).isEmpty()) {
                    reported.add(folder);
                }
            }
            return reported;
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(f -> f.getFileName().toString().matches("TEST-.*\\.xml"))
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> modules(Path folder) throws Exception {
        Document pom = parse(folder.resolve("pom.xml"));
        List<Path> modules = new ArrayList<>();
        for (Element module : elements(pom.getElementsByTagName("module"))) {
            Path inner = folder.resolve(module.getTextContent().strip());
            modules.add(inner);
            modules.addAll(modules(inner));
        }
        return modules;
    }

    private static TestRun run(Path folder, String name, Set<String> expected) throws Exception {
        List<TestRun.TestClass> classes = new ArrayList<>();
        Set<String> unreported = new TreeSet<>(expected);
        for (Path file : files(folder)) {
            TestRun.TestClass read = testClass(parse(file).getDocumentElement());
            classes.add(read);
            // nested classes have their own reports
            unreported.remove(read.name().replaceFirst("\\$.*", ""));
        }
        return new TestRun(name, classes, List.copyOf(unreported));
    }

    private static TestRun.TestClass testClass(Element suite) {
        List<String> failures = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        List<Element> tests = elements(suite.getElementsByTagName("testcase"));
        String name = suite.getAttribute("name");
        for (Element test : tests) {
            for (Element outcome : elements(test.getChildNodes())) {
                switch (outcome.getTagName()) {
                    case "failure", "error" ->
                            failures.add(
                                    name + "." + test.getAttribute("name") + ": " + said(outcome));
                    case "skipped" -> leftOut.add(said(outcome));
                    default -> {}
                }
            }
        }
        double seconds = Double.parseDouble(suite.getAttribute("time").replace(",", ""));
        return new TestRun.TestClass(name, tests.size(), seconds, failures, leftOut);
    }

    /** A message in one line, without its stack trace. */
    private static String said(Element outcome) {
        String message = outcome.getAttribute("message");
        String text = message.isBlank() ? outcome.getTextContent() : message;
        String line =
                text.lines()
                        .map(String::strip)
                        .takeWhile(l -> !l.startsWith("at "))
                        .filter(l -> !l.isEmpty())
                        .collect(Collectors.joining(" "));
        String reason = ABORTED.matcher(line).replaceFirst("") + rootCause(outcome);
        if (reason.isEmpty()) {
            return "no reason was given";
        }
        return reason.length() <= LONGEST ? reason : reason.substring(0, LONGEST) + "...";
    }

    /** The root cause of a failure, which tells more than e.g. that a context was not closed. */
    private static String rootCause(Element outcome) {
        return outcome.getTextContent()
                .lines()
                .filter(line -> line.startsWith(CAUSED_BY))
                .reduce((_, last) -> last)
                .map(line -> " <- " + line.substring(CAUSED_BY.length()).strip())
                .orElse("");
    }

    /** Names of the classes that Surefire should run. */
    private static Set<String> testClasses(Path folder) throws IOException {
        Set<String> names = new TreeSet<>();
        if (!Files.isDirectory(folder)) {
            return names;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.toList()) {
                if (file.getFileName().toString().matches(TEST_CLASS)) {
                    ClassModel type = ClassFile.of().parse(file);
                    if (!type.flags().has(AccessFlag.ABSTRACT)) {
                        names.add(type.thisClass().asInternalName().replace('/', '.'));
                    }
                }
            }
        }
        return names;
    }

    /** Matches names of the classes that a file of Surefire's patterns leaves out. */
    private static Predicate<String> leftOut(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return name -> false;
        }
        List<PathMatcher> patterns =
                Files.readAllLines(file).stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .map(line -> FileSystems.getDefault().getPathMatcher("glob:" + line))
                        .toList();
        return name -> {
            Path source = Path.of(name.replace('.', '/') + ".java");
            return patterns.stream().anyMatch(pattern -> pattern.matches(source));
        };
    }

    private static Document parse(Path file) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    }

    private static List<Element> elements(NodeList nodes) {
        return IntStream.range(0, nodes.getLength())
                .<Node>mapToObj(nodes::item)
                .filter(Element.class::isInstance)
                .map(Element.class::cast)
                .toList();
    }
}
