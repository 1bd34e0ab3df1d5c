package dev.weft.system.tensorrtllm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.format.npy.NpyType;
import dev.weft.format.trtllm.LoraArrays;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.system.fleet.Admin;
import dev.weft.system.fleet.Client;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import dev.weft.system.fleet.SampleFleet;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the serving of the sample's adapters that exist only as TensorRT-LLM's two arrays. */
@ExtendWith(SampleFleet.class)
class ArrayAdaptersTest {
    private static final int PROMPTS = 8;

    @AutoClose private static Client client;

    @BeforeAll
    static void connect() {
        client = new Client(SampleFleet.fleet().gateway());
    }

    @ParameterizedTest
    @CsvSource({"sql, FLOAT32", "json, FLOAT32", "french, FLOAT32", "sql, FLOAT16"})
    void answerAsTheirPeftFilesDo(String adapter, NpyType type) throws Exception {
        String name = adapter + "-" + type;
        Path arrays = convert(adapter, type, SampleFleet.adapters().resolve(name));
        Admin admin = SampleFleet.fleet().admin();
        admin.register(name, new RepositoryRef(RepositorySource.FILE, arrays.toString(), null));
        admin.awaitReady(name);
        Http.await(name + " is listed", () -> listed(name));

        List<Sample.Prompt> prompts =
                Sample.heldOut().counted().stream()
                        .filter(prompt -> !prompt.of(adapter).close())
                        .limit(PROMPTS)
                        .toList();
        assertThat(prompts).hasSize(PROMPTS);
        for (Sample.Prompt prompt : prompts) {
            assertThat(client.ask(name, prompt.text())).isEqualTo(prompt.of(adapter).answer());
        }
        admin.remove(name);
    }

    private static boolean listed(String name) {
        return client.api().models().list().data().stream().anyMatch(m -> m.id().equals(name));
    }

    /** Writes a sample's adapter as its two arrays. */
    static Path convert(String adapter, NpyType type, Path out) throws Exception {
        ModelConfig base = ModelConfig.read(Sample.base().resolve("config.json"));
        LoraCheck check = LoraFolder.check(Sample.adapter(adapter), base.shape(), 16);
        if (!(check instanceof LoraCheck.Accepted(var accepted, var _))) {
            throw new AssertionError(adapter + ": " + check);
        }
        try (accepted;
                Arena arena = Arena.ofConfined()) {
            LoraArrays.of(accepted, type, arena).write(out);
        }
        return out;
    }
}
