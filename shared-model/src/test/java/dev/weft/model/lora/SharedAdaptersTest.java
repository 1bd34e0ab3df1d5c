package dev.weft.model.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weft.model.checkpoint.LinearModule;
import dev.weft.model.checkpoint.ModelConfig;
import dev.weft.model.checkpoint.ModelFamily;
import dev.weft.model.checkpoint.RopeScaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Adapters that PEFT wrote for SmolLM2-135M, where the shared folder lies beside the project. */
class SharedAdaptersTest {
    private static final ModelConfig SMOL =
            new ModelConfig(
                    ModelFamily.LLAMA,
                    49152,
                    576,
                    30,
                    9,
                    3,
                    64,
                    1536,
                    8192,
                    1e-5f,
                    100000,
                    new RopeScaling.None(),
                    true);

    @Test
    void readsWhatPeftWrote() {
        Path adapters = shared("shared/adapters");

        try (LoraAdapter sql = accept(adapters.resolve("sql"));
                LoraAdapter json = accept(adapters.resolve("json"));
                LoraAdapter french = accept(adapters.resolve("french"))) {
            assertThat(sql.pairs()).hasSize(210).allMatch(p -> p.scale() == 2f && p.rank() == 16);
            assertThat(french.pairs()).hasSize(60).allMatch(p -> p.scale() == 2f && p.rank() == 8);
            assertThat(json.facts().rsLora()).isTrue();
            assertThat(json.pairs())
                    .hasSize(150)
                    .allMatch(p -> p.rank() == (p.module() == LinearModule.DOWN ? 4 : 32))
                    .allMatch(p ->
                            p.scale()
                                    == (p.module() == LinearModule.DOWN
                                            ? 4f
                                            : (float) (16 / Math.sqrt(32))));
            assertThat(List.of(sql.digest(), json.digest(), french.digest()))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void readsTheAdaptersOfTheSampleModel() throws IOException {
        Path sample = shared("shared/sample-model");
        ModelConfig base = ModelConfig.read(sample.resolve("base/config.json"));

        for (String name : List.of("sql", "json", "french")) {
            LoraCheck check = LoraFolder.check(sample.resolve("adapters").resolve(name), base, 64);

            assertThat(check).as(name).isInstanceOf(LoraCheck.Accepted.class);
            ((LoraCheck.Accepted) check).adapter().close();
        }
    }

    private static LoraAdapter accept(Path folder) {
        return switch (LoraFolder.check(folder, SMOL, 32, "HuggingFaceTB/SmolLM2-135M-Instruct")) {
            case LoraCheck.Accepted accepted -> {
                assertThat(accepted.warnings()).isEmpty();
                yield accepted.adapter();
            }
            case LoraCheck.Refused refused -> throw new AssertionError(refused);
        };
    }

    private static Path shared(String name) {
        Path at = Path.of("").toAbsolutePath();
        while (at != null && !Files.isDirectory(at.resolve(name))) {
            at = at.getParent();
        }
        assumeThat(at).as(name + " beside the project").isNotNull();
        return Objects.requireNonNull(at).resolve(name);
    }
}
