package dev.weft.format.checkpoint;

import java.util.List;

/** Thrown if a checkpoint can't be served; it holds every fault found, a sentence each. */
public final class CheckpointException extends RuntimeException {
    private final List<String> faults;

    public CheckpointException(List<String> faults) {
        super(String.join("; ", faults));
        this.faults = List.copyOf(faults);
    }

    public CheckpointException(String fault) {
        this(List.of(fault));
    }

    public List<String> faults() {
        return faults;
    }
}
