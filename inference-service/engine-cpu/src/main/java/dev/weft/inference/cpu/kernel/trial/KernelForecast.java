package dev.weft.inference.cpu.kernel.trial;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The kernels that linear layers of a precision run on if an engine starts on this machine now. */
public sealed interface KernelForecast {
    /**
     * One kind for all shapes.
     *
     * @param kernels e.g. {@code onednn}
     * @param isNative whether they were taken for the processor's instructions for the precision;
     *     else there is no other kind
     */
    record Settled(String kernels, boolean isNative) implements KernelForecast {}

    /**
     * The fastest of several kinds for each shape.
     *
     * @param candidates the kinds
     * @param measured kinds by shape, e.g. {@code 576x1536}, that were measured before; other
     *     shapes are measured when they are packed
     */
    record ByShape(List<String> candidates, Map<String, String> measured)
            implements KernelForecast {
        public ByShape {
            candidates = List.copyOf(candidates);
            measured = new TreeMap<>(measured);
        }
    }
}
