package dev.weft.catalog.admin;

import dev.weft.catalog.web.Fault;
import java.util.List;
import java.util.stream.Collectors;

/** A request that can't be read; everything that is wrong with it. */
final class BadRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    BadRequestException(List<Fault> faults) {
        super(faults.stream().map(Fault::sentence).collect(Collectors.joining(". ")));
        this.faults = List.copyOf(faults);
    }

    List<Fault> faults() {
        return faults;
    }
}
