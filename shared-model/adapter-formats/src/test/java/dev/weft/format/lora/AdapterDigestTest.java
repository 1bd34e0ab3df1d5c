package dev.weft.format.lora;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.lora.canonical.CanonicalAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterDigestTest {
    private static final String Q_A = SmallAdapter.PREFIX + "0.self_attn.q_proj.lora_A.weight";

    @TempDir Path folder;
    private String plain = "";
    private int folders;

    @BeforeEach
    void digestThePlainAdapter() throws IOException {
        plain = digest(adapter());
    }

    @Test
    void followsTheDocumentedFormat() throws IOException, NoSuchAlgorithmException {
        String name = "base_model.model.model.layers.%d.self_attn.q_proj.lora_%s.weight";
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        // alpha 8 and scale 2 as bits
        update(sha, "weft-adapter-1\nalpha 4020000000000000\nrslora false\n");
        for (int layer = 0; layer < 2; layer++) {
            update(sha, "pair model.layers." + layer + ".self_attn.q_proj 40000000\n");
            String a = name.formatted(layer, "A");
            update(sha, "tensor " + a + " F32 4 12 192\n");
            sha.update(bytes(SmallAdapter.random(a, DType.F32, 4, 12)));
            String b = name.formatted(layer, "B");
            update(sha, "\ntensor " + b + " F32 20 4 320\n");
            sha.update(bytes(SmallAdapter.random(b, DType.F32, 20, 4)));
            update(sha, "\n");
        }
        update(sha, "template 7 5\ndefault\nhöre\n");
        update(sha, "token 9 4\neos_token\n</s>\nadd-bos true\n");
        update(sha, "response-template 13\n{\"fields\":{}}\n");

        String tokenizer =
                "{\"eos_token\":\"</s>\",\"add_bos_token\":true,\"chat_template\":\"höre\","
                        + "\"response_template\":{\"fields\":{}}}";
        SmallAdapter withChat = adapter().file("tokenizer_config.json", tokenizer);

        assertThat(digest(withChat)).isEqualTo("sha256:" + HexFormat.of().formatHex(sha.digest()));
    }

    @Test
    void staysWhereNothingThatMattersChanged() throws IOException {
        Map<String, SmallAdapter> same = new LinkedHashMap<>();
        same.put("README", adapter().file("README.md", "hello"));
        same.put("base name", adapter().with("base_model_name_or_path", "/home/me/base"));
        same.put("PEFT version", adapter().with("peft_version", "0.1"));
        same.put("training", adapter().with("lora_dropout", 0.1).with("inference_mode", false));
        same.put("order of tensors", adapter().reverseTensors());
        same.put("key order", adapter().without("r").with("r", 4));
        same.put("spelling of alpha", adapter().without("lora_alpha").with("lora_alpha", 8));
        same.put("adapter name", adapter().rename(n -> n.replace(".weight", ".default.weight")));
        same.put("prefix", adapter().rename(n -> n.replace("base_model.model.", "")));
        same.put("targets", adapter().with("target_modules", List.of("attn_q")));
        same.put("expression", adapter().with("target_modules", ".*q_proj"));
        same.put("defaults", adapter().with("use_dora", false).with("rank_pattern", Map.of()));
        same.put(
                "tokenizer class",
                adapter().file("tokenizer_config.json", "{\"tokenizer_class\":\"X\"}"));

        for (Map.Entry<String, SmallAdapter> entry : same.entrySet()) {
            assertThat(digest(entry.getValue())).as(entry.getKey()).isEqualTo(plain);
        }
    }

    @Test
    void changesWithWhatMatters() throws IOException {
        Map<String, SmallAdapter> other = new LinkedHashMap<>();
        other.put("alpha", adapter().with("lora_alpha", 8.5));
        other.put("rsLoRA", adapter().with("use_rslora", true));
        other.put("alpha pattern", adapter().with("alpha_pattern", Map.of("q_proj", 4)));
        other.put("rank", SmallAdapter.of(2, 8, LinearModule.Q));
        other.put("rank and alpha", SmallAdapter.of(2, 4, LinearModule.Q));
        other.put("one weight", adapter().put(oneWeightChanged()));
        other.put("type", adapter().withPair(0, LinearModule.Q, 4, DType.BF16));
        other.put("module", SmallAdapter.of(4, 8, LinearModule.Q, LinearModule.K));
        other.put("template", adapter().file("chat_template.jinja", "hello"));
        other.put("template text", adapter().file("chat_template.jinja", "hello "));
        other.put(
                "response template",
                adapter().file("tokenizer_config.json", "{\"response_template\":{}}"));
        other.put("token", adapter().file("tokenizer_config.json", "{\"eos_token\":\"x\"}"));
        other.put("tokens", adapter().file("special_tokens_map.json", "{\"eos_token\":\"y\"}"));

        Map<String, String> seen = new LinkedHashMap<>();
        seen.put(plain, "plain");
        for (Map.Entry<String, SmallAdapter> entry : other.entrySet()) {
            String digest = digest(entry.getValue());
            assertThat(seen.put(digest, entry.getKey())).as(entry.getKey()).isNull();
        }
    }

    @Test
    void isTheSameForTheArtifact() throws IOException {
        Path from =
                adapter()
                        .file("chat_template.jinja", "hi")
                        .file("README.md", "x")
                        .write(folder.resolve("from"));
        Path to = folder.resolve("to");

        List<String> files = CanonicalAdapter.write(from, to);

        assertThat(files)
                .containsExactly(
                        "adapter_config.json", "adapter_model.safetensors", "chat_template.jinja");
        assertThat(CanonicalAdapter.files(to)).isEqualTo(files);
        assertThat(to.resolve("README.md")).doesNotExist();
        assertThat(digest(to)).isEqualTo(digest(from)).isNotEqualTo(plain);
        assertThat(folder).isDirectoryNotContaining("glob:**/.adapter-*");
    }

    private static SmallAdapter adapter() {
        return SmallAdapter.of(4, 8, LinearModule.Q);
    }

    private static Tensor oneWeightChanged() {
        float[] values = new float[48];
        Tensor old = SmallAdapter.random(Q_A, DType.F32, 4, 12);
        old.copyTo(0, values, 0, 48);
        values[47] = Math.nextUp(values[47]);
        return SmallAdapter.tensor(Q_A, DType.F32, values, 4, 12);
    }

    private String digest(SmallAdapter adapter) throws IOException {
        return digest(adapter.write(folder.resolve("f" + folders++)));
    }

    private static String digest(Path folder) {
        return switch (LoraFolder.check(folder, SmallAdapter.BASE, 8)) {
            case LoraCheck.Accepted accepted -> {
                accepted.adapter().close();
                yield accepted.adapter().digest().toString();
            }
            case LoraCheck.Refused refused -> throw new AssertionError(refused);
        };
    }

    private static void update(MessageDigest sha, String text) {
        sha.update(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(Tensor tensor) {
        return tensor.data().toArray(ValueLayout.JAVA_BYTE);
    }
}
