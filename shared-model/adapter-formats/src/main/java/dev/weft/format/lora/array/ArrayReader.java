package dev.weft.format.lora.array;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.array.ArrayPair.Row;
import dev.weft.format.lora.file.AdapterFiles;
import dev.weft.format.lora.file.FolderFiles;
import dev.weft.format.lora.name.ModulePath;
import dev.weft.format.lora.name.TensorName.Side;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.format.lora.reason.Reasons.Location;
import dev.weft.format.lora.weight.WeightScan;
import dev.weft.format.npy.NpyArray;
import dev.weft.format.npy.NpyType;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.LinearModule;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads TensorRT-LLM's pair of arrays as its hf_lora_convert.py writes it: {@code lora_config} is
 * {@code [1][rows][3 or 4]} int32, {@code (module, layer, rank[, is_dora])} of each row; {@code
 * lora_weights} is {@code [1][rows][width]}, in each row A {@code [rank][in]}, then B {@code
 * [out][rank]} with the scale folded in, then zeros.
 */
public final class ArrayReader {
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final String WEIGHTS_SHAPE =
            "[1, rows, width], NVIDIA's layout: in each row A [rank][in], then scale * B"
                    + " [out][rank]";

    private static final String CONFIG_SHAPE =
            "[1, rows, 3], or 4 columns: module, layer, rank (and 0, no DoRA) of each row";

    private final FolderFiles files;
    private final DecoderShape base;
    private final Reasons reasons;
    private final boolean valuesKnown;

    /**
     * @param valuesKnown the values have been read and accepted before
     */
    public ArrayReader(FolderFiles files, DecoderShape base, Reasons reasons, boolean valuesKnown) {
        this.files = files;
        this.base = base;
        this.reasons = reasons;
        this.valuesKnown = valuesKnown;
    }

    /** A row of {@code lora_config}, or of {@code lora_weights}. */
    static Location at(int row) {
        return new Location(AdapterFiles.CONFIG_ARRAY, "row " + row);
    }

    /** The rows that could be read, at least one; empty if the arrays can't be taken apart. */
    public Optional<ArrayPair> read() {
        Optional<NpyArray> weights =
                files.array(AdapterFiles.WEIGHTS_ARRAY).filter(this::isWeights);
        Optional<NpyArray> config = files.array(AdapterFiles.CONFIG_ARRAY).filter(this::isConfig);
        if (weights.isEmpty() || config.isEmpty() || !sameRows(weights.get(), config.get())) {
            return Optional.empty();
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < config.get().shape().get(1); i++) {
            row(i, config.get(), weights.get()).ifPresent(rows::add);
        }
        return rows.isEmpty() ? Optional.empty() : Optional.of(new ArrayPair(rows));
    }

    private boolean isWeights(NpyArray array) {
        if (array.type() == NpyType.INT32) {
            refuseType(AdapterFiles.WEIGHTS_ARRAY, array, "'<f2', '<f4' or '|V2' (bfloat16)");
            return false;
        }
        List<Long> shape = array.shape();
        boolean fits = shape.size() == 3 && shape.getFirst() == 1 && shape.get(1) > 0;
        return fits || refuseShape(AdapterFiles.WEIGHTS_ARRAY, array, WEIGHTS_SHAPE);
    }

    private boolean isConfig(NpyArray array) {
        if (array.type() != NpyType.INT32) {
            refuseType(AdapterFiles.CONFIG_ARRAY, array, "'<i4'");
            return false;
        }
        List<Long> shape = array.shape();
        boolean fits =
                shape.size() == 3
                        && shape.getFirst() == 1
                        && shape.get(1) > 0
                        && (shape.getLast() == 3 || shape.getLast() == 4);
        return fits || refuseShape(AdapterFiles.CONFIG_ARRAY, array, CONFIG_SHAPE);
    }

    private boolean sameRows(NpyArray weights, NpyArray config) {
        if (weights.shape().get(1).equals(config.shape().get(1))) {
            return true;
        }
        String allowed = "as many rows as " + AdapterFiles.CONFIG_ARRAY + " " + config.shapeText();
        return refuseShape(AdapterFiles.WEIGHTS_ARRAY, weights, allowed);
    }

    private Optional<Row> row(int index, NpyArray config, NpyArray weights) {
        int columns = config.shape().getLast().intValue();
        int[] values = new int[columns];
        MemorySegment.copy(config.data(), INT, 4L * columns * index, values, 0, columns);
        Optional<LinearModule> module = LinearModule.ofTensorRtId(values[0]);
        if (module.isEmpty() || !base.allModules().contains(module.get())) {
            String found = "module " + values[0];
            String why = "adapts a module that is not served";
            reasons.refuse(LoraFault.UNKNOWN_MODULE, at(index), found, modules(), why);
            return Optional.empty();
        }
        if (!isValid(index, values)) {
            return Optional.empty();
        }
        return row(index, new ModulePath(values[1], module.get()), values[2], weights);
    }

    private boolean isValid(int index, int[] values) {
        int layer = values[1];
        if (layer < 0 || layer >= base.layers()) {
            String allowed = "layers 0 to " + (base.layers() - 1);
            String why = "is for a layer that the base model does not have";
            reasons.refuse(LoraFault.UNKNOWN_LAYER, at(index), "layer " + layer, allowed, why);
            return false;
        }
        if (values[2] < 1) {
            String found = "rank " + values[2];
            reasons.refuse(
                    LoraFault.INVALID_RANK, at(index), found, "1 or more", "is not a valid rank");
            return false;
        }
        if (values.length == 4 && values[3] != 0) {
            String why = "is of DoRA, which is not served";
            String found = "is_dora " + values[3];
            reasons.refuse(LoraFault.UNSUPPORTED_SETTING, at(index), found, "0", why);
            return false;
        }
        return true;
    }

    private Optional<Row> row(int index, ModulePath module, int rank, NpyArray weights) {
        long in = base.inputSize(module.module());
        long out = base.outputSize(module.module());
        long width = weights.shape().getLast();
        long needed = rank * (in + out);
        String values = rank + " * (" + in + " + " + out + ")";
        if (needed > width) {
            String allowed = "rows of at least " + needed + " values: " + values;
            String why = "is too short for " + module.text() + ", rank " + rank;
            refuseRow(index, weights.shapeText(), allowed, why);
            return Optional.empty();
        }
        DType dtype = dtype(weights);
        long bytes = dtype.bytes();
        MemorySegment row = weights.data().asSlice(index * width * bytes, width * bytes);
        if (!valuesKnown && !WeightScan.allZero(row.asSlice(needed * bytes))) {
            String why = "holds more than " + module.text() + " takes: is it for another base?";
            String found = "values after the first " + needed;
            refuseRow(index, found, values + " values, then zeros", why);
            return Optional.empty();
        }
        MemorySegment a = row.asSlice(0, rank * in * bytes);
        MemorySegment b = row.asSlice(rank * in * bytes, out * rank * bytes);
        return Optional.of(
                new Row(
                        index,
                        module,
                        rank,
                        new Tensor(
                                ArrayPair.name(module, Side.A), dtype, List.of((long) rank, in), a),
                        new Tensor(
                                ArrayPair.name(module, Side.B),
                                dtype,
                                List.of(out, (long) rank),
                                b)));
    }

    private void refuseRow(int index, String found, String allowed, String why) {
        var place = new Location(AdapterFiles.WEIGHTS_ARRAY, "row " + index);
        reasons.refuse(LoraFault.SHAPE_MISMATCH, place, found, allowed, why);
    }

    private static DType dtype(NpyArray array) {
        return switch (array.type()) {
            case FLOAT16 -> DType.F16;
            case FLOAT32 -> DType.F32;
            case BFLOAT16 -> DType.BF16;
            case INT32 -> throw new IllegalStateException("weights of int32 were refused");
        };
    }

    private static String modules() {
        return LinearModule.SEPARATE.stream()
                .map(module -> module.tensorRtId() + " " + module.tensorRtName())
                .sorted()
                .toList()
                .toString();
    }

    private void refuseType(String file, NpyArray array, String allowed) {
        reasons.refuse(
                LoraFault.UNSUPPORTED_DTYPE,
                new Location(file, null),
                "'" + array.type().descr() + "'",
                allowed,
                "is of another type");
    }

    /** Refuses a shape; always returns false. */
    private boolean refuseShape(String file, NpyArray array, String allowed) {
        reasons.refuse(
                LoraFault.SHAPE_MISMATCH,
                new Location(file, null),
                array.shapeText(),
                allowed,
                "has another shape than TensorRT-LLM reads");
        return false;
    }
}
