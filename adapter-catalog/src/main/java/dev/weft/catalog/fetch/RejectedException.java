package dev.weft.catalog.fetch;

import dev.weft.protocol.adapter.Reason;
import java.util.List;
import java.util.stream.Collectors;

/** The version can't be served; this has the reasons. */
public final class RejectedException extends Exception {
    private final List<Reason> reasons;

    public RejectedException(List<Reason> reasons) {
        super(reasons.stream().map(Reason::message).collect(Collectors.joining("; ")));
        this.reasons = List.copyOf(reasons);
    }

    /** Creates an exception with one reason, which isn't about a file. */
    public RejectedException(String code, String message) {
        this(List.of(new Reason(code, null, null, null, null, message)));
    }

    public List<Reason> reasons() {
        return reasons;
    }
}
