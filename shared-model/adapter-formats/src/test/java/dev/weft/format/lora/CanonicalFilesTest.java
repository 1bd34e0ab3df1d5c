package dev.weft.format.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.format.lora.canonical.CanonicalAdapter;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CanonicalFilesTest {
    @TempDir Path folder;
    private int folders;

    @Test
    void writesTheSameBytesForWhatSeveralToolsWrite() throws IOException {
        String chat =
                "{\"chat_template\":\"hi\",\"eos_token\":\"</s>\","
                        + "\"response_template\":{\"version\":1,\"fields\":{}}}";
        Map<String, String> plain = normalised(adapter().file("tokenizer_config.json", chat));
        Map<String, SmallAdapter> same = new LinkedHashMap<>();
        same.put("base name", adapter().with("base_model_name_or_path", "/home/me/base"));
        same.put("training", adapter().with("lora_dropout", 0.1).with("inference_mode", false));
        same.put("tensors", adapter().reverseTensors());
        same.put("rank", adapter().with("r", 8).with("rank_pattern", Map.of("q_proj", 4)));
        same.put("adapter name", adapter().rename(n -> n.replace(".weight", ".default.weight")));
        same.put("prefix", adapter().rename(n -> n.replace("base_model.model.", "")));
        same.put("targets", adapter().with("target_modules", List.of("attn_q")));
        same.put("expression", adapter().with("target_modules", ".*q_proj"));
        for (Map.Entry<String, SmallAdapter> entry : same.entrySet()) {
            entry.getValue()
                    .file("chat_template.jinja", "hi")
                    .file("special_tokens_map.json", "{\"eos_token\":{\"content\":\"</s>\"}}")
                    .file(
                            "tokenizer_config.json",
                            "{\"model_max_length\":99,\"response_template\":{\"fields\":{},"
                                    + " \"version\":1}}");
            assertThat(normalised(entry.getValue())).as(entry.getKey()).isEqualTo(plain);
        }
    }

    @Test
    void writesTheDocumentedFiles() throws IOException {
        Map<String, String> files =
                normalised(
                        adapter()
                                .with("lora_dropout", 0.1)
                                .file("tokenizer_config.json", "{\"add_bos_token\":true}"));
        assertThat(files.keySet())
                .containsExactly(
                        "adapter_config.json",
                        "adapter_model.safetensors",
                        "tokenizer_config.json");
        assertThat(files.get("adapter_config.json"))
                .isEqualTo(
                        "{\"alpha_pattern\":{},\"lora_alpha\":8,\"peft_type\":\"LORA\",\"r\":4,"
                                + "\"rank_pattern\":{},\"target_modules\":["
                                + "\"model.layers.0.self_attn.q_proj\","
                                + "\"model.layers.1.self_attn.q_proj\"],"
                                + "\"task_type\":\"CAUSAL_LM\",\"use_rslora\":false}");
        assertThat(files.get("tokenizer_config.json")).isEqualTo("{\"add_bos_token\":true}");
        assertThat(files.get("adapter_model.safetensors"))
                .contains(
                        "{\"base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight\":"
                                + "{\"dtype\":\"F32\",\"shape\":[4,12],\"data_offsets\":[0,192]}")
                .doesNotContain("__metadata__");
    }

    /** {@link CanonicalAdapter#normalise} compares the digest itself. */
    @Test
    void keepsRanksScalesTypesAndChats() throws IOException {
        List<SmallAdapter> adapters =
                List.of(
                        adapter().with("lora_alpha", 0.1),
                        adapter().with("lora_alpha", -3.7e-9),
                        adapter().with("lora_alpha", 1e30),
                        adapter().with("use_rslora", true).with("lora_alpha", 7.3),
                        adapter().with("alpha_pattern", Map.of("layers.1.self_attn.q_proj", 0.3)),
                        adapter()
                                .with("use_rslora", true)
                                .with("alpha_pattern", Map.of("layers.0.self_attn.q_proj", 1.1)),
                        adapter()
                                .withPair(1, LinearModule.Q, 3, DType.F32)
                                .with("use_rslora", true)
                                .with("rank_pattern", Map.of("layers.1.self_attn.q_proj", 3))
                                .with("alpha_pattern", Map.of("layers.1.self_attn.q_proj", 5.7)),
                        adapter()
                                .withPair(0, LinearModule.Q, 4, DType.BF16)
                                .withPair(1, LinearModule.Q, 4, DType.F16),
                        adapter()
                                .with("layers_to_transform", List.of(0))
                                .drop(tensor("A"))
                                .drop(tensor("B")),
                        SmallAdapter.of(3, 8, LinearModule.SEPARATE.toArray(LinearModule[]::new)),
                        adapter()
                                .file(
                                        "tokenizer_config.json",
                                        "{\"chat_template\":[{\"name\":\"default\",\"template\":\"a\"},"
                                            + "{\"name\":\"tool_use\",\"template\":\"b\"}],"
                                            + "\"additional_special_tokens\":[\"<b>\",\"<a>\"],"
                                            + "\"extra_special_tokens\":{\"image_token\":\"<i>\"}}"));
        for (SmallAdapter adapter : adapters) {
            assertThat(normalised(adapter)).containsKey("adapter_config.json");
        }
    }

    @Test
    void normalisingTwiceChangesNothing() throws IOException {
        Path once = folder.resolve("once");
        SmallAdapter adapter = adapter().with("alpha_pattern", Map.of("layers.1.*", 0.3));
        Map<String, String> first = normalised(adapter.write(folder.resolve("from")), once);
        assertThat(normalised(once, folder.resolve("twice"))).isEqualTo(first);
    }

    @Test
    void saysWhereWhatWasWrittenIsAnotherAdapter() throws IOException {
        Path from = adapter().write(folder.resolve("from"));
        Path other = adapter().file("chat_template.jinja", "hi").write(folder.resolve("other"));
        LoraCheck.Accepted accepted = check(from);
        try (LoraAdapter adapter = accepted.adapter()) {
            Path to = Files.createDirectory(folder.resolve("to"));
            assertThatThrownBy(
                            () -> CanonicalAdapter.normalise(other, adapter, SmallAdapter.BASE, to))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(adapter.digest().toString());
        }
    }

    private static SmallAdapter adapter() {
        return SmallAdapter.of(4, 8, LinearModule.Q);
    }

    private static String tensor(String side) {
        return SmallAdapter.PREFIX + "1.self_attn.q_proj.lora_" + side + ".weight";
    }

    private Map<String, String> normalised(SmallAdapter adapter) throws IOException {
        int number = folders++;
        return normalised(
                adapter.write(folder.resolve("from-" + number)), folder.resolve("to-" + number));
    }

    /** Names and contents of the files. */
    private static Map<String, String> normalised(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (LoraAdapter adapter = check(from).adapter()) {
            CanonicalAdapter.normalise(from, adapter, SmallAdapter.BASE, to);
        }
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(to)) {
            for (Path file : files.toList()) {
                contents.put(
                        file.getFileName().toString(),
                        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }

    private static LoraCheck.Accepted check(Path folder) {
        return switch (LoraFolder.check(folder, SmallAdapter.BASE, 8)) {
            case LoraCheck.Accepted accepted -> accepted;
            case LoraCheck.Refused refused -> throw new AssertionError(refused);
        };
    }
}
