package dev.weft.format.lora.canonical;

import dev.weft.chat.TokenizerConfig;
import dev.weft.format.lora.config.TargetReader;
import dev.weft.format.lora.file.AdapterFiles;
import dev.weft.format.lora.name.ModulePath;
import dev.weft.format.lora.name.TensorName.Half;
import dev.weft.format.lora.name.TensorName.Side;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.safetensors.SafetensorsWriter;
import dev.weft.format.safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes an adapter from the values that its digest covers and from nothing else, so that one
 * digest means the same bytes whatever tool wrote the folder it came in.
 *
 * <ul>
 *   <li>adapter_config.json: keys in order, without spaces. {@code target_modules} are the paths of
 *       all modules; {@code r} is the largest rank and {@code rank_pattern} names those of another
 *       one; {@code alpha_pattern} names those whose scale does not follow from {@code lora_alpha}.
 *   <li>adapter_model.safetensors: PEFT's names, no metadata, the larger type first and by name
 *       within one, as the safetensors library writes them; values as they were.
 *   <li>tokenizer_config.json, if there is a template or a special token: these, and {@code
 *       add_bos_token}.
 * </ul>
 */
final class CanonicalFiles {
    private final LoraAdapter adapter;

    CanonicalFiles(LoraAdapter adapter) {
        this.adapter = adapter;
    }

    /** Writes into an empty folder. */
    void write(Path folder, TokenizerConfig chat) throws IOException {
        Files.write(
                folder.resolve(AdapterFiles.CONFIG),
                JsonMapper.shared().writeValueAsBytes(config()));
        SafetensorsWriter.write(folder.resolve(AdapterFiles.TENSORS), Map.of(), tensors());
        Map<String, Object> tokenizer = chat.json();
        if (!tokenizer.isEmpty()) {
            Files.write(
                    folder.resolve(AdapterFiles.TOKENIZER_CONFIG),
                    JsonMapper.shared().writeValueAsBytes(tokenizer));
        }
    }

    private Map<String, Object> config() {
        int rank = adapter.facts().rank();
        Map<String, Integer> ranks = new TreeMap<>();
        Map<String, Number> alphas = new TreeMap<>();
        for (LoraPair pair : adapter.pairs()) {
            String path = module(pair).text();
            if (pair.rank() != rank) {
                ranks.put(path, pair.rank());
            }
            if (pair.scale() != (float) (adapter.facts().alpha() / divisor(pair))) {
                alphas.put(path, number(pair.scale() * divisor(pair)));
            }
        }
        Map<String, Object> config = new TreeMap<>();
        config.put("peft_type", "LORA");
        config.put("task_type", "CAUSAL_LM");
        config.put("r", rank);
        config.put("lora_alpha", number(adapter.facts().alpha()));
        config.put("use_rslora", adapter.facts().rsLora());
        config.put(
                TargetReader.TARGETS,
                adapter.pairs().stream().map(pair -> module(pair).text()).sorted().toList());
        config.put("rank_pattern", ranks);
        config.put("alpha_pattern", alphas);
        return config;
    }

    /**
     * The scale is alpha divided by this. A scale times it, in 64 bits, gives the scale again in
     * 32: the product with a rank is exact, with a root it is off by far less than half of a 32-bit
     * step.
     */
    private double divisor(LoraPair pair) {
        return adapter.facts().rsLora() ? Math.sqrt(pair.rank()) : pair.rank();
    }

    /** Writes whole numbers as integers, as PEFT mostly does. */
    private static Number number(double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1L << 53;
        return whole ? (Number) (long) value : (Number) value;
    }

    private List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>();
        for (LoraPair pair : adapter.pairs()) {
            tensors.add(named(pair, Side.A, pair.a()));
            tensors.add(named(pair, Side.B, pair.b()));
        }
        tensors.sort(
                Comparator.comparingInt((Tensor tensor) -> -tensor.dtype().bytes())
                        .thenComparing(Tensor::name));
        return tensors;
    }

    private static Tensor named(LoraPair pair, Side side, Tensor tensor) {
        return new Tensor(
                Half.canonical(module(pair), side), tensor.dtype(), tensor.shape(), tensor.data());
    }

    private static ModulePath module(LoraPair pair) {
        return new ModulePath(pair.layer(), pair.module());
    }
}
