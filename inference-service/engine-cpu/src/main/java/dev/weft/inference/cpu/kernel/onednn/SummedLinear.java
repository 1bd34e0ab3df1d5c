package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.team.Team;
import java.util.List;

/** A linear layer whose blocks of inputs are multiplied one after the other, and added up. */
record SummedLinear(int in, List<OneDnnLinear> blocks) implements Linear {
    SummedLinear {
        blocks = List.copyOf(blocks);
    }

    @Override
    public int out() {
        return blocks.getFirst().out();
    }

    @Override
    public InputForm inputs() {
        return blocks.getFirst().inputs();
    }

    @Override
    public void multiply(Team.Member member, Activations x, FloatMatrix y, int rows) {
        for (OneDnnLinear block : blocks) {
            block.multiply(member, x, y, rows);
        }
    }

    @Override
    public boolean isOnlySingleRowCompiled() {
        return blocks.stream().anyMatch(Linear::isOnlySingleRowCompiled);
    }

    @Override
    public void close() {
        blocks.forEach(OneDnnLinear::close);
    }
}
