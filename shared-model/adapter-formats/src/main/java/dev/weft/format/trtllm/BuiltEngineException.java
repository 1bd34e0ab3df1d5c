package dev.weft.format.trtllm;

import java.util.List;

/** A folder that can't be served from, with everything that is wrong with it and what to do. */
public final class BuiltEngineException extends Exception {
    private static final long serialVersionUID = 1L;

    BuiltEngineException(List<String> faults) {
        super(String.join("\n", faults));
    }
}
