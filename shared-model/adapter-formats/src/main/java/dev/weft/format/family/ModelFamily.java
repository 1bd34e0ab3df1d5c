package dev.weft.format.family;

import dev.weft.format.decoder.DecoderPlan;
import java.util.List;
import java.util.OptionalInt;

/**
 * A family of decoders. It follows transformers' class of that {@code model_type}. A field that
 * this class does not read changes no answer (except {@link UnreadWindows}); a field that it reads
 * is served or is a fault.
 */
public interface ModelFamily {
    /** {@code model_type} of config.json. */
    String modelType();

    /** What {@code architectures} of config.json may name. */
    List<String> architectures();

    /** What {@code architectures} names for a decoder that was saved without a head. */
    default String bareArchitecture() {
        return architectures().getFirst().replace("ForCausalLM", "Model");
    }

    /** {@code pad_token_id} if config.json has no such field; empty for none. */
    default OptionalInt padding() {
        return OptionalInt.empty();
    }

    /** {@code eos_token_id} if config.json has no such field; empty for none. */
    default OptionalInt endToken() {
        return OptionalInt.empty();
    }

    /**
     * Whether {@code max_position_embeddings} is the length before a rotation stretches it, as in
     * most families; else it is the stretched one.
     */
    default boolean isStretched() {
        return true;
    }

    /** Describes the decoder; faults are kept in {@code fields}, and the result is then unused. */
    DecoderPlan read(ModelFields fields);
}
