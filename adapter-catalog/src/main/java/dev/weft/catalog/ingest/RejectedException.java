package dev.weft.catalog.ingest;

import dev.weft.protocol.adapter.Reason;
import java.util.List;
import java.util.stream.Collectors;

/** The version can't be served; why. */
final class RejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Reason> reasons;

    RejectedException(List<Reason> reasons) {
        super(reasons.stream().map(Reason::message).collect(Collectors.joining("; ")));
        this.reasons = List.copyOf(reasons);
    }

    /** One reason that is about no file. */
    RejectedException(String code, String message) {
        this(List.of(new Reason(code, null, null, null, null, message)));
    }

    List<Reason> reasons() {
        return reasons;
    }
}
