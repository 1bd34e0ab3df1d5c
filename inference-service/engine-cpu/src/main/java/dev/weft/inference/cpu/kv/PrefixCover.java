package dev.weft.inference.cpu.kv;

import dev.weft.inference.cpu.kernel.attention.Attention;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds how much of a prefix in the first region the other regions have, too. Of their blocks only
 * those are needed that rows after the prefix read.
 *
 * @param others the regions besides the first
 * @param before blocks of the sequence that are there already, in all regions
 * @param chain the blocks of the first region that follow
 */
record PrefixCover(List<KvRegion> others, int before, List<Prefix.Published> chain) {
    /** Blocks of the sequence that may be reused, those before included. */
    int end() {
        List<int[]> runs = others.stream().map(this::runs).toList();
        int end = before + chain.size();
        while (end > before && !isCovered(runs, end)) {
            end--;
        }
        return end;
    }

    private boolean isCovered(List<int[]> runs, int end) {
        return IntStream.range(0, others.size())
                .allMatch(region -> {
                    int behind = others.get(region).layers().behind(end * Attention.BLOCK);
                    int first = Math.max(before, behind / Attention.BLOCK);
                    return runs.get(region)[end - before - 1] >= end - first;
                });
    }

    /** For each block of the chain, the number of consecutive blocks up to it that a region has. */
    private int[] runs(KvRegion region) {
        int[] runs = new int[chain.size()];
        for (int i = 0; i < runs.length; i++) {
            int run = i == 0 ? 0 : runs[i - 1];
            runs[i] = region.has(KvSequence.under(chain.get(i))) ? run + 1 : 0;
        }
        return runs;
    }
}
