package dev.weft.catalog.fault;

import java.util.List;
import java.util.stream.Collectors;

/** A request can't be read; this has all its faults. */
public class BadRequestException extends RefusedException {
    private final List<Fault> faults;

    public BadRequestException(List<Fault> faults) {
        super(400, faults.stream().map(Fault::sentence).collect(Collectors.joining(". ")));
        this.faults = List.copyOf(faults);
    }

    /** The faults, in the order in which they were found. */
    public List<Fault> faults() {
        return faults;
    }
}
