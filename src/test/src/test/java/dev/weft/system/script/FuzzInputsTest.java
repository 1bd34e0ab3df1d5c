package dev.weft.system.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Tests that each fuzz test lies where {@code src/test/fuzz} and Jazzer look for the inputs that it
 * begins with: a class that moves without them would begin with none.
 */
class FuzzInputsTest {
    private static final Path HOME = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Pattern METHOD = Pattern.compile("@FuzzTest\\b[^{]*?void (\\w+)\\(");

    @Test
    void lieBesideEachFuzzTestAndNowhereElse() throws IOException {
        Set<String> wanted = new TreeSet<>();
        Set<String> found = new TreeSet<>();
        Files.walkFileTree(
                HOME,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        String name = folder.getFileName().toString();
                        return name.equals("target")
                                        || name.equals("node_modules")
                                        || name.equals(".git")
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        String path = HOME.relativize(file).toString();
                        if (path.endsWith("FuzzTest.java")) {
                            wanted.addAll(folders(path, Files.readString(file)));
                        } else if (path.contains("FuzzTestInputs/")) {
                            found.add(HOME.relativize(file.getParent()).toString());
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        assertThat(wanted).hasSizeGreaterThan(10);
        assertThat(found).isEqualTo(wanted);
    }

    private static Set<String> folders(String path, String source) {
        String inputs =
                path.replace("src/test/java/", "src/test/resources/").replace(".java", "Inputs/");
        Set<String> folders = new TreeSet<>();
        METHOD.matcher(source).results().forEach(method -> folders.add(inputs + method.group(1)));
        return folders;
    }
}
