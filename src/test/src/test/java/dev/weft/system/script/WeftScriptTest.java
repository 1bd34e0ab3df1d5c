package dev.weft.system.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what {@code ./weft} and {@code ./weft test} do around the programs that they start. */
class WeftScriptTest {
    private static final int MOST_SECONDS = 120;

    /** A repository in which a JDK, Maven and the test scripts are imitations. */
    @TempDir private Path home;

    @BeforeEach
    void prepare() throws IOException {
        Path root = Path.of("..", "..").toAbsolutePath().normalize();
        copy(root.resolve("weft"), home.resolve("weft"));
        copy(root.resolve("src/test/run"), home.resolve("src/test/run"));
        Path product = Files.createDirectories(home.resolve("deploy/standalone/target/weft"));
        Files.writeString(product.resolve("weft.jar"), "");
        Files.writeString(product.resolve("jvm.flags"), "");
        Files.createDirectories(home.resolve("temporary"));
        Files.writeString(
                Files.createDirectories(home.resolve("jdk")).resolve("release"),
                "JAVA_VERSION=\"25.0.1\"\n");
        program("jdk/bin/javac", "exit 0");
        for (String script : new String[] {"levels", "install-packages", "newer-libc", "setup"}) {
            program("src/test/" + script, "exit 0");
        }
        program("src/test/fuzz", "exit 0");
    }

    @Test
    void whoeverEndsTheMakingOfTheCacheEndsItsServicesAndLeavesNothing() throws Exception {
        program("jdk/bin/java", "echo $$ > started.part; mv started.part started; exec sleep 600");
        Process script = start("weft", "aot");
        Path started = home.resolve("started");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        while (!Files.exists(started) && script.isAlive() && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        Optional<ProcessHandle> services =
                ProcessHandle.of(Long.parseLong(Files.readString(started).strip()));
        assertThat(services).isPresent();

        script.destroy();

        assertThat(script.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
        try {
            services.get().onExit().get(MOST_SECONDS, TimeUnit.SECONDS);
        } finally {
            services.get().destroyForcibly();
        }
        assertThat(script.exitValue()).isEqualTo(143);
        assertThat(home.resolve("temporary")).isEmptyDirectory();
    }

    @Test
    void testsHoldTheLockOfBuildsWhileMavenRuns() throws Exception {
        program("jdk/bin/java", "exit 0");
        program("bin/mvn", "flock -n target/build.lock echo free > lock || echo held > lock");

        Process run = start("src/test/run");

        assertThat(run.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).isZero();
        assertThat(home.resolve("lock")).hasContent("held");
    }

    private Process start(String... command) throws IOException {
        command[0] = home.resolve(command[0]).toString();
        ProcessBuilder script =
                new ProcessBuilder(command)
                        .directory(home.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(home.resolve("output").toFile());
        script.environment().put("JAVA_HOME", home.resolve("jdk").toString());
        script.environment().put("TMPDIR", home.resolve("temporary").toString());
        script.environment().put("WEFT_NO_BUILD", "1");
        script.environment().merge("PATH", home.resolve("bin") + ":", (path, own) -> own + path);
        return script.start();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to);
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void program(String name, String script) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
