package dev.weft.format.lora.name;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.protocol.adapter.LinearModule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** One linear layer of one decoder block, named as transformers names it. */
public record ModulePath(int layer, LinearModule module) implements TensorPlace {
    public static final String LAYERS = "model.layers.";

    /** Orders block by block, and within a block as {@link LinearModule} lists the modules. */
    public static final Comparator<ModulePath> ORDER =
            Comparator.comparingInt(ModulePath::layer).thenComparing(ModulePath::module);

    /**
     * The path against which PEFT matches its patterns, e.g. {@code
     * model.layers.3.self_attn.q_proj}.
     */
    @Override
    public String text() {
        return LAYERS + layer + "." + module.path();
    }

    /** The path with TensorRT-LLM's name in the last place, for patterns written in its names. */
    public String tensorRtText() {
        String path = module.path();
        int dot = path.indexOf('.');
        return LAYERS + layer + "." + path.substring(0, dot + 1) + module.tensorRtName();
    }

    /** The modules' short names, for a person. */
    public static String names(List<LinearModule> modules) {
        return modules.stream().map(LinearModule::shortName).collect(Collectors.joining(", "));
    }

    /** Every linear layer that an adapter may change, block by block. */
    public static List<ModulePath> all(DecoderShape base) {
        List<ModulePath> all = new ArrayList<>();
        for (int layer = 0; layer < base.layers(); layer++) {
            for (LinearModule module : base.modules().get(layer)) {
                all.add(new ModulePath(layer, module));
            }
        }
        return all;
    }
}
