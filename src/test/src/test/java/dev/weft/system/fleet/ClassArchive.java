package dev.weft.system.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * The archive of classes that the processes of {@link Launched} share: a first start of the sample
 * writes it, and those after that map their classes in place of reading and checking them
 * (docs/decisions/0235-tests-in-two-jvms.md).
 */
final class ClassArchive {
    private static final Path TARGET = Path.of("target").toAbsolutePath();

    /** The JVM says nothing if it can't take an archive. */
    private static final String SILENT = "-Xlog:cds=off,aot=off";

    private static @Nullable Path written;

    private ClassArchive() {}

    /**
     * Flags of a JVM that takes the archive. None if the class path has folders, whose classes the
     * JVM doesn't archive, or while another JVM's tests write the archive.
     */
    static synchronized List<String> flags() {
        try {
            if (written == null && Launched.CLASS_PATH.stream().noneMatch(Files::isDirectory)) {
                written = write(TARGET.resolve("classes-" + hashOfJars() + ".jsa"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return written == null ? List.of() : List.of("-XX:SharedArchiveFile=" + written, SILENT);
    }

    /** Tells one build's jars from another's. */
    private static String hashOfJars() throws IOException {
        int hash = 1;
        for (Path jar : Launched.CLASS_PATH) {
            hash = 31 * hash + Files.getLastModifiedTime(jar).hashCode();
        }
        return Integer.toHexString(hash);
    }

    /** Returns null if another JVM is at it. */
    private static @Nullable Path write(Path archive) throws IOException {
        Path lock = TARGET.resolve("classes.lock");
        try (FileChannel channel =
                        FileChannel.open(
                                lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            if (held == null) {
                return null;
            }
            if (!Files.exists(archive)) {
                removeOlder();
                Path folder = Files.createTempDirectory("weft-classes");
                Path part = TARGET.resolve("classes.jsa.part");
                runSample(folder, List.of("-XX:ArchiveClassesAtExit=" + part, SILENT));
                FileSystemUtils.deleteRecursively(folder);
                Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE);
            }
            return archive;
        }
    }

    /** Those of earlier builds, 115 MB each. */
    private static void removeOlder() throws IOException {
        try (DirectoryStream<Path> older = Files.newDirectoryStream(TARGET, "classes-*.jsa")) {
            for (Path each : older) {
                Files.delete(each);
            }
        }
    }

    private static void runSample(Path folder, List<String> flags) throws IOException {
        try (Launched sample = Launched.sample(flags, folder)) {
            sample.awaitReady();
            if (!sample.end()) {
                throw new AssertionError("the sample did not end; its log:\n" + sample.log());
            }
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("the sample did not start", e);
        }
    }
}
