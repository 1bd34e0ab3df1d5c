package dev.weft.format.lora.reason;

import java.util.EnumSet;
import java.util.Set;

/** The codes of an adapter check's reasons; {@link #name()} is the code. */
public enum LoraFault {
    /** The folder does not exist or is not a folder. */
    FOLDER_UNREADABLE,
    /** A file that an adapter must have is missing. */
    FILE_MISSING,
    /** A file could not be read; another attempt may succeed. */
    FILE_UNREADABLE,
    /** A file is larger than the limit. */
    FILE_TOO_LARGE,
    /** A pickle: opening one runs code. Never opened. */
    PICKLE_FILE,
    /** The file is not JSON, or not an object. */
    MALFORMED_JSON,
    /** The file breaks the safetensors format. */
    MALFORMED_SAFETENSORS,
    /** The file breaks the .npy format, or is an array of another type. */
    MALFORMED_NPY,
    /** The pair of arrays differs from the tensors beside it. */
    ARRAYS_DIFFER,
    /** A setting with a value of the wrong type or out of its range. */
    INVALID_VALUE,
    /** A pattern that is not a regular expression, or one that takes too long. */
    INVALID_PATTERN,
    /** Another method than LoRA, or a variant of LoRA that computes something else. */
    UNSUPPORTED_METHOD,
    /** A LoRA setting that would change the result and is not served. */
    UNSUPPORTED_SETTING,
    /** A setting that is not known, with a value; it may change the result. */
    UNKNOWN_SETTING,
    /** The base was changed while training; these weights do not fit the plain base. */
    BASE_WAS_CHANGED,
    /** An adapter of the embedding or of lm_head that can't be served. */
    EMBEDDING_ADAPTER,
    /** A target that the base model does not have. */
    UNKNOWN_MODULE,
    /** A layer that the base model does not have. */
    UNKNOWN_LAYER,
    /** The configuration targets no module at all. */
    NO_TARGETS,
    /** The rank is zero or negative. */
    INVALID_RANK,
    /** The rank is over the deployment's maximum. */
    RANK_OVER_MAXIMUM,
    /** A tensor whose name LoRA does not have. */
    UNKNOWN_TENSOR,
    /** Two tensors for one place. */
    DUPLICATE_TENSOR,
    /** A tensor for a module that the configuration does not target. */
    EXTRA_TENSOR,
    /** A targeted module has no tensor, or A without B. */
    MISSING_TENSOR,
    /** The shape does not fit the base model and the rank. */
    SHAPE_MISMATCH,
    /** The type is neither F32, F16 nor BF16. */
    UNSUPPORTED_DTYPE,
    /** NaN or infinity. */
    NOT_FINITE,
    /** All products B A are zero: an adapter that changes nothing. */
    NO_EFFECT,
    /** A chat template or its special tokens can't be read. */
    INVALID_CHAT_FILES,
    /** A chat template is not understood, and so could not be rendered exactly. */
    CHAT_TEMPLATE,

    /** Warning: made for a base of another name. */
    OTHER_BASE_NAME,
    /** Warning: a setting that has no effect here. */
    IGNORED_SETTING,
    /** Warning: a default was taken. */
    DEFAULT_TAKEN,
    /** Warning: a pattern that matches no targeted module. */
    UNUSED_PATTERN,
    /** Warning: a pattern that versions of PEFT read differently. */
    AMBIGUOUS_PATTERN,
    /** Warning: an unused file. */
    IGNORED_FILE;

    /** The faults for which an adapter is refused; the others only warn. */
    public static Set<LoraFault> refusals() {
        return EnumSet.range(FOLDER_UNREADABLE, CHAT_TEMPLATE);
    }
}
