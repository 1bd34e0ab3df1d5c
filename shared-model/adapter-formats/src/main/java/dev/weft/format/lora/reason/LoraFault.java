package dev.weft.format.lora.reason;

import java.util.EnumSet;
import java.util.Set;

/** The codes of reasons that checking an adapter gives; {@link #name()} is the code. */
public enum LoraFault {
    /** The folder is not there or is no folder. */
    FOLDER_UNREADABLE,
    /** A file that an adapter must have. */
    FILE_MISSING,
    /** A file that could not be read; it may go better another time. */
    FILE_UNREADABLE,
    /** A file larger than is read. */
    FILE_TOO_LARGE,
    /** A pickle: opening one runs code. Never opened. */
    PICKLE_FILE,
    /** Not JSON, or not an object. */
    MALFORMED_JSON,
    /** Breaks the safetensors format. */
    MALFORMED_SAFETENSORS,
    /** Breaks the .npy format, or is an array of another type. */
    MALFORMED_NPY,
    /** The pair of arrays says something else than the tensors beside it. */
    ARRAYS_DIFFER,
    /** A setting with a value of the wrong type or out of its range. */
    INVALID_VALUE,
    /** A pattern that is no regular expression, or one that takes too long. */
    INVALID_PATTERN,
    /** Another method than LoRA, or a variant of LoRA that computes something else. */
    UNSUPPORTED_METHOD,
    /** A LoRA setting that would change the result and is not served. */
    UNSUPPORTED_SETTING,
    /** The base was changed while training; these weights do not fit the plain base. */
    BASE_WAS_CHANGED,
    /** An adapter of the embedding or of lm_head. */
    EMBEDDING_ADAPTER,
    /** A target that the base model does not have. */
    UNKNOWN_MODULE,
    /** A layer that the base model does not have. */
    UNKNOWN_LAYER,
    /** The configuration targets no module at all. */
    NO_TARGETS,
    /** Zero or negative. */
    INVALID_RANK,
    /** Over the deployment's maximum. */
    RANK_OVER_MAXIMUM,
    /** A tensor whose name is none that LoRA has. */
    UNKNOWN_TENSOR,
    /** Two tensors for one place. */
    DUPLICATE_TENSOR,
    /** A tensor for a module that the configuration does not target. */
    EXTRA_TENSOR,
    /** A module is targeted and the tensor is not there, or A without B. */
    MISSING_TENSOR,
    /** Does not fit the base model and the rank. */
    SHAPE_MISMATCH,
    /** Neither F32, F16 nor BF16. */
    UNSUPPORTED_DTYPE,
    /** NaN or infinity. */
    NOT_FINITE,
    /** All products B A are zero: an adapter that changes nothing. */
    NO_EFFECT,
    /** A chat template or its special tokens cannot be read. */
    INVALID_CHAT_FILES,
    /** A chat template that is not understood, and so could not be rendered exactly. */
    CHAT_TEMPLATE,

    /** Warning: made for a base of another name. */
    OTHER_BASE_NAME,
    /** Warning: a setting with a value that is not known here. */
    UNKNOWN_SETTING,
    /** Warning: a setting that has no effect here. */
    IGNORED_SETTING,
    /** Warning: a default was taken. */
    DEFAULT_TAKEN,
    /** Warning: a pattern that matches no targeted module. */
    UNUSED_PATTERN,
    /** Warning: a file that is not used. */
    IGNORED_FILE;

    /** Those for which an adapter is refused; the others only warn. */
    public static Set<LoraFault> refusals() {
        return EnumSet.range(FOLDER_UNREADABLE, CHAT_TEMPLATE);
    }
}
