package dev.weft.catalog.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.base.Base;
import dev.weft.deployment.Deployment;
import dev.weft.deployment.DeploymentFile;
import dev.weft.deployment.Fleet;
import dev.weft.format.npy.NpyType;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.service.settings.EngineSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrayTypesTest {
    @TempDir private Path folder;

    @Test
    void aBaseHasTheTypeOfItsFileOrTheFirstOnes() throws Exception {
        Deployment first = deployment("llama", "float16");
        Deployment second = deployment("qwen", "bfloat16");
        var fleet = new Fleet(first.settings(), List.of(first, second));

        ArrayTypes types = ArrayTypes.of(fleet);

        assertThat(types.of(base("llama"))).isEqualTo(NpyType.FLOAT16);
        assertThat(types.of(base("qwen"))).isEqualTo(NpyType.BFLOAT16);
        assertThat(types.of(base("added"))).isEqualTo(NpyType.FLOAT16);
    }

    private Deployment deployment(String name, String plugin) throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve(name + ".yaml"),
                        """
                        model_name: %1$s
                        trt_llm:
                          build:
                            checkpoint_repository: {source: HF, repo: owner/%1$s}
                            lora_adapters: {sql: {source: HF, repo: owner/sql}}
                            plugin_configuration: {lora_plugin: %2$s}
                        """
                                .formatted(name, plugin));
        return DeploymentFile.read(file, List.of());
    }

    private static Base base(String name) {
        RepositoryRef checkpoint = new RepositoryRef(RepositorySource.FILE, "/" + name, null);
        return new Base(
                1,
                new Base.Facts(name, checkpoint, 8, EngineSettings.Choice.AUTO, Set.of()),
                true,
                Instant.EPOCH,
                null);
    }
}
