package dev.weft.catalog.fault;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A request can't be read; this has all its faults. */
public class BadRequestException extends RefusedException {
    private final List<Fault> faults;

    public BadRequestException(List<Fault> faults) {
        super(400, faults.stream().map(Fault::sentence).collect(Collectors.joining(". ")));
        this.faults = List.copyOf(faults);
    }

    /**
     * A request with one fault.
     *
     * @param value null if the field is missing
     */
    public static BadRequestException of(String field, @Nullable String value, String allowed) {
        return new BadRequestException(List.of(new Fault(field, value, allowed)));
    }

    /** The faults, in the order in which they were found. */
    public List<Fault> faults() {
        return faults;
    }
}
