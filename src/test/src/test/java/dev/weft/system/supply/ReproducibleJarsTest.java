package dev.weft.system.supply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks that Weft's jars don't depend on the machine, the hour or the order of a folder.
 * src/test/reproducible makes two builds and checks that they are equal to the byte.
 */
class ReproducibleJarsTest {
    private static final Pattern TIMESTAMP =
            Pattern.compile("<project.build.outputTimestamp>(.*)</project.build.outputTimestamp>");

    static List<Path> jars() throws IOException {
        return Product.ownJars();
    }

    @ParameterizedTest
    @MethodSource("jars")
    void holdsTheTimeOfThePomAlone(Path file) throws IOException {
        LocalDateTime time = LocalDateTime.ofInstant(Instant.parse(timestamp()), ZoneOffset.UTC);

        try (JarFile jar = new JarFile(file.toFile())) {
            assertThat(jar.stream().toList())
                    .isNotEmpty()
                    .allSatisfy(entry -> assertThat(entry.getTimeLocal()).isEqualTo(time));
        }
    }

    @ParameterizedTest
    @MethodSource("jars")
    void holdsClassesInTheOrderOfTheirNames(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            assertThat(jar.stream().map(ZipEntry::getName).filter(name -> name.endsWith(".class")))
                    .isNotEmpty()
                    .isSorted();
        }
    }

    @ParameterizedTest
    @MethodSource("jars")
    void tellsNothingOfTheMachineInItsManifestAndPom(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            assertThat(jar.getManifest().getMainAttributes().keySet())
                    .extracting(Object::toString)
                    .doesNotContain(
                            "Built-By",
                            "Build-Host",
                            "Build-Jdk",
                            "Build-Time",
                            "Bnd-LastModified");
            for (ZipEntry entry : jar.stream().filter(ReproducibleJarsTest::isText).toList()) {
                String text =
                        new String(
                                jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
                assertThat(text)
                        .as(entry.getName())
                        .doesNotContain(
                                Product.ROOT.toString(), System.getProperty("user.home") + "/");
            }
        }
    }

    private static boolean isText(ZipEntry entry) {
        return !entry.isDirectory() && !entry.getName().endsWith(".class");
    }

    private static String timestamp() throws IOException {
        Matcher matcher = TIMESTAMP.matcher(Files.readString(Product.ROOT.resolve("pom.xml")));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }
}
