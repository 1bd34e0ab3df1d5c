package dev.weft.inference.cpu.lora;

import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kernel.vector.TiledProduct;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The adapters' part of experts. An expert has few rows, and each may have another adapter, so a
 * member of the team computes its own rows one by one.
 */
public final class ExpertLora {
    /** Modules whose ranks lie side by side: gate and up. */
    private static final int MODULES = 2;

    /** {@code [rows][ranks]}: the inputs times A. */
    private final FloatMatrix between;

    private final List<MemberScratch> members;

    private static final class MemberScratch {
        private final TiledProduct product = new TiledProduct();
        private final int[] row = new int[1];
    }

    /** Makes the buffers for up to so many rows of one expert. */
    public ExpertLora(Arena arena, int maxRows, int maxRank, int teamSize) {
        this.between = FloatMatrix.allocate(arena, maxRows, MODULES * maxRank);
        this.members = IntStream.range(0, teamSize).mapToObj(_ -> new MemberScratch()).toList();
    }

    /**
     * Adds what a row's adapter adds to the outputs of such a layer.
     *
     * @param row of x and y
     * @throws IllegalStateException if the adapter has more ranks there than a row has columns for;
     *     a row's product would reach into the next row's, which may be another adapter's
     */
    public void apply(
            Team.Member someone,
            LoraSlot slot,
            ExpertSite site,
            FloatMatrix x,
            FloatMatrix y,
            int row) {
        ExpertBlocks experts = slot.experts();
        LoraBlock block = experts == null ? null : experts.block(site);
        if (block == null) {
            return;
        }
        if (block.a().out() > between.columns()) {
            throw new IllegalStateException(
                    block.a().out() + " ranks at " + site + "; the most are " + between.columns());
        }
        MemberScratch member = members.get(someone.index());
        member.row[0] = row;
        TiledProduct.RowBlock rows = new TiledProduct.RowBlock(member.row, 0, 1);
        member.product.multiply(
                block.a(),
                0,
                block.a().panels(),
                new TiledProduct.Operands(x, 0, between, 0, 1f, false),
                rows);
        for (LoraBlock.Output output : block.outputs()) {
            member.product.multiply(
                    output.b(),
                    0,
                    output.b().panels(),
                    new TiledProduct.Operands(
                            between,
                            output.rankColumn(),
                            y,
                            output.outColumn(),
                            output.scale(),
                            true),
                    rows);
        }
    }
}
