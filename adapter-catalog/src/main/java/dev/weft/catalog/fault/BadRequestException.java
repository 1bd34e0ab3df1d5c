package dev.weft.catalog.fault;

import java.util.List;
import java.util.stream.Collectors;

/** A request that can't be read; everything that is wrong with it. */
public class BadRequestException extends RefusedException {
    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    public BadRequestException(List<Fault> faults) {
        super(400, faults.stream().map(Fault::sentence).collect(Collectors.joining(". ")));
        this.faults = List.copyOf(faults);
    }

    /** What is wrong, in the order in which it was found. */
    public List<Fault> faults() {
        return faults;
    }
}
