package dev.weft.inference.cpu.lora;

import dev.weft.model.checkpoint.ModelConfig;
import dev.weft.model.lora.LoraModule;
import java.util.List;

/** The inputs within a layer that adapters read: modules of one site share the input's A-side. */
public enum LoraSite {
    ATTENTION_INPUT,
    ATTENTION_OUTPUT,
    MLP_INPUT,
    MLP_OUTPUT;

    /** In the order in which the base's fused layer holds their outputs. */
    List<LoraModule> modules() {
        return switch (this) {
            case ATTENTION_INPUT -> List.of(LoraModule.Q, LoraModule.K, LoraModule.V);
            case ATTENTION_OUTPUT -> List.of(LoraModule.O);
            case MLP_INPUT -> List.of(LoraModule.GATE, LoraModule.UP);
            case MLP_OUTPUT -> List.of(LoraModule.DOWN);
        };
    }

    /** First column of a module's outputs within the site's fused layer. */
    int column(ModelConfig config, LoraModule module) {
        int column = 0;
        for (LoraModule before : modules()) {
            if (before == module) {
                return column;
            }
            column += config.outputSize(before);
        }
        throw new IllegalArgumentException(module + " is not at " + this);
    }

    /** The most modules a site has; with the maximum rank it sizes the buffer between A and B. */
    static int mostModules() {
        return ATTENTION_INPUT.modules().size();
    }
}
