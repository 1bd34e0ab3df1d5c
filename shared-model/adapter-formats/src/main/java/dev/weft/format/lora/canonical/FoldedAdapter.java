package dev.weft.format.lora.canonical;

import dev.weft.format.checkpoint.BaseShape;
import dev.weft.format.lora.config.TargetReader;
import dev.weft.format.lora.file.AdapterFiles;
import dev.weft.format.lora.name.ModulePath;
import dev.weft.format.lora.name.TensorName;
import dev.weft.format.lora.name.TensorName.Half;
import dev.weft.format.lora.name.TensorName.Side;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.SafetensorsWriter;
import dev.weft.format.safetensors.SafetensorsWriter.Planned;
import dev.weft.format.safetensors.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes an adapter so that every server reads the same of it: one rank for all modules, and no
 * scale. Older versions of vLLM and SGLang pass over {@code rank_pattern} and {@code
 * alpha_pattern}, and use one scale for all. So each module's scale is multiplied into its B in 32
 * bits, ranks are filled up with zeros to the largest, and {@code lora_alpha} is the rank.
 */
public final class FoldedAdapter {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private FoldedAdapter() {}

    /**
     * Writes PEFT's two files into an empty folder.
     *
     * @param prefix what stands before {@code layers.N} in the base's names
     * @return bytes of the tensors
     * @throws ArithmeticException if a scaled value is beyond 32 bits, or one that isn't 0 becomes
     *     it; names the tensor
     * @throws IllegalArgumentException if the adapter is more than pairs
     */
    public static long write(LoraAdapter adapter, String prefix, Path folder) throws IOException {
        adapter.beyondPairs()
                .ifPresent(why -> {
                    throw new IllegalArgumentException(why);
                });
        int rank = adapter.pairs().stream().mapToInt(LoraPair::rank).max().orElseThrow();
        Files.write(
                folder.resolve(AdapterFiles.CONFIG),
                JsonMapper.shared().writeValueAsBytes(config(adapter, rank)));
        List<Planned> tensors = new ArrayList<>();
        for (LoraPair pair : adapter.pairs()) {
            tensors.add(a(pair, prefix, rank));
            tensors.add(b(pair, prefix, rank));
        }
        SafetensorsWriter.writePlanned(folder.resolve(AdapterFiles.TENSORS), Map.of(), tensors);
        return tensors.stream().mapToLong(Planned::bytes).sum();
    }

    private static SortedMap<String, Object> config(LoraAdapter adapter, int rank) {
        SortedMap<String, Object> config = new TreeMap<>();
        config.put("peft_type", "LORA");
        config.put("task_type", "CAUSAL_LM");
        config.put("inference_mode", true);
        config.put("bias", "none");
        config.put("r", rank);
        config.put("lora_alpha", rank);
        config.put("use_rslora", false);
        config.put("use_dora", false);
        config.put(
                TargetReader.TARGETS,
                adapter.pairs().stream()
                        .map(pair -> pair.module().shortName())
                        .distinct()
                        .sorted()
                        .toList());
        return config;
    }

    /** {@code [rank][in]}, in the type that it has, with rows of zeros below. */
    private static Planned a(LoraPair pair, String prefix, int rank) {
        Tensor from = pair.a();
        return new Planned(
                name(pair, prefix, Side.A),
                from.dtype(),
                List.of((long) rank, from.shape().get(1)),
                () -> filled(from, rank));
    }

    private static MemorySegment filled(Tensor from, int rank) {
        long in = from.shape().get(1);
        byte[] filled = new byte[Math.toIntExact(rank * in * from.dtype().bytes())];
        MemorySegment.copy(
                from.data(), ValueLayout.JAVA_BYTE, 0, filled, 0, (int) from.data().byteSize());
        return MemorySegment.ofArray(filled);
    }

    /** {@code [out][rank]}, scaled in 32 bits, with columns of zeros at the right. */
    private static Planned b(LoraPair pair, String prefix, int rank) {
        return new Planned(
                name(pair, prefix, Side.B),
                DType.F32,
                List.of(pair.b().shape().getFirst(), (long) rank),
                () -> scaled(pair, rank));
    }

    private static MemorySegment scaled(LoraPair pair, int rank) {
        Tensor from = pair.b();
        int out = from.shape().getFirst().intValue();
        int own = pair.rank();
        MemorySegment scaled =
                MemorySegment.ofArray(
                        new byte[Math.toIntExact((long) out * rank * DType.F32.bytes())]);
        for (int row = 0; row < out; row++) {
            for (int column = 0; column < own; column++) {
                float plain = from.get((long) row * own + column);
                float value = pair.scale() * plain;
                boolean vanishes = pair.scale() != 0 && (value == 0) != (plain == 0);
                if (!Float.isFinite(value) || vanishes) {
                    throw new ArithmeticException(
                            "%s times its scale %s %s 32 bits at [%d, %d]"
                                    .formatted(
                                            from.name(),
                                            pair.scale(),
                                            value == 0 ? "vanishes in" : "is beyond",
                                            row,
                                            column));
                }
                scaled.set(FLOAT, ((long) row * rank + column) * DType.F32.bytes(), value);
            }
        }
        return scaled;
    }

    private static String name(LoraPair pair, String prefix, Side side) {
        String plain = Half.canonical(new ModulePath(pair.layer(), pair.module()), side);
        return TensorName.PREFIX
                + prefix
                + plain.substring((TensorName.PREFIX + BaseShape.PLAIN).length());
    }
}
