package dev.weft.format.family.gemma;

import dev.weft.format.decoder.BlockPlan;
import dev.weft.format.decoder.DecoderPlan;
import dev.weft.format.decoder.RopePlan;
import dev.weft.format.family.FamilySizes;
import dev.weft.format.family.ModelFamily;
import dev.weft.format.family.ModelFields;
import dev.weft.format.family.RopeReader;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Gemma 2: every other layer sees a window; scores and logits are capped. */
public final class Gemma2 implements ModelFamily {
    @Override
    public String modelType() {
        return "gemma2";
    }

    @Override
    public List<String> architectures() {
        return List.of("Gemma2ForCausalLM");
    }

    @Override
    public OptionalInt padding() {
        return OptionalInt.of(0);
    }

    @Override
    public OptionalInt endToken() {
        return OptionalInt.of(1);
    }

    @Override
    public DecoderPlan read(ModelFields fields) {
        FamilySizes sizes = FamilySizes.read(fields, new FamilySizes.Defaults(4, 256, 8192, 1e-6));
        GemmaBlocks gemma = new GemmaBlocks(fields, sizes, 50);
        RopePlan rope = RopeReader.of(fields, sizes, 10_000).whole();
        List<Boolean> windowed =
                fields.windowed(
                        IntStream.range(0, sizes.layers()).mapToObj(i -> i % 2 == 0).toList(),
                        gemma.window());
        List<BlockPlan> blocks =
                windowed.stream().map(seesWindow -> gemma.block(seesWindow, rope, null)).toList();
        return gemma.plan(fields, blocks, 30, false);
    }
}
