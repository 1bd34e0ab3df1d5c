package dev.weft.format.quantised;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.quantised.Quantisation.Form;
import dev.weft.format.quantised.Quantisation.Zeros;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class QuantisationReaderTest {
    private static final String GPTQ =
            "{'quant_method': 'gptq', 'bits': 4, 'group_size': 128, 'desc_act': true}";
    private static final String AWQ =
            "{'quant_method': 'awq', 'bits': 4, 'group_size': 64, 'version': 'gemm',"
                    + " 'zero_point': true}";
    private static final String PACKED =
            "{'quant_method': 'compressed-tensors', 'format': 'pack-quantized', 'config_groups':"
                + " {'group_0': {'targets': ['Linear'], 'weights': {'num_bits': 4, 'type': 'int',"
                + " 'strategy': 'group', 'group_size': 32}, 'input_activations': null}}}";
    private static final String FP8 =
            "{'quant_method': 'compressed-tensors', 'format': 'float-quantized', 'config_groups':"
                    + " {'group_0': {'weights': {'num_bits': 8, 'type': 'float', 'strategy':"
                    + " 'channel'}, 'input_activations': {'num_bits': 8, 'dynamic': true}}}}";
    private static final String BLOCKS =
            "{'quant_method': 'fp8', 'fmt': 'e4m3', 'weight_block_size': [128, 64]}";

    private static Quantisation read(String json, List<String> faults) {
        return QuantisationReader.read(
                JsonMapper.shared().readTree(json.replace('\'', '"')), faults);
    }

    private static Quantisation read(String json) {
        List<String> faults = new ArrayList<>();
        Quantisation read = read(json, faults);
        assertThat(faults).isEmpty();
        return read;
    }

    private static Quantisation grouped(Form form, int size, Zeros zeros) {
        Quantisation.Order order =
                form == Form.GPTQ ? Quantisation.Order.ANY : Quantisation.Order.IN_ORDER;
        return new Quantisation.Grouped(form, size, zeros, order);
    }

    private static Quantisation.Order order(String json) {
        if (read(json) instanceof Quantisation.Grouped grouped) {
            return grouped.order();
        }
        throw new AssertionError(json);
    }

    @Test
    void inputsAreInAnyOrderIfThatIsSaid() {
        for (String any : List.of("'group'", "'dynamic'", "true")) {
            assertThat(order(PACKED.replace("'num_bits'", "'actorder': " + any + ", 'num_bits'")))
                    .isEqualTo(Quantisation.Order.ANY);
        }
        for (String none : List.of("'weight'", "'static'", "false", "null")) {
            assertThat(order(PACKED.replace("'num_bits'", "'actorder': " + none + ", 'num_bits'")))
                    .isEqualTo(Quantisation.Order.IN_ORDER);
        }
        assertThat(order(GPTQ)).isEqualTo(Quantisation.Order.ANY);
        assertThat(order(GPTQ.replace("'desc_act': true", "'desc_act': false")))
                .isEqualTo(Quantisation.Order.IN_ORDER);
        List<String> faults = new ArrayList<>();
        read(PACKED.replace("'num_bits'", "'actorder': 'other', 'num_bits'"), faults);
        assertThat(faults).singleElement().asString().contains("actorder \"other\"");
        faults.clear();
        read(PACKED.replace("'num_bits'", "'actorder': ['group'], 'num_bits'"), faults);
        assertThat(faults).singleElement().asString().contains("actorder [\"group\"]");
    }

    @Test
    void nothingIsNotQuantised() {
        assertThat(read("null")).isEqualTo(new Quantisation.None());
        assertThat(read("{}")).isEqualTo(new Quantisation.None());
    }

    @Test
    void formsAreRead() {
        assertThat(read(GPTQ)).isEqualTo(grouped(Form.GPTQ, 128, Zeros.LESS_ONE));
        assertThat(read(GPTQ.replace("'bits'", "'checkpoint_format': 'gptq_v2', 'bits'")))
                .isEqualTo(grouped(Form.GPTQ, 128, Zeros.STORED));
        assertThat(read(GPTQ.replace("'bits'", "'format': 'gptq_v2', 'bits'")))
                .isEqualTo(grouped(Form.GPTQ, 128, Zeros.STORED));
        assertThat(read(GPTQ.replace("'bits'", "'format': 'gptq', 'bits'")))
                .isEqualTo(grouped(Form.GPTQ, 128, Zeros.LESS_ONE));
        assertThat(
                        read(
                                GPTQ.replace(
                                        "'bits'",
                                        "'format': 'gptq_v2', 'checkpoint_format': 'gptq_v2',"
                                                + " 'bits'")))
                .isEqualTo(grouped(Form.GPTQ, 128, Zeros.STORED));
        assertThat(read(GPTQ.replace("128", "-1")))
                .isEqualTo(grouped(Form.GPTQ, 0, Zeros.LESS_ONE));
        assertThat(read(AWQ)).isEqualTo(grouped(Form.AWQ, 64, Zeros.STORED));
        assertThat(read(PACKED)).isEqualTo(grouped(Form.PACKED, 32, Zeros.MIDDLE));
        assertThat(read(PACKED.replace("'num_bits'", "'symmetric': true, 'num_bits'")))
                .isEqualTo(grouped(Form.PACKED, 32, Zeros.MIDDLE));
        assertThat(read(PACKED.replace("'num_bits'", "'symmetric': false, 'num_bits'")))
                .isEqualTo(grouped(Form.PACKED, 32, Zeros.STORED));
        assertThat(read(PACKED.replace("'group',", "'channel',")))
                .isEqualTo(grouped(Form.PACKED, 0, Zeros.MIDDLE));
        assertThat(read(FP8)).isEqualTo(new Quantisation.Fp8("weight_scale", 0, 0));
        assertThat(read(BLOCKS)).isEqualTo(new Quantisation.Fp8("weight_scale_inv", 128, 64));
        assertThat(read("{'quant_method': 'fbgemm_fp8'}"))
                .isEqualTo(new Quantisation.Fp8("weight_scale", 0, 0));
    }

    /** Modules that stay as they were are found by their tensors. */
    @Test
    void rulesThatLeaveModulesOutChangeNothing() {
        List<String> faults = new ArrayList<>();
        Quantisation plain = read(GPTQ, faults);
        String rules = "'dynamic': {'-:.*\\\\.mlp\\\\.gate$': {}}, 'bits'";
        assertThat(read(GPTQ.replace("'bits'", rules), faults)).isEqualTo(plain);
        assertThat(faults).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "GPTQ | 'bits': 4 | 'bits': 3 | quantization_config.bits 3 is not served",
                "GPTQ | 'bits': 4, | '' | quantization_config.bits is missing; served is 4",
                "GPTQ | 128 | 12 | group_size 12 is not served; served are multiples of 8",
                "GPTQ | 128 | 4294967424 | group_size 4294967424 is not served",
                "GPTQ | 'bits' | 'dynamic': {'-:b': {}, 'a': {}}, 'bits' | dynamic 'a' is not"
                        + " served",
                "GPTQ | 'bits' | 'dynamic': true, 'bits' | quantization_config.dynamic true is not",
                "GPTQ | 'bits' | 'checkpoint_format': 'marlin', 'bits' | \"marlin\" is not served",
                "GPTQ | 'bits' | 'format': 'marlin', 'bits' | format \"marlin\" is not served",
                "GPTQ | 'bits' | 'format': 'gptq_v2', 'checkpoint_format': 'gptq', 'bits' |"
                        + " format \"gptq_v2\" is not served beside checkpoint_format \"gptq\"",
                "AWQ | 'gemm' | 'gemv' | quantization_config.version \"gemv\" is not served",
                "AWQ | true | false | quantization_config.zero_point false is not served",
                "PACKED | 'num_bits': 4 | 'num_bits': 8 | weights.num_bits 8 is not served",
                "PACKED | 'num_bits' | 'symmetric': 1, 'num_bits' | weights.symmetric 1 is not",
                "PACKED | null | {'num_bits': 8} | group_0.input_activations {\"num_bits\":8}",
                "PACKED | pack-quantized | int-quantized | format 'int-quantized' is not served",
                "PACKED | 'format' | 'kv_cache_scheme': {'num_bits': 8}, 'format' |"
                        + " kv_cache_scheme",
                "FP8 | 'channel' | 'token' | weights.strategy \"token\" is not served",
                "BLOCKS | [128, 64] | [128] | weight_block_size [128] is not served",
                "BLOCKS | [128, 64] | [0, 64] | weight_block_size [0,64] is not served",
                "GPTQ | gptq | bitsandbytes | 'bitsandbytes' is not served; served are gptq, awq",
            })
    void whatWouldChangeAnswersIsRefused(String of, String replaced, String by, String fault) {
        String json =
                switch (of) {
                    case "GPTQ" -> GPTQ;
                    case "AWQ" -> AWQ;
                    case "PACKED" -> PACKED;
                    case "FP8" -> FP8;
                    default -> BLOCKS;
                };
        List<String> faults = new ArrayList<>();
        read(json.replace(replaced, by.equals("''") ? "" : by), faults);
        assertThat(faults).anySatisfy(it -> assertThat(it).contains(fault));
    }

    @Test
    void groupsThatDifferAreRefused() {
        String two =
                PACKED.replace(
                        "'config_groups': {",
                        "'config_groups': {'other': {'weights': {'num_bits': 4, 'type': 'int',"
                                + " 'strategy': 'group', 'group_size': 64}}, ");
        List<String> faults = new ArrayList<>();
        read(two, faults);
        assertThat(faults).singleElement().asString().contains("config_groups differ");
    }
}
