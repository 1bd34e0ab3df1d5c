package dev.weft.inference.cpu.lora;

import dev.weft.inference.cpu.kernel.FloatMatrix;
import dev.weft.inference.cpu.kernel.Team;
import dev.weft.inference.cpu.kernel.TiledMatrix;
import dev.weft.inference.cpu.kernel.TiledProduct;
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

    private static final class Group {
        private final LoraSlot slot;
        private int[] rows = new int[4];
        private int count;

        private Group(LoraSlot slot) {
            this.slot = slot;
        }

        private void add(int row) {
            if (count == rows.length) {
                rows = Arrays.copyOf(rows, 2 * count);
            }
            rows[count++] = row;
        }
    }

    /** {@code [rows][ranks of a site's modules]}: what A made of the inputs. */
    private final FloatMatrix between;

    /** One per member of the team. */
    private final List<TiledProduct> products;

    private final IdentityHashMap<LoraSlot, Group> byIdentity = new IdentityHashMap<>();
    private final List<Group> groups = new ArrayList<>();

    /** For batches of up to {@code maxRows} rows. */
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

    /** True where no row has an adapter: nothing to compute, no barrier needed. */
    public boolean isEmpty() {
        return groups.isEmpty();
    }

    /** Different adapters in this step. */
    public int adapters() {
        return groups.size();
    }

    /** {@code A x}: this member's share. A barrier must follow before {@link #up}. */
    public void down(Team.Member member, int layer, LoraSite site, FloatMatrix x) {
        TiledProduct.Operands operands = new TiledProduct.Operands(x, 0, between, 0, 1f, false);
        TiledProduct product = products.get(member.index());
        int turn = 0;
        for (Group group : groups) {
            LoraBlock block = group.slot.block(layer, site);
            if (block == null) {
                continue;
            }
            for (int panel = 0; panel < block.a().panels(); panel++) {
                for (int row = 0; row < group.count; row += ROWS_AT_ONCE) {
                    if (turn++ % member.size() == member.index()) {
                        int to = Math.min(group.count, row + ROWS_AT_ONCE);
                        TiledProduct.Rows rows = new TiledProduct.Rows(group.rows, row, to);
                        product.multiply(block.a(), panel, panel + 1, operands, rows);
                    }
                }
            }
        }
    }

    /** {@code y += scale * B (A x)} for this member's columns; y is complete after a barrier. */
    public void up(Team.Member member, int layer, LoraSite site, FloatMatrix y) {
        TiledProduct product = products.get(member.index());
        int turn = 0;
        for (Group group : groups) {
            LoraBlock block = group.slot.block(layer, site);
            if (block == null) {
                continue;
            }
            TiledProduct.Rows rows = new TiledProduct.Rows(group.rows, 0, group.count);
            for (LoraBlock.Output output : block.outputs()) {
                TiledMatrix b = output.b();
                product.multiply(
                        b,
                        share(member, member.index(), b.panels(), turn),
                        share(member, member.index() + 1, b.panels(), turn),
                        new TiledProduct.Operands(
                                between,
                                output.rankColumn(),
                                y,
                                output.outColumn(),
                                output.scale(),
                                true),
                        rows);
                turn++;
            }
        }
    }

    /** Where a member's share begins; panels that don't divide evenly go by turns. */
    private static int share(Team.Member member, int index, int panels, int turn) {
        return (panels * index + turn % member.size()) / member.size();
    }
}
