package dev.weft.inference.cpu.lora;

import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kernel.vector.TiledMatrix;
import dev.weft.inference.cpu.kernel.vector.TiledProduct;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The adapters' part of one forward pass: {@code y += scale * B (A x)}. Rows are grouped by adapter
 * once a step; rows without one are in no group and are not touched. The owner thread groups, then
 * every member computes its share of each product.
 */
public final class LoraStep {
    /** Rows of a group for which one member computes a panel of A at a time. */
    private static final int ROWS_AT_ONCE = 8;

    /** A group goes to one member if it costs at most this part (1 in 4) of a member's share. */
    private static final int SHARES = 4;

    /** The value of {@code member} for a group that all members work on. */
    private static final int ALL = -1;

    private static final class Group {
        private final LoraSlot slot;
        private int[] rows = new int[4];
        private int count;
        private int member = ALL;

        private Group(LoraSlot slot) {
            this.slot = slot;
        }

        private void add(int row) {
            if (count == rows.length) {
                rows = Arrays.copyOf(rows, 2 * count);
            }
            rows[count++] = row;
        }

        /** The cost in bytes read: four rows are multiplied while a weight is read once. */
        private long cost() {
            return slot.blockBytes() * ((count + 3) / 4);
        }

        private boolean isFor(Team.Member someone) {
            return member == ALL || member == someone.index();
        }
    }

    /** {@code [rows][ranks of a site's modules]}: the inputs times A. */
    private final FloatMatrix between;

    /** One per member of the team. */
    private final List<TiledProduct> products;

    private final IdentityHashMap<LoraSlot, Group> byIdentity = new IdentityHashMap<>();
    private final List<Group> groups = new ArrayList<>();

    /** Makes the buffers for batches of up to {@code maxRows} rows. */
    public LoraStep(Arena arena, int maxRows, int maxRank, int teamSize) {
        this.products = IntStream.range(0, teamSize).mapToObj(_ -> new TiledProduct()).toList();
        this.between = FloatMatrix.allocate(arena, maxRows, LoraSite.mostModules() * maxRank);
    }

    /** Forgets the last step's groups. */
    public void clear() {
        byIdentity.clear();
        groups.clear();
    }

    /** Adds the next row's adapter; null for the base. */
    public void add(int row, @Nullable LoraSlot slot) {
        if (slot == null) {
            return;
        }
        Group group = byIdentity.get(slot);
        if (group == null) {
            group = new Group(slot);
            byIdentity.put(slot, group);
            groups.add(group);
        }
        group.add(row);
    }

    /**
     * Deals the groups out. A group goes to one member, which reads its matrices from end to end,
     * as long as the members get shares of about the same size; all members work on a larger group.
     * The member that has a group's rows in its core's cache is preferred: operators between the
     * products split a step by rows.
     *
     * @param rows of the step
     */
    public void deal(int rows) {
        int members = products.size();
        long total = groups.stream().mapToLong(Group::cost).sum();
        long[] dealt = new long[members];
        for (Group group : groups) {
            long cost = group.cost();
            if (cost * SHARES * members > total) {
                group.member = ALL;
                continue;
            }
            int owner = Math.min(members - 1, ((group.rows[0] + 1) * members - 1) / rows);
            boolean fits = dealt[owner] + cost <= total / members;
            group.member = fits ? owner : least(dealt);
            dealt[group.member] += cost;
        }
    }

    private static int least(long[] dealt) {
        int least = 0;
        for (int member = 1; member < dealt.length; member++) {
            least = dealt[member] < dealt[least] ? member : least;
        }
        return least;
    }

    /** True if no row has an adapter: nothing to compute, no barrier needed. */
    public boolean isEmpty() {
        return groups.isEmpty();
    }

    /** How many adapters this step has. */
    public int adapters() {
        return groups.size();
    }

    /** Finds what an adapter has at the place that is computed; null if it has nothing there. */
    @FunctionalInterface
    interface Finder {
        @Nullable LoraBlock in(LoraSlot slot);
    }

    /** {@code A x}: this member's share. A barrier must follow before {@link #up}. */
    public void down(Team.Member member, int layer, LoraSite site, FloatMatrix x) {
        down(member, slot -> slot.block(layer, site), x);
    }

    void down(Team.Member member, Finder blocks, FloatMatrix x) {
        TiledProduct.Operands operands = new TiledProduct.Operands(x, 0, between, 0, 1f, false);
        TiledProduct product = products.get(member.index());
        int turn = 0;
        for (Group group : groups) {
            LoraBlock block = group.isFor(member) ? blocks.in(group.slot) : null;
            if (block == null) {
                continue;
            }
            for (int panel = 0; panel < block.a().panels(); panel++) {
                for (int row = 0; row < group.count; row += ROWS_AT_ONCE) {
                    if (group.member != ALL || turn++ % member.size() == member.index()) {
                        int to = Math.min(group.count, row + ROWS_AT_ONCE);
                        TiledProduct.RowBlock rows = new TiledProduct.RowBlock(group.rows, row, to);
                        product.multiply(block.a(), panel, panel + 1, operands, rows);
                    }
                }
            }
        }
    }

    /**
     * {@code y += scale * B (A x)}, and what else the adapter does to outputs; y is complete after
     * a barrier. If all members work on a group, this member computes the same columns as of the
     * base.
     */
    public void up(Team.Member member, int layer, LoraSite site, FloatMatrix y) {
        up(member, slot -> slot.block(layer, site), y);
    }

    void up(Team.Member member, Finder blocks, FloatMatrix y) {
        TiledProduct product = products.get(member.index());
        int first = member.from(y.columns(), Linear.COLUMN_UNIT);
        int last = member.to(y.columns(), Linear.COLUMN_UNIT);
        for (Group group : groups) {
            LoraBlock block = group.isFor(member) ? blocks.in(group.slot) : null;
            if (block == null) {
                continue;
            }
            boolean whole = group.member != ALL;
            TiledProduct.RowBlock rows = new TiledProduct.RowBlock(group.rows, 0, group.count);
            for (LoraBlock.Output output : block.outputs()) {
                TiledMatrix b = output.b();
                int column = output.outColumn();
                int from = whole ? 0 : b.panelsBefore(first - column);
                int to = whole ? b.panels() : b.panelsBefore(last - column);
                product.multiply(
                        b,
                        from,
                        to,
                        new TiledProduct.Operands(
                                between, output.rankColumn(), y, column, output.scale(), true),
                        rows);
                if (from < to) {
                    work(output, y, group, b.outputsBefore(from), b.outputsBefore(to));
                }
            }
        }
    }

    private static void work(
            LoraBlock.Output output, FloatMatrix y, Group group, int from, int to) {
        if (output.work() instanceof ColumnWork.None) {
            return;
        }
        for (int i = 0; i < group.count; i++) {
            long at = y.offset(group.rows[i], output.outColumn() + from);
            output.work().apply(y.data(), at, from, to);
        }
    }
}
