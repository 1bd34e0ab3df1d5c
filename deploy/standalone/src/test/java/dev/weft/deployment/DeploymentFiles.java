package dev.weft.deployment;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.deployment.document.DeploymentFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Writes deployment files and reads them back, for the tests of this package. */
final class DeploymentFiles {
    /** The smallest valid deployment. */
    static final String SMALL =
            """
            model_name: small
            trt_llm:
              build:
                checkpoint_repository:
                  repo: owner/base
            """;

    private DeploymentFiles() {}

    /** The literal example of the page that Weft's deployment file comes from. */
    static String seed() {
        try (InputStream in =
                Objects.requireNonNull(DeploymentFiles.class.getResourceAsStream("seed.yaml"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static EffectiveDeployment read(Path folder, String yaml, String... overrides)
            throws DeploymentException {
        return DeploymentFile.readEffective(write(folder, yaml), List.of(overrides));
    }

    /** The faults, each in the line that people see. */
    static List<String> faults(Path folder, String yaml, String... overrides) {
        DeploymentException e =
                catchThrowableOfType(
                        DeploymentException.class, () -> read(folder, yaml, overrides));
        if (e == null) {
            return List.of();
        }
        return e.faults().stream().map(DeploymentFault::toString).toList();
    }

    private static Path write(Path folder, String yaml) {
        try {
            return Files.writeString(folder.resolve("weft.yaml"), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
