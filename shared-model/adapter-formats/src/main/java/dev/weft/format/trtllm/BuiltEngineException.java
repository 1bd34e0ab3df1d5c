package dev.weft.format.trtllm;

import java.util.List;

/** Thrown if a folder can't be served from; it holds every fault and what to do. */
public final class BuiltEngineException extends Exception {
    BuiltEngineException(List<String> faults) {
        super(String.join("\n", faults));
    }
}
