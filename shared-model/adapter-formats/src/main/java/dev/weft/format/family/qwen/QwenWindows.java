package dev.weft.format.family.qwen;

import dev.weft.format.family.ModelFields;
import java.util.List;
import java.util.stream.IntStream;

/** The windows of Qwen's dense models: only if switched on, and in the upper layers. */
final class QwenWindows {
    private QwenWindows() {}

    /** The window of each layer; 0 for all positions. */
    static List<Integer> read(ModelFields fields, int layers) {
        int window =
                fields.flag("use_sliding_window", false)
                        ? fields.window("sliding_window", 4096)
                        : 0;
        int unwindowed = fields.integer("max_window_layers", 0, 28);
        List<Boolean> fallback =
                IntStream.range(0, layers)
                        .mapToObj(layer -> window > 0 && layer >= unwindowed)
                        .toList();
        return fields.windowed(fallback, window).stream()
                .map(seesWindow -> seesWindow ? window : 0)
                .toList();
    }
}
