package dev.weft.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A deployment file is read, or all its faults are reported with their lines. */
class DeploymentFuzzTest {
    private static final Path FOLDER = scratch();

    private static Path scratch() {
        try {
            return Files.createTempDirectory("weft-fuzz");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FuzzTest
    void readsOrTellsFaults(byte[] bytes) throws IOException {
        Path file = Files.write(FOLDER.resolve("deploy.yaml"), bytes);
        try {
            EffectiveDeployment read = DeploymentFile.readEffective(file, List.of());
            assertThat(read.json()).isNotBlank();
        } catch (DeploymentException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
