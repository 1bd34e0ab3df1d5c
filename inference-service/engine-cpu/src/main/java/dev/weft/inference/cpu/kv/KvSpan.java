package dev.weft.inference.cpu.kv;

import dev.weft.format.decoder.DecoderPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What a model's layers read of a sequence's past.
 *
 * @param windows positions that each layer looks back at, the row's own included; 0 for all; no
 *     windows if all layers look back at all
 * @param stretchesBeyond the length beyond which all positions of a sequence are rotated in another
 *     way; the largest integer if there is none
 */
public record KvSpan(List<Integer> windows, int stretchesBeyond) {
    /** All positions, rotated in one way. */
    public static final KvSpan ALL = new KvSpan(List.of(), Integer.MAX_VALUE);

    private static final Comparator<Integer> WIDEST_FIRST =
            Comparator.comparingInt(window -> window == 0 ? Integer.MIN_VALUE : -window);

    public KvSpan {
        windows = List.copyOf(windows);
    }

    public static KvSpan of(DecoderPlan plan) {
        return new KvSpan(
                plan.blocks().stream().map(block -> block.attention().scores().window()).toList(),
                plan.stretchesBeyond());
    }

    /** The layers by how far they look back, those that look furthest first. */
    public List<KvLayers> groups(int layers) {
        Map<Integer, List<Integer>> byWindow = new TreeMap<>(WIDEST_FIRST);
        IntStream.range(0, layers)
                .forEach(layer ->
                        byWindow.computeIfAbsent(
                                        windows.isEmpty() ? 0 : windows.get(layer),
                                        _ -> new ArrayList<>())
                                .add(layer));
        return byWindow.entrySet().stream()
                .map(group -> new KvLayers(group.getKey(), group.getValue()))
                .toList();
    }
}
