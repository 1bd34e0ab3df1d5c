package dev.weft.inference.cpu.lora;

import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kernel.vector.TiledMatrix;
import dev.weft.inference.cpu.kernel.vector.TiledProduct;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The adapters' changes of the head, for the rows of a step that want logits. Rows whose adapter
 * leaves the head as it is are not touched. The owner thread groups the rows, then every member of
 * the team computes its share.
 */
public final class HeadStep {
    /** Rows of one adapter whose head is replaced, whole or for some tokens. */
    private static final class Group {
        private final HeadChange change;
        private final List<Integer> members = new ArrayList<>();
        private int[] rows = new int[0];

        private Group(HeadChange change) {
            this.change = change;
        }
    }

    private final LoraStep pairs;
    private final IdentityHashMap<LoraSlot, Group> byIdentity = new IdentityHashMap<>();
    private final List<Group> groups = new ArrayList<>();

    /** One per member of the team. */
    private final List<TiledProduct> products;

    /** Makes the buffers for up to so many rows. */
    public HeadStep(Arena arena, int maxRows, int maxRank, int teamSize) {
        this.pairs = new LoraStep(arena, maxRows, maxRank, teamSize);
        this.products = IntStream.range(0, teamSize).mapToObj(_ -> new TiledProduct()).toList();
    }

    /** Forgets the last step's rows. */
    public void clear() {
        pairs.clear();
        byIdentity.clear();
        groups.clear();
    }

    /** Adds the next row of logits with its adapter; null for the base. */
    public void add(int row, @Nullable LoraSlot slot) {
        HeadChange change = slot == null ? null : slot.head();
        if (slot == null || change == null) {
            return;
        }
        if (change.block() != null) {
            pairs.add(row, slot);
        }
        if (change.copy() != null || change.rows() != null) {
            group(slot, change).members.add(row);
        }
    }

    private Group group(LoraSlot slot, HeadChange change) {
        Group group = byIdentity.get(slot);
        if (group == null) {
            group = new Group(change);
            byIdentity.put(slot, group);
            groups.add(group);
        }
        return group;
    }

    /**
     * Deals the work out.
     *
     * @param rows of logits in the step
     */
    public void deal(int rows) {
        groups.forEach(
                group -> group.rows = group.members.stream().mapToInt(Integer::intValue).toArray());
        if (!pairs.isEmpty()) {
            pairs.deal(rows);
        }
    }

    /**
     * Turns the base's logits into those of the rows' adapters. This member must have computed its
     * part of the base's logits; a barrier must follow.
     *
     * @param x {@code [rows][hidden]}, what the head read
     * @param logits {@code [rows][tokens]}
     */
    public void apply(Team.Member member, FloatMatrix x, FloatMatrix logits) {
        if (groups.isEmpty() && pairs.isEmpty()) {
            return;
        }
        member.barrier();
        for (Group group : groups) {
            replace(member, group, x, logits);
        }
        if (!pairs.isEmpty()) {
            pairs.down(member, HeadStep::block, x);
            member.barrier();
            pairs.up(member, HeadStep::block, logits);
        }
    }

    private static @Nullable LoraBlock block(LoraSlot slot) {
        HeadChange change = slot.head();
        return change == null ? null : change.block();
    }

    private void replace(Team.Member member, Group group, FloatMatrix x, FloatMatrix logits) {
        TiledMatrix copy = group.change.copy();
        int from = copy == null ? 0 : copy.panels() * member.index() / member.size();
        int to = copy == null ? 0 : copy.panels() * (member.index() + 1) / member.size();
        if (copy != null) {
            products.get(member.index())
                    .multiply(
                            copy,
                            from,
                            to,
                            new TiledProduct.Operands(x, 0, logits, 0, 1f, false),
                            new TiledProduct.RowBlock(group.rows, 0, group.rows.length));
        }
        HeadChange.ReplacedRows rows = group.change.rows();
        for (int i = 0; rows != null && i < rows.count(); i++) {
            int token = rows.token(i);
            // the member that has computed the copy's output overwrites it
            boolean mine =
                    copy == null
                            ? i % member.size() == member.index()
                            : token >= copy.outputsBefore(from) && token < copy.outputsBefore(to);
            if (mine) {
                replace(rows, i, group.rows, x, logits);
            }
        }
    }

    private static void replace(
            HeadChange.ReplacedRows rows, int index, int[] of, FloatMatrix x, FloatMatrix logits) {
        for (int row : of) {
            float logit = rows.dot(index, x.data(), x.offset(row, 0), x.columns());
            logits.set(row, rows.token(index), logit);
        }
    }
}
