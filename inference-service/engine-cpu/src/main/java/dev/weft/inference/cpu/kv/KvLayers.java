package dev.weft.inference.cpu.kv;

import java.util.List;

/**
 * Layers that look back equally far.
 *
 * @param window positions that they look back at, the row's own included; 0 for all
 * @param layers of the model, in order
 */
public record KvLayers(int window, List<Integer> layers) {
    public KvLayers {
        layers = List.copyOf(layers);
    }

    /** Positions that no later row reads once so many are computed. */
    int behind(int computed) {
        return window == 0 ? 0 : Math.max(0, computed + 1 - window);
    }
}
