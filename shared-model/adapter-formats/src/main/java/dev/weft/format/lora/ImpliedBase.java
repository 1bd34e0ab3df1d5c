package dev.weft.format.lora;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.file.AdapterFiles;
import dev.weft.format.lora.name.ModulePath;
import dev.weft.format.lora.name.TensorName;
import dev.weft.format.lora.name.TensorName.Half;
import dev.weft.format.lora.name.TensorName.Side;
import dev.weft.format.safetensors.SafetensorsFile;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The shape of a base as far as an adapter's tensors show it. If tensors disagree, the first one
 * counts, so that a check against this shape names the others. A size that no tensor shows is 1,
 * and is never used, since no tensor of the adapter touches it.
 */
final class ImpliedBase {
    private int layers = 1;
    private int hidden;
    private int attention;
    private int keys;
    private int intermediate;

    /** Rows of a fused q, k and v; 0 if none is seen. */
    private int queriesAndKeys;

    private final Set<LinearModule> seen = EnumSet.noneOf(LinearModule.class);

    private ImpliedBase() {}

    /** A file that can't be read shows nothing; the check that follows reports its fault. */
    static DecoderShape of(Path folder) {
        ImpliedBase base = new ImpliedBase();
        try (Arena arena = Arena.ofConfined()) {
            SafetensorsFile.open(folder.resolve(AdapterFiles.TENSORS), arena)
                    .tensors()
                    .values()
                    .forEach(base::take);
        } catch (IOException _) {
            return base.shape();
        }
        return base.shape();
    }

    private void take(Tensor tensor) {
        if (tensor.shape().size() == 2
                && TensorName.parse(tensor.name()) instanceof Half half
                && half.place() instanceof ModulePath(int layer, LinearModule module)) {
            layers = Math.max(layers, layer + 1);
            seen.add(module);
            boolean in = half.side() == Side.A;
            long size = in ? tensor.shape().getLast() : tensor.shape().getFirst();
            take(module, in, (int) Math.min(size, Integer.MAX_VALUE));
        }
    }

    private void take(LinearModule module, boolean in, int size) {
        switch (module) {
            case Q -> setHiddenOr(in, size, () -> attention = first(attention, size));
            case K, V -> setHiddenOr(in, size, () -> keys = first(keys, size));
            case O -> setHiddenOr(!in, size, () -> attention = first(attention, size));
            case QKV -> setHiddenOr(in, size, () -> queriesAndKeys = first(queriesAndKeys, size));
            case GATE, UP -> setHiddenOr(in, size, () -> intermediate = first(intermediate, size));
            case GATE_UP ->
                    setHiddenOr(in, size, () -> intermediate = first(intermediate, size / 2));
            case DOWN -> setHiddenOr(!in, size, () -> intermediate = first(intermediate, size));
        }
    }

    private void setHiddenOr(boolean isHidden, int size, Runnable other) {
        if (isHidden) {
            hidden = first(hidden, size);
        } else {
            other.run();
        }
    }

    private static int first(int known, int size) {
        return known == 0 ? size : known;
    }

    private DecoderShape shape() {
        int queries = Math.max(1, attention == 0 ? queriesAndKeys - 2 : attention);
        int fusedKeys = (queriesAndKeys - queries) / 2;
        return new DecoderShape(
                Math.max(1, hidden),
                new DecoderShape.HeadCounts(
                        queries, Math.max(1, queriesAndKeys == 0 ? keys : fusedKeys), 1),
                Math.max(1, intermediate),
                Collections.nCopies(layers, modules()));
    }

    /** The modules, each as a matrix of its own, except those that the tensors show fused. */
    private List<LinearModule> modules() {
        List<LinearModule> modules = new ArrayList<>(LinearModule.SEPARATE);
        if (seen.contains(LinearModule.QKV)) {
            modules.removeAll(List.of(LinearModule.Q, LinearModule.K, LinearModule.V));
            modules.addFirst(LinearModule.QKV);
        }
        if (seen.contains(LinearModule.GATE_UP)) {
            modules.removeAll(List.of(LinearModule.GATE, LinearModule.UP));
            modules.add(LinearModule.GATE_UP);
        }
        return modules;
    }
}
