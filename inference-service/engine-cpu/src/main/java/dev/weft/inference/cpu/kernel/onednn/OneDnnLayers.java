package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes linear layers on oneDNN. */
final class OneDnnLayers implements LinearLayers {
    private final OneDnn dnn;
    private final OneDnnProducts products;
    private final Operands operands;
    private final Team team;

    OneDnnLayers(OneDnn dnn, Operands operands, Team team) {
        this.dnn = dnn;
        this.products = new OneDnnProducts(dnn, team.size());
        this.operands = operands;
        this.team = team;
    }

    @Override
    public String name() {
        return operands == Operands.FLOATS ? "onednn floats" : "onednn";
    }

    @Override
    public String instructionSet() {
        return OneDnn.instructionSet();
    }

    @Override
    public LinearLayers of(Team other) {
        return new OneDnnLayers(dnn, operands, other);
    }

    @Override
    public boolean isCompiledAsItRuns() {
        return false;
    }

    @Override
    public boolean mayCompileSingleRow() {
        return operands != Operands.FLOATS;
    }

    @Override
    public boolean isNative() {
        return operands != Operands.FLOATS && OneDnn.multiplies(operands.precision());
    }

    /** Pairs take inputs rounded to bf16, which other kernels for bf16 leave as they are. */
    @Override
    public double leastGain() {
        return operands == Operands.PAIRS ? 1.5 : 1;
    }

    @Override
    public boolean serves(Shape shape) {
        int[] columns = new int[team.size()];
        team.run(member -> columns[member.index()] = OneDnnRoom.columns(member, shape.out()));
        return InputBlock.of(operands, shape.in()).stream()
                .allMatch(inputs ->
                        Arrays.stream(columns)
                                .filter(count -> count > 0)
                                .distinct()
                                .mapToObj(count -> packed(inputs, count, shape.out()))
                                .allMatch(dnn::isFast));
    }

    @Override
    public long bytes(Shape shape) {
        return blocks(shape).stream().mapToLong(block -> block.room.bytes()).sum();
    }

    @Override
    public Optional<String> layout(Shape shape) {
        return Optional.of(
                blocks(shape).stream()
                        .map(block -> block.room.describe())
                        .collect(Collectors.joining(", then ", OneDnn.version() + ", ", "")));
    }

    @Override
    public Linear pack(MemorySegment room, WeightSource source) {
        try (PlainRows rows = new PlainRows(source, team.size())) {
            return linear(room, new Shape(source.in(), source.out()), rows);
        }
    }

    @Override
    public Linear packed(MemorySegment room, Shape shape) {
        return linear(room, shape, null);
    }

    private Linear linear(MemorySegment memory, Shape shape, @Nullable PlainRows source) {
        var parts = new OneDnnLinear.Parts(dnn, products, operands, team);
        List<OneDnnLinear> blocks = new ArrayList<>();
        long at = 0;
        for (Block block : blocks(shape)) {
            MemorySegment own = memory.asSlice(at, block.room.bytes());
            blocks.add(new OneDnnLinear(parts, shape, block.inputs, block.room, own, source));
            at += block.room.bytes();
        }
        return blocks.size() == 1 ? blocks.getFirst() : new SummedLinear(shape.in(), blocks);
    }

    /**
     * Some of a layer's inputs, and how their weights lie in memory, one block behind the other.
     */
    private record Block(InputBlock inputs, OneDnnRoom room) {}

    private List<Block> blocks(Shape shape) {
        return InputBlock.of(operands, shape.in()).stream()
                .map(inputs -> new Block(inputs, room(inputs, shape.out())))
                .toList();
    }

    /** Behind the weights in int8 is a scale of each column. */
    private OneDnnRoom room(InputBlock inputs, int out) {
        return OneDnnRoom.of(
                team,
                out,
                operands == Operands.BYTES ? 1 : 0,
                (member, columns) -> products.weights(member, packed(inputs, columns, out)));
    }

    /** The product whose layout weights are packed in. */
    private OneDnnProduct.Key packed(InputBlock inputs, int columns, int out) {
        return new OneDnnProduct.Key(operands, OneDnnRoom.PACKED_FOR_ROWS, inputs, columns, out);
    }
}
