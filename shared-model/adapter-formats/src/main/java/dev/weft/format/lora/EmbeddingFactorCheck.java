package dev.weft.format.lora;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.config.ConfigFields;
import dev.weft.format.lora.config.PeftVersion;
import dev.weft.format.lora.config.TargetReader;
import dev.weft.format.lora.config.WholeModules;
import dev.weft.format.lora.name.Edge;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.format.lora.weight.Surroundings;

/**
 * Refuses changes of an embedding whose module multiplies its rows, if an older PEFT may have
 * written them. PEFT multiplies them too since 0.18, which is also the first that says its version.
 */
record EmbeddingFactorCheck(DecoderShape base, Reasons reasons) {
    private static final int SINCE = 18;

    void check(PeftVersion writtenBy, Surroundings around) {
        if (!base.around().factorWithin() || writtenBy.isSince(SINCE)) {
            return;
        }
        if (around.pairs().containsKey(Edge.EMBEDDING)) {
            refuse(TargetReader.TARGETS);
        }
        if (around.rows().containsKey(Edge.EMBEDDING)) {
            refuse(WholeModules.TOKENS);
        }
    }

    private void refuse(String field) {
        reasons.refuse(
                LoraFault.UNSUPPORTED_SETTING,
                ConfigFields.at(field),
                Edge.EMBEDDING.text(),
                "with a %s from 0.%d on".formatted(PeftVersion.FIELD, SINCE),
                "the base multiplies its embeddings, versions of PEFT multiply this change or"
                        + " don't, and the file does not say which one wrote it");
    }
}
