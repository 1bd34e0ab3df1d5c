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

    /** The modules of a layer, in the order in which its fused layer holds their outputs. */
    public List<LinearModule> modules(DecoderShape config, int layer) {
        return modules().stream().filter(module -> config.has(layer, module)).toList();
    }

    /**
     * Modules of all families, in the order in which the base's fused layer holds their outputs;
     * those that are one matrix in some families' checkpoints come last.
     */
    public List<LinearModule> modules() {
        return switch (this) {
            case ATTENTION_INPUT ->
                    List.of(LinearModule.Q, LinearModule.K, LinearModule.V, LinearModule.QKV);
            case ATTENTION_OUTPUT -> List.of(LinearModule.O);
            case MLP_INPUT -> List.of(LinearModule.GATE, LinearModule.UP, LinearModule.GATE_UP);
            case MLP_OUTPUT -> List.of(LinearModule.DOWN);
        };
    }

    /** First column of a module's outputs within the site's fused layer. */
    static int column(DecoderShape config, LinearModule module) {
        return switch (module) {
            case Q, QKV, O, GATE, GATE_UP, DOWN -> 0;
            case K -> config.outputSize(LinearModule.Q);
            case V -> config.outputSize(LinearModule.Q) + config.outputSize(LinearModule.K);
            case UP -> config.outputSize(LinearModule.GATE);
        };
    }

    /** The most modules a site has; with the maximum rank it sizes the buffer between A and B. */
    static int mostModules() {
        return 3;
    }
}
