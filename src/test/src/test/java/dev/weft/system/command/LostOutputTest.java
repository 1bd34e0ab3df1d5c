package dev.weft.system.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class LostOutputTest {
    /** A secret that is told once would be gone, and its command would have succeeded. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aCommandWhoseOutputIsLostFails() throws Exception {
        Process version =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.weft.standalone.Weft",
                                "--version")
                        .redirectOutput(new File("/dev/full"))
                        .start();
        try {
            String said =
                    new String(version.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(version.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(said).contains("the output could not be written");
            assertThat(version.exitValue()).isEqualTo(1);
        } finally {
            version.destroyForcibly();
        }
    }
}
