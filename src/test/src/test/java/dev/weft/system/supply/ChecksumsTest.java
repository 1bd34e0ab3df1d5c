package dev.weft.system.supply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks that the build's files from a Maven repository match .mvn/checksums. Maven 3.9 checks this
 * by itself, before it uses a file; Maven 3.8, Debian 12's, doesn't know such lists.
 */
class ChecksumsTest {
    private static final Path LIST = Product.ROOT.resolve(".mvn/checksums/checksums.sha256");

    @Test
    void hasEveryJarOfTheProductThatIsNotWeftsOwn() throws Exception {
        Map<String, String> sums = new TreeMap<>();
        listed().forEach((path, sum) -> sums.put(path.substring(path.lastIndexOf('/') + 1), sum));
        List<String> faults = new ArrayList<>();

        for (Path jar : Product.libraries()) {
            String name = jar.getFileName().toString();
            if (!Product.isOwn(jar) && !sha256(jar).equals(sums.get(name))) {
                faults.add(name + (sums.containsKey(name) ? " is another file" : " is not listed"));
            }
        }

        assertThat(faults).as("src/test/checksums writes the list").isEmpty();
    }

    @Test
    void isWhatTheLocalRepositoryHolds() throws Exception {
        Map<String, String> listed = listed();
        Path repository = repository(listed);
        List<String> faults = new ArrayList<>();
        int there = 0;

        for (Map.Entry<String, String> entry : listed.entrySet()) {
            Path file = repository.resolve(entry.getKey());
            if (Files.isRegularFile(file)) {
                there++;
                if (!sha256(file).equals(entry.getValue())) {
                    faults.add(entry.getKey());
                }
            }
        }

        assertThat(faults).as("files that differ from " + LIST).isEmpty();
        assertThat(there).isGreaterThan(500);
    }

    @Test
    void isGivenToMavenWhichFailsOnWhatDiffers() throws IOException {
        assertThat(Files.readAllLines(Product.ROOT.resolve(".mvn/maven.config")))
                .contains(
                        "--strict-checksums",
                        "-Daether.artifactResolver.postProcessor.trustedChecksums=true",
                        "-Daether.trustedChecksumsSource.summaryFile=true",
                        "-Daether.trustedChecksumsSource.summaryFile.basedir"
                                + "=${session.rootDirectory}/.mvn/checksums");
    }

    /** The listed checksums by path in a repository. */
    private static Map<String, String> listed() throws IOException {
        Map<String, String> listed = new TreeMap<>();
        for (String line : Files.readAllLines(LIST)) {
            String[] words = line.split(" +");
            assertThat(words).as(line).hasSize(2);
            listed.put(words[1], words[0]);
        }
        return listed;
    }

    /** The repository of the jars on this JVM's class path. */
    private static Path repository(Map<String, String> listed) {
        String path = System.getProperty("java.class.path");
        return Stream.of(path.split(File.pathSeparator))
                .flatMap(jar ->
                        listed.keySet().stream()
                                .filter(name -> jar.endsWith("/" + name))
                                .map(name -> jar.substring(0, jar.length() - name.length())))
                .map(Path::of)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no jar of " + LIST + " in " + path));
    }

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
