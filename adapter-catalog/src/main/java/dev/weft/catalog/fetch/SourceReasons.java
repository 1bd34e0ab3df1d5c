package dev.weft.catalog.fetch;

import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;

/** What a failed fetch means for a version. */
public final class SourceReasons {
    private SourceReasons() {}

    /** Code of the reason that the owner sees. */
    static String code(SourceException e) {
        return code(e.fault());
    }

    public static String code(SourceFault fault) {
        return "SOURCE_" + fault.name();
    }

    /** The source does not answer, or only with failures of its own. */
    static boolean away(SourceException e) {
        return e.fault() == SourceFault.UNREACHABLE || e.fault() == SourceFault.TIMEOUT;
    }

    /** The same fetch may come out well later, with nobody doing anything about it. */
    static boolean passes(SourceException e) {
        return switch (e.fault()) {
            case UNREACHABLE, TIMEOUT, CORRUPT -> true;
            case NOT_FOUND, UNAUTHORIZED, NOT_ALLOWED, STORAGE, INTERRUPTED -> false;
        };
    }
}
