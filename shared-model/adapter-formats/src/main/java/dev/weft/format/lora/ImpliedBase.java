package dev.weft.format.lora;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.file.AdapterFiles;
import dev.weft.format.lora.name.TensorName;
import dev.weft.format.lora.name.TensorName.Half;
import dev.weft.format.lora.name.TensorName.Side;
import dev.weft.format.safetensors.SafetensorsFile;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * The shape of a base as far as an adapter's tensors show it. If several disagree, the first
 * counts, so that a check against it names the others. A size that no tensor shows is 1, and is
 * never used, since no tensor of the adapter touches it.
 */
final class ImpliedBase {
    private int layers = 1;
    private int hidden;
    private int attention;
    private int keys;
    private int intermediate;

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
        if (tensor.shape().size() == 2 && TensorName.parse(tensor.name()) instanceof Half half) {
            layers = Math.max(layers, half.module().layer() + 1);
            boolean in = half.side() == Side.A;
            long size = in ? tensor.shape().getLast() : tensor.shape().getFirst();
            take(half.module().module(), in, (int) Math.min(size, Integer.MAX_VALUE));
        }
    }

    private void take(LinearModule module, boolean in, int size) {
        switch (module) {
            case Q -> setHiddenOr(in, size, () -> attention = first(attention, size));
            case K, V -> setHiddenOr(in, size, () -> keys = first(keys, size));
            case O -> setHiddenOr(!in, size, () -> attention = first(attention, size));
            case GATE, UP -> setHiddenOr(in, size, () -> intermediate = first(intermediate, size));
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
        return new DecoderShape(
                layers,
                Math.max(1, hidden),
                new DecoderShape.Attention(Math.max(1, attention), Math.max(1, keys), 1),
                Math.max(1, intermediate));
    }
}
