package dev.weft.catalog.fetch;

import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;

/** What a failed fetch means for a version. */
public final class SourceReasons {
    private SourceReasons() {}

    /** The code of the reason that the owner sees. */
    static String code(SourceException e) {
        return code(e.fault());
    }

    public static String code(SourceFault fault) {
        return "SOURCE_" + fault.name();
    }

    /** True if the source doesn't answer, or only with failures of its own. */
    static boolean away(SourceException e) {
        return e.fault() == SourceFault.UNREACHABLE || e.fault() == SourceFault.TIMEOUT;
    }

    /** True if the same fetch may succeed later without anybody's help. */
    static boolean passes(SourceException e) {
        return switch (e.fault()) {
            case UNREACHABLE, TIMEOUT, CORRUPT -> true;
            case NOT_FOUND, UNAUTHORIZED, NOT_ALLOWED, UNREADABLE, STORAGE, INTERRUPTED -> false;
        };
    }
}
