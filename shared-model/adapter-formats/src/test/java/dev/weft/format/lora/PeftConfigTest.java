package dev.weft.format.lora;

import static dev.weft.format.lora.SmallAdapter.BASE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.lora.config.UnservedSettings;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeftConfigTest {
    @TempDir Path folder;

    @ParameterizedTest
    @MethodSource("refusedKeys")
    void refusesByNameWhatIsNotServed(String key) throws IOException {
        assertThat(refused(key, "[1]"))
                .singleElement()
                .satisfies(r -> {
                    assertThat(r.code()).isEqualTo("UNSUPPORTED_SETTING");
                    assertThat(r.file()).isEqualTo("adapter_config.json");
                    assertThat(r.tensor()).isEqualTo(key);
                    assertThat(r.message()).contains(key, "[1]");
                });
        for (String unset : List.of("null", "false", "[]", "{}")) {
            assertThat(warnings(key, unset)).isEmpty();
        }
    }

    static List<String> refusedKeys() {
        return UnservedSettings.refusedKeys();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "peft_type | \"LOHA\" | UNSUPPORTED_METHOD",
                "peft_type | \"PROMPT_TUNING\" | UNSUPPORTED_METHOD",
                "peft_type | \"P_TUNING\" | UNSUPPORTED_METHOD",
                "peft_type | 1 | UNSUPPORTED_METHOD",
                "bias | \"all\" | UNSUPPORTED_SETTING",
                "bias | true | INVALID_VALUE",
                "task_type | \"TOKEN_CLS\" | UNSUPPORTED_SETTING",
                "task_type | \"SEQ_2_SEQ_LM\" | UNSUPPORTED_SETTING",
                "task_type | \"causal_lm\" | UNSUPPORTED_SETTING",
                "from_the_future | 1 | UNKNOWN_SETTING",
                "use_merged_linear | true | UNKNOWN_SETTING",
                "auto_mapping | {\"parent_library\":\"transformers_modules.x.modeling_x\"} |"
                        + " UNSUPPORTED_SETTING",
                "auto_mapping | \"llama\" | UNSUPPORTED_SETTING",
                "init_lora_weights | \"pissa\" | BASE_WAS_CHANGED",
                "init_lora_weights | \"pissa_niter_16\" | BASE_WAS_CHANGED",
                "init_lora_weights | \"OLoRA\" | BASE_WAS_CHANGED",
                "init_lora_weights | \"corda\" | BASE_WAS_CHANGED",
                "init_lora_weights | \"loftq\" | BASE_WAS_CHANGED",
                "init_lora_weights | \"lora_ga\" | BASE_WAS_CHANGED",
                "init_lora_weights | \"new_one\" | BASE_WAS_CHANGED",
                "r | \"eight\" | INVALID_VALUE",
                "r | 4.0 | INVALID_VALUE",
                "r | 99999999999999999999 | INVALID_VALUE",
                "r | [4] | INVALID_VALUE",
                "r | 0 | INVALID_RANK",
                "r | -4 | INVALID_RANK",
                "lora_alpha | \"8\" | INVALID_VALUE",
                "lora_alpha | 1e400 | INVALID_VALUE",
                "lora_alpha | 1e300 | INVALID_VALUE",
                "use_rslora | 1 | INVALID_VALUE",
                "base_model_name_or_path | 7 | INVALID_VALUE",
                "target_modules | 7 | INVALID_VALUE",
                "target_modules | [\"q_proj\",7] | INVALID_VALUE",
                "target_modules | [] | NO_TARGETS",
                "target_modules | \"q_proj\" | NO_TARGETS",
                "target_modules | \"(\" | INVALID_PATTERN",
                "exclude_modules | \"(\" | INVALID_PATTERN",
                "exclude_modules | {\"a\":1} | INVALID_VALUE",
                "layers_to_transform | \"1\" | INVALID_VALUE",
                "layers_to_transform | [0.5] | INVALID_VALUE",
                "layers_pattern | \"layers\" | INVALID_VALUE",
                "rank_pattern | [] | INVALID_VALUE",
                "rank_pattern | {\"q_proj\":\"4\"} | INVALID_VALUE",
                "rank_pattern | {\"q_proj\":0} | INVALID_RANK",
                "rank_pattern | {\"(\":4} | INVALID_PATTERN",
                "alpha_pattern | {\"q_proj\":null} | INVALID_VALUE",
                "alpha_pattern | {\"(a.a)*b\\\\Q\":4} | INVALID_PATTERN",
            })
    void namesTheFieldOfAWrongValue(String key, String json, String code) throws IOException {
        List<Reason> reasons = refused(key, json);

        assertThat(reasons).extracting(Reason::code).containsExactly(code);
        assertThat(reasons.getFirst().tensor()).startsWith(key);
        assertThat(reasons.getFirst().allowed()).isNotBlank();
    }

    /** Each choice costs the compiler memory: thousands of such keys ended the process. */
    @Test
    void boundsWhatExpressionsHoldTogether() throws IOException {
        String choices = "|".repeat(1_900);
        for (String keys : List.of(keys(2_100, choices), keys(30_001, ""))) {
            assertThat(refused("alpha_pattern", keys))
                    .singleElement()
                    .satisfies(reason -> {
                        assertThat(reason.code()).isEqualTo("INVALID_PATTERN");
                        assertThat(reason.tensor()).isEqualTo("alpha_pattern");
                        assertThat(reason.found()).endsWith(" expressions");
                        assertThat(reason.allowed()).contains("30000 expressions");
                    });
        }
        assertThat(refused("layers_to_transform", "[0],\"layers_pattern\":" + names(101)))
                .extracting(Reason::tensor)
                .contains("layers_pattern");
        assertThat(refused("modules_to_save", names(1_001)))
                .extracting(Reason::tensor)
                .contains("modules_to_save");
    }

    private static String keys(int count, String rest) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"" + i + rest + "\":4")
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String names(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"n" + i + "\"")
                .collect(Collectors.joining(",", "[", "]"));
    }

    @Test
    void refusesLayersThatTheBaseLacks() throws IOException {
        assertThat(refused("layers_to_transform", "[0,1,2]"))
                .singleElement()
                .satisfies(r -> {
                    assertThat(r.code()).isEqualTo("UNKNOWN_LAYER");
                    assertThat(r.found()).isEqualTo("2");
                    assertThat(r.allowed()).isEqualTo("0 to 1");
                });
    }

    @Test
    void refusesTargetsOfEmbeddingsWhoseSizeIsNotKnown() throws IOException {
        assertThat(
                        refused(
                                "target_modules",
                                "[\"q_proj\",\"c_attn\",\"lm_head\",\"embed_tokens\"]"))
                .extracting(Reason::code)
                .containsExactly("EMBEDDING_ADAPTER", "EMBEDDING_ADAPTER");
        assertThat(refused("target_modules", "\".*(q_proj|lm_head)\""))
                .extracting(Reason::code)
                .containsExactly("EMBEDDING_ADAPTER");
    }

    /** One name that matches is enough for PEFT. */
    @Test
    void warnsOfTargetsThatTheBaseLacks() throws IOException {
        assertThat(warnings("target_modules", "[\"q_proj\",\"c_attn\"]"))
                .singleElement()
                .satisfies(reason -> {
                    assertThat(reason.code()).isEqualTo("UNKNOWN_MODULE");
                    assertThat(reason.found()).isEqualTo("c_attn");
                });
        assertThat(refused("target_modules", "[\"c_attn\"]"))
                .extracting(Reason::code)
                .contains("NO_TARGETS");
    }

    @Test
    void namesThePatternThatGivesTooHighARank() throws IOException {
        List<Reason> reasons = refused("rank_pattern", "{\"0.self_attn.q_proj\":64}");

        assertThat(reasons)
                .filteredOn(r -> r.code().equals("RANK_OVER_MAXIMUM"))
                .singleElement()
                .extracting(Reason::tensor)
                .isEqualTo("rank_pattern.0.self_attn.q_proj");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "peft_version | \"0.21.2\" | ",
                "megatron_config | {\"x\":1} | ",
                "megatron_core | \"megatron.core\" | ",
                "qalora_group_size | 16 | ",
                "inference_mode | true | ",
                "lora_dropout | 0.05 | ",
                "loftq_config | {\"a\":4} | ",
                "init_lora_weights | \"gaussian\" | ",
                "init_lora_weights | \"eva\" | ",
                "init_lora_weights | false | ",
                "revision | \"abc\" | ",
                "fan_in_fan_out | true | IGNORED_SETTING",
                "from_the_future | 0 | ",
                "lora_dtype | \"bf16\" | ",
                "lorap_lr_ratio | 16.0 | ",
                "lorap_emb_lr | 1e-6 | ",
                "swift_type | \"LORA\" | ",
                "auto_mapping |"
                    + " {\"parent_library\":\"transformers.models.llama.modeling_llama\",\"unsloth_fixed\":true}"
                    + " | ",
                "auto_mapping | {\"base_model_class\":\"LlamaForCausalLM\",\"parent_library\":null}"
                        + " | ",
                "alpha_pattern | {\"k_proj\":1} | UNUSED_PATTERN",
                "lora_alpha | null | DEFAULT_TAKEN",
                "peft_type | null | DEFAULT_TAKEN",
            })
    void acceptsWithAWarningAtMost(String key, String json, String code) throws IOException {
        List<String> expected = code == null ? List.of() : List.of(code);

        assertThat(warnings(key, json)).extracting(Reason::code).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "7",
                "{",
                "{\"r\":4,}",
                "{\"r\":4}{}",
                "{\"r\":NaN}",
                "\0"
            })
    void refusesWhatIsNoJsonObject(String text) throws IOException {
        assertThat(refuse(adapter().edit(_ -> text)))
                .singleElement()
                .satisfies(r -> {
                    assertThat(r.code()).isEqualTo("MALFORMED_JSON");
                    assertThat(r.file()).isEqualTo("adapter_config.json");
                });
    }

    @Test
    void refusesRepeatedKeysDeepNestingAndHugeFiles() throws IOException {
        assertThat(refuse(adapter().edit(t -> t.replace("}", ",\"r\":8}"))))
                .extracting(Reason::code)
                .containsExactly("MALFORMED_JSON");
        assertThat(refuse(adapter().edit(t -> t.replace("}", ",\"x\":" + "[".repeat(100_000)))))
                .extracting(Reason::code)
                .containsExactly("MALFORMED_JSON");
        assertThat(refuse(adapter().edit(t -> t + " ".repeat(5 << 20))))
                .extracting(Reason::code)
                .containsExactly("FILE_TOO_LARGE");
    }

    @Test
    void refusesAnExpressionThatWouldRunForEver() throws IOException {
        assertThat(refused("target_modules", "\"(([a-z0-9._]+)+)+!\""))
                .extracting(Reason::code)
                .contains("INVALID_PATTERN");
    }

    @Test
    void readsTheExampleOfTheDeploymentDocumentation() throws IOException {
        SmallAdapter adapter =
                SmallAdapter.of(16, 8, LinearModule.SEPARATE.toArray(LinearModule[]::new))
                        .without("peft_type")
                        .without("task_type")
                        .without("lora_alpha")
                        .with(
                                "target_modules",
                                List.of(
                                        "attn_q",
                                        "attn_k",
                                        "attn_v",
                                        "attn_dense",
                                        "mlp_h_to_4h",
                                        "mlp_4h_to_h",
                                        "mlp_gate"));

        assertThat(warnings(adapter))
                .extracting(Reason::tensor)
                .containsExactly("peft_type", "lora_alpha");
    }

    private static SmallAdapter adapter() {
        return SmallAdapter.of(4, 8, LinearModule.Q);
    }

    private List<Reason> refused(String key, String json) throws IOException {
        return refuse(withRaw(key, json));
    }

    private List<Reason> warnings(String key, String json) throws IOException {
        return warnings(withRaw(key, json));
    }

    /** The adapter with one value as raw JSON, without its old value. */
    private static SmallAdapter withRaw(String key, String json) {
        return adapter()
                .without(key)
                .edit(t -> t.substring(0, t.length() - 1) + ",\"" + key + "\":" + json + "}");
    }

    private List<Reason> refuse(SmallAdapter adapter) throws IOException {
        return switch (LoraFolder.check(adapter.write(folder), BASE, 16)) {
            case LoraCheck.Refused refused -> refused.reasons();
            case LoraCheck.Accepted accepted -> throw new AssertionError(accepted.warnings());
        };
    }

    private List<Reason> warnings(SmallAdapter adapter) throws IOException {
        return switch (LoraFolder.check(adapter.write(folder), BASE, 16)) {
            case LoraCheck.Refused refused -> throw new AssertionError(refused.reasons());
            case LoraCheck.Accepted accepted -> {
                accepted.adapter().close();
                yield accepted.warnings();
            }
        };
    }
}
