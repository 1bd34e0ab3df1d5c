package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Checks what the decisions say of folders, names and widths, over the sources of all modules,
 * tests included.
 */
class SourcesTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

    private static final int MOST_FILES = 20;
    private static final int MOST_PARTS = 7;

    /** One idea in several services: docs/decisions/0187-modules-of-the-shared-model.md. */
    private static final Set<String> REPEATED =
            Set.of(
                    "AccessConfiguration",
                    "AliasTarget",
                    "RequestIdFilter",
                    "RolloutConfiguration",
                    "ShadowConfiguration",
                    "TraceConfiguration",
                    "TraceFilter",
                    "UsageConfiguration");

    /** Records with more parts, by the reasons of docs/decisions/0189-settings.md. */
    private static final Map<String, Map<String, Integer>> WIDE =
            Map.of(
                    "keys of a section of the file, which is flat",
                    Map.of(
                            "InferenceSettings", 23,
                            "Truss.Build", 16,
                            "DiscoverySettings", 9,
                            "RelaySettings", 9,
                            "RoutingSettings", 9,
                            "SourceSettings", 9,
                            "Truss.Serving", 9,
                            "SettingsBinderTest.Sample", 9,
                            "CatalogSettings", 8,
                            "QueueSettings", 8),
                    "bodies of the admin API, which show one thing whole",
                    Map.of(
                            "ShadowBody", 26,
                            "RolloutBody", 21,
                            "UsagePageBody.Item", 15,
                            "BaseBody", 10,
                            "ShadowRequestBody", 10,
                            "RolloutRequestBody", 9,
                            "AdapterBody", 8,
                            "VersionBody.Shape", 8),
                    "JSON between services, private to its codec",
                    Map.of(
                            "EntryJson.ShareJson", 8,
                            "MeasureCodec.LineJson", 8,
                            "WorkerStateCodec.LoadJson", 8),
                    "a span as a collector gets it, for tests",
                    Map.of("RecordedSpan", 11));

    @Test
    void noFolderHoldsMoreThanTwentyFiles() throws IOException {
        Map<Path, Long> folders =
                all().stream()
                        .collect(
                                Collectors.groupingBy(
                                        file -> ROOT.relativize(file).getParent(),
                                        TreeMap::new,
                                        Collectors.counting()));

        assertThat(folders).hasSizeGreaterThan(100);
        folders.values().removeIf(count -> count <= MOST_FILES);
        assertThat(folders).isEmpty();
    }

    @Test
    void noTwoTopLevelTypesHaveOneNameButThoseOfOneIdea() throws IOException {
        Map<String, Long> names =
                all().stream()
                        .map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".java"))
                        .filter(name -> !name.equals("package-info.java"))
                        .map(name -> name.substring(0, name.indexOf('.')))
                        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        names.values().removeIf(count -> count == 1);
        assertThat(names.keySet()).isEqualTo(REPEATED);
    }

    @Test
    void onlyTheListedRecordsHaveMoreThanSevenParts() throws IOException {
        Map<String, Integer> listed = new TreeMap<>();
        WIDE.values().forEach(listed::putAll);

        assertThat(wide()).isEqualTo(listed);
    }

    /** Records and constructors with more than seven parts. */
    private static Map<String, Integer> wide() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Widths widths = new Widths();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            for (Path module : modules()) {
                List<Path> sources = sources(module);
                if (!sources.isEmpty()) {
                    JavacTask parser =
                            (JavacTask)
                                    compiler.getTask(
                                            null,
                                            manager,
                                            null,
                                            List.of("-proc:none"),
                                            null,
                                            manager.getJavaFileObjectsFromPaths(sources));
                    for (CompilationUnitTree source : parser.parse()) {
                        widths.scan(source, "");
                    }
                }
            }
        }
        widths.found.values().removeIf(parts -> parts <= MOST_PARTS);
        return widths.found;
    }

    /** Finds how many parts records and constructors have; scans with the outer type's name. */
    private static final class Widths extends TreeScanner<@Nullable Void, String> {
        private final Map<String, Integer> found = new TreeMap<>();

        @Override
        public @Nullable Void visitClass(ClassTree type, String outer) {
            String name = (outer.isEmpty() ? "" : outer + ".") + type.getSimpleName();
            if (type.getKind() == Tree.Kind.RECORD) {
                found.merge(
                        name,
                        (int) type.getMembers().stream().filter(Widths::part).count(),
                        Math::max);
            }
            return super.visitClass(type, name);
        }

        /** The parser makes fields of a record's parts; all others of its fields are static. */
        private static boolean part(Tree member) {
            return member instanceof VariableTree field
                    && !field.getModifiers().getFlags().contains(Modifier.STATIC);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, String owner) {
            if (method.getName().contentEquals("<init>")) {
                found.merge(owner, method.getParameters().size(), Math::max);
            }
            return super.visitMethod(method, owner);
        }
    }

    private static List<Path> modules() throws IOException {
        try (Stream<Path> found = Files.find(ROOT, 4, (file, _) -> file.endsWith("pom.xml"))) {
            return found.map(Path::getParent).filter(module -> !module.equals(ROOT)).toList();
        }
    }

    private static List<Path> all() throws IOException {
        List<Path> all = new ArrayList<>();
        for (Path module : modules()) {
            all.addAll(files(module));
        }
        return all;
    }

    private static List<Path> sources(Path module) throws IOException {
        return files(module).stream().filter(file -> file.toString().endsWith(".java")).toList();
    }

    /** Sources and resources, of the product and of tests. */
    private static List<Path> files(Path module) throws IOException {
        Path folder = module.resolve("src");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files =
                Files.find(folder, 99, (_, attributes) -> attributes.isRegularFile())) {
            return files.toList();
        }
    }
}
