package dev.weft.protocol.adapter;

/** What an adapter was trained for, by the names of PEFT's {@code task_type}. */
public enum AdapterTask {
    /** Text; an adapter without a task counts as one of these, too. */
    CAUSAL_LM,
    /** Vectors of texts. */
    FEATURE_EXTRACTION,
    /** Scores of labels, by a head that the adapter brings. */
    SEQ_CLS;

    /** Whether the module that PEFT wrapped is the decoder itself, without a head. */
    public boolean isDecoderAlone() {
        return this == FEATURE_EXTRACTION;
    }
}
