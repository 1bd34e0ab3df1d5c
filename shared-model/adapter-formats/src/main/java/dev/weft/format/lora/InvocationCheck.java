package dev.weft.format.lora;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.config.ConfigFields;
import dev.weft.format.lora.config.PeftConfigReader;
import dev.weft.format.lora.name.Edge;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.format.lora.weight.Surroundings;
import java.util.List;

/**
 * Refuses what does not go with an invocation. PEFT keeps linear layers from changing the tokens
 * before it, but all other parts of an adapter change these too. Linear layers of experts are
 * refused as well: an expert's rows are not positions of a sequence, and its parameters ({@code
 * target_parameters}) have no invocation in PEFT.
 */
record InvocationCheck(DecoderShape base, Reasons reasons) {
    void check(List<Integer> invocation, Surroundings around) {
        if (invocation.isEmpty()) {
            return;
        }
        int last = base.around().tokens() - 1;
        for (int token : invocation) {
            if (token < 0 || (last >= 0 && token > last)) {
                refuse(LoraFault.INVALID_VALUE, "" + token, "0 to " + last, "is not a token");
            }
        }
        boolean others =
                !around.copies().isEmpty()
                        || !around.rows().isEmpty()
                        || !around.norms().isEmpty()
                        || !around.experts().isEmpty()
                        || around.pairs().containsKey(Edge.EMBEDDING);
        if (others) {
            refuse(
                    LoraFault.UNSUPPORTED_SETTING,
                    invocation.toString(),
                    "none, or linear layers alone",
                    "is not served: the adapter changes more than linear layers, which would be"
                            + " active before the invocation too");
        }
    }

    private void refuse(LoraFault fault, String found, String allowed, String why) {
        reasons.refuse(fault, ConfigFields.at(PeftConfigReader.INVOCATION), found, allowed, why);
    }
}
