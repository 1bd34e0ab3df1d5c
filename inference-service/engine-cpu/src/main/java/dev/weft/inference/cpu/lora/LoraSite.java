package dev.weft.inference.cpu.lora;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.protocol.adapter.LinearModule;
import java.util.List;

/** The inputs within a layer that adapters read: modules of one site share the input's A-side. */
public enum LoraSite {
    ATTENTION_INPUT,
    ATTENTION_OUTPUT,
    MLP_INPUT,
    MLP_OUTPUT;

    /** The modules, in the order in which the base's fused layer holds their outputs. */
    public List<LinearModule> modules() {
        return switch (this) {
            case ATTENTION_INPUT -> List.of(LinearModule.Q, LinearModule.K, LinearModule.V);
            case ATTENTION_OUTPUT -> List.of(LinearModule.O);
            case MLP_INPUT -> List.of(LinearModule.GATE, LinearModule.UP);
            case MLP_OUTPUT -> List.of(LinearModule.DOWN);
        };
    }

    /** First column of a module's outputs within the site's fused layer. */
    int column(DecoderShape config, LinearModule module) {
        int column = 0;
        for (LinearModule before : modules()) {
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
