package dev.weft.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.deployment.Deployment.DeclaredAdapter;
import dev.weft.protocol.adapter.LoraPlugin;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the page's example, unchanged. */
final class SeedFileTest {
    @TempDir Path folder;

    @Test
    void theExampleOfThePageIsADeployment() throws DeploymentException {
        assertSeed(DeploymentFiles.read(folder, DeploymentFiles.seed()));
    }

    @Test
    void thePageItselfHoldsTheSameExample() throws Exception {
        Path page =
                Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
                        .map(parent -> parent.resolve("shared/seed/lora-support.md"))
                        .filter(Files::exists)
                        .findFirst()
                        .orElse(Path.of("absent"));
        assumeTrue(Files.exists(page), "needs shared/seed beside the checkout");
        assertSeed(DeploymentFiles.read(folder, firstExample(page)));
    }

    private static String firstExample(Path page) throws IOException {
        String text = Files.readString(page);
        int start = text.indexOf('\n', text.indexOf("```yaml")) + 1;
        return text.substring(start, text.indexOf("```", start));
    }

    private static void assertSeed(EffectiveDeployment effective) {
        Deployment seed = effective.deployment();
        assertThat(seed.modelName()).isEqualTo("Qwen2.5-Coder-LoRA");
        assertThat(seed.base().servedName()).isEqualTo("Qwen2.5-Coder-base");
        assertThat(seed.useGpu()).isTrue();
        assertThat(seed.lora().maxRank()).isEqualTo(16);
        assertThat(seed.lora().plugin()).isEqualTo(LoraPlugin.FLOAT16);
        assertThat(seed.base().checkpoint())
                .isEqualTo(
                        new RepositoryRef(
                                RepositorySource.HF,
                                "Qwen/Qwen2.5-Coder-1.5B-Instruct",
                                "2e1fd397ee46e1388853d2af2c993145b0f1098a"));
        assertThat(seed.lora().adapters())
                .containsExactly(
                        new DeclaredAdapter(
                                "lora1",
                                new RepositoryRef(
                                        RepositorySource.HF,
                                        "ai-blond/Qwen-Qwen2.5-Coder-1.5B-Instruct-lora",
                                        "9cde18d8ed964b0519fb481cca6acd936b2ca811")));
        assertThat(effective.notice()).isEmpty();
    }
}
