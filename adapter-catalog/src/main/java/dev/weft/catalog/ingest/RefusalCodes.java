package dev.weft.catalog.ingest;

import dev.weft.catalog.claim.Attempts;
import dev.weft.catalog.fetch.SourceReasons;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.source.fetch.SourceFault;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

/** The codes of reasons for which versions are rejected. */
public final class RefusalCodes {
    /** The codes of ingest itself; the others are those of checks and of sources. */
    private static final Set<String> OWN =
            Set.of(
                    BaseFinder.AMBIGUOUS,
                    BaseFinder.OTHER,
                    BaseFinder.UNKNOWN,
                    "BASE_UNAVAILABLE",
                    "DEADLINE_EXCEEDED",
                    "FILE_NOT_ALLOWED",
                    Attempts.CODE,
                    "INTERNAL_ERROR",
                    "LINK_OUTSIDE");

    private RefusalCodes() {}

    /** All codes, in order. */
    public static Set<String> all() {
        Set<String> codes = new TreeSet<>(OWN);
        LoraFault.refusals().forEach(fault -> codes.add(fault.name()));
        EnumSet.complementOf(EnumSet.of(SourceFault.INTERRUPTED, SourceFault.STORAGE))
                .forEach(fault -> codes.add(SourceReasons.code(fault)));
        return codes;
    }
}
